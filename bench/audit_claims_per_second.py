"""How fast a closed night of the claims engine's own mix is audited by the second evaluator. No bar is held to it.

The audit runs apart from the night, so its pace is told and not bound. Any finding fails the measurement: either the
engine or the auditor is wrong then.
"""

import time
from typing import Any

from django_tenants.utils import schema_context

from bench import scene
from claims.models import AuditDifference, Night
from claims.services import audits

NAME = "audit_claims_per_second"
CLAIMS = {"quick": 1_000, "full": 20_000}


class Found(AssertionError):
    """The audit came to other figures than the night."""


def run(size: str) -> list[dict[str, Any]]:
    """Decisions audited a second, one process."""
    claims = CLAIMS["quick" if size == "quick" else "full"]
    with scene.scene(claims, mixed=True) as made, scene.repetition(made):
        scene.receive_and_import(made)
        scene.fund(made)
        scene.run_night(made, processes=1)
        with schema_context(made.schema_name):
            night = Night.objects.latest("pk")
            began = time.perf_counter()
            found = audits.audit_night(night=night)
            taken = time.perf_counter() - began
            if found.wrong:
                first = AuditDifference.objects.values_list("kind", "subject", "expected", "recorded")[:5]
                raise Found(f"{found.wrong} of {found.decisions} decisions have findings, among them {list(first)}.")
    return [
        {
            "name": NAME,
            "size": f"{found.decisions:,} decisions, {found.lines:,} lines",
            "value": round(found.decisions / taken),
            "bar": None,
            "unit": "decisions/s",
            "holds": None,
        }
    ]
