"""Two marked employers, ASO staff, and everybody's browsers: what the URL matrix walks through."""

import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import Any

from allauth.account.internal.flows import login
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from benefits.models import Coverage, Member, Person
from claims.models import ClaimSubmission, Pend
from claims.reference.models import Release, TableLoad
from tenants import facade as tenants
from tenants.accounts.models import User
from tenants.accounts.services import api_keys
from tenants.accounts.web.tokens import ResetTokenGenerator
from tenants.core.employers import EmployerFacts
from tenants.core.roles import STAFF_ROLES, Role
from tenants.core.scopes import Scope
from tenants.core.staff_rights import allowed
from tenants.exchange.models import GroupRoute, InboundFile, OutboundFile, TradingPartner, UnroutablePart
from tenants.exchange.services import inbound, outbound, partners, routing
from tenants.models import Employer, NightFigure, NightSummary, StaffEvent, StaffGrant, WorkItem
from tests.factories import canaries, canary_claims, marks
from tests.factories import tenants as people
from tests.factories.canaries import ALMA, CARL, COLLEAGUES, DORA, EMIL, Marked, Row
from tests.factories.marks import CARE, Mark
from tests.isolation.addresses import Address

CLAIM_SEEN = "claims.view_claimsubmission"
FILES_WORKED = "exchange.change_inboundfile"


@dataclass
class Visitor:
    """Somebody and his browser. kind: "anonymous", "member", "hr", "api" or "staff".  who: his character in marks.

    may_see: of his own employer's marks, those a page may show him.  strange: ids of rows of his own employer that must
    not even be named to him.
    """

    name: str
    kind: str
    home: Marked | None
    client: Client
    may_see: Callable[[Mark], bool]
    who: str = ""
    user: User | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    strange: frozenset[str] = frozenset()


@dataclass
class World:
    """harbor: the employer whose people walk.  meadow: the other one, of whom nobody may see or change a thing.

    digests: what each employer's tables held when last looked at, by slug; forgotten where a test changes them itself.
    """

    harbor: Marked
    meadow: Marked
    public: dict[str, dict[type[Model], Row]]
    visitors: dict[str, Visitor]
    staff: dict[str, Visitor]
    digests: dict[str, dict[str, str]] = field(default_factory=dict)

    @cached_property
    def uuids(self) -> dict[str, set[str]]:
        """UUIDs of all rows, by employer."""
        found = {}
        for home in (self.harbor, self.meadow):
            with schema_context(home.facts.schema_name):
                found[home.facts.slug] = canaries.uuids_here()
        return found

    def fill(self, address: Address, home: Marked, of: str) -> str:
        """The path of an address with ids of `home`: `of`'s rows where he has one, else the employer's first.

        Raises addresses.CannotFill.
        """
        return address.path({name: self._value(address, name, home, of) for name in address.parameters})

    def _value(self, address: Address, parameter: str, home: Marked, of: str) -> Any:
        model, special = address.model_before(parameter), SPECIAL.get((address.name, parameter))
        if model is None or special is not None:
            return special(address, home, of) if special else None
        row = self.public[home.facts.slug].get(model) or home.named.get(of, {}).get(model) or first_row(home, model)
        return row and (row.uuid if address.wants_uuid(parameter) else row.pk)


def first_row(home: Marked, model: type[Model]) -> Row | None:
    """The employer's first row of a table, looked up once; None for a table that stands in public only."""
    kept = home.named.setdefault("", {})
    if model not in kept:
        if model not in canaries.employer_models():
            return None
        with schema_context(home.facts.schema_name):
            found = model._default_manager.order_by("pk").first()
        if found is None:
            return None
        kept[model] = Row(found.pk, getattr(found, "uuid", None))
    return kept[model]


def build(harbor: EmployerFacts, meadow: EmployerFacts) -> World:
    """Fills two fresh employers. Commits; the connection is in public before and after."""
    today = timezone.localdate()
    homes = []
    for facts in (harbor, meadow):
        with schema_context(facts.schema_name):
            home = canaries.settle(facts, today=today)
            canary_claims.claims(home)
            canaries.people_who_sign_in(home)
            canaries.records(home)
            for scopes in (Scope.PEOPLE_READ, Scope.COVERAGE_READ), (Scope.CLAIMS_READ,):
                name = " ".join(scopes)
                _, home.keys[name] = api_keys.make_key(
                    name=home.mark(marks.REMARK), scopes=scopes, now=datetime.now(UTC), days=30
                )
        homes.append(home)
    world = World(*homes, public={home.facts.slug: _public_rows(home) for home in homes}, visitors={}, staff={})
    world.visitors = _portal_people(world.harbor)
    world.staff = {role: _staff(role) for role in sorted(STAFF_ROLES)}
    dana = people.staff(Role.ADMIN)
    for home in homes:
        door = people.open_door(people.at_operations(dana), dana, home.facts)
        world.public[home.facts.slug] |= {StaffGrant: Row(door.pk, door.uuid), User: Row(dana.pk, dana.pk)}
    return world


def _public_rows(home: Marked) -> dict[type[Model], Row]:
    """What stands in public about an employer: files, strays, work, nights."""
    facts, now = home.facts, timezone.now()
    routing.set_route(group_number=home.mark(marks.PUBLIC), schema_name=facts.schema_name)
    content = home.mark(marks.FILE, ALMA).encode()
    file = inbound.receive_file(
        stream=io.BytesIO(b"ISA*" + content), name=f"{home.mark(marks.PUBLIC)}.837", received_at=now
    ).file
    stray = routing.Stray(1, routing.UNKNOWN_MEMBER, 12_345, home.mark(marks.PUBLIC), b'{"patient":"%s"}' % content)
    part = routing.Part(facts.schema_name, 1, 100)
    routing.record_window(file_uuid=file.uuid, first_ordinal=1, last_ordinal=2, parts=[part], strays=[stray])
    maker = tenants.Actor("staff", home.uuid_of("maker"), frozenset({Role.FINANCE}), "public")
    new = outbound.NewFile(
        key=f"277CA {facts.slug}",
        kind="277CA",
        name=f"{facts.slug}.277",
        answers_uuid=file.uuid,
        schema_name=facts.schema_name,
    )
    outbound.write(new=new, content=content, actor=maker, at=now)
    employer = Employer.objects.get(schema_name=facts.schema_name)
    pend = home.named[f"{ALMA} waits"][Pend]
    item = WorkItem.objects.create(
        employer=employer, kind="pend", category="pend", opened_at=now, subject_uuid=pend.uuid, amount_cents=100
    )
    night = NightSummary.objects.create(
        employer=employer, business_date=home.today, step="closed", started_at=now, closed_at=now, digest="0" * 64
    )
    figure = NightFigure.objects.create(employer=employer, business_date=home.today, name="finalised", amount=1)
    event = StaffEvent.objects.create(at=now, kind="employer_changed", schema_name=facts.schema_name)
    number = 1 + Release.objects.count()
    release = Release.objects.create(number=number, name=f"R{number}", source="tests", loaded_at=now)
    load = TableLoad.objects.create(release=release, kind="ptp", sha256="0" * 64, rows=1, file_name="ptp.csv")
    partners.keep_partner(
        name=home.mark(marks.PUBLIC), their_qualifier="ZZ", their_id=facts.slug, our_qualifier="ZZ", our_id="ASO01"
    )
    partner = TradingPartner.objects.get(their_id=facts.slug)
    rows = [partner, employer, item, night, figure, event, load, GroupRoute.objects.get(schema_name=facts.schema_name)]
    rows += [model.objects.order_by("-pk")[0] for model in (InboundFile, UnroutablePart, OutboundFile)]
    for row in rows:
        row.refresh_from_db()
    return {type(row): Row(row.pk, getattr(row, "uuid", None)) for row in rows}


# Who walks ------------------------------------------------------------------------------------------------------------


def _portal_people(home: Marked) -> dict[str, Visitor]:
    """Visitors of an employer's host, by name."""
    everybody = "".join(home.people)
    nobody = Visitor("anonymous", "anonymous", home, people.browser(people.host_of(home.facts)), lambda mark: False)
    found = [nobody]
    for name, who, care_of, names_of in (
        ("subscriber", ALMA, "123", "1234"),
        ("husband", CARL, "3", "134"),
        ("adult dependant", DORA, "4", "134"),
        ("colleague", EMIL, "5", "5"),
    ):
        found.append(_member(home, name, who, care_of=care_of, names_of=names_of))
    for name, who in (("HR", "h"), ("HR finance", "i"), ("plan administrator", "j")):
        found.append(_hr(home, name, who))
    as_member = COLLEAGUES[1]
    both = _hr(home, "HR and member", "k")
    both.may_see = partial(_hr_may_see, finance=False, care_of=as_member)
    both.strange = _strange(home, care_of=as_member, names_of=everybody)
    found.append(both)
    for name, scopes in (("people key", "people:read coverage:read"), ("claims key", "claims:read")):
        found.append(_program(home, name, scopes))
    return {visitor.name: visitor for visitor in found}


def _member(home: Marked, name: str, who: str, *, care_of: str, names_of: str) -> Visitor:
    def may_see(mark: Mark) -> bool:
        if mark.kind in (marks.EMAIL, marks.NAME):
            return mark.person in (who if mark.kind == marks.EMAIL else names_of)
        return mark.kind == marks.PLAN or (mark.kind in CARE - {marks.FILE, marks.NOTE} and mark.person in care_of)

    visitor = _signed_in(home, name, "member", who, may_see, Role.MEMBER)
    visitor.strange = _strange(home, care_of=care_of, names_of=names_of)
    return visitor


def _strange(home: Marked, *, care_of: str, names_of: str) -> frozenset[str]:
    """Ids of rows about the care of people not in `care_of`, and about people not in `names_of`."""
    with schema_context(home.facts.schema_name):
        care = {
            str(row.uuid) for row in ClaimSubmission.objects.exclude(person__in=[home.people[who] for who in care_of])
        }
    return frozenset(care) | {
        str(row.uuid)
        for who in home.people.keys() - set(names_of)
        for model, row in home.named[who].items()
        if model in (Person, Member, Coverage)
    }


def _hr(home: Marked, name: str, who: str) -> Visitor:
    role = {"i": Role.HR_FINANCE, "j": Role.PLAN_ADMINISTRATOR}.get(who, Role.HR)
    visitor = _signed_in(home, name, "hr", who, partial(_hr_may_see, finance=role == Role.HR_FINANCE), role)
    with schema_context(home.facts.schema_name):
        visitor.strange = frozenset(canaries.uuids_here(_tells_of_care))
    return visitor


def _tells_of_care(model: type[Model]) -> bool:
    if model.__name__.startswith("OtherCoverage"):
        return True
    return model._meta.app_label == "claims" and not model.__name__.startswith("Funding")


def _hr_may_see(mark: Mark, *, finance: bool, care_of: str = "") -> bool:
    """Who is enrolled in what; the money of an account for finance; nothing that only a claim can have told.

    care_of: himself, where he is a member too.
    """
    if mark.kind in CARE - {marks.FILE, marks.NOTE}:
        return bool(care_of) and mark.person == care_of
    return mark.kind in (marks.NAME, marks.PLAN, marks.EMAIL) or (finance and mark.kind == marks.MONEY)


def _program(home: Marked, name: str, scopes: str) -> Visitor:
    sees_care = Scope.CLAIMS_READ in scopes
    kinds = CARE - {marks.FILE, marks.NOTE} | {marks.PLAN, marks.NAME} if sees_care else {marks.PLAN, marks.NAME}
    client = people.browser(people.host_of(home.facts))
    headers = {"Authorization": f"Bearer {home.keys[scopes]}"}
    return Visitor(name, "api", home, client, lambda mark: mark.kind in kinds, ALMA, None, headers)


def _signed_in(home: Marked, name: str, kind: str, who: str, may_see: Callable[[Mark], bool], *roles: str) -> Visitor:
    user = home.users[who]
    client = people.signed_in(user, people.host_of(home.facts), home.facts.schema_name, raise_request_exception=False)
    _just_proved_himself(client, user, home.facts.schema_name)
    return Visitor(name, kind, home, client, may_see, who, user, roles=frozenset(roles))


def _staff(role: str) -> Visitor:
    user = people.staff(role, email=f"{role}@aso.example", name=role)
    client = people.signed_in(user, people.OPERATIONS, raise_request_exception=False)
    _just_proved_himself(client, user, "public")
    roles = frozenset({role})
    files = allowed(roles, FILES_WORKED)
    return Visitor(
        role,
        "staff",
        None,
        client,
        lambda mark: mark.kind == marks.PUBLIC or (files and mark.kind == marks.FILE),
        "",
        user,
        roles=roles,
    )


def sees_at_desk(visitor: Visitor, mark: Mark) -> bool:
    """What a member of staff may be shown inside an employer: claims by the right to see claims; all else."""
    return mark.kind not in CARE | {marks.SEALED} or allowed(visitor.roles, CLAIM_SEEN)


def _just_proved_himself(client: Client, user: User, schema_name: str) -> None:
    """So that pages which ask for the password again are walked too, not only their redirect."""
    with schema_context(schema_name):
        session = client.session
        session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": "password", "at": time.time(), "email": user.email}
        ]
        session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
        session.save()


def grant(world: World, visitor: Visitor, home: Marked, *, ago: timedelta = timedelta()) -> StaffGrant:
    """A door for this member of staff; expired when it was opened half an hour ago. The employer's trail says so."""
    connection.set_schema_to_public()
    world.digests.pop(home.facts.slug, None)
    assert visitor.user is not None
    return people.open_door(visitor.client, visitor.user, home.facts, now=timezone.now() - ago)


# What parameters that name no row are filled with -----------------------------------------------------------------------


def _user(home: Marked, of: str) -> User:
    return home.users.get(of) or home.users[ALMA]


def _confirmation(address: Address, home: Marked, of: str) -> str:
    with schema_context(home.facts.schema_name):
        return EmailConfirmationHMAC(EmailAddress.objects.get(user=_user(home, of))).key


def _reset_token(address: Address, home: Marked, of: str) -> str:
    with schema_context(home.facts.schema_name):
        return ResetTokenGenerator().make_token(_user(home, of))


SPECIAL: Mapping[tuple[str, str], Callable[[Address, Marked, str], Any]] = {
    ("account_confirm_email", "key"): _confirmation,
    ("account_reset_password_from_key", "uidb36"): lambda address, home, of: user_pk_to_url_str(_user(home, of)),
    ("account_reset_password_from_key", "key"): _reset_token,
    ("go", "kind"): lambda address, home, of: "pend",
    ("go", "subject"): lambda address, home, of: home.named[f"{ALMA} waits"][Pend].uuid,
    ("app_list", "app_label"): lambda address, home, of: "claims" if address.urlconf.endswith("desk") else "tenants",
    ("tenants_nightfigure_figure", "name"): lambda address, home, of: "finalised",
    ("", "url"): lambda address, home, of: f"claims/{home.people[ALMA].uuid}/nothing/",
}
"""By name of the address and of the parameter."""
