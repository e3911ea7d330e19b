"""Frequencies and the dental section in the form the engine asks, service by service."""

from collections.abc import Callable

from benefits.core.plan_design import PlanDesign
from benefits.core.plan_design_care import PERSON, Alternate, DentalRules, Frequency, Ranges, Services
from benefits.core.plan_design_conditions import in_ranges

NOTHING = DentalRules()


class CompiledCare:
    """Looked up once for each code and category, remembered for the rest of the night."""

    def __init__(self, design: PlanDesign) -> None:
        self.dental = design.dental or NOTHING
        self._frequencies = [(rule, _matcher(rule.of), _matcher(rule.counts or rule.of)) for rule in design.frequencies]
        self._counts = {rule.id: counts for rule, _, counts in self._frequencies}
        self._alternates = [(rule, in_ranges(rule.codes)) for rule in self.dental.alternates]
        missing, braces, first = self.dental.missing_tooth, self.dental.orthodontics, self.dental.medical_first
        self.replaces_tooth = _code_test(missing.codes if missing else ())
        self.takes_tooth_out = _code_test(missing.extractions if missing else ())
        self.is_orthodontic = _code_test(braces.codes if braces else ())
        self.is_periodic_visit = _code_test(braces.periodic_codes if braces else ())
        self.is_medical_first = _code_test(first.codes if first else ())
        self._counted: dict[tuple[str, str], bool] = {}
        self._found: dict[tuple[str, str], tuple[Frequency, ...]] = {}

    def frequencies_of(self, code: str, category: str) -> tuple[Frequency, ...]:
        """What a service of this code and category is held to, in the document's order, what counts by person last."""
        at = (code, category)
        found = self._found.get(at)
        if found is None:
            fitting = [rule for rule, fits, _ in self._frequencies if fits(code, category)]
            found = self._found[at] = tuple(sorted(fitting, key=lambda rule: rule.per == PERSON))
        return found

    def counts(self, rule: Frequency, code: str, category: str) -> bool:
        """Whether a service of this code and category uses up the times of a frequency."""
        return self._counts[rule.id](code, category)

    def is_counted(self, code: str, category: str) -> bool:
        """Whether a service of this code and category uses up the times of any frequency."""
        at = (code, category)
        found = self._counted.get(at)
        if found is None:
            found = self._counted[at] = any(counts(code, category) for _, _, counts in self._frequencies)
        return found

    def alternates_of(self, code: str) -> list[Alternate]:
        """What a code may be paid as instead, in the document's order."""
        return [rule for rule, fits in self._alternates if fits(code)]


def compiled_care(design: PlanDesign) -> CompiledCare | None:
    """None when the design says nothing about such care."""
    return CompiledCare(design) if design.frequencies or design.dental is not None else None


def _matcher(services: Services) -> Callable[[str, str], bool]:
    fits, categories = in_ranges(services.codes), frozenset(services.categories)
    return lambda code, category: category in categories or fits(code)


def _code_test(ranges: Ranges) -> Callable[[str], bool]:
    return in_ranges(ranges)
