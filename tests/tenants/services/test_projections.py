"""Work and nights of an employer, copied from its outbox to the operations host: at least once, in order."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import transaction

from tenants.core.work import NightFigures, Work
from tenants.models import NightFigure, NightSummary, WorkItem
from tenants.records.core.neutral import NotNeutral
from tenants.records.models import OutboxWaiting
from tenants.selectors import queues
from tenants.services import grants, projections
from tests.factories import tenants as people

pytestmark = pytest.mark.django_db

OPENED = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 30, 5, 0, tzinfo=UTC)


def pend(**changed) -> Work:
    return Work(
        **{"kind": "pend", "category": "pend", "subject_uuid": uuid4(), "opened_at": OPENED, "due_at": DUE, **changed}
    )


def figures(**changed) -> NightFigures:
    given = {"business_date": date(2026, 3, 2), "run_no": 1, "step": "adjudicate", "started_at": OPENED, "chunks": 4}
    return NightFigures(**{**given, **changed})


def lines() -> list[tuple]:
    return list(WorkItem.objects.order_by("id").values_list("subject_uuid", "amount_cents", "closed_at"))


def test_work_told_inside_an_employer_appears_in_the_queue_once(employer, other_employer, as_employer):
    alma, ben = pend(amount_cents=12_500), pend(amount_cents=700)
    with as_employer(employer):
        projections.tell_work([alma, ben])
    assert WorkItem.objects.count() == 0
    assert projections.project(employer.schema_name) == 2
    assert projections.project(employer.schema_name) == 0
    assert projections.project(other_employer.schema_name) == 0
    assert lines() == [(alma.subject_uuid, 12_500, None), (ben.subject_uuid, 700, None)]
    item = queues.waiting().first()
    assert (item.employer.slug, item.kind, item.opened_at, item.due_at) == ("harbor", "pend", OPENED, DUE)


def test_telling_again_changes_the_line_and_done_closes_it(employer, as_employer):
    work = pend(amount_cents=100)
    with as_employer(employer):
        projections.tell_work([work])
        projections.tell_work([pend(subject_uuid=work.subject_uuid, amount_cents=250)])
    projections.project(employer.schema_name)
    assert lines() == [(work.subject_uuid, 250, None)]
    with as_employer(employer):
        projections.work_done([("pend", work.subject_uuid)], at=DUE)
    projections.project(employer.schema_name)
    assert lines() == [(work.subject_uuid, 250, DUE)]
    assert list(queues.waiting()) == []
    with as_employer(employer):
        projections.tell_work([work])
    projections.project(employer.schema_name)
    assert lines() == [(work.subject_uuid, 100, None)]


def test_opened_and_done_in_one_batch_ends_done(employer, as_employer):
    work = pend()
    with as_employer(employer):
        projections.tell_work([work])
        projections.work_done([("pend", work.subject_uuid)], at=DUE)
    projections.project(employer.schema_name)
    assert [closed for _, _, closed in lines()] == [DUE]


def test_an_event_that_comes_again_changes_nothing(employer, as_employer, monkeypatch):
    work = pend()
    with as_employer(employer):
        projections.tell_work([work])
    monkeypatch.setattr(projections.outbox, "confirm", lambda ids: (_ for _ in ()).throw(RuntimeError("killed here")))
    with pytest.raises(RuntimeError, match="killed here"):
        projections.project(employer.schema_name)
    monkeypatch.undo()
    before = lines()
    assert projections.project(employer.schema_name) == 1
    assert lines() == before
    with as_employer(employer):
        assert OutboxWaiting.objects.count() == 0


def test_what_is_rolled_back_was_never_told(employer, as_employer):
    with as_employer(employer), pytest.raises(RuntimeError), transaction.atomic():
        projections.tell_work([pend()])
        raise RuntimeError("the decision failed")
    assert projections.project(employer.schema_name) == 0


def test_a_rebuild_gives_the_same_lines_and_owners(employer, other_employer, as_employer):
    dana = people.staff()
    client = people.at_operations(dana)
    first, second = pend(amount_cents=5), pend(amount_cents=6)
    with as_employer(employer):
        projections.tell_work([first, second])
        projections.work_done([("pend", second.subject_uuid)], at=DUE)
        projections.tell_night(uuid4(), figures(step="closed", chunks_done=4, closed_at=DUE, digest="ab" * 32))
    projections.project(employer.schema_name)
    with as_employer(other_employer):
        projections.tell_work([pend()])
    projections.project(other_employer.schema_name)
    grants.take(
        item_uuid=queues.waiting().get(subject_uuid=first.subject_uuid).uuid,
        staff=dana,
        session_key=client.cookies["session"].value,
        now=OPENED,
    )
    before = set(lines()), list(NightSummary.objects.values_list("digest", "chunks_done"))
    assert projections.rebuild(employer.schema_name) == 4
    assert (set(lines()), list(NightSummary.objects.values_list("digest", "chunks_done"))) == before
    assert queues.waiting().get(subject_uuid=first.subject_uuid).owner_uuid == dana.pk


def test_a_night_has_one_line_that_follows_its_progress(employer, as_employer):
    night = uuid4()
    for done in range(5):
        with as_employer(employer):
            projections.tell_night(night, figures(chunks_done=done, approved_cents=done * 100))
        projections.project(employer.schema_name)
    summary = NightSummary.objects.get()
    assert (summary.employer.slug, summary.chunks_done, summary.approved_cents, summary.step) == (
        *("harbor", 4, 400),
        "adjudicate",
    )


def test_nothing_but_neutral_codes_leaves_an_employer(employer, as_employer):
    with as_employer(employer), pytest.raises(NotNeutral):
        projections.tell_work([pend(category="Alma Reyes, asthma")])


def test_figures_of_a_night_are_carried_over_and_told_again_change_their_rows(employer, as_employer):
    night = uuid4()
    for finalised in (4, 5):
        with as_employer(employer), transaction.atomic():
            told = {("finalised", ""): finalised, ("open_pends", "dup-02.0-2"): 1}
            projections.tell_quality(night, date(2026, 3, 2), 1, told)
        projections.project(employer.schema_name)
    rows = NightFigure.objects.order_by("name").values_list("employer__slug", "name", "bucket", "amount")
    assert list(rows) == [("harbor", "finalised", "", 5), ("harbor", "open_pends", "dup-02.0-2", 1)]
    assert projections.rebuild(employer.schema_name) > 0
    assert NightFigure.objects.count() == 2
