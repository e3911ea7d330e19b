"""What an invented other plan did with a claim that comes to us second: loops 2320, 2330 and 2430, adding up to the cent."""

from collections.abc import Iterator
from datetime import timedelta

from aso_portal.kernel.money import percent_of, x12_amount
from claims.management.made.claims import MadeClaim, MadeLine

NAME, PAYER = "KEYSTONE MUTUAL", "KEY01"
TAKEN_OFF_BP, PATIENT_BP = 3_000, 2_500
DECIDES_AFTER = timedelta(days=9)


def other_payer(claim: MadeClaim) -> Iterator[str]:
    """The other plan with what it paid in all; nothing for a claim that is ours first."""
    if claim.flaw != "coordinated":
        return
    patient = claim.patient
    yield "SBR*P*18*KEYSTONE-7******CI"
    yield f"AMT*D*{x12_amount(sum(_figures(line)[0] for line in claim.lines))}"
    yield "OI***Y***Y"
    yield f"NM1*IL*1*{patient.family_name.upper()}*{patient.given_name.upper()}****MI*KEY{claim.number}"
    yield f"NM1*PR*2*{NAME}*****PI*{PAYER}"


def decided(claim: MadeClaim, line: MadeLine) -> Iterator[str]:
    """What it did with one line."""
    if claim.flaw != "coordinated":
        return
    paid, off, patient = _figures(line)
    qualifier = "AD" if claim.episode.kind == "D" else "HC"
    code = f"{qualifier}:{line.code}" if line.code else ""
    yield f"SVD*{PAYER}*{x12_amount(paid)}*{code}*{line.revenue}*{line.units}"
    if off:
        yield f"CAS*CO*45*{x12_amount(off)}"
    if patient:
        yield f"CAS*PR*2*{x12_amount(patient)}"
    yield f"DTP*573*D8*{claim.end + DECIDES_AFTER:%Y%m%d}"


def _figures(line: MadeLine) -> tuple[int, int, int]:
    """Paid, taken off and left to the patient: together the charge. Cents."""
    off = percent_of(line.charge, TAKEN_OFF_BP)
    patient = percent_of(line.charge - off, PATIENT_BP)
    return line.charge - off - patient, off, patient
