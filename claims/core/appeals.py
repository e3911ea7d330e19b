"""What an appeal is and what may happen to it. Its state is read off what happened, in whatever order that is told.

29 CFR 2560.503-1(h), (i) for appeals to the plan, 29 CFR 2590.715-2719(d) for external review. Worked figures and the
steps: docs/domain/appeals.md.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from aso_portal.kernel.errors import DomainError
from claims.core.clocks import CONCURRENT, DISABILITY, POST_SERVICE, PRE_SERVICE, URGENT, Pause

FIRST, SECOND, EXTERNAL = "first", "second", "external"
LEVELS: Mapping[str, str] = {FIRST: "first level", SECOND: "second level", EXTERNAL: "external review"}
KINDS: Mapping[str, str] = {
    POST_SERVICE: "after service",
    PRE_SERVICE: "before service",
    URGENT: "urgent",
    CONCURRENT: "care under way",
    DISABILITY: "disability",
}
MEMBER, PROVIDER, REPRESENTATIVE = "member", "provider", "representative"
FILERS: Mapping[str, str] = {
    MEMBER: "the member",
    PROVIDER: "the provider",
    REPRESENTATIVE: "an authorised representative",
}

MEDICAL, RESCISSION, SURPRISE = "medical_judgment", "rescission", "surprise_billing"
GROUNDS: Mapping[str, str] = {
    MEDICAL: "the refusal rests on medical judgment",
    RESCISSION: "coverage was taken back for days gone by",
    SURPRISE: "protection against surprise bills",
}
"""What people outside of the plan may review, 2590.715-2719(d)(1)(i). Nothing else leaves the plan."""

ASSIGNED, ASKED, ANSWERED, EXTENDED, CONSULTED = "assigned", "asked", "answered", "extended", "consulted"
DECIDED, WITHDRAWN = "decided", "withdrawn"
CHECKED, SENT, REFUSED = "checked", "sent", "refused"
ENDS = (DECIDED, WITHDRAWN, REFUSED)
HAPPENS: Mapping[str, str] = {
    ASSIGNED: "taken by a reviewer",
    ASKED: "asked for information",
    ANSWERED: "the answer came",
    EXTENDED: "time extended",
    CONSULTED: "a health care professional was consulted",
    CHECKED: "checked: it can be reviewed",
    SENT: "given to a review organisation",
    REFUSED: "checked: it cannot be reviewed",
    DECIDED: "decided",
    WITHDRAWN: "withdrawn",
}

UPHELD, PARTLY, OVERTURNED = "upheld", "partly", "overturned"
OUTCOMES: Mapping[str, str] = {
    UPHELD: "the decision stands",
    PARTLY: "overturned in part",
    OVERTURNED: "overturned",
}

JUDGED = frozenset(("50", "54", "55", "56", "58", "59", "78", "150", "151", "152", "197", "198"))
"""CARCs that rest on medical judgment: necessity, experiment, place, extent, authorisation."""


class CannotAppeal(DomainError):
    """The appeal cannot be filed, or this cannot happen to it. The message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One thing that happened to an appeal.

    on: its day where the employer is; at: when it was written down. until: the last day an answer counts. days: by how
    many the time was extended. answers: the question that ended. reviewer: who took it.
    """

    uuid: UUID
    kind: str
    on: date
    at: datetime
    until: date | None = None
    days: int = 0
    answers: UUID | None = None
    reviewer: UUID | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an appeal is. state: "new", "under_review", "asked", "with_reviewers", or how it ended (one of ENDS).

    reviewer: the last who took it. asked: the open questions. sent_on: the day outside reviewers got it.
    """

    state: str
    reviewer: UUID | None
    asked: tuple[UUID, ...]
    pauses: tuple[Pause, ...]
    extended_days: int
    consulted: bool
    sent_on: date | None
    sent_at: datetime | None
    outcome: str
    ended_on: date | None

    @property
    def is_open(self) -> bool:
        return self.state not in ENDS


def standing(happened: Iterable[Happened], *, today: date) -> Standing:
    """Where an appeal is on `today`, from what happened to it, told in any order and each thing as often as one likes."""
    told = sorted({each.uuid: each for each in happened}.values(), key=lambda each: (each.at, each.uuid))
    answers = {each.answers: each for each in told if each.kind == ANSWERED}
    questions = [each for each in told if each.kind == ASKED]
    pauses = [_pause(each, answers.get(each.uuid), today) for each in questions]
    waits = [each.uuid for each, pause in zip(questions, pauses, strict=True) if pause.end is None]
    takers = [each.reviewer for each in told if each.kind == ASSIGNED]
    sent = next((each for each in reversed(told) if each.kind == SENT), None)
    ended = next((each for each in told if each.kind in ENDS), None)
    if ended is not None:
        state = ended.kind
    elif sent is not None:
        state = "with_reviewers"
    else:
        state = "asked" if waits else "under_review" if takers or any(e.kind == CHECKED for e in told) else "new"
    return Standing(
        state=state,
        reviewer=takers[-1] if takers else None,
        asked=tuple(each.uuid for each in questions if each.uuid not in answers) if ended is None else (),
        pauses=tuple(pauses),
        extended_days=sum(each.days for each in told if each.kind == EXTENDED),
        consulted=any(each.kind == CONSULTED for each in told),
        sent_on=sent.on if sent else None,
        sent_at=sent.at if sent else None,
        outcome=ended.outcome if ended else "",
        ended_on=ended.on if ended else None,
    )


def _pause(asked: Happened, answer: Happened | None, today: date) -> Pause:
    """Days a question stops the clock: until the answer, at most until its last day."""
    last = asked.until or asked.on
    if answer is None and today <= last:
        return Pause(asked.on, None)
    return Pause(asked.on, max(asked.on, min(answer.on if answer else last, last)))


def rests_on_judgment(carcs: Collection[str]) -> bool:
    """Whether any of these refusals rests on medical judgment, so that a professional has to be consulted."""
    return not JUDGED.isdisjoint(carcs)


def may_leave_the_plan(*, ground: str, grandfathered: bool) -> bool:
    """Whether people outside of the plan may review it.

    A grandfathered plan owes it only where the protection against surprise bills is in question.
    """
    return ground in GROUNDS and (ground == SURPRISE or not grandfathered)


def next_level(*, level: str, levels: int, outcome: str) -> str:
    """The level that is open after a decision: "" after all was granted or when none is left. levels: of the plan."""
    if outcome == OVERTURNED or level == EXTERNAL:
        return ""
    return SECOND if level == FIRST and levels > 1 else EXTERNAL
