"""A replacement or void finds the claim it names while it is stored, or its sender hears that it was rejected."""

# ruff: noqa: F811  (fixtures of the intake tests)

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django_tenants.utils import schema_context

from claims.core.numbers import claim_number
from claims.management.made.corrections import corrections, numbers_on_file
from claims.models import ClaimChange, ClaimSubmission
from claims.services import intake
from tests.claims.services.test_intake import answers, harbor, house, meadow, receive, stored, take  # noqa: F401
from tests.factories import made

LATER = made.RECEIVED + timedelta(days=9)


def send(*claims, control=2):
    """Another file of these claims."""
    return take(made.file_of(claims, control=control, at=LATER), name=f"file-{control}.837")


def status(report, claim):
    """What the 277CA says of a claim: STC01."""
    rows = answers(report.file_uuid)["277CA"].split("~\n")
    place = next(at for at, row in enumerate(rows) if row.startswith(f"TRN*2*{claim.number}"))
    return next(row for row in rows[place:] if row.startswith("STC*")).split("*")[1]


def changes(employer):
    with schema_context(employer.facts.schema_name):
        return list(
            ClaimChange.objects.order_by("pk").values_list(
                "kind", "cause", "submission__intake_seq", "successor__intake_seq", "filed_date"
            )
        )


@pytest.fixture
def claims(harbor):
    """Three claims on file, as sent, numbered 1 to 3 in the order they stand in the file."""
    sent = harbor.claims(3)
    take(made.file_of(sent))
    with schema_context(harbor.facts.schema_name):
        numbers = numbers_on_file([claim.number for claim in sent])
    return sorted((replace(claim, original=numbers[claim.number]) for claim in sent), key=lambda claim: claim.original)


def correcting(claim, number, **changed):
    """The claim again, as a replacement that names our number of it."""
    return replace(claim, **{"number": number, "frequency": "7"} | changed)


def test_a_replacement_and_a_void_are_tied_to_their_claims_and_keep_the_day_the_first_came_in(harbor, claims):
    first, second, _ = claims
    report = send(correcting(first, "R1"), correcting(second, "V1", frequency="8"))
    assert (report.accepted, report.rejected) == (2, 0)
    day = made.RECEIVED.date()
    assert sorted(changes(harbor)) == [
        ("replace", "replacement", 1, *_seqs(harbor, "R1"), day),
        ("void", "void", 2, *_seqs(harbor, "V1"), day),
    ]
    again = send(correcting(replace(first, original=claim_number(*_seqs(harbor, "R1"))), "R2"), control=3)
    assert again.accepted == 1
    assert changes(harbor)[-1] == ("replace", "replacement", *_seqs(harbor, "R1"), *_seqs(harbor, "R2"), day)


def _seqs(employer, *control_numbers):
    with schema_context(employer.facts.schema_name):
        found = numbers_on_file(control_numbers)
        rows = ClaimSubmission.objects.all()
        return [next(row.intake_seq for row in rows if row.claim_number == found[own]) for own in control_numbers]


@pytest.mark.parametrize(
    "named", ["C9999999990", "NONSENSE", "C000000001"], ids=["nobody's", "no number", "wrong check digit"]
)
def test_a_claim_we_do_not_have_is_rejected_and_never_stored(harbor, claims, named):
    wrong = correcting(claims[0], "R1", original=named)
    report = send(wrong)
    assert (report.accepted, report.rejected, report.unroutable) == (0, 1, 0)
    assert status(report, wrong) == "A7:464"
    assert any("REF*F8 is not the number of a claim" in fault for fault in report.faults)
    assert len(stored(harbor)) == 3 and changes(harbor) == []


def test_another_familys_claim_is_as_unknown_as_none(harbor, claims):
    first = claims[0]
    other = next(family for family in harbor.families if family is not first.family)
    wrong = correcting(first, "R1", family=other, patient=other.people[0])
    assert status(send(wrong), wrong) == "A7:464"
    assert changes(harbor) == []


def test_another_providers_claim_is_as_unknown_as_none(harbor, claims):
    first = claims[0]
    stranger = next(each for each in harbor.providers if each.tin != first.provider.tin)
    wrong = correcting(first, "R1", provider=stranger)
    assert status(send(wrong), wrong) == "A7:464"


def test_a_provider_who_corrects_one_of_his_two_numbers_is_still_known(harbor, claims):
    first = claims[0]
    other = next(each for each in harbor.providers if each.tin != first.provider.tin)
    sent = correcting(first, "R1", provider=replace(first.provider, npi=other.npi))
    assert send(sent).accepted == 1


def test_the_same_claim_is_not_corrected_twice_in_one_file_or_in_two(harbor, claims):
    one, two = correcting(claims[0], "R1"), correcting(claims[0], "R2", frequency="8")
    report = send(one, two)
    assert (report.accepted, report.rejected) == (1, 1)
    assert sorted((status(report, one), status(report, two))) == ["A2:20", "A8:464"]
    third = correcting(claims[0], "R3")
    later = send(third, control=3)
    assert status(later, third) == "A8:464"
    assert len(changes(harbor)) == 1


def test_a_void_is_nobodys_claim_and_is_not_corrected(harbor, claims):
    send(correcting(claims[0], "V1", frequency="8"))
    wrong = correcting(claims[0], "R1", original=claim_number(*_seqs(harbor, "V1")))
    assert status(send(wrong, control=3), wrong) == "A8:464"


def test_a_correction_may_follow_its_claim_in_the_same_batch(harbor):
    (claim,) = harbor.claims(1)
    both = [claim, correcting(claim, "R1", original=claim_number(1))]
    assert send(*both).accepted == 2
    assert [row[2:4] for row in changes(harbor)] == [(1, 2)]


def test_a_late_charge_adds_to_a_claim_and_changes_nothing(harbor, claims):
    late = correcting(claims[0], "L1", frequency="5")
    wrong = correcting(claims[0], "L2", frequency="5", original="C9999999990")
    unnamed = correcting(claims[0], "L3", frequency="5", original="")
    report = send(late, wrong, unnamed)
    assert (report.accepted, report.rejected, status(report, wrong)) == (2, 1, "A7:464")
    assert changes(harbor) == []


def test_a_file_read_again_changes_nothing(harbor, claims, monkeypatch):
    """A run that was killed after storing and before its end finds its claims by their keys."""
    content = made.file_of([correcting(claims[0], "R1"), correcting(claims[0], "R2")], control=2, at=LATER)
    uuid = receive(content)
    with monkeypatch.context() as broken:
        broken.setattr("claims.services.intake.clock.now", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            intake.import_file(file_uuid=uuid)
    connection.set_schema_to_public()
    before = changes(harbor)
    report = intake.import_file(file_uuid=uuid)
    assert (report.accepted, report.rejected) == (1, 1)
    assert changes(harbor) == before and len(before) == 1


def test_the_database_refuses_a_second_correction_whatever_the_code_does(harbor, claims):
    send(correcting(claims[0], "R1"), correcting(claims[1], "R2"))
    with schema_context(harbor.facts.schema_name):
        row = ClaimChange.objects.order_by("pk").first()
        other = ClaimSubmission.objects.get(intake_seq=3)
        with pytest.raises(IntegrityError), transaction.atomic():
            ClaimChange.objects.create(
                kind="replace", cause="replacement", submission=row.submission, successor=other,
                filed_date=row.filed_date, actor_kind="system", ordered_at=LATER,
            )  # fmt: skip


def test_made_corrections_name_the_claims_they_correct(harbor):
    sent = harbor.claims(20)
    take(made.file_of(sent))
    with schema_context(harbor.facts.schema_name):
        numbers = numbers_on_file([claim.number for claim in sent])
    made_up = list(corrections(sent, numbers, seed=1))
    assert {claim.frequency for claim in made_up} == {"7", "8"} and len(made_up) == 20
    assert send(*made_up).accepted == 20
    assert len(changes(harbor)) == 20
