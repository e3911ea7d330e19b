"""What waits at a desk: pages by due date, no name on any of them, families let go once."""

from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from claims.models import Pend, Quarantine
from claims.selectors import queues
from tenants.core.roles import Actor
from tests.factories import care

DAY = date(2026, 4, 20)


@pytest.fixture
def dana(in_employer) -> Actor:
    return Actor("staff", uuid4(), frozenset({"examiner"}), in_employer.schema_name, grant_uuid=uuid4())


def test_pages_follow_each_other_by_due_date_without_gap_or_repeat(home, dana):
    for _ in range(7):
        care.pend(care.submit(home, home.alma), "MED-01")
    seen, mark, pages = [], "", 0
    while True:
        page = queues.waiting_claims(dana, day=DAY, request_id="r", after=mark, size=3)
        seen += [row.submission_id for row in page.rows]
        mark, pages = page.next_mark, pages + 1
        if not mark:
            break
    assert (pages, len(seen), seen) == (3, 7, sorted(set(seen)))


@pytest.mark.parametrize("mark", ["", "x", "20260231-5", "99999999-1", "20260401", "20260401-" + "9" * 30])
def test_a_mark_nobody_handed_out_begins_at_the_first_page(home, dana, mark):
    care.pend(care.submit(home, home.alma), "MED-01")
    assert len(queues.waiting_claims(dana, day=DAY, request_id="r", after=mark).rows) == 1


def test_a_claim_with_several_pends_is_one_line_due_at_the_earliest(home, dana):
    claim = care.submit(home, home.alma)
    first = care.pend(claim, "MED-01")
    Pend.objects.create(
        decision=first.decision, submission=claim, code="DUP-02", opened_on=first.opened_on, due_date=date(2026, 4, 14)
    )
    (row,) = queues.waiting_claims(dana, day=DAY, request_id="r").rows
    assert (row.due, row.late, [pend.code for pend in row.pends]) == (date(2026, 4, 14), True, ["MED-01", "DUP-02"])
    assert [(count.queue, count.open, count.late) for count in queues.queue_counts(dana, day=DAY)] == [
        ("claims", 1, 1),
        ("medical", 1, 0),
    ]
    assert queues.waiting_claims(dana, day=DAY, request_id="r", queue="money").rows == ()


@pytest.mark.parametrize(
    "changed", [{"kind": "hr"}, {"kind": "member"}, {"grant_uuid": None}, {"schema_name": "t_000000000000"}]
)
def test_only_staff_at_this_desk_see_what_waits(home, dana, changed):
    from dataclasses import replace

    care.pend(care.submit(home, home.alma), "MED-01")
    stranger = replace(dana, **changed)
    assert queues.waiting_claims(stranger, day=DAY, request_id="r").rows == ()
    assert queues.queue_counts(stranger, day=DAY) == ()
    assert queues.neighbours(stranger, 0) == (None, None)


def test_the_list_shows_no_name_and_takes_the_same_statements_for_any_number(
    desk, home, claims, django_assert_max_num_queries
):
    client = desk("examiner")
    for _ in range(20):
        care.pend(care.submit(home, home.alma), "MED-01")
    with django_assert_max_num_queries(28):
        page = client.get("claims/pend/").content.decode()
    assert page.count("/claims/claimsubmission/") >= 22
    assert "a medical review is needed" in page
    for told in ("Alma", "Ruiz", "J069", "MERCY"):
        assert told not in page
    assert client.get("claims/pend/?queue=nowhere").status_code == 404


def test_a_pend_leads_to_its_claim_and_work_taken_leads_to_the_pend(desk, waiting):
    client = desk("examiner")
    at_desk = client.get(f"go/pend/{waiting.uuid}/")
    assert at_desk.url == f"/e/harbor/admin/claims/pend/{waiting.pk}/change/"
    claim = client.get(at_desk.url).url
    assert claim == f"/e/harbor/admin/claims/claimsubmission/{waiting.submission_id}/change/#pend-{waiting.uuid}"


def test_a_family_is_let_go_by_an_examiner_and_not_by_finance(desk, home):
    row = Quarantine.objects.create(
        night=care.night(), family=home.family, error="it broke", quarantined_at=timezone.now()
    )
    said = {"action": "release", "_selected_action": [row.pk]}
    desk("finance").post("claims/quarantine/", said)
    row.refresh_from_db()
    assert row.released_at is None
    assert "Released." in desk("examiner").post("claims/quarantine/", said, follow=True).content.decode()
    row.refresh_from_db()
    assert row.released_at is not None


def test_claims_somebody_was_asked_about_wait_apart_and_come_back_due_later(home, dana):
    from claims.models import InformationRequest, PendDue

    pend = care.pend(care.submit(home, home.alma), "MED-01")
    other = care.pend(care.submit(home, home.ben), "MED-01")
    InformationRequest.objects.create(
        submission=pend.submission, asked_of="provider", items=["medical_records"], about=[["MED-01", None]],
        asked_on=date(2026, 4, 6), remind_on=date(2026, 4, 27), due_date=date(2026, 5, 21), actor_uuid=dana.uuid,
    )  # fmt: skip
    assert [row.submission_id for row in queues.waiting_claims(dana, day=DAY, request_id="r").rows] == [
        other.submission_id
    ]
    asked = queues.waiting_claims(dana, day=DAY, request_id="r", queue=queues.ASKED)
    assert [row.submission_id for row in asked.rows] == [pend.submission_id]
    assert queues.asked_claims(dana) == 1
    PendDue.objects.create(pend=other, due_date=date(2026, 5, 20), moved_at=timezone.now())
    (row,) = queues.waiting_claims(dana, day=date(2026, 5, 10), request_id="r").rows
    assert (row.due, row.late) == (date(2026, 5, 20), False)


def test_one_resolution_releases_the_same_reason_on_several_claims(desk, home):
    claims = [care.submit(home, person) for person in (home.alma, home.ben, home.carl)]
    for claim in claims:
        care.pend(claim, "MED-01")
    other = care.pend(care.submit(home, home.dora), "DUP-02")
    dana, said = desk("examiner"), {"code": "MED-01", "note": "reviewed together, file 7"}
    assert dana.get("claims/pend/together/").status_code == 405
    chosen = [str(claim.pk) for claim in claims[:2]] + [str(other.submission_id), "x"]
    assert desk("finance").post("claims/pend/together/", {**said, "claims": chosen}).status_code == 403
    dana.post("claims/pend/together/", {**said, "claims": chosen})
    left = Pend.objects.filter(resolution=None).order_by("pk").values_list("submission_id", flat=True)
    assert list(left) == [claims[2].pk, other.submission_id]


@pytest.mark.parametrize("said", [{"code": "MED-01", "note": ""}, {"code": "", "note": "all of them"}, {}])
def test_without_a_note_or_a_reason_nothing_is_released_together(desk, home, said):
    claim = care.submit(home, home.alma)
    care.pend(claim, "MED-01")
    desk("examiner").post("claims/pend/together/", {**said, "claims": [str(claim.pk)]})
    assert Pend.objects.filter(resolution=None).count() == 1


def test_what_is_above_an_examiner_is_not_released_with_the_rest(desk, home):
    claim = care.submit(home, home.alma)
    care.pend(claim, "HIGH-01")
    said = {"code": "HIGH-01", "note": "looks right to me", "claims": [str(claim.pk)]}
    desk("examiner").post("claims/pend/together/", said)
    assert Pend.objects.filter(resolution=None).count() == 1
