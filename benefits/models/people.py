"""Humans, the families they belong to, and their places under a subscriber."""

from django.db import models
from django.db.models import F, Q

from benefits.models.columns import ends_after_start, linked, never_overlapping, public_id, sealing_id
from tenants.fields import BlindIndexField, EncryptedTextField


class Person(models.Model):
    """One human, once per employer, whoever he is enrolled under. History and accumulators hang here."""

    uuid = sealing_id()
    given_name = models.CharField(max_length=60)
    middle_name = models.CharField(max_length=60, blank=True, default="")
    family_name = models.CharField(max_length=60)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1)
    ssn = EncryptedTextField(null=True, blank=True)
    ssn_bidx = BlindIndexField(source="ssn", normalise="digits", null=True, unique=True)
    ssn_last4 = models.CharField(max_length=4, blank=True, default="")
    death_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="person_known_sex", condition=Q(sex__in=["F", "M", "U"])),
            models.CheckConstraint(
                name="person_dies_after_birth", condition=Q(death_date=None) | Q(death_date__gte=F("birth_date"))
            ),
        ]
        indexes = [models.Index(name="person_by_birth_date", fields=["birth_date"])]

    def __str__(self) -> str:
        return f"Person {self.uuid}"


class Family(models.Model):
    """People who share family limits. Its row is the lock under which their claims are decided."""

    uuid = public_id()

    def __str__(self) -> str:
        return f"Family {self.uuid}"


class FamilyMembership(models.Model):
    """A person belongs to a family on these days, and to one family only."""

    family = linked("benefits.Family", related_name="memberships")
    person = linked("benefits.Person", indexed=False, related_name="memberships")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            ends_after_start("family_membership_ends_after_start"),
            never_overlapping("family_membership_one_family_a_day", "person"),
        ]
        indexes = [models.Index(name="family_membership_by_person", fields=["person", "family"])]

    def __str__(self) -> str:
        return f"{self.person_id} in family {self.family_id} from {self.start_date}"


class Member(models.Model):
    """A person's place under one subscriber: what a member card shows.

    `subscriber` is empty on the subscriber's own row. Dependants carry the subscriber's `member_number`.
    `relationship` is the X12 individual relationship code: "18" the subscriber, "01" spouse, "19" child ...
    """

    uuid = sealing_id()
    person = linked("benefits.Person", related_name="members")
    family = linked("benefits.Family", related_name="members")
    subscriber = linked("benefits.Member", indexed=False, null=True, blank=True, related_name="dependants")
    member_number = EncryptedTextField()
    member_number_bidx = BlindIndexField(source="member_number", db_index=True)
    relationship = models.CharField(max_length=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="member_number_one_subscriber", fields=["member_number_bidx"], condition=Q(subscriber=None)
            ),
            models.UniqueConstraint(name="member_once_under_a_subscriber", fields=["subscriber", "person"]),
            models.CheckConstraint(
                name="member_self_is_subscriber",
                condition=Q(subscriber=None, relationship="18") | (Q(subscriber__isnull=False) & ~Q(relationship="18")),
            ),
        ]

    def __str__(self) -> str:
        return f"Member {self.uuid}"
