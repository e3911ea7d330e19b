"""What the API says of people and coverage, field by field. No identity number, no contact data."""

from rest_framework import serializers

from benefits.core.coverage import LINES_OF_COVERAGE, STATES
from benefits.core.relationships import RELATIONSHIPS
from benefits.core.tiers import TIERS
from tenants.web.reading import PageQuestion


class Member(serializers.Serializer):
    """A person's place under one subscriber."""

    uuid = serializers.UUIDField()
    person = serializers.UUIDField(source="person.uuid", help_text="The human; the same in every place he ever had.")
    family = serializers.UUIDField(source="family.uuid", help_text="People who share family limits.")
    subscriber = serializers.UUIDField(
        source="subscriber.uuid", allow_null=True, help_text="His member id; null for the subscriber."
    )
    relationship = serializers.ChoiceField(
        choices=tuple(RELATIONSHIPS.items()), help_text="To the subscriber: X12 element 1069."
    )
    given_name = serializers.CharField(source="person.given_name")
    family_name = serializers.CharField(source="person.family_name")
    birth_date = serializers.DateField(source="person.birth_date")


class MemberPage(serializers.Serializer):
    results = Member(many=True)
    next = serializers.URLField(allow_null=True, help_text="The next page; null at the end.")


class CoverageQuestion(PageQuestion):
    member = serializers.UUIDField(required=False, help_text="Of this member place only.")
    on = serializers.DateField(required=False, help_text="In force on this day only.")


class PlanOption(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class Coverage(serializers.Serializer):
    """A member is covered by a plan option from `start_date` up to, not including, `end_date`."""

    uuid = serializers.UUIDField()
    member = serializers.UUIDField(source="member.uuid")
    line_of_coverage = serializers.ChoiceField(choices=LINES_OF_COVERAGE)
    plan_option = PlanOption()
    tier = serializers.ChoiceField(choices=tuple(TIERS.items()))
    state = serializers.ChoiceField(choices=STATES)
    start_date = serializers.DateField()
    end_date = serializers.DateField(allow_null=True, help_text="The first day without; null while open.")


class CoveragePage(serializers.Serializer):
    results = Coverage(many=True)
    next = serializers.URLField(allow_null=True, help_text="The next page; null at the end.")
