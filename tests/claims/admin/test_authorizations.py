"""Prior authorisations at the desk: recorded with the member found, decided by events, seen by those who see claims."""

from datetime import date

import pytest

from benefits.models import Member
from claims.models import Authorization, AuthorizationEvent
from tenants.records.models import AuditEvent, PhiAccess


@pytest.fixture
def said(home) -> dict[str, object]:
    """What a form says of an authorisation for Alma."""
    member = Member.objects.get(person=home.alma, subscriber=None)
    return {
        "number": "PA-1",
        "requested_on": "2026-03-01",
        "measure": "units",
        "codes": "SZ100-SZ199",
        "member_number": member.member_number,
        "given_name": home.alma.given_name,
        "birth_date": home.alma.birth_date.isoformat(),
        "granted_from": "2026-03-02",
        "granted_until": "2026-07-01",
        "amount": "10",
    }


def test_staff_record_extend_and_close_one(desk, home, said):
    dana = desk("examiner")
    assert dana.post("claims/authorization/add/", said).status_code == 302
    row = Authorization.objects.get()
    assert (row.person, row.number, row.source) == (home.alma, "PA-1", "staff")
    page = dana.get(f"claims/authorization/{row.pk}/change/").content.decode()
    assert "10 units" in page and f"?authorization={row.pk}" in page
    event = {"authorization": row.pk, "kind": "extended", "amount": "5", "decided_on": "2026-04-01"}
    assert dana.post("claims/authorizationevent/add/", event).status_code == 302
    closing = event | {"kind": "closed", "amount": "0", "end_date": "2026-05-01"}
    assert dana.post("claims/authorizationevent/add/", closing).status_code == 302
    told = AuthorizationEvent.objects.order_by("pk").values_list("kind", "amount", "end_date")
    assert list(told) == [("approved", 10, date(2026, 7, 1)), ("extended", 5, None), ("closed", 0, date(2026, 5, 1))]
    actions = AuditEvent.objects.filter(subject_uuid=row.uuid, actor_uuid=dana.user.pk).order_by("pk")
    assert [each.action for each in actions] == [
        "authorization.recorded",
        "authorization.extended",
        "authorization.closed",
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"given_name": "Zed"}, "name no one member"),
        ({"codes": ""}, "name the services"),
        ({"codes": "B2-A1"}, "neither a code nor a range"),
        ({"granted_until": "2026-03-01"}, "before its first"),
        ({"number": "pa 1"}, "capital letters"),
        ({"measure": "weeks"}, "granted in"),
    ],
)
def test_what_does_not_fit_together_is_told_and_nothing_recorded(desk, said, change, told):
    reply = desk("examiner").post("claims/authorization/add/", said | change)
    assert reply.status_code == 200
    assert told in reply.content.decode()
    assert not Authorization.objects.exists()


def test_an_event_that_cannot_follow_is_told(desk, said):
    dana = desk("examiner")
    dana.post("claims/authorization/add/", said)
    row = Authorization.objects.get()
    event = {"authorization": row.pk, "kind": "refused", "amount": "0", "decided_on": "2026-04-01"}
    reply = dana.post("claims/authorizationevent/add/", event)
    assert reply.status_code == 200 and "decided already" in reply.content.decode()
    assert AuthorizationEvent.objects.count() == 1


def test_looks_are_logged_and_nothing_is_edited(desk, said):
    dana = desk("examiner")
    dana.post("claims/authorization/add/", said)
    row = Authorization.objects.get()
    before = PhiAccess.objects.count()
    assert b"PA-1" in dana.get("claims/authorization/").content
    assert PhiAccess.objects.count() == before + 1
    assert PhiAccess.objects.latest("pk").record_uuids == [row.uuid]
    event = AuthorizationEvent.objects.get()
    assert dana.get(f"claims/authorizationevent/{event.pk}/change/").status_code == 200
    assert PhiAccess.objects.latest("pk").record_uuids == [event.uuid]
    assert desk("admin").post(f"claims/authorization/{row.pk}/change/", said | {"codes": "X"}).status_code == 403
    assert desk("admin").get(f"claims/authorization/{row.pk}/delete/").status_code == 403


@pytest.mark.parametrize("role", ["finance", "account_manager"])
def test_those_who_see_no_claims_see_no_authorisations(desk, said, role):
    desk("examiner").post("claims/authorization/add/", said)
    row = Authorization.objects.get()
    client = desk(role)
    for page in ("authorization", "authorizationevent"):
        assert client.get(f"claims/{page}/").status_code == 403
        assert client.get(f"claims/{page}/add/").status_code == 403
    assert client.get(f"claims/authorization/{row.pk}/change/").status_code in (302, 403)
