"""The tables contracts price by, frozen for a night: relative values, weights, groups, modifiers, recognised amounts.

A row is in force for the days [start, end), `end` None: open. Amounts are cents, rates basis points; ratios that do not
fit are integers of ten-thousandths ("_e4"). How they are used: docs/domain/pricing.md; their files: docs/pricing_tables.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from typing import Any, NamedTuple, Protocol, TypeVar

from aso_portal.kernel.errors import DomainError

E4 = 10_000
FULL_BP = 10_000
TIME_MINUTES = 15

EXACT, TENTH, UP = "exact", "tenth", "up"
TRUSTED, CONFIRMED = "trusted", "confirmed"
OVER_PRICE, OVER_CHARGES = "price", "charges"
SEPARATELY, RANKED, PACKAGED, COMPREHENSIVE = "separately", "ranked", "packaged", "comprehensive"
STATE_LAW, ALL_PAYER = "state_law", "all_payer"
NO_W9, BACKUP, CLEARED = "no_w9", "backup", "cleared"


class BadPriceRow(DomainError):
    """A row of a price table is not one of its kind. The message names table and key."""


@dataclass(slots=True, kw_only=True)
class Policy:
    """How a contract treats several procedures, time, groupings and unusual stays. Named by contract terms.

    reductions_bp: what the dearest ranked procedure of a day keeps, the next, and so on; the last goes on; empty: all.
    time_rounding: of anaesthesia time units: exact, to a tenth, or up. drg: the claim's grouping is trusted, or confirmed
    by a person. outlier_over: loss counts above price and threshold, or above the threshold alone. short_stay_days: stays
    of at most so many days are paid by the day.
    """

    policy: str
    start: date
    end: date | None = None
    reductions_bp: tuple[int, ...] = ()
    time_minutes: int = TIME_MINUTES
    time_rounding: str = EXACT
    drg: str = TRUSTED
    outlier_cents: int = 0
    outlier_bp: int = 0
    outlier_over: str = OVER_PRICE
    transfer_statuses: tuple[str, ...] = ()
    short_stay_days: int = 0


@dataclass(slots=True, kw_only=True)
class ModifierRate:
    """What a modifier makes of a price under a policy, and the anaesthesia units it adds (physical status)."""

    policy: str
    modifier: str
    start: date
    end: date | None = None
    rate_bp: int = FULL_BP
    units: int = 0


@dataclass(slots=True, kw_only=True)
class ProcedureRule:
    """ranked: the code is reduced among several procedures of a day. bilateral: modifier 50 changes its price."""

    policy: str
    code: str
    start: date
    end: date | None = None
    ranked: bool = False
    bilateral: bool = False


@dataclass(slots=True, kw_only=True)
class RelativeValue:
    """Relative value units of a code, in ten-thousandths: work, practice expense in and out of a facility, liability."""

    schedule: str
    code: str
    work_e4: int
    practice_e4: int
    practice_facility_e4: int
    liability_e4: int
    start: date
    end: date | None = None
    modifier: str = ""


@dataclass(slots=True, kw_only=True)
class GeographicIndex:
    """What a locality makes of each part of a relative value, in ten-thousandths."""

    schedule: str
    locality: str
    work_e4: int
    practice_e4: int
    liability_e4: int
    start: date
    end: date | None = None


@dataclass(slots=True, kw_only=True)
class ConversionFactor:
    """Dollars, in ten-thousandths, per relative value or anaesthesia unit. locality "": everywhere."""

    schedule: str
    factor_e4: int
    start: date
    end: date | None = None
    locality: str = ""


@dataclass(slots=True, kw_only=True)
class ProviderLocality:
    """Where a provider is for fees (locality) and for qualifying payment amounts (region)."""

    npi: str
    start: date
    end: date | None = None
    locality: str = ""
    region: str = ""


@dataclass(slots=True, kw_only=True)
class DrgWeight:
    """Weight of a diagnosis-related group in ten-thousandths, and its geometric mean stay in hundredths of a day."""

    schedule: str
    drg: str
    weight_e4: int
    start: date
    end: date | None = None
    mean_days_e2: int = 0


@dataclass(slots=True, kw_only=True)
class FacilityRate:
    """What a facility's weights are multiplied by: dollars in ten-thousandths, of which a part follows local wages.

    cost_ratio_bp: its costs per charge, for outliers.
    """

    schedule: str
    npi: str
    amount_e4: int
    start: date
    end: date | None = None
    wage_index_e4: int = E4
    labor_bp: int = 0
    cost_ratio_bp: int = FULL_BP


@dataclass(slots=True, kw_only=True)
class ProcedureGroup:
    """The payment group of an outpatient code and how it is paid: separately, ranked, packaged or comprehensive."""

    schedule: str
    code: str
    start: date
    end: date | None = None
    group: str = ""
    pays: str = SEPARATELY


@dataclass(slots=True, kw_only=True)
class GroupRate:
    """The price of a payment group: cents, or (amount_cents None) a weight in ten-thousandths of the facility's rate."""

    schedule: str
    group: str
    start: date
    end: date | None = None
    amount_cents: int | None = None
    weight_e4: int = 0


@dataclass(slots=True, kw_only=True)
class BaseUnits:
    """Base units of anaesthesia for a code, in thousandths like units of service."""

    schedule: str
    code: str
    units_thousandths: int
    start: date
    end: date | None = None


@dataclass(slots=True, kw_only=True)
class QualifyingAmount:
    """A median contracted rate before indexing (45 CFR 149.140): cents per unit as of `year`.

    place: facility, office or "" for any. region "": everywhere. base_units: the table of base units where the amount is
    per anaesthesia unit. source: contracts, database or related_code.
    """

    code: str
    amount_cents: int
    year: int
    source: str
    start: date
    end: date | None = None
    modifier: str = ""
    place: str = ""
    region: str = ""
    base_units: str = ""


@dataclass(slots=True, kw_only=True)
class QualifyingIndex:
    """The published increase of qualifying amounts from year `since` to `year`, in ten-billionths."""

    since: int
    year: int
    factor_e10: int
    start: date
    end: date | None = None


@dataclass(slots=True, kw_only=True)
class RecognizedAmount:
    """What a state's law or an all-payer model says for a code, cents per unit; it goes before qualifying amounts."""

    code: str
    amount_cents: int
    basis: str
    start: date
    end: date | None = None
    modifier: str = ""
    place: str = ""
    region: str = ""


@dataclass(slots=True, kw_only=True)
class PaymentTerm:
    """What a contract says about paying: a part withheld, interest on late payment. npi "": every provider.

    interest_after_days: days from receipt that are free of interest; interest_bp a year of `year_days` days.
    """

    network: str
    start: date
    end: date | None = None
    npi: str = ""
    withhold_bp: int = 0
    interest_bp: int = 0
    interest_after_days: int = 30
    year_days: int = 365


@dataclass(slots=True, kw_only=True)
class TaxStatus:
    """That a payee's tax form is missing (no_w9), that the IRS asked for backup withholding, or that it is cleared."""

    tin: str
    status: str
    start: date
    end: date | None = None


@dataclass(slots=True, kw_only=True)
class AuthorityLimit:
    """The most a role may let the plan pay on one claim, in cents. Roles: `claims.core.authority`."""

    role: str
    limit_cents: int
    start: date
    end: date | None = None


@dataclass(slots=True, kw_only=True)
class PaymentSetting:
    """A choice of the employer about paying. Names and answers: `SETTINGS`."""

    name: str
    value: str
    start: date
    end: date | None = None


SETTINGS: Mapping[str, tuple[str, ...]] = {
    "without_tax_form": ("hold", "withhold"),
    "recoup_after_days": ("0", "30", "45", "60", "90"),
    "affected_claims": ("report", "none", "favours_member", "all"),
    "affected_least": ("0", "1", "5", "10", "25", "50", "100"),
}
"""The first answer holds where nothing is set."""


class Dated(Protocol):
    """Anything in force for a span of days."""

    start: date
    end: date | None


Row = TypeVar("Row", bound=Dated)


class Kind(NamedTuple):
    """A kind of table: the class of its rows and what names one of them, days aside."""

    row: type[Any]
    key: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "policies": Kind(Policy, ("policy",)),
    "modifiers": Kind(ModifierRate, ("policy", "modifier")),
    "procedures": Kind(ProcedureRule, ("policy", "code")),
    "relative_values": Kind(RelativeValue, ("schedule", "code", "modifier")),
    "indices": Kind(GeographicIndex, ("schedule", "locality")),
    "factors": Kind(ConversionFactor, ("schedule", "locality")),
    "localities": Kind(ProviderLocality, ("npi",)),
    "drg_weights": Kind(DrgWeight, ("schedule", "drg")),
    "facility_rates": Kind(FacilityRate, ("schedule", "npi")),
    "groups": Kind(ProcedureGroup, ("schedule", "code")),
    "group_rates": Kind(GroupRate, ("schedule", "group")),
    "base_units": Kind(BaseUnits, ("schedule", "code")),
    "qualifying_amounts": Kind(QualifyingAmount, ("code", "modifier", "place", "region")),
    "qualifying_indices": Kind(QualifyingIndex, ("since",)),
    "recognized_amounts": Kind(RecognizedAmount, ("code", "modifier", "place", "region")),
    "payment_terms": Kind(PaymentTerm, ("network", "npi")),
    "tax_statuses": Kind(TaxStatus, ("tin",)),
    "authority": Kind(AuthorityLimit, ("role",)),
    "settings": Kind(PaymentSetting, ("name",)),
}


def row_of(
    kind: str, content: Mapping[str, Any], start: date, end: date | None, kinds: Mapping[str, Kind] = KINDS
) -> Any:
    """The row a stored content describes. Raises BadPriceRow."""
    known = kinds.get(kind)
    if known is None:
        raise BadPriceRow(f"There is no price table {kind[:40]!r}. Known: {', '.join(kinds)}.")
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in content.items()}
    for each in fields(known.row):
        if not each.init or each.name in ("start", "end") or (each.name not in given and each.default is not MISSING):
            continue
        if not _fits(each.type, given.get(each.name, MISSING)):
            raise BadPriceRow(f"A row of {kind} from {start} has no usable {each.name}. Load the table again.")
    try:
        return known.row(start=start, end=end, **given)
    except TypeError:
        raise BadPriceRow(f"A row of {kind} from {start} has columns the table does not know.") from None


def _fits(declared: Any, value: Any) -> bool:
    """Whether a value is of the type its column declares, and not negative."""
    if declared == tuple[int, ...]:
        return type(value) is tuple and all(type(each) is int and each >= 0 for each in value)
    if declared == tuple[str, ...]:
        return type(value) is tuple and all(type(each) is str for each in value)
    if declared == int | None:
        return value is None or (type(value) is int and value >= 0)
    if declared == bool | None:
        return value is None or type(value) is bool
    return type(value) is declared and (declared is not int or value >= 0)


@dataclass(slots=True, kw_only=True)
class PriceTables:
    """Every price table of a release, by kind and key. Of rows that share a day the first given counts."""

    rows: dict[str, dict[tuple[str, ...], tuple[Any, ...]]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.rows)

    def on(self, kind: type[Row], name: str, key: tuple[Any, ...], day: date) -> Row | None:
        """The row of a table (`name`, whose rows are of class `kind`) in force on `day`."""
        found: Row
        for found in self.rows.get(name, {}).get(key, ()):
            if found.start <= day and (found.end is None or day < found.end):
                return found
        return None

    def has(self, name: str) -> bool:
        """Whether a table of that kind was loaded at all."""
        return name in self.rows

    def policy(self, policy: str, day: date) -> Policy | None:
        """The policy of a name."""
        return self.on(Policy, "policies", (policy,), day)

    def modifier(self, policy: str, modifier: str, day: date) -> ModifierRate | None:
        """What a policy says of a modifier."""
        return self.on(ModifierRate, "modifiers", (policy, modifier), day)

    def procedure(self, policy: str, code: str, day: date) -> ProcedureRule | None:
        """What a policy says of a code."""
        return self.on(ProcedureRule, "procedures", (policy, code), day)

    def relative_value(self, schedule: str, code: str, modifiers: Iterable[str], day: date) -> RelativeValue | None:
        """The relative values of a code: with one of its modifiers before without."""
        for modifier in (*modifiers, ""):
            found = self.on(RelativeValue, "relative_values", (schedule, code, modifier), day)
            if found is not None:
                return found
        return None

    def index(self, schedule: str, locality: str, day: date) -> GeographicIndex | None:
        """The indices of a locality."""
        return self.on(GeographicIndex, "indices", (schedule, locality), day)

    def factor(self, schedule: str, locality: str, day: date) -> ConversionFactor | None:
        """The conversion factor of a locality, else the one for everywhere."""
        here = self.on(ConversionFactor, "factors", (schedule, locality), day)
        return here or self.on(ConversionFactor, "factors", (schedule, ""), day)

    def locality(self, npi: str, day: date) -> ProviderLocality | None:
        """Where a provider is."""
        return self.on(ProviderLocality, "localities", (npi,), day)

    def facility_rate(self, schedule: str, npi: str, day: date) -> FacilityRate | None:
        """What a facility's weights are multiplied by."""
        return self.on(FacilityRate, "facility_rates", (schedule, npi), day)

    def setting(self, name: str, day: date) -> str:
        """The employer's choice, or the one that holds where none was made."""
        found = self.on(PaymentSetting, "settings", (name,), day)
        return found.value if found is not None else SETTINGS[name][0]


def tables_of(rows: Iterable[tuple[str, Any]]) -> PriceTables:
    """(kind, row) pairs as tables; the first given of two rows for one day counts."""
    gathered: dict[str, dict[tuple[str, ...], list[Any]]] = {}
    for kind, row in rows:
        key = tuple([getattr(row, name) for name in KINDS[kind].key])
        gathered.setdefault(kind, {}).setdefault(key, []).append(row)
    return PriceTables(
        rows={kind: {key: tuple(found) for key, found in keys.items()} for kind, keys in gathered.items()}
    )


def with_own(shared: PriceTables, own: PriceTables) -> PriceTables:
    """Shared tables with an employer's own over them.

    In a table whose rows belong to a schedule or policy, an own set of a name takes the place of the shared one as a
    whole; in the others an own row comes before the shared row of its key.
    """
    if not own:
        return shared
    rows = dict(shared.rows)
    for kind, mine in own.rows.items():
        theirs = shared.rows.get(kind, {})
        if KINDS[kind].key[0] in ("schedule", "policy"):
            names = {key[0] for key in mine}
            merged = {key: found for key, found in theirs.items() if key[0] not in names}
        else:
            merged = dict(theirs)
        for key, found in mine.items():
            merged[key] = (*found, *merged.get(key, ()))
        rows[kind] = merged
    return PriceTables(rows=rows)
