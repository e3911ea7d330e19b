"""Seconds that `replay_year` takes for a finished year of an employer of 5,000 lives, decided on two designs.

The year is lived first: a file and a night a month, so that every family has claims of many nights and used its
deductibles step by step. Nine claims a life, one in twenty after another plan.
"""

import io
import json
import time
from datetime import date, timedelta
from typing import Any

from django.core.management import call_command
from django_tenants.utils import schema_context

from bench import scene
from benefits.management import demo_plans
from benefits.models import Person
from claims.services import intake
from claims.services import night as nights

NAME = "replay_year_s"
BAR = 60
PROCESSES = 2
SIZES = {"full": (2_160, 5_000), "quick": (60, 0)}
"""Employees, and the lives these must come to."""
MONTHS = [
    (date(2026, month, 1), date(2026, month + 1, 1) if month < 12 else date(2027, 1, 1)) for month in range(1, 13)
]


def run(size: str) -> list[dict[str, Any]]:
    """One row: from the command's first step to its answer."""
    employees, lives_wanted = SIZES[size]
    claims = employees * 21
    lived = scene.scene(claims - claims % 12, spans=MONTHS, employees=employees)
    with lived as of, scene.databases.in_use(of.database):
        _live_the_year(of)
        with schema_context(of.schema_name):
            lives = Person.objects.count()
        if lives < lives_wanted:
            raise RuntimeError(f"Only {lives} lives were made; {lives_wanted} are wanted.")
        plan = of.path.with_suffix(".plan.json")
        plan.write_text(json.dumps(_cheaper()))
        try:
            out = io.StringIO()
            asked = ("--plan", str(plan), "--option", "PPO", "--year", "2026", "--processes", str(PROCESSES))
            began = time.perf_counter()
            call_command("replay_year", "harbor", *asked, "--json", stdout=out)
            seconds = time.perf_counter() - began
        finally:
            plan.unlink()
        told = json.loads(out.getvalue())
    label = f"{lives:,} lives, {told['claims']:,} claims of 12 nights, {PROCESSES} processes"
    print(f"  {label}: {seconds:.1f} s, {told['drifted']} drifted, {told['changed']} changed", flush=True)
    return [
        {
            "name": NAME,
            "size": label,
            "value": round(seconds, 1),
            "bar": BAR,
            "unit": "s",
            "holds": seconds <= BAR,
        }
    ]


def _live_the_year(of: scene.Scene) -> None:
    """Each month's file arrives and is decided in a night of its own."""
    for number, path in enumerate(scene.parts(of.path)):
        at = scene.NOW + timedelta(days=31 * number)
        with path.open("rb") as stream:
            uuid, _ = intake.receive(stream=stream, name=path.name, received_at=at)
        intake.import_file(file_uuid=uuid)
        with schema_context(of.schema_name):
            planned, _ = nights.plan_night(
                business_date=scene.NIGHT + timedelta(days=31 * number), planned_at=at + timedelta(hours=4)
            )
            while nights.work_until_empty(night_id=planned.pk, worker="bench") is not nights.Outcome.CLOSED:
                time.sleep(0.02)


def _cheaper() -> dict[str, Any]:
    """The PPO of the scene with half its deductible."""
    document = demo_plans.ppo(start=date(2026, 1, 1), end=date(2027, 1, 1))
    for each in document["accumulators"]:
        if each["kind"] == "deductible":
            for name in ("self_only_cents", "family_cents"):
                each[name] //= 2
    return document
