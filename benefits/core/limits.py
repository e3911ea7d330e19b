"""Figures the law sets for health plans, by the day the plan year starts. A year without a row is refused."""

from dataclasses import dataclass
from datetime import date

from aso_portal.kernel.dated import DatedRow, DatedTable


@dataclass(frozen=True, slots=True)
class SelfOnlyAndFamily:
    """Two amounts in cents: for self-only coverage and for every other tier."""

    self_only: int
    family: int


def _year(year: int, self_only: int, family: int, source: str) -> DatedRow[SelfOnlyAndFamily]:
    return DatedRow(date(year, 1, 1), date(year + 1, 1, 1), SelfOnlyAndFamily(self_only, family), source)


OUT_OF_POCKET_MAXIMUM = DatedTable(
    "ACA out-of-pocket maximum (45 CFR 156.130, 42 U.S.C. 300gg-6(b))",
    [
        _year(2025, 920_000, 1_840_000, "CMS, premium adjustment percentage guidance for 2025 (15 Nov 2023)"),
        _year(2026, 1_060_000, 2_120_000, "90 FR 27074 (25 Jun 2025), which replaced 10,150 / 20,300"),
        _year(2027, 1_200_000, 2_400_000, "CMS, premium adjustment percentage guidance for 2027"),
    ],
)

HDHP_MINIMUM_DEDUCTIBLE = DatedTable(
    "HDHP minimum deductible (26 U.S.C. 223(c)(2)(A)(i))",
    [
        _year(2025, 165_000, 330_000, "Rev. Proc. 2024-25"),
        _year(2026, 170_000, 340_000, "Rev. Proc. 2025-19"),
        _year(2027, 175_000, 350_000, "IRS inflation-adjusted HSA amounts for 2027"),
    ],
)

HDHP_OUT_OF_POCKET_MAXIMUM = DatedTable(
    "HDHP out-of-pocket maximum (26 U.S.C. 223(c)(2)(A)(ii))",
    [
        _year(2025, 830_000, 1_660_000, "Rev. Proc. 2024-25"),
        _year(2026, 850_000, 1_700_000, "Rev. Proc. 2025-19"),
        _year(2027, 870_000, 1_740_000, "IRS inflation-adjusted HSA amounts for 2027"),
    ],
)
