"""A database of its own for a bench: made-up employers on the embedded servers, copied fresh for every repetition."""

import os
import resource
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection, connections  # noqa: E402
from django_tenants.utils import schema_context  # noqa: E402

from benefits.management import demo_plans, loading  # noqa: E402
from benefits.management.population import Population  # noqa: E402
from claims.management.made.claims import CLEAN, MIXED, MIXED_KINDS, MadeClaim, Visits  # noqa: E402
from claims.management.made.corrections import corrections, numbers_on_file  # noqa: E402
from claims.management.made.files import RECEIVER, SENDER, write_837  # noqa: E402
from claims.management.made.providers import MadeProvider, providers  # noqa: E402
from claims.management.made.reference import load_reference  # noqa: E402
from claims.services import funding, intake  # noqa: E402
from claims.services import night as nights  # noqa: E402
from tenants import facade as tenants  # noqa: E402
from tests import databases  # noqa: E402

WORK = Path(__file__).resolve().parent / "work"
YEAR = date(2026, 1, 1)
NOW = datetime(2026, 3, 1, 20, tzinfo=UTC)
NIGHT = date(2026, 3, 2)
SEED, CODE, GROUP = 11, "BNC", "BENCH-1"
CLAIMS_A_FAMILY = 20
FILE_CLAIMS = 100_000  # a file may hold 256 MB and five million segments
CORRECTED_IN_100 = 3
BEFORE = date(2026, 2, 16)
"""The night before, on which the claims were decided that a mixed file corrects."""
COVERS = frozenset({"medical", "dental", "vision"})


@dataclass(frozen=True)
class Scene:
    """A database with one employer's people and their reference data, and 837 files of their claims at `path`.0, .1 …"""

    database: str
    schema_name: str
    account_id: int
    path: Path
    claims: int
    lines: int


def _days() -> dict[str, date]:
    return {"start": YEAR, "end": date(2027, 1, 1)}


@contextmanager
def scene(
    claims: int, *, mixed: bool = False, spans: Sequence[tuple[date, date]] = (), employees: int | None = None
) -> Iterator[Scene]:
    """Load people for `claims` claims and write the file; dropped at the end.

    spans: days of service, a file with an equal share of the claims for each, written a month after the one before;
    without any, January and February.

    mixed: 10 % hospital and 10 % dental claims, 5 % after another plan, 3 % that replace or void claims which an earlier
    night, part of the scene, has decided and paid.
    """
    WORK.mkdir(exist_ok=True)
    name = f"aso_bench_{os.getpid()}_{claims}"
    databases.copy(databases.template(), name)
    path = WORK / f"{name}.837"
    try:
        with databases.in_use(name):
            made = providers(seed=SEED, count=max(60, min(2_000, claims // 50)))
            load_reference(made, loaded_at=NOW - timedelta(days=40))
            tenants.keep_partner(
                name="Made house", their_qualifier="ZZ", their_id=SENDER, our_qualifier="ZZ", our_id=RECEIVER
            )
            employer = tenants.employer_by_slug("harbor", NIGHT)
            assert employer is not None
            tenants.set_group_route(group_number=GROUP, schema_name=employer.schema_name)
            families = Population(
                seed=SEED, employees=employees or max(30, claims // CLAIMS_A_FAMILY), code=CODE, year_start=YEAR, options=2
            )
            account_id = load_people(families, employer.schema_name)
            if spans:
                lines = _files_of_spans(path, families, made, claims // len(spans), spans)
            else:
                lines = _file(path, _sent(families, made, employer.schema_name, account_id, claims, mixed), claims)
        yield Scene(name, employer.schema_name, account_id, path, claims, lines)
    finally:
        connections.close_all()
        databases.drop(name)
        for part in parts(path):
            part.unlink()


@contextmanager
def repetition(of: Scene) -> Iterator[str]:
    """A fresh copy of the scene's database, in use for the block."""
    name = f"{of.database}_run"
    connections.close_all()
    databases.copy(of.database, name)
    try:
        with databases.in_use(name):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            yield name
    finally:
        connections.close_all()
        databases.drop(name)


def receive_and_import(of: Scene, *, at: datetime = NOW) -> None:
    """The files arrive and every claim of them is stored."""
    accepted = 0
    for path in parts(of.path):
        with path.open("rb") as stream:
            uuid, _ = intake.receive(stream=stream, name=path.name, received_at=at)
        report = intake.import_file(file_uuid=uuid)
        accepted += report.accepted
    if accepted != of.claims:
        raise RuntimeError(f"{accepted} of {of.claims} claims were accepted: {report.faults[:3]}")


def fund(of: Scene) -> None:
    """More money than any bench night needs."""
    with schema_context(of.schema_name):
        funding.receive_funds(funding_account_id=of.account_id, reference="BENCH", received_on=NIGHT, cents=10**12)


def run_night(of: Scene, *, processes: int) -> dict[str, int]:
    """Plan, decide, pay, follow and close one night with so many worker processes; its figures."""
    with schema_context(of.schema_name):
        night, _ = nights.plan_night(business_date=NIGHT, planned_at=NOW + timedelta(hours=4))
    connections.close_all()
    children = [_fork(of, night.pk, number) for number in range(1, processes)]
    _work(of, night.pk, "bench-0")
    for child in children:
        if os.waitpid(child, 0)[1]:
            raise RuntimeError("A worker of the bench failed; its reason stands above.")
    with schema_context(of.schema_name):
        night.refresh_from_db()
        if night.step != "closed":
            raise RuntimeError(f"The night stopped at {night.step}: {night.error}")
        return night.figures | {"digest": night.digest}


def _fork(of: Scene, night_id: int, number: int) -> int:
    child = os.fork()
    if child:
        return child
    try:
        _work(of, night_id, f"bench-{number}")
        connections.close_all()
    except BaseException:
        os._exit(1)
    os._exit(0)


def _work(of: Scene, night_id: int, worker: str) -> None:
    import time

    with schema_context(of.schema_name):
        while nights.work_until_empty(night_id=night_id, worker=worker) is not nights.Outcome.CLOSED:
            time.sleep(0.02)


def peak_mb() -> float:
    """The largest resident size of this process and of children that ended, in MB."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def cpu_seconds() -> float:
    """CPU seconds of this process and its ended children."""
    parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in parts)


def load_people(families: Population, schema_name: str) -> int:
    """Families under a PPO or an HDHP, dental and vision, in an employer's schema; the key of its funding account."""
    with schema_context(schema_name):
        entity = loading.sponsor(name="Bench Mills", ein="310000099")
        account = loading.account(code="MAIN", name="Claims account")
        published = NOW - timedelta(days=30)
        made = {
            code: loading.option(entity, code=code, document=design(**_days()), funding=account, published_at=published)
            for code, design in (
                ("PPO", demo_plans.ppo),
                ("HDHP", demo_plans.hdhp),
                ("DENTAL", demo_plans.dental),
                ("VISION", demo_plans.vision),
            )
        }
        both = [made["DENTAL"], made["VISION"]]
        loading.load(families, options=[[made["PPO"], *both], [made["HDHP"], *both]], entity=entity)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return account.pk


def _sent(
    families: Population,
    made: Sequence[MadeProvider],
    schema_name: str,
    account_id: int,
    claims: int,
    mixed: bool,
) -> Iterator[MadeClaim]:
    """The claims of the measured file; of a mixed one the corrected claims are decided and paid first."""
    facts: dict[str, Any] = {
        "seed": SEED,
        "group_number": GROUP,
        "families": list(families),
        "providers": made,
        "covers": COVERS,
        "start": YEAR,
        "flaws": MIXED if mixed else CLEAN,
        "kinds": MIXED_KINDS if mixed else None,
    }
    visits = Visits(code=CODE, end=date(2026, 3, 1), **facts)
    if not mixed:
        return visits.claims(claims)
    count = claims * CORRECTED_IN_100 // 100
    first = list(Visits(code=f"{CODE}B", end=BEFORE - timedelta(days=2), **facts).claims(count))
    _night_before(first, schema_name, account_id)
    with schema_context(schema_name):
        numbers = numbers_on_file([claim.number for claim in first])
    return chain(visits.claims(claims - count), corrections(first, numbers, seed=SEED))


def _night_before(first: Sequence[MadeClaim], schema_name: str, account_id: int) -> None:
    """Claims received, decided and paid two weeks before."""
    at = datetime.combine(BEFORE, NOW.timetz()) - timedelta(days=1)
    with tempfile.TemporaryFile("w+") as out:
        write_837(out, first, control=99, at=at)
        out.seek(0)
        uuid, _ = intake.receive(stream=out.buffer, name="before.837", received_at=at)
    report = intake.import_file(file_uuid=uuid)
    if report.accepted != len(first):
        raise RuntimeError(f"{report.accepted} of {len(first)} earlier claims were accepted: {report.faults[:3]}")
    with schema_context(schema_name):
        funding.receive_funds(funding_account_id=account_id, reference="BEFORE", received_on=BEFORE, cents=10**11)
        night, _ = nights.plan_night(business_date=BEFORE, planned_at=at + timedelta(hours=4))
        while nights.work_until_empty(night_id=night.pk, worker="before") is not nights.Outcome.CLOSED:
            pass


def _files_of_spans(
    path: Path, families: Population, made: Sequence[MadeProvider], each: int, spans: Sequence[tuple[date, date]]
) -> int:
    """A file for each span of days, one claim in twenty after another plan; their lines."""
    lines = 0
    for number, (start, end) in enumerate(spans):
        visits = Visits(
            seed=SEED,
            code=CODE,
            group_number=GROUP,
            families=list(families),
            providers=made,
            covers=COVERS,
            start=start,
            end=end,
            flaws=MIXED,
        )
        claims = list(visits.claims(each, first=number * each))
        lines += sum(len(claim.lines) for claim in claims)
        with path.with_name(f"{path.name}.{number:02d}").open("w") as out:
            write_837(out, claims, control=1 + number, at=NOW + timedelta(days=31 * number, hours=-2))
    return lines


def _file(path: Path, sent: Iterator[MadeClaim], claims: int) -> int:
    """Write the claims as files of FILE_CLAIMS each; their lines."""
    lines = 0

    def counted(some: Iterator[MadeClaim]) -> Iterator[MadeClaim]:
        nonlocal lines
        for claim in some:
            lines += len(claim.lines)
            yield claim

    for number, _ in enumerate(range(0, claims, FILE_CLAIMS)):
        with path.with_name(f"{path.name}.{number:02d}").open("w") as out:
            write_837(out, counted(islice(sent, FILE_CLAIMS)), control=1 + number, at=NOW - timedelta(hours=2))
    return lines


def parts(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.*"))
