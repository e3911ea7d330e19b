"""276 (005010X212) as questions: which provider asks about which claim of which patient.

for told in questions(blocks_of_a_set):
    ...  # StatusQuestion, one for each TRN, in the order of the file
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from aso_portal.kernel.money import NotMoney, parse_cents
from aso_portal.kernel.x12.blocks import Block
from benefits.core.searching import PersonAsked
from claims.edi.echoes import a_day, days, refused, segments
from claims.edi.x270 import Party

Days = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusQuestion:
    """One claim asked about. `days`: of service, the end exclusive; None when the question names none.

    providers: every number NM1*1P gives, of which one is enough. claim_number: ours (REF*1K). account: the provider's
    (REF*EJ). charge_cents None: not told. faulty: something of it cannot be read.
    """

    reference: str
    payer: Party
    receiver: Party
    providers: tuple[Party, ...]
    subscriber: PersonAsked
    dependant: PersonAsked | None = None
    trace: str = ""
    claim_number: str = ""
    account: str = ""
    bill_type: str = ""
    clearinghouse_trace: str = ""
    group_number: str = ""
    charge_cents: int | None = None
    days: Days | None = None
    faulty: bool = False


def questions(blocks: Iterable[Block]) -> Iterator[StatusQuestion]:
    """The questions of the blocks of one accepted set, as its levels say."""
    reference = ""
    payer = receiver = Party()
    providers: tuple[Party, ...] = ()
    subscriber = PersonAsked()
    faulty_provider = faulty_subscriber = False
    for block in blocks:
        match block.loop.loop_id:
            case "HEADER":
                reference = block.get("HEADER", "BHT", "", 3)
                continue
            case "2000A":
                payer = (*_parties(block), Party())[0]
                continue
            case "2000B":
                receiver = (*_parties(block), Party())[0]
                continue
            case "2000C":
                providers, faulty_provider = _parties(block), refused(block)
                continue
            case "2000D":
                subscriber, faulty_subscriber, dependant = _person(block), refused(block), None
            case "2000E":
                dependant = _person(block)
            case _:
                continue
        faulty = faulty_provider or faulty_subscriber or refused(block)
        for claim in _claims(block):
            yield StatusQuestion(
                reference=reference,
                payer=payer,
                receiver=receiver,
                providers=providers,
                subscriber=subscriber,
                dependant=dependant,
                faulty=faulty,
                **claim,
            )


def _parties(block: Block) -> tuple[Party, ...]:
    return tuple(
        Party(
            entity=found.get(1, ""),
            kind=found.get(2, ""),
            name=found.get(3, ""),
            given_name=found.get(4, ""),
            qualifier=found.get(8, ""),
            number=found.get(9, ""),
        )
        for _, segment_id, found in segments(block)
        if segment_id == "NM1"
    )


def _person(block: Block) -> PersonAsked:
    told: dict[str, str] = {}
    born = ""
    for _, segment_id, found in segments(block):
        if segment_id == "NM1":
            told |= {"member_number": found.get(9, ""), "given_name": found.get(4, ""), "family_name": found.get(3, "")}
        elif segment_id == "DMG":
            born = found.get(2, "")
            told |= {"sex": found.get(3, "")}
    return PersonAsked(**told, birth_date=a_day(born))


_REFERENCES = {
    "1K": "claim_number",
    "EJ": "account",
    "BLT": "bill_type",
    "D9": "clearinghouse_trace",
    "6P": "group_number",
}


def _claims(block: Block) -> Iterator[dict[str, Any]]:
    """Loop 2200 of a level, once for each TRN. Lines asked about give the claim their days where it names none."""
    claim: dict[str, Any] | None = None
    own_days = False
    for loop_id, segment_id, found in segments(block):
        if segment_id == "TRN":
            if claim is not None:
                yield claim
            claim, own_days = {"trace": found.get(2, "")}, False
        elif claim is None:
            continue
        elif segment_id == "REF" and loop_id.startswith("2200") and found.get(1) in _REFERENCES:
            claim[_REFERENCES[found[1]]] = found.get(2, "")
        elif segment_id == "AMT":
            claim["charge_cents"] = _cents(found.get(2, ""))
        elif segment_id == "DTP" and (when := days(found)) is not None:
            known = claim.get("days")
            if loop_id.startswith("2200"):
                claim["days"], own_days = when, True
            elif not own_days:
                claim["days"] = (min(known[0], when[0]), max(known[1], when[1])) if known else when
    if claim is not None:
        yield claim


def _cents(text: str) -> int | None:
    try:
        return parse_cents(text)
    except NotMoney:
        return None
