"""What the API says of claims and limits, field by field. Money is whole cents. No diagnosis is told."""

from rest_framework import serializers

from benefits.core.coverage import LINES_OF_COVERAGE, MEDICAL
from benefits.core.plan_design import DEDUCTIBLE, OUT_OF_POCKET
from claims.core.changes import CHANGED, CLOSED, REDECIDE, REPLACE, REVERSE, REVERSED, UNCHANGED, VOID
from claims.core.explanation import BILLED, OFF, PLAN, TOTAL, YOURS
from claims.core.reasons import GROUP_WORDS
from claims.selectors.corrections import OPEN
from claims.selectors.feed import STATUSES
from tenants.web.reading import PageQuestion, Question

STEP_KINDS = (
    (BILLED, "what was charged"),
    (OFF, "taken off"),
    (PLAN, "paid by the plan"),
    (YOURS, "part of what the patient may owe"),
    (TOTAL, "what the patient may owe"),
)
CHANGE_KINDS = (
    (REPLACE, "the provider's claim takes the place of another"),
    (VOID, "the provider took it back"),
    (REDECIDE, "the plan has it decided again"),
    (REVERSE, "the plan takes the decision back"),
)
CHANGE_OUTCOMES = (
    (OPEN, "not carried out yet"),
    (CHANGED, "taken back and decided anew"),
    (REVERSED, "taken back"),
    (UNCHANGED, "decided again with the same result"),
    (CLOSED, "before anything was decided"),
)
LIMIT_KINDS = (DEDUCTIBLE, OUT_OF_POCKET)


class ClaimsQuestion(PageQuestion):
    person = serializers.UUIDField(required=False, help_text="About the care of this person only.")


class Claim(serializers.Serializer):
    """A claim and how far it is. Amounts are of the decision in force, null without one."""

    uuid = serializers.UUIDField(source="row.uuid")
    number = serializers.CharField(source="row.number", help_text="As on every paper about this claim.")
    person = serializers.UUIDField(help_text="The patient.")
    provider = serializers.CharField(source="row.provider", help_text="Who billed, as the claim names him.")
    status = serializers.ChoiceField(choices=STATUSES)
    service_date = serializers.DateField(source="row.service_date")
    received_date = serializers.DateField(source="row.received_on")
    decided_date = serializers.DateField(source="row.decided_on", allow_null=True)
    paid_date = serializers.DateField(source="row.paid_on", allow_null=True)
    plan_paid_cents = serializers.IntegerField(source="row.plan_cents", allow_null=True)
    member_owes_cents = serializers.IntegerField(source="row.owe_cents", allow_null=True)
    patient_paid_cents = serializers.IntegerField(
        source="row.patient_paid_cents", help_text="What the patient paid the provider already, as the claim says."
    )
    member_still_owes_cents = serializers.IntegerField(
        source="row.after_patient_paid.owes", default=None, allow_null=True, help_text="What is left of it after that."
    )


class ClaimPage(serializers.Serializer):
    results = Claim(many=True)
    next = serializers.URLField(allow_null=True, help_text="The next page; null at the end.")


class Adjustment(serializers.Serializer):
    """Why part of a line was not paid."""

    group = serializers.ChoiceField(choices=tuple(GROUP_WORDS.items()))
    carc = serializers.CharField(help_text="Claim adjustment reason code.")
    cents = serializers.IntegerField()


class Line(serializers.Serializer):
    """A decided service line: billed = paid + the sum of its adjustments."""

    number = serializers.IntegerField(source="line_no")
    service_date = serializers.DateField()
    code = serializers.CharField(allow_blank=True)
    modifiers = serializers.CharField(allow_blank=True, help_text="Parted by colons.")
    revenue_code = serializers.CharField(source="revenue", allow_blank=True)
    units_thousandths = serializers.IntegerField(help_text="1000 is one unit.")
    category = serializers.CharField(allow_blank=True, help_text="Benefit category of the plan design.")
    billed_cents = serializers.IntegerField()
    allowed_cents = serializers.IntegerField()
    paid_cents = serializers.IntegerField()
    adjustments = Adjustment(many=True, source="reasons")


class Step(serializers.Serializer):
    """One step of the explanation, read off the stored trace of the decision."""

    kind = serializers.ChoiceField(choices=STEP_KINDS)
    topic = serializers.CharField(help_text='What it is about, such as "deductible".')
    cents = serializers.IntegerField()
    codes = serializers.ListField(child=serializers.CharField(), help_text='Group and reason, such as "PR-1".')


class Effect(serializers.Serializer):
    """What the decision added to one deductible or limit."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=LIMIT_KINDS)
    of_family = serializers.BooleanField()
    before_cents = serializers.IntegerField(source="before")
    after_cents = serializers.IntegerField(source="after")


class Explanation(serializers.Serializer):
    """Why the patient may owe what is said: billed − taken off − paid by the plan = may owe."""

    plan_name = serializers.CharField(allow_blank=True)
    plan_design_version = serializers.IntegerField(source="design_version", allow_null=True)
    steps = Step(many=True)
    rules = serializers.ListField(
        child=serializers.CharField(), source="rules_in_order", help_text="Every rule that was applied, in order."
    )
    effects = Effect(many=True)


class ClaimSide(serializers.Serializer):
    """One claim of a pair."""

    uuid = serializers.UUIDField()
    number = serializers.CharField()


class Amounts(serializers.Serializer):
    """What a decision said."""

    billed_cents = serializers.IntegerField(source="billed")
    allowed_cents = serializers.IntegerField(source="allowed")
    plan_paid_cents = serializers.IntegerField(source="paid")
    member_owes_cents = serializers.IntegerField(source="member")


class Correction(serializers.Serializer):
    """A change of a decision: which claim took the place of which, and the amounts before and after."""

    kind = serializers.ChoiceField(choices=CHANGE_KINDS)
    outcome = serializers.ChoiceField(choices=CHANGE_OUTCOMES)
    changed_date = serializers.DateField(source="changed_on", allow_null=True)
    claim = ClaimSide(help_text="Whose decision it is about.")
    replaced_by = ClaimSide(source="successor", allow_null=True, help_text="Null when the same claim is decided again.")
    before = Amounts(allow_null=True)
    after = Amounts(allow_null=True)


class ClaimDetail(Claim):
    """A claim with the lines of the decision in force and their explanation."""

    lines = Line(many=True)
    explanation = Explanation(allow_null=True, help_text="Null without a decision in force.")
    corrections = Correction(many=True, help_text="Changes this claim is part of, the oldest first.")


class AccumulatorsQuestion(Question):
    person = serializers.UUIDField(
        required=False, help_text="Whose. A member's own when left out; a key must name somebody."
    )
    line_of_coverage = serializers.ChoiceField(choices=LINES_OF_COVERAGE, default=MEDICAL)


class Accumulator(serializers.Serializer):
    """A deductible or limit: used and allowed in the period. A limit that does not exist is null."""

    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=LIMIT_KINDS)
    in_network = serializers.BooleanField()
    person_used_cents = serializers.IntegerField(source="used.person")
    person_limit_cents = serializers.IntegerField(source="person_limit", allow_null=True)
    family_used_cents = serializers.IntegerField(source="used.family")
    family_limit_cents = serializers.IntegerField(source="family_limit", allow_null=True)
    left_cents = serializers.IntegerField(source="left", help_text="The tighter of the two levels.")


class Standing(serializers.Serializer):
    """Where a person stands today in the period from `period_start` up to, not including, `period_end`."""

    person = serializers.UUIDField()
    line_of_coverage = serializers.ChoiceField(choices=LINES_OF_COVERAGE)
    plan_name = serializers.CharField(source="standing.plan_name")
    period_start = serializers.DateField(source="standing.period.start")
    period_end = serializers.DateField(source="standing.period.end")
    accumulators = Accumulator(many=True, source="standing.standings")
