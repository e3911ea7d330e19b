"""Who sends to us and what tells whose claim it is."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from tenants.core.partner_rules import MODES, REJECT
from tenants.exchange.models.columns import public_id, sha256_shape, written_at


class TradingPartner(models.Model):
    """A clearing house, carrier or vendor we exchange files with, by its interchange ids (ISA05-ISA08).

    `their_id` names them and `our_id` names us in their envelopes. `versions`: the GS08 values accepted; empty means
    all that the guides know. A lenient partner's ISA may break the fixed widths as long as it can be read.

    What a broken rule does, by SNIP type (one of `core.partner_rules.MODES`): `situations` 4, `code_sets` 5,
    `lines_of_business` 6, `own_rules` 7. `checks_npi`: an NPI that fails its check digit breaks a rule of type 5.
    `asks_about`: the employers (schema names) whose members the partner may ask about without a group number.
    """

    uuid = public_id()
    name = models.CharField(max_length=120)
    their_qualifier = models.CharField(max_length=2)
    their_id = models.CharField(max_length=15)
    our_qualifier = models.CharField(max_length=2)
    our_id = models.CharField(max_length=15)
    versions = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    isa_reading = models.CharField(max_length=7, default="strict")
    situations = models.CharField(max_length=6, default=REJECT)
    code_sets = models.CharField(max_length=6, default=REJECT)
    lines_of_business = models.CharField(max_length=6, default=REJECT)
    own_rules = models.CharField(max_length=6, default=REJECT)
    checks_npi = models.BooleanField(default=False)
    asks_about = ArrayField(models.CharField(max_length=63), default=list, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="trading_partner_once", fields=["their_qualifier", "their_id", "our_qualifier", "our_id"]
            ),
            models.CheckConstraint(
                name="trading_partner_isa_reading", condition=Q(isa_reading__in=["strict", "lenient"])
            ),
            models.CheckConstraint(
                name="trading_partner_known_modes",
                condition=Q(
                    situations__in=MODES, code_sets__in=MODES, lines_of_business__in=MODES, own_rules__in=MODES
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.their_qualifier}/{self.their_id}"


class GroupRoute(models.Model):
    """A group number on a claim (SBR03) belongs to one employer's schema."""

    uuid = public_id()
    group_number = models.CharField(max_length=50, unique=True)
    schema_name = models.CharField(max_length=63, db_index=True)

    def __str__(self) -> str:
        return f"{self.group_number} to {self.schema_name}"


class PartnerRuleTable(models.Model):
    """A partner's table of rules as it was brought in on one day; the newest is the one that counts. Never changed."""

    uuid = public_id()
    partner = models.ForeignKey(TradingPartner, models.PROTECT, related_name="rule_tables")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    rules_count = models.IntegerField()
    brought_by_kind = models.CharField(max_length=6)
    brought_by_uuid = models.UUIDField(null=True)
    written_at = written_at()

    class Meta:
        constraints = [
            sha256_shape("partner_rule_table_sha256_shape"),
            models.CheckConstraint(name="partner_rule_table_counts", condition=Q(rules_count__gte=0)),
        ]

    def __str__(self) -> str:
        return f"Rule table {self.uuid}"


class PartnerRule(models.Model):
    """One row of a table, as `tenants.core.partner_rules.PartnerRule` describes it. `start_date`, `end_date`: the days a
    file is received on, half-open; the rows of one rule share none."""

    table = models.ForeignKey(PartnerRuleTable, models.PROTECT, related_name="rules", db_index=False)
    rule_id = models.CharField(max_length=12)
    start_date = models.DateField()
    end_date = models.DateField(null=True)
    does = models.CharField(max_length=6)
    of = models.CharField(max_length=3, default="", blank=True)
    loop = models.CharField(max_length=12, default="", blank=True)
    when = models.CharField(max_length=400, default="", blank=True)
    needs = models.CharField(max_length=400, default="", blank=True)
    at = models.CharField(max_length=40, default="", blank=True)
    answer = models.CharField(max_length=24, default="", blank=True)
    words = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="partner_rule_once_a_day",
                expressions=[
                    ("table", RangeOperators.EQUAL),
                    ("rule_id", RangeOperators.EQUAL),
                    (Func("start_date", "end_date", function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="partner_rule_known_mode", condition=Q(does__in=MODES)),
            models.CheckConstraint(
                name="partner_rule_ends_after_start", condition=Q(end_date=None) | Q(end_date__gte=F("start_date"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} from {self.start_date}"


class PartnerKey(models.Model):
    """A key by which a partner's program asks in real time. `prefix` finds it, `secret_hmac` proves it; the secret is
    shown once and never stored. Valid for at most a year."""

    uuid = public_id()
    partner = models.ForeignKey(TradingPartner, models.PROTECT, related_name="keys")
    prefix = models.CharField(max_length=12, unique=True)
    secret_hmac = models.CharField(max_length=64)
    made_by_uuid = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="partner_key_at_most_a_year", condition=Q(expires_at__lte=F("made_at") + timedelta(days=365))
            )
        ]

    def __str__(self) -> str:
        return self.prefix
