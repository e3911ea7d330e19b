"""Replacements and voids of made-up claims: what a provider sends when a bill was wrong."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from random import Random

from django.db import connection

from claims.core.claim import REPLACEMENT, VOID
from claims.core.numbers import claim_number
from claims.management.made.claims import MadeClaim, MadeLine

VOIDS_IN_10 = 3


def corrections(claims: Iterable[MadeClaim], numbers: Mapping[str, str], *, seed: int) -> Iterator[MadeClaim]:
    """One correction of each of these claims the plan has: three in ten are voided, the others billed differently.

    numbers: the plan's number by the provider's own (`numbers_on_file`); claims without one are left out.
    """
    for claim in claims:
        if claim.number not in numbers:
            continue
        random = Random(f"{seed}/correction/{claim.number}")  # noqa: S311  (a repeatable fiction, not a secret)
        sent = replace(claim, number=f"{claim.number}R", original=numbers[claim.number], flaw="")
        if random.randrange(10) < VOIDS_IN_10:
            yield replace(sent, frequency=VOID)
        else:
            yield replace(sent, frequency=REPLACEMENT, lines=_billed_differently(random, claim.lines))


def _billed_differently(random: Random, lines: tuple[MadeLine, ...]) -> tuple[MadeLine, ...]:
    """One line less, or another charge on the last one."""
    if len(lines) > 1 and random.random() < 0.4:
        return lines[:-1]
    last = lines[-1]
    return (*lines[:-1], replace(last, charge=last.charge * random.randint(70, 130) // 100))


def numbers_on_file(control_numbers: Iterable[str]) -> dict[str, str]:
    """The numbers this employer's plan gave to the providers' claims; runs in the employer's schema."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [list(control_numbers)])
        return {own: claim_number(seq) for own, seq in cursor.fetchall()}


_NUMBERS = """
SELECT sent.own, sent.seq FROM (
    SELECT content::jsonb ->> 'patient_control_number' AS own, intake_seq AS seq FROM claims_claimsubmission
) sent WHERE sent.own = ANY(%s)
"""
