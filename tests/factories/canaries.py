"""An employer with a marked row in every table: two of them have equal integer keys and different everything else.

People: Alma (subscriber), Ben (her minor child), Carl (her husband, who lets her see his claims), Dora (her adult
child); Emil, who is nobody's relative, and seven more colleagues, so that totals of a month may be shown.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from benefits.core.plan_design_reading import canonical_sha256
from benefits.management import demo_plans
from benefits.models import (
    CareShare,
    Coverage,
    Division,
    EmployeeClass,
    EmployerSize,
    Employment,
    EnrollmentEvent,
    EnrollmentImport,
    EnrollmentImportRow,
    Family,
    FamilyMembership,
    FileTolerance,
    FundingAccount,
    GoldenRun,
    GoldenSet,
    LegalEntity,
    Member,
    OtherCoverage,
    OtherCoverageAnswer,
    Person,
    Plan,
    PlanDesignVersion,
    PlanImpact,
    PlanImpactPiece,
    PlanImpactRow,
    PlanOption,
    PlanYear,
    ProposedTermination,
    PublicationRequest,
)
from tenants import facade as tenants
from tenants.accounts.models import User
from tenants.core.employers import EmployerFacts
from tenants.core.roles import Role, system
from tests.factories import marks
from tests.factories.marks import Mark
from tests.factories.tenants import PASSWORD
from tests.factories.two_people import AUTHOR_UUID, TWO_PEOPLE

LONG_AGO = date(2020, 1, 1)
OPENED = datetime(2026, 1, 5, 12, tzinfo=UTC)
SPACE = UUID("6d3a1f0e-6c1b-4d5f-9a53-0d6f6f1f7a11")
ALMA, BEN, CARL, DORA, EMIL = "12345"
COLLEAGUES = "56789abc"


@dataclass
class Row:
    """One row as an address may name it."""

    pk: Any
    uuid: UUID | None


@dataclass
class Marked:
    """One employer's rows. `people` and `members` by the character that stands for them in marks."""

    facts: EmployerFacts
    today: date
    people: dict[str, Person] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    families: dict[str, Family] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    named: dict[str, dict[type[models.Model], Row]] = field(default_factory=dict)
    option: Any = None
    design: Any = None
    account: Any = None
    secrets: set[str] = field(default_factory=set)
    claim_cents: set[int] = field(default_factory=set)
    funding_cents: set[int] = field(default_factory=set)

    def mark(self, kind: str, person: str = marks.NOBODY) -> str:
        return str(Mark(self.facts.slug, kind, person))

    def name_row(self, of: str, row: Any) -> Any:
        """Remember a row as `of`'s one of its table, so that addresses can be filled with it. Returns it."""
        self.named.setdefault(of, {})[type(row)] = Row(row.pk, getattr(row, "uuid", None))
        return row

    def uuid_of(self, what: str) -> UUID:
        """A UUID that is this employer's alone, for things known by nothing else."""
        return uuid5(SPACE, f"{self.facts.slug} {what}")


def settle(facts: EmployerFacts, *, today: date) -> Marked:
    """People, plan and organisation of one employer. The connection stands in its schema."""
    home = Marked(facts, today)
    entity, division, worker_class = _organisation(home)
    _plan(home, entity)
    _household(home)
    for who in COLLEAGUES:
        family = Family.objects.create()
        _person(home, who, family, born=date(1970, 1, 1 + int(who, 16)), relationship="18")
    for who, member in home.members.items():
        if member.subscriber_id is None:
            Employment.objects.create(
                person=member.person,
                legal_entity=entity,
                division=division,
                employee_class=worker_class,
                employee_number=home.mark(marks.PLAN, who),
                start_date=LONG_AGO,
            )
    _other_coverage(home)
    _enrollment_files(home)
    return home


def _organisation(home: Marked) -> tuple[LegalEntity, Division, EmployeeClass]:
    name = home.mark(marks.PLAN)
    entity = LegalEntity.objects.create(ein="911111111", name=f"{name} Lines")
    division = Division.objects.create(legal_entity=entity, code="NORTH", name=f"{name} North")
    return entity, division, EmployeeClass.objects.create(code="FULLTIME", name=f"{name} Full-time")


def _plan(home: Marked, entity: LegalEntity) -> None:
    name, number = home.mark(marks.PLAN), "666100000" + str(len(home.facts.slug) % 7)
    home.secrets.add(secret := f"{number}{ord(home.facts.slug[0])}")
    home.account = FundingAccount.objects.create(
        code="OPERATING", name=f"{home.mark(marks.MONEY)} account", bank_name=f"{name} Bank", account_number=secret
    )
    plan = Plan.objects.create(sponsor=entity, number="501", name=f"{name} health plan")
    PlanYear.objects.create(plan=plan, start_date=home.today.replace(month=1, day=1), end_date=date(2100, 1, 1))
    home.option = PlanOption.objects.create(
        plan=plan, code="PPO", name=f"{name} PPO", line_of_coverage="medical", funding_account=home.account
    )
    document = {**demo_plans.ppo(start=LONG_AGO, end=date(2100, 1, 1)), "name": f"{name} PPO"}
    home.design = PlanDesignVersion.objects.create(
        plan_option=home.option,
        version=1,
        start_date=LONG_AGO,
        document=document,
        document_sha256=canonical_sha256(document),
        published_at=OPENED,
        **TWO_PEOPLE,
    )
    _draft(home, document)


def _draft(home: Marked, document: dict[str, Any]) -> None:
    """A second version on its way to publication, with everything that speaks for it."""
    draft = PlanDesignVersion.objects.create(
        plan_option=home.option,
        version=2,
        start_date=LONG_AGO,
        document=document,
        document_sha256=canonical_sha256(document),
        drafted_at=OPENED,
        drafted_by_kind="staff",
        drafted_by_uuid=AUTHOR_UUID,
    )
    golden = GoldenSet.objects.create(
        design_version=draft,
        number=1,
        document={"claims": [{"name": home.mark(marks.PLAN)}]},
        document_sha256="0" * 64,
        made_at=OPENED,
        made_by_kind="staff",
        made_by_uuid=AUTHOR_UUID,
    )
    run = GoldenRun.objects.create(
        golden_set=golden,
        rules_hash="0" * 16,
        passed=False,
        faults=[f"Golden claim {home.mark(marks.PLAN)}, line 1: paid is expected to be 1, the engine gives 2."],
        answers=[],
        ran_at=OPENED,
    )
    impact = PlanImpact.objects.create(
        design_version=draft,
        document_sha256=draft.document_sha256,
        since=LONG_AGO,
        until=date(2100, 1, 1),
        claims=1,
        in_force_hash="0" * 16,
        draft_hash="1" * 16,
        inputs_sha256="0" * 64,
        started_at=OPENED,
        started_by_kind="staff",
        started_by_uuid=AUTHOR_UUID,
        finished_at=OPENED,
        figures=dict.fromkeys(("claims", "changed", "drifted", "people"), 1)
        | dict.fromkeys(("plan_now", "plan_draft", "member_now", "member_draft"), 100)
        | {"categories": []},
        result_sha256="0" * 64,
    )
    PlanImpactPiece.objects.create(
        impact=impact, number=1, family_ids=[1], unit_sizes=[1], claim_ids=[1], done_at=OPENED, figures={}
    )
    PlanImpactRow.objects.create(
        impact=impact,
        claim_id=1,
        claim_number="C00000000001",
        person_id=1,
        outcome_now="pay",
        outcome_draft="deny",
        plan_now=100,
        plan_draft=0,
        member_now=0,
        member_draft=100,
        categories={"office_visit": [-100, 100]},
    )
    PublicationRequest.objects.create(
        design_version=draft,
        golden_run=run,
        impact=impact,
        requested_at=OPENED,
        requested_by_kind="staff",
        requested_by_uuid=AUTHOR_UUID,
    )


def _household(home: Marked) -> None:
    family, today = Family.objects.create(), home.today
    _person(home, ALMA, family, born=date(1985, 3, 2), relationship="18")
    _person(home, BEN, family, born=date(today.year - 9, 8, 9), relationship="19", under=ALMA)
    _person(home, CARL, family, born=date(1983, 1, 30), relationship="01", under=ALMA)
    _person(home, DORA, family, born=date(today.year - 20, 2, 14), relationship="19", under=ALMA)
    home.name_row(
        CARL, CareShare.objects.create(person=home.people[CARL], shown_to=home.people[ALMA], shared_at=OPENED)
    )


def _person(home: Marked, who: str, family: Family, *, born: date, relationship: str, under: str = "") -> None:
    first = home.members.get(under)
    home.secrets.add(ssn := f"666{ord(home.facts.slug[0]):03d}{ord(who):03d}")
    person = Person.objects.create(
        given_name=home.mark(marks.NAME, who), family_name="Ruiz", birth_date=born, sex="F", ssn=ssn
    )
    FamilyMembership.objects.create(family=family, person=person, start_date=LONG_AGO)
    member = Member.objects.create(
        person=person,
        family=family,
        subscriber=first,
        member_number=home.mark(marks.SEALED, under or who),
        relationship=relationship,
    )
    coverage = Coverage.objects.create(
        member=member, plan_option=home.option, line_of_coverage="medical", tier="FAM", start_date=LONG_AGO
    )
    home.people[who], home.members[who], home.families[who] = person, member, family
    for row in (person, member, coverage, family):
        home.name_row(who, row)


def _other_coverage(home: Marked) -> None:
    """What only a question about care can have told: who else covers Alma, and why."""
    plan = OtherCoverage.objects.create(
        person=home.people[ALMA],
        line_of_coverage="medical",
        kind="medicare",
        payer_name=home.mark(marks.PROVIDER, ALMA),
        policy_number=home.mark(marks.ACCOUNT_OF_PATIENT, ALMA),
        medicare_reason="disability",
        start_date=LONG_AGO,
        source="staff",
        recorded_at=OPENED,
    )
    OtherCoverageAnswer.objects.create(
        person=home.people[ALMA],
        asked_on=LONG_AGO,
        has_other=True,
        source="staff",
        actor_kind="staff",
        recorded_at=OPENED,
    )
    EmployerSize.objects.create(legal_entity=LegalEntity.objects.get(), employees=45, start_date=LONG_AGO)
    home.name_row(ALMA, plan)


def _enrollment_files(home: Marked) -> None:
    FileTolerance.objects.get_or_create(id=1)
    counts = {"rows": 1, "applied": 1, "unchanged": 0, "rejected": 0}
    taken = EnrollmentImport.objects.create(
        kind="census",
        status="applied",
        content_sha256="0" * 64,
        as_of=home.today,
        reference=home.mark(marks.REMARK),
        hold_reasons=[home.mark(marks.REMARK)],
        actor_kind="system",
        recorded_at=OPENED,
        **counts,
    )
    member = home.members[EMIL]
    EnrollmentImportRow.objects.create(
        enrollment_import=taken, position=2, result="applied", member=member, reasons=[home.mark(marks.REMARK)]
    )
    ProposedTermination.objects.create(enrollment_import=taken, member=member, end_date=home.today + timedelta(30))
    EnrollmentEvent.objects.create(
        member=member,
        kind="enrolled",
        line_of_coverage="medical",
        effective_date=LONG_AGO,
        after=[{"option": home.mark(marks.REMARK)}],
        source="census",
        enrollment_import=taken,
        actor_kind="system",
        recorded_at=OPENED,
    )


def people_who_sign_in(home: Marked) -> None:
    """Accounts of members and HR with what hangs on them; API keys, one for each set of scopes."""
    for who, person in ((ALMA, ALMA), (CARL, CARL), (DORA, DORA), (EMIL, EMIL)):
        _account(home, who, [Role.MEMBER], person)
    for who, role in (("h", Role.HR), ("i", Role.HR_FINANCE), ("j", Role.PLAN_ADMINISTRATOR)):
        _account(home, who, [role])
    _account(home, "k", [Role.HR, Role.MEMBER], COLLEAGUES[1])
    spare = _account(home, "l", [Role.HR])
    key = Authenticator.objects.create(
        user=spare, type=Authenticator.Type.WEBAUTHN, data={"name": home.mark(marks.EMAIL, "l"), "credential": {}}
    )
    home.name_row("", key)


def _account(home: Marked, who: str, roles: list[str], person: str = "") -> User:
    email = f"{home.mark(marks.EMAIL, who)}@{home.facts.slug}.example".lower()
    user = tenants.open_account(
        email=email,
        roles=roles,
        now=OPENED,
        password=PASSWORD,
        person_uuid=home.people[person].uuid if person else None,
        display_name=home.mark(marks.EMAIL, who),
    )
    home.users[who] = user
    address = EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    home.name_row(who, user)
    home.name_row(who, address)
    return user


def records(home: Marked) -> None:
    """Rows of the books and trails."""
    actor, today = system(home.facts.schema_name), home.today
    tenants.record_audit(
        actor=actor, action="test.deed", subject_kind="person", subject_uuid=home.people[ALMA].uuid, detail={"row": 1}
    )
    tenants.publish_news([tenants.News("test.news", "person", home.people[ALMA].uuid)])
    cash = tenants.Account("cash", home.account.uuid)
    funding = tenants.Account("employer_funding", home.account.uuid)
    journal = tenants.Journal(
        home.uuid_of("journal"), today, "made_up", home.mark(marks.REMARK), ((cash, 500), (funding, -500))
    )
    tenants.post_journals([journal])
    tenants.keep_balances(today)
    program = tenants.Actor("api", home.uuid_of("program"), frozenset({"claims:read"}), home.facts.schema_name)
    body = home.mark(marks.FILE, ALMA)
    tenants.run_once(actor=program, route="test", key="1", request=b"{}", work=lambda: tenants.Reply(200, body))
    tenants.log_view(
        actor=program,
        record_class="claim",
        purpose="care_payment",
        request_id="made-up",
        person_uuid=home.people[ALMA].uuid,
    )


def employer_models() -> list[type[models.Model]]:
    """Every model with a table in an employer's schema."""
    names = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in names]


def rows_by_key(model: type[models.Model]) -> dict[Any, str | None]:
    """Key → UUID of every row of a table in the schema the connection stands in."""
    has_uuid = any(each.name == "uuid" for each in model._meta.fields)
    found = model._base_manager.values_list("pk", *(["uuid"] if has_uuid else []))
    return {row[0]: str(row[1]) if has_uuid else None for row in found}


def uuids_here(of: Callable[[type[models.Model]], bool] = lambda model: True) -> set[str]:
    """Every UUID that names a row of the present schema."""
    found: set[str] = set()
    for model in employer_models():
        if not of(model):
            continue
        for key, uuid in rows_by_key(model).items():
            found.add(uuid or "")
            if isinstance(key, UUID):
                found.add(str(key))
    return found - {""}


def here() -> str:
    """The schema the connection stands in."""
    return connection.schema_name
