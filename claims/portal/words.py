"""Plain words for members: where a claim is, what each step means, what care costs next. Short, no codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from aso_portal.kernel.money import dollars
from benefits.core.plan_design import DEDUCTIBLE, OUT_OF_POCKET
from claims.core import explanation as told
from claims.core.standing import NextCare, Standing
from claims.selectors.claims import ClaimRow
from claims.selectors.explanations import Effect, Explanation
from claims.selectors.reason_words import reason


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the four stages of a claim. state: done, now or todo."""

    label: str
    state: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Status:
    """One word for where a claim is, with its colour and icon."""

    label: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class StepTold:
    """One step of "Why do I pay this?" as the page shows it."""

    kind: str
    title: str
    why: str
    cents: int


@dataclass(frozen=True, slots=True)
class Meter:
    """One bar of what is used of a limit."""

    key: str
    label: str
    used: int
    limit: int


@dataclass(frozen=True, slots=True)
class MeterGroup:
    """The bars of one kind of limit."""

    title: str
    meters: tuple[Meter, ...]


def status(claim: ClaimRow) -> Status:
    """The short state shown in lists."""
    if claim.taken_back:
        return Status(_("Corrected"), "", "info")
    if claim.needs_member:
        return Status(_("We need something"), "warn", "alert")
    if claim.decided_on is None:
        if claim.reviewed_on is None:
            return Status(_("Received"), "", "inbox")
        return Status(_("In review"), "", "clock")
    if claim.outcome == "deny":
        return Status(_("Not covered"), "bad", "cross-circle")
    if claim.paid_on is None and claim.plan_cents:
        return Status(_("Decided"), "", "check")
    return Status(pgettext("claim", "Paid") if claim.plan_cents else _("Done"), "ok", "check")


def stages(claim: ClaimRow) -> tuple[Stage, ...]:
    """Received, reviewed, decided, paid: done up to where the claim is, one at most "now"."""
    settled = claim.paid_on is not None or (claim.decided_on is not None and not claim.plan_cents)
    days = [claim.received_on, claim.decided_on and claim.reviewed_on, claim.decided_on, claim.paid_on]
    reached = 4 if settled else 3 if claim.decided_on else 1
    last = pgettext("claim", "Paid") if claim.plan_cents or claim.decided_on is None else _("Nothing to pay out")
    labels = [_("Received"), _("Reviewed"), _("Decided"), last]
    return tuple(
        Stage(label, "done" if at < reached else "now" if at == reached else "todo", days[at] if at < reached else None)
        for at, label in enumerate(labels)
    )


def steps(explanation: Explanation, *, provider: str) -> tuple[StepTold, ...]:
    """The steps of an explanation in plain words, ending in what the member may owe."""
    return tuple(
        StepTold(step.kind, _title(step, provider), _why(step, explanation), step.cents) for step in explanation.steps
    )


def already_paid(claim: ClaimRow) -> str:
    """What the patient paid the provider already, as the claim says, and what is left of his part; "" for nothing."""
    left = claim.after_patient_paid
    if not claim.patient_paid_cents or left is None:
        return ""
    told = {"provider": claim.provider, "paid": dollars(claim.patient_paid_cents)}
    if left.back:
        return _("%(provider)s says %(paid)s was paid already: %(back)s more than this. Ask them to give it back.") % (
            told | {"back": dollars(left.back)}
        )
    if left.owes:
        return _("%(provider)s says %(paid)s was paid already, so %(owes)s may still be owed.") % (
            told | {"owes": dollars(left.owes)}
        )
    return _("%(provider)s says %(paid)s was paid already, so nothing is left to pay.") % told


def split(explanation: Explanation) -> list[tuple[str, int]]:
    """Where the bill went: the member, what was taken off, the plan. The parts add up to the bill."""
    parts = [
        (_("You"), explanation.owe_cents),
        (_("Taken off the bill"), explanation.off_cents),
        (_("Your plan"), explanation.plan_cents),
    ]
    return [(label, cents) for label, cents in parts if cents]


def effect(each: Effect, patient: str) -> str:
    """Whose deductible or limit moved."""
    if each.of_family:
        return _("%(limit)s, family") % {"limit": each.name}
    return _("%(limit)s, %(name)s") % {"limit": each.name, "name": patient}


def meters(standings: Iterable[Standing]) -> tuple[MeterGroup, ...]:
    """Deductible and out-of-pocket limit of the network, for the member and for the family."""
    groups = []
    for kind, title in ((DEDUCTIBLE, _("Deductible")), (OUT_OF_POCKET, _("Most you pay in the year"))):
        found = [standing for standing in standings if standing.kind == kind and standing.in_network]
        bars = []
        for place, standing in enumerate(found):
            name = "" if len(found) == 1 else f" · {standing.name}"
            if standing.person_limit is not None:
                bars.append(
                    Meter(
                        f"{kind}-{place}-you",
                        pgettext("limit of", "You") + name,
                        standing.used.person,
                        standing.person_limit,
                    )
                )
            if standing.family_limit is not None:
                bars.append(
                    Meter(
                        f"{kind}-{place}-family", _("Your family") + name, standing.used.family, standing.family_limit
                    )
                )
        if bars:
            groups.append(MeterGroup(title, tuple(bars)))
    return tuple(groups)


def prescriptions(cents: int) -> str:
    """What of the member's own amounts was for drugs; "" where nothing was."""
    return _("Of your own amount, %(amount)s was for prescriptions.") % {"amount": dollars(cents)} if cents > 0 else ""


def next_care(care: NextCare) -> str:
    """What the next covered care in the network costs, in one sentence or two."""
    amounts = {
        "rate": percent(care.coinsurance_bp),
        "first": dollars(care.deductible_left or 0),
        "most": dollars(care.limit_left or 0),
    }
    if care.limit_left == 0:
        return _("If you need care next you pay nothing for covered care in the network: you have reached your limit.")
    capped = care.limit_left is not None
    if care.deductible_left and care.limit_left is not None and care.limit_left <= care.deductible_left:
        sentence = _("If you need care next you pay the first %(most)s, then nothing more this year.")
    elif care.deductible_left and capped:
        sentence = _(
            "If you need care next you pay the first %(first)s, then %(rate)s of the price of most care. "
            "You pay at most %(most)s more this year."
        )
    elif care.deductible_left:
        sentence = _("If you need care next you pay the first %(first)s, then %(rate)s of the price of most care.")
    elif capped:
        sentence = _(
            "If you need care next you pay %(rate)s of the price of most care, at most %(most)s more this year."
        )
    else:
        sentence = _("If you need care next you pay %(rate)s of the price of most care.")
    if care.copays:
        sentence += " " + _("Some visits have a fixed price instead.")
    return sentence % amounts


def percent(basis_points: int) -> str:
    """Basis points as people write them: 2000 is 20%, 1250 is 12.5%."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def waiting(count: int) -> str:
    """The title of the task banner."""
    return ngettext(
        "We need something from you for %(count)d claim", "We need something from you for %(count)d claims", count
    ) % {"count": count}


def _title(step: told.Step, provider: str) -> str:
    titles = {
        told.BILLED: _("%(provider)s billed") % {"provider": provider or _("The provider")},
        told.NETWORK_PRICE: _("Price agreed with the network"),
        told.NOT_CHARGEABLE: _("The provider may not bill this"),
        told.OTHER_PLAN: _("Your other plan"),
        told.TAKEN_OFF: _("Taken off the bill"),
        told.LATER: _("Expected from your plan later"),
        told.PLAN: _("Your plan pays"),
        told.DEDUCTIBLE: _("Your deductible"),
        told.COPAY: _("Your copay"),
        told.COINSURANCE: _("Your share of the price (coinsurance)"),
        told.COST_SHARE: _("Your copay and share of the price"),
        told.ALL_COST_SHARE: _("Your deductible, copay and share of the price"),
        told.OVER_PLAN_PRICE: _("Above what your plan allows"),
        told.OVER_LIMIT: _("Above your plan's maximum"),
        told.NOT_COVERED: _("Not covered by your plan"),
        told.TOTAL: _("You may owe"),
    }
    return titles[step.topic]


def _why(step: told.Step, explanation: Explanation) -> str:
    story = explanation.story
    reasons = "; ".join(dict.fromkeys(reason(code.partition("-")[2]) for code in step.codes))
    sentences = {
        told.NETWORK_PRICE: _("Nobody may charge you this part."),
        told.NOT_CHARGEABLE: _("You do not owe it. Reason: %(reasons)s.") % {"reasons": reasons},
        told.OTHER_PLAN: _other_plan(step, story),
        told.TAKEN_OFF: _("Nobody may charge you this part. Reason: %(reasons)s.") % {"reasons": reasons},
        told.LATER: _(
            "Your plan does not pay this now. It expects to, once the care is given and while you are covered."
        ),
        told.PLAN: _plan(explanation),
        told.DEDUCTIBLE: _deductible(story),
        told.COPAY: _("The fixed price of a visit or service like this."),
        told.COINSURANCE: _coinsurance(story),
        told.COST_SHARE: _("The fixed price of the visit, and the part of the price you share with your plan."),
        told.ALL_COST_SHARE: _deductible(story),
        told.OVER_PLAN_PRICE: _("The provider is outside the network and may ask for more than your plan allows."),
        told.OVER_LIMIT: _("Reason: %(reasons)s.") % {"reasons": reasons},
        told.NOT_COVERED: _("Reason: %(reasons)s.") % {"reasons": reasons},
    }
    return sentences.get(step.topic, "")


def _other_plan(step: told.Step, story: told.Story) -> str:
    if story.other_paid is None:
        return _("Your other plan has to decide first. Once it has, the provider can send this here again.")
    off = step.cents - story.other_paid
    if off <= 0:
        return _("Your other plan paid this.")
    if not story.other_paid:
        return _("Your other plan paid nothing, but by its prices nobody may charge you this part.")
    return _("Your other plan paid %(paid)s; the other %(off)s were taken off by its prices.") % {
        "paid": dollars(story.other_paid),
        "off": dollars(off),
    }


def _plan(explanation: Explanation) -> str:
    if explanation.story.other_paid is not None:
        if explanation.plan_cents:
            return _("It comes after your other plan and adds what its rules allow.")
        return _("It comes after your other plan; by its rules nothing is left for it to pay.")
    if explanation.story.capped:
        return _("You have reached the most you pay in the year, so your plan pays the rest.")
    if explanation.story.preventive:
        return _("Preventive care in the network costs you nothing.")
    return "" if explanation.plan_cents else _("Your plan pays nothing on this claim.")


def _deductible(story: told.Story) -> str:
    sentence = _("You pay this part yourself before your plan starts to share.")
    if story.deductible_left is not None:
        sentence += " " + _("%(left)s of it was left for the year.") % {"left": dollars(story.deductible_left)}
    return sentence


def _coinsurance(story: told.Story) -> str:
    if len(story.rates) == 1 and story.other_paid is None:
        return _("You pay %(rate)s of what remains; your plan pays the other part.") % {"rate": percent(story.rates[0])}
    return _("The part of the price you share with your plan.")
