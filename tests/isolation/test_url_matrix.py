"""Every address × every method × everybody × every wrong place: nobody meets another employer, or another's care.

The addresses come from the URL resolver, so a new page is walked without being named here. Each reply is looked at by
`watch.Watch`. Everyday runs make each GET of a portal page as everybody and every other method of every address as at
least one person of each kind; ASO_MATRIX=whole makes every combination (half an hour).
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.utils import timezone
from rest_framework import serializers

from benefits.models import Member, Person
from claims.models import ClaimSubmission, Pend
from tenants.core.roles import STAFF_ROLES, Role
from tenants.core.staff_rights import allowed
from tenants.records.models import AuditEvent, PhiAccess
from tenants.services import grants
from tenants.web.sites import desk
from tests.factories import canaries, marks
from tests.factories.canaries import ALMA, BEN, EMIL, Marked
from tests.factories.tenants import OPERATIONS, host_of
from tests.isolation import world as worlds
from tests.isolation.addresses import DESK, EMPLOYER, URLCONFS, Address, addresses
from tests.isolation.addresses import OPERATIONS as OPERATIONS_URLS
from tests.isolation.watch import METHODS, SAFE, WHOLE, Place, Watch, digest
from tests.isolation.world import Visitor, World

OTHERS = [method for method in METHODS if method != "GET"]
PORTAL = (
    "anonymous",
    "subscriber",
    "husband",
    "adult dependant",
    "colleague",
    "HR",
    "HR finance",
    "plan administrator",
    "HR and member",
    "people key",
    "claims key",
)
ROLES = tuple(name for name in PORTAL if WHOLE or name not in ("husband", "colleague"))
"""Of members alike in role the subscriber goes where only the role matters."""

STAFF = tuple(sorted(STAFF_ROLES))
ALIKE = (Role.CLAIMS_MANAGER, Role.STOP_LOSS)
"""Roles that see at a desk what an examiner sees."""
OF_FRAMEWORKS = {"account", "admin", "auth", "axes", "contenttypes", "sessions", "socialaccount", "usersessions"}
"""Apps whose tables hold nothing of the employer's business."""


@contextmanager
def untouched(world: World, *homes: Marked) -> Iterator[None]:
    """These employers' rows are the same before and after, all columns of them. What a test did before counts too."""
    for home in homes:
        world.digests.setdefault(home.facts.slug, digest(home))
    yield
    for home in homes:
        before, after = world.digests.pop(home.facts.slug), digest(home)
        assert {table for table in before | after if before.get(table) != after.get(table)} == set()
        world.digests[home.facts.slug] = after


def methods_for(address: int, visitor: int) -> list[str]:
    """GET, and one other method in turn: over any six visitors every method of every address is called."""
    if WHOLE:
        return list(METHODS)
    return ["GET", OTHERS[(address + visitor + visitor // 3) % len(OTHERS)]]


def in_turn(number: int, address: Address, turn: int) -> bool:
    """Whether everybody goes there; to pages that are not of our making a third does."""
    return WHOLE or not is_ready_made(address) or number % 3 == turn % 3


def is_ready_made(address: Address) -> bool:
    """A page of the sign-in library, or one that every admin of a table has."""
    if address.model_admin is not None:
        return not address.name or address.name.endswith(("_add", "_delete", "_history"))
    return address.shape.startswith("accounts/")


def body_of(method: str, address: Address, home: Marked, of: str) -> dict[str, Any]:
    """What a request that changes things sends: every id of `home` under every name a form or a program may use."""
    if method in SAFE:
        return {}
    ids = {name: str(home.named[of][model].uuid) for name, model in NAMES.items()}
    fields = {**ids, "uuid": ids["claim"], "id": home.named[of][Person].pk, "show": "yes", "pends": ids["claim"]}
    if address.model_admin is not None and address.name.endswith("changelist"):
        actions = [action for action in address.model_admin.actions if isinstance(action, str)]
        row = worlds.first_row(home, address.model_admin.model) if address.urlconf == DESK else None
        fields |= {"action": (actions or ["delete_selected"])[0], "_selected_action": row.pk if row else 1}
    if method == "POST":
        return {"data": fields}
    return {"data": json.dumps(fields), "content_type": "application/json"}


NAMES = dict.fromkeys(("claim", "older", "newer"), ClaimSubmission) | {"person": Person, "member": Member}


def walk(
    watch: Watch,
    visitor: Visitor,
    place: Place,
    urlconf: str,
    ids_of: Marked,
    *,
    turn: int,
    of: str = ALMA,
    prefix: str = "",
    only: Any = None,
) -> None:
    """Every address of a URLconf as one visitor in one place, filled with the ids of `ids_of`."""
    for number, address in enumerate(addresses(urlconf)):
        if not in_turn(number, address, turn) or (only and not only(number, address)):
            continue
        path = prefix + watch.world.fill(address, ids_of, of)
        for method in methods_for(number, turn):
            watch.call(visitor, method, path, place, **body_of(method, address, ids_of, of))


def own_host(watch: Watch, visitor: Visitor) -> Place:
    home = watch.world.harbor
    return Place(host_of(home.facts), home, visitor.may_see, (home.facts.slug,), (watch.world.meadow,))


def nothing_seen(mark: marks.Mark) -> bool:
    return False


def assert_clean(watch: Watch, *, least: int = 50) -> None:
    """No fault in at least so many requests."""
    count = watch.calls.total()
    assert count >= least, "hardly anything was walked"
    assert not watch.faults, "\n".join([f"{len(watch.faults)} faults in {count} requests:", *watch.faults[:40]])


# The walk can find something -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("urlconf", URLCONFS)
def test_every_address_can_be_filled(world, urlconf):
    for home in (world.harbor, world.meadow):
        assert all("%(" not in world.fill(address, home, ALMA) for address in addresses(urlconf))


def test_two_employers_have_equal_keys_and_no_equal_id(world, as_employer):
    business = [model for model in canaries.employer_models() if model._meta.app_label not in OF_FRAMEWORKS]
    keys, uuids = {}, {}
    for home in (world.harbor, world.meadow):
        with as_employer(home.facts):
            keys[home.facts.slug] = {
                model._meta.label: {key for key in canaries.rows_by_key(model) if isinstance(key, int)}
                for model in business
                if model not in (AuditEvent, PhiAccess)  # the walk itself adds to them
            }
            uuids[home.facts.slug] = canaries.uuids_here()
            assert [model._meta.label for model in business if not model.objects.exists()] == [], "a table has no row"
    assert keys["harbor"] == keys["meadow"]
    assert uuids["harbor"] & uuids["meadow"] == set()


# On an employer's host --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROLES)
def test_ids_of_another_employer_lead_nowhere(watch, name):
    visitor = watch.world.visitors[name]
    with untouched(watch.world, watch.world.meadow):
        walk(watch, visitor, own_host(watch, visitor), EMPLOYER, watch.world.meadow, turn=ROLES.index(name))
    assert_clean(watch)


SHOWN = {
    "anonymous": "",
    "subscriber": "ngvc",
    "husband": "ngvc",
    "adult dependant": "ngvc",
    "colleague": "ngvc",
    "HR": "ng",
    "HR finance": "ngm",
    "plan administrator": "ng",
    "HR and member": "ngvc",
    "people key": "ng",
    "claims key": "vc",
}
"""Kinds of marks each visitor must meet with his own ids, or the walk would find nothing anywhere."""


@pytest.mark.parametrize("name", PORTAL)
def test_with_own_ids_everybody_sees_his_own_and_no_more(watch, name):
    visitor = watch.world.visitors[name]
    place = own_host(watch, visitor)
    mine = {"adult dependant": "4", "husband": "3", "colleague": EMIL, "HR and member": "6"}.get(name, ALMA)
    with untouched(watch.world, watch.world.meadow):
        walk(watch, visitor, place, EMPLOYER, watch.world.harbor, turn=6 + PORTAL.index(name), of=mine)
        for address in addresses(EMPLOYER):
            others = {ALMA, BEN, "3", "4", EMIL} - {mine}
            for of in others if address.parameters and (WHOLE or not is_ready_made(address)) else ():
                watch.call(visitor, "GET", watch.world.fill(address, watch.world.harbor, of), place)
    assert_clean(watch)
    assert set(SHOWN[name]) - {mark.kind for mark in watch.shown} == set()


ASKING = (
    PORTAL if WHOLE else ("subscriber", "adult dependant", "HR finance", "HR and member", "people key", "claims key")
)


@pytest.mark.parametrize("name", ASKING)
def test_ids_in_a_question_lead_no_further_than_ids_in_an_address(watch, name):
    visitor, asked = watch.world.visitors[name], 0
    for address in addresses(EMPLOYER):
        if (address.parameters and not WHOLE) or not parameters_of(address):
            continue
        plain = watch.call(
            visitor, "GET", watch.world.fill(address, watch.world.harbor, EMIL), own_host(watch, visitor)
        )
        if plain.status_code not in (200, 400):
            continue
        for parameter in sorted(parameters_of(address)):
            for home, of in ((watch.world.meadow, ALMA), (watch.world.harbor, EMIL)):
                if home is watch.world.harbor and visitor.kind != "member" and not WHOLE:
                    continue  # nobody's colleague
                for model in (Person, Member, ClaimSubmission) if WHOLE else likely(parameter):
                    path = f"{watch.world.fill(address, home, of)}?{parameter}={home.named[of][model].uuid}"
                    watch.call(visitor, "GET", path, own_host(watch, visitor))
                    asked += 1
    assert asked or name == "anonymous"
    assert_clean(watch, least=10)


def names_uuid(address: Address) -> bool:
    """Whether its ids tell employers apart: equal keys lead to one's own row, which `harbor`'s turn has tried."""
    return any(address.wants_uuid(parameter) for parameter in address.parameters)


def parameters_of(address: Address) -> set[str]:
    """What the address may be asked by id: of an API view what it says itself, of our pages all that any form asks."""
    view = getattr(address.view, "view_class", None) or getattr(address.view, "cls", None)
    if question := getattr(view, "question", None):
        return {name for name, field in question().fields.items() if isinstance(field, serializers.UUIDField)}
    if not address.view.__module__.startswith(("benefits.", "claims.", "tenants.")):
        return set()
    return {
        name
        for form in below(forms.Form)
        if ".portal." in form.__module__
        for name, field in form.base_fields.items()
        if isinstance(field, forms.UUIDField)
    }


def below(kind: type) -> set[type]:
    return {each for direct in kind.__subclasses__() for each in (direct, *below(direct))}


def likely(parameter: str) -> tuple[type, ...]:
    """What an id under this name is probably of; a page is asked by both where it cannot be told."""
    return (NAMES[parameter],) if parameter in NAMES else (Member, ClaimSubmission)


@pytest.mark.parametrize("name", [*ROLES[1:], Role.ADMIN, Role.EXAMINER])
def test_a_session_or_key_of_one_employer_is_nobodys_at_another(watch, name):
    meadow = watch.world.meadow
    visitor = watch.world.visitors.get(name) or watch.world.staff[name]
    place = Place(host_of(meadow.facts), meadow, nothing_seen, (), (meadow, watch.world.harbor))
    turn = [*ROLES, *STAFF].index(name)
    with untouched(watch.world, meadow):
        walk(
            watch, visitor, place, EMPLOYER, meadow, turn=turn,
            only=lambda number, address: WHOLE or number % 2 == turn % 2,
        )  # fmt: skip
    assert_clean(watch, least=10)
    assert watch.shown == set()


# On the operations host --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROLES)
def test_nobody_of_an_employer_is_anybody_on_the_operations_host(watch, name):
    turn = ROLES.index(name)
    place = Place(OPERATIONS, None, nothing_seen, (), (watch.world.harbor, watch.world.meadow))
    with untouched(watch.world, watch.world.meadow, watch.world.harbor):
        walk(
            watch, watch.world.visitors[name], place, OPERATIONS_URLS, watch.world.meadow, turn=turn,
            only=lambda number, address: WHOLE or number % 5 == turn % 5,
        )  # fmt: skip
    assert_clean(watch, least=10)
    assert {status for (_, status) in watch.calls} - {200, 301, 302, 400, 401, 403, 404, 405} == set()


@pytest.mark.parametrize("role", STAFF)
def test_staff_see_no_row_of_an_employer_on_the_operations_host(watch, role):
    visitor, turn = watch.world.staff[role], STAFF.index(role)
    both = (watch.world.harbor, watch.world.meadow)
    place = Place(OPERATIONS, None, visitor.may_see, tuple(home.facts.slug for home in both), ())
    walk(
        watch, visitor, place, OPERATIONS_URLS, watch.world.meadow, turn=turn,
        only=lambda number, address: WHOLE or role == Role.ADMIN or number % (len(STAFF) - 1) == turn % (len(STAFF) - 1),
    )  # fmt: skip
    assert_clean(watch, least=10)
    if role == Role.ADMIN:
        assert {mark.kind for mark in watch.shown} >= {marks.PUBLIC, marks.FILE}


# At a desk ---------------------------------------------------------------------------------------------------------------


DOORS = ("no grant", "an expired grant", "a closed grant", "a grant for another employer")


@pytest.mark.parametrize("grant", DOORS)
def test_without_an_open_grant_for_it_no_desk_shows_anything(watch, grant):
    meadow = watch.world.meadow
    place = Place(OPERATIONS, meadow, nothing_seen, (), (meadow,))
    begin = len(STAFF) * DOORS.index(grant)
    for turn, role in enumerate(STAFF):
        visitor = watch.world.staff[role]
        if grant == "an expired grant":
            worlds.grant(watch.world, visitor, meadow, ago=timedelta(minutes=30))
        elif grant == "a closed grant":
            grants.close_grant(grant=worlds.grant(watch.world, visitor, meadow), now=timezone.now())
            watch.world.digests.clear()
        elif grant == "a grant for another employer":
            worlds.grant(watch.world, visitor, watch.world.harbor)
        with untouched(watch.world, meadow):
            walk(
                watch, visitor, place, DESK, meadow, turn=turn, prefix=f"/e/{meadow.facts.slug}",
                only=lambda number, address, turn=turn: WHOLE or number % (len(STAFF) * len(DOORS)) == begin + turn,
            )  # fmt: skip
    assert_clean(watch, least=10)
    assert {status for (_, status) in watch.calls} == {403}


@pytest.mark.parametrize("name", ROLES)
def test_nobody_of_an_employer_comes_to_a_desk(watch, name):
    meadow, turn, seen = watch.world.meadow, ROLES.index(name), set()
    for host in (OPERATIONS, host_of(watch.world.harbor.facts)):
        place = Place(host, meadow, nothing_seen, (), (meadow,))
        with untouched(watch.world, meadow):
            walk(
                watch, watch.world.visitors[name], place, DESK, meadow, turn=turn, prefix=f"/e/{meadow.facts.slug}",
                only=lambda number, address: WHOLE or number % len(ROLES) == turn,
            )  # fmt: skip
        seen.add((host == OPERATIONS, *{status for (_, status) in watch.calls}))
        watch.calls.clear()
    assert seen == {(True, 403), (False, 404)}
    assert watch.faults == []


@pytest.mark.parametrize("role", STAFF)
def test_at_a_desk_staff_see_what_their_role_may_of_this_employer_alone(watch, role):
    visitor, harbor, turn = watch.world.staff[role], watch.world.harbor, STAFF.index(role)
    worlds.grant(watch.world, visitor, harbor)
    may_see = lambda mark: worlds.sees_at_desk(visitor, mark)  # noqa: E731
    place = Place(OPERATIONS, harbor, may_see, (harbor.facts.slug,), (watch.world.meadow,))
    with untouched(watch.world, watch.world.meadow):
        for home in (harbor, watch.world.meadow):
            walk(
                watch, visitor, place, DESK, home, turn=turn, prefix=f"/e/{harbor.facts.slug}",
                only=lambda number, address, home=home: (
                    WHOLE or names_uuid(address) or (home is harbor and (role not in ALIKE or number % 2 == turn % 2))
                ),
            )  # fmt: skip
    for of in (EMIL, f"{ALMA} waits", f"{BEN} waits"):
        for address in addresses(DESK):
            known = address.parameters and address.model_before(address.parameters[-1]) in harbor.named[of]
            if known and (WHOLE or not is_ready_made(address)):
                watch.call(visitor, "GET", f"/e/{harbor.facts.slug}{watch.world.fill(address, harbor, of)}", place)
    assert_clean(watch)
    seen = {mark.kind for mark in watch.shown}
    if allowed({role}, worlds.CLAIM_SEEN):
        assert seen >= marks.CARE
    assert seen & marks.CARE == (marks.CARE if allowed({role}, worlds.CLAIM_SEEN) else set())


def test_every_table_the_desk_opens_shows_its_rows(watch):
    """So that no page of the walk above is empty for want of rows."""
    visitor, harbor = watch.world.staff[Role.ADMIN], watch.world.harbor
    worlds.grant(watch.world, visitor, harbor)
    place = Place(OPERATIONS, harbor, lambda mark: True, (harbor.facts.slug,), ())
    pages: dict[Any, list[HttpResponse]] = {model: [] for model in desk._registry}
    for address in addresses(DESK):
        if address.model_admin is not None and address.name.endswith(("changelist", "change")):
            path = f"/e/{harbor.facts.slug}{watch.world.fill(address, harbor, ALMA)}"
            pages[address.model_admin.model].append(watch.call(visitor, "GET", path, place))
    unseen = []
    for model, replies in pages.items():
        with worlds.schema_context(harbor.facts.schema_name):
            ids = {uuid for uuid in canaries.rows_by_key(model).values() if uuid}
            ids |= {row.claim_number for row in ClaimSubmission.objects.all()} if model is Pend else set()
        text = "".join(reply.content.decode() for reply in replies if reply.status_code == 200)
        if not any(each in text for each in ids) and not marks.marks_in(text):
            unseen.append(model._meta.label)
    assert pages
    assert unseen == []


# What stays behind --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["HR finance", "claims key"])
def test_the_cache_holds_no_word_of_a_row(watch, name):
    visitor, watch.patience = watch.world.visitors[name], 10_000
    for address in addresses(EMPLOYER):
        watch.call(visitor, "GET", watch.world.fill(address, watch.world.harbor, visitor.who), own_host(watch, visitor))
    kept = list(cached())
    assert marks.marks_in(" ".join(kept)) == set()
    assert kept or visitor.kind != "api"  # calls with a key are counted there


def cached() -> Iterable[str]:
    """Keys and values of the whole cache, as stored."""
    server = cache._cache.get_client()
    for key in server.scan_iter(f"*{settings.CACHES['default']['KEY_PREFIX']}*"):
        yield key.decode(errors="replace")
        yield (server.get(key) or b"").decode(errors="replace")
