"""Who may ask in real time: a live key, its own partner, on an operations host; everybody else is told nothing."""

import pytest
from django.db.models import Max
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from claims.services import inquiries
from tenants import facade as tenants
from tenants.accounts.services import api_keys
from tenants.exchange.models import PartnerKey
from tenants.exchange.services import partner_keys
from tenants.records.models import PhiAccess
from tests.factories import care, questions
from tests.factories.api_calls import own_counters  # noqa: F401
from tests.factories.questions import about, interchange, of_kind, post, subscriber

pytestmark = pytest.mark.django_db

QUESTION = interchange(about(subscriber()))


@pytest.fixture(autouse=True)
def _that_day(monkeypatch):
    monkeypatch.setattr("claims.api.partner_views.now", lambda: questions.NOW)


@pytest.fixture
def home(employer):
    with schema_context(employer.schema_name):
        return care.household()


@pytest.fixture
def partner(employer):
    return questions.house(employer)


@pytest.fixture
def key(partner):
    return questions.key_of(partner)


def nothing_told(reply, status):
    """A refusal that names nobody."""
    assert reply.status_code == status, reply.content
    assert reply["Content-Type"] == "application/problem+json"
    for word in (b"RUIZ", b"ALMA", b"H0001", b"PPO", b"Harbor"):
        assert word not in reply.content
    return reply


@pytest.fixture
def no_looks(employer):
    """How many looks at Harbor's people there were since the test began."""

    def last():
        with schema_context(employer.schema_name):
            return PhiAccess.objects.aggregate(last=Max("id"))["last"] or 0

    before = last()
    yield
    assert last() == before, "somebody was looked at"


def test_a_question_is_answered_in_x12(home, key):
    reply = post(QUESTION, key)
    assert (reply.status_code, reply["Content-Type"]) == (200, "application/edi-x12; charset=us-ascii")
    assert "no-store" in reply["Cache-Control"]
    assert "EB*1**30**PPO 750" in of_kind(reply.content, "EB")


def test_the_look_names_the_key_and_the_request(home, key, employer):
    reply = post(QUESTION, key)
    assert reply.status_code == 200
    with schema_context(employer.schema_name):
        look = PhiAccess.objects.order_by("-id")[0]
    assert look.actor_uuid == PartnerKey.objects.get().uuid
    assert (look.role, look.person_uuid, look.purpose) == ("partner", home.alma.uuid, "care_payment")
    assert look.request_id and "RUIZ" not in look.request_id


@pytest.mark.parametrize("text", ["", "nonsense", "0123456789ab.secret", "Bearer", "é.x"])
def test_a_wrong_key_is_told_nothing(home, partner, no_looks, text):
    nothing_told(post(QUESTION, text.encode().decode("latin-1")), 401)


def test_no_key_at_all_is_told_nothing(home, partner, no_looks):
    client = Client(HTTP_HOST=questions.OPERATIONS)
    nothing_told(client.post(questions.ADDRESS, data=QUESTION, content_type=questions.X12), 401)


def test_a_revoked_key_is_told_nothing(home, key, no_looks):
    partner_keys.revoke_key(uuid=PartnerKey.objects.get().uuid, now=timezone.now())
    nothing_told(post(QUESTION, key), 401)


def test_an_expired_key_is_told_nothing(home, key, no_looks):
    PartnerKey.objects.update(expires_at=timezone.now())
    nothing_told(post(QUESTION, key), 401)


def test_the_key_of_a_partner_who_was_switched_off_is_told_nothing(home, key, partner, no_looks):
    from tenants.exchange.models import TradingPartner

    TradingPartner.objects.filter(uuid=partner.uuid).update(is_active=False)
    nothing_told(post(QUESTION, key), 401)


def test_a_key_opens_its_own_partners_interchanges_alone(home, key, employer, no_looks):
    questions.house(employer, their_id="CLR02")
    nothing_told(post(interchange(about(subscriber()), sender="CLR02"), key), 403)
    nothing_told(post(interchange(about(subscriber()), sender="NOBODY"), key), 403)
    nothing_told(post(interchange(about(subscriber()), receiver="OTHER"), key), 403)


def test_an_employers_key_is_no_partners_key(home, employer, partner, no_looks):
    with schema_context(employer.schema_name):
        _, text = api_keys.make_key(name="feed", scopes=["claims:read"], now=timezone.now())
    nothing_told(post(QUESTION, text), 401)


@pytest.mark.parametrize("host", ["harbor.localhost", "meadow.localhost"])
def test_an_employers_host_has_no_such_address(home, key, no_looks, host):
    assert post(QUESTION, key, host=host).status_code == 404


def test_a_partners_key_opens_nothing_on_an_employers_host(home, key, no_looks):
    client = Client(HTTP_HOST="harbor.localhost", headers={"Authorization": f"Bearer {key}"})
    for address in ("/api/v1/claims/", "/api/v1/members/"):
        assert client.get(address).status_code == 401


def test_the_people_of_an_employer_he_may_not_ask_about_do_not_exist(home, other_employer, no_looks):
    stranger = questions.house(other_employer, their_id="CLR03")
    reply = post(interchange(about(subscriber()), sender="CLR03"), questions.key_of(stranger))
    assert of_kind(reply.content, "AAA") == ["AAA*N**72*C"]
    assert of_kind(reply.content, "EB") == []


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
def test_only_post_is_answered(key, method):
    client = Client(HTTP_HOST=questions.OPERATIONS, headers={"Authorization": f"Bearer {key}"})
    assert getattr(client, method)(questions.ADDRESS).status_code == 405


@pytest.mark.parametrize(
    "content", [b"", b"hello", QUESTION * 2, interchange(about(subscriber()), about(subscriber()))]
)
def test_what_is_no_single_question_is_400(home, key, no_looks, content):
    nothing_told(post(content, key), 400)


def test_a_body_past_its_bound_is_not_read(home, key, no_looks):
    nothing_told(post(QUESTION + b" " * inquiries.LARGEST_QUESTION, key), 413)


def test_a_look_that_cannot_be_logged_is_503(home, key, monkeypatch):
    def refuse(**look):
        raise tenants.ReadNotLogged("The look could not be logged.")

    monkeypatch.setattr(tenants, "log_view", refuse)
    nothing_told(post(QUESTION, key), 503)


def test_too_many_questions_of_one_key_are_429(home, key, own_counters, monkeypatch, no_looks):  # noqa: F811
    from tenants.web.throttles import PerPartner

    monkeypatch.setattr(PerPartner, "THROTTLE_RATES", {"partner": "2/min"})
    answers = [post(b"", key) for _ in range(3)]
    assert [reply.status_code for reply in answers] == [400, 400, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_an_answer_takes_few_statements(home, key, django_assert_max_num_queries):
    post(QUESTION, key)
    with django_assert_max_num_queries(30):
        assert post(QUESTION, key).status_code == 200
