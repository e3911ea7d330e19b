"""Goes on with what drafted plan versions would do to real claims. The rows say what is left; a message only wakes."""

import logging
import time

from celery import shared_task
from django.utils import timezone

from benefits.services import plan_impacts
from tenants import facade as tenants
from tenants.facade import EmployerTask

TURN_SECONDS = 40

log = logging.getLogger(__name__)


@shared_task(name="benefits.work_impact", base=EmployerTask, acks_late=True)
def work_impact(*, employer: str, impact_id: int, **_: object) -> None:
    """Work on one comparison for a turn; the minute's task goes on with what is left."""
    _turn(impact_id)


@shared_task(name="benefits.work_impacts")
def work_impacts(**_: object) -> None:
    """Go on with every employer's open comparisons: started ones whose worker died too."""
    done = tenants.for_each_employer(
        lambda _: [_turn(each) for each in plan_impacts.open_impacts()], on=timezone.localdate()
    )
    for schema_name, refusal in done.failed.items():
        log.warning("%s: comparisons of plan drafts stand still: %s", schema_name, type(refusal).__name__)


def _turn(impact_id: int) -> bool:
    ends = time.monotonic() + TURN_SECONDS
    return plan_impacts.work(impact_id=impact_id, now=timezone.now, until=lambda: time.monotonic() > ends)
