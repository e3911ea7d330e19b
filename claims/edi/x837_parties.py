"""Who an 837 names: billing and pay-to providers, subscriber, patient, and providers inside a claim."""

from dataclasses import dataclass
from operator import itemgetter

from aso_portal.kernel.x12.blocks import Block
from aso_portal.kernel.x12.faults import Fault
from claims.core.claim import PATIENT_IS_SUBSCRIBER, PatientRef, ProviderRef, SubscriberRef
from claims.edi.x837_values import day


@dataclass(slots=True, eq=False)
class BillingLevel:
    """Loop 2000A: what all claims under it share. `entity`: 1 person, 2 organisation."""

    billing: ProviderRef
    pay_to: ProviderRef | None
    faults: tuple[Fault, ...]


@dataclass(slots=True, eq=False)
class SubscriberLevel:
    """Loop 2000B. is_patient: SBR02 says the subscriber was treated."""

    subscriber: SubscriberRef
    payer_sequence: str
    is_patient: bool
    faults: tuple[Fault, ...]


@dataclass(slots=True, eq=False)
class PatientLevel:
    """Loop 2000C."""

    patient: PatientRef
    faults: tuple[Fault, ...]


def situation(block: Block, segment_id: str, loop: str, message: str, *, rule: str, status: str = "") -> Fault:
    """Something the guide wants in this situation and that is not there; located where its loop begins."""
    index = next((index for index, use in enumerate(block.layout.uses) if use and use.loop_id == loop), 0)
    return Fault("situation", *block.place_of(index), segment_id, "", loop, message, 4, status=status, rule=rule)


def provider(block: Block, loop: str, qualifier: str, taxonomy: str = "") -> ProviderRef | None:
    """The provider named in `loop` with NM101 `qualifier`; `taxonomy`: PRV01 of its taxonomy code."""
    found = next(block.each(loop, "NM1", qualifier), None)
    if found is None:
        return None
    given = found.get(4, "")
    name = f"{found.get(3, '')}, {given}" if given else found.get(3, "")
    code = block.get(loop, "PRV", taxonomy, 3) if taxonomy else ""
    return ProviderRef(npi=found.get(9, ""), taxonomy=code, name=name)


def billing_level(block: Block) -> BillingLevel:
    """Read loop 2000A with its provider names."""
    billing = provider(block, "2010AA", "85") or ProviderRef()
    billing.taxonomy = block.get("2000A", "PRV", "BI", 3)
    billing.tin = block.get("2010AA", "REF", "EI", 2)
    pay_to = None
    for loop, qualifier in (("2010AC", "PE"), ("2010AB", "87")):
        if found := next(block.each(loop, "NM1", qualifier), None):
            address = " ".join(filter(None, (block.get(loop, "N3", "", 1), *_place(block, loop))))
            tin = block.get("2010AC", "REF", "EI", 2) if loop == "2010AC" else ""
            pay_to = ProviderRef(tin=tin, name=found.get(3, "") or address)
    return BillingLevel(billing, pay_to, block.faults)


def _place(block: Block, loop: str) -> tuple[str, str, str]:
    return block.get(loop, "N4", "", 1), block.get(loop, "N4", "", 2), block.get(loop, "N4", "", 3)


_SUBSCRIBER = (
    ("2000B", "SBR", "", 1), ("2000B", "SBR", "", 2), ("2000B", "SBR", "", 3), ("2010BA", "NM1", "IL", 3),
    ("2010BA", "NM1", "IL", 4), ("2010BA", "NM1", "IL", 9), ("2010BA", "DMG", "", 2), ("2010BA", "DMG", "", 3),
)  # fmt: skip
_PATIENT = (
    ("2000C", "PAT", "", 1), ("2010CA", "NM1", "QC", 3), ("2010CA", "NM1", "QC", 4), ("2010CA", "DMG", "", 2),
    ("2010CA", "DMG", "", 3),
)  # fmt: skip


def _taken(block: Block, places: tuple[tuple[str, str, str, int], ...]) -> tuple[str | None, ...]:
    """The values at these places; where they are is worked out once a shape."""
    layout = block.layout
    get = layout.mapped
    if get is None:
        get = layout.mapped = itemgetter(*(layout.slot(*place) for place in places))
    return get(block.values)


def subscriber_level(block: Block) -> SubscriberLevel:
    """Read loop 2000B."""
    sequence, relationship, group, family, given, member, born, sex = _taken(block, _SUBSCRIBER)
    subscriber = SubscriberRef(
        member_number=member or "",
        group_number=group or "",
        family_name=family or "",
        given_name=given or "",
        sex=sex or "",
    )
    if not block.faults or not any(fault.rejects for fault in block.faults):
        subscriber.birth_date = day(born)
    return SubscriberLevel(subscriber, sequence or "", relationship == PATIENT_IS_SUBSCRIBER, block.faults)


def patient_level(block: Block) -> PatientLevel:
    """Read loop 2000C."""
    relationship, family, given, born, sex = _taken(block, _PATIENT)
    patient = PatientRef(
        relationship=relationship or "",
        family_name=family or "",
        given_name=given or "",
        sex=sex or "",
    )
    if not block.faults or not any(fault.rejects for fault in block.faults):
        patient.birth_date = day(born)
    return PatientLevel(patient, block.faults)
