"""Plain words for members: where an appeal is, what may be reviewed outside, why one cannot be filed."""

from django.utils.translation import gettext as _

from claims.core import appeals as core
from claims.core.appeals import CannotAppeal
from claims.portal.words import Status
from claims.selectors.appeals import AppealTold


def status(told: AppealTold) -> Status:
    """One word for where an appeal is."""
    stands = told.standing
    if stands.state == core.ASKED:
        return Status(_("We need something"), "warn", "alert")
    if stands.state == "with_reviewers":
        return Status(_("With independent reviewers"), "", "clock")
    if stands.is_open:
        return Status(_("Under review"), "", "clock")
    if stands.state == core.WITHDRAWN:
        return Status(_("Taken back"), "", "info")
    if stands.state == core.REFUSED:
        return Status(_("Cannot be reviewed outside"), "bad", "cross-circle")
    words = {
        core.UPHELD: Status(_("The decision stands"), "bad", "cross-circle"),
        core.PARTLY: Status(_("Changed in part"), "ok", "check"),
        core.OVERTURNED: Status(_("The decision was changed"), "ok", "check"),
    }
    return words[stands.outcome]


def level(told: AppealTold) -> str:
    """Which appeal it is."""
    return {
        core.FIRST: _("Appeal"),
        core.SECOND: _("Second appeal"),
        core.EXTERNAL: _("Review outside of the plan"),
    }[told.row.level]


def letter(kind: str) -> str:
    """What a letter about an appeal is called."""
    return {
        "appeal_acknowledgment": _("We have your appeal"),
        "appeal_question": _("What we need from you"),
        "appeal_extension": _("More time"),
        "appeal_decision": _("The decision"),
        "external_check": _("Whether it can be reviewed"),
        "external_assigned": _("Who reviews it"),
    }.get(kind, _("Letter"))


def grounds() -> list[tuple[str, str]]:
    """What may be reviewed outside of the plan."""
    return [
        (core.MEDICAL, _("A medical judgment, like whether the care was needed")),
        (core.RESCISSION, _("My coverage was taken back for days gone by")),
        (core.SURPRISE, _("The protection against surprise bills")),
    ]


def refusal(why: CannotAppeal) -> str:
    """Why it cannot be filed; the service's words are for staff."""
    del why
    return _("This cannot be filed here. Call us at the number on your card and we file it with you.")
