"""Authorisations and treatments of a unit of families while its claims are decided: what is left, what was done before."""

from collections.abc import Sequence
from datetime import date

from claims.core.care_values import (
    Authorization,
    AuthorizationUse,
    CareEntries,
    CareOnFile,
    PriorCoverage,
    Treatment,
)

NOTHING_ON_FILE = CareOnFile()


class Authorizations:
    """What was granted and how much of it is used. A visit or day that was counted is not counted again."""

    def __init__(self, granted: Sequence[Authorization], uses: Sequence[AuthorizationUse]) -> None:
        self._by_person: dict[int, list[Authorization]] = {}
        for each in sorted(granted, key=lambda one: (one.end or date.max, one.number)):
            self._by_person.setdefault(each.person_id, []).append(each)
        self._used: dict[int, int] = {}
        self._counted: dict[tuple[int, date, str], int] = {}
        for use in uses:
            self.post(use)

    def of(self, person_id: int) -> Sequence[Authorization]:
        """The person's, those that end first coming first."""
        return self._by_person.get(person_id, ())

    def left(self, each: Authorization) -> int:
        """Units, days or visits still granted, never below 0."""
        return max(0, each.granted - self._used.get(each.authorization_id, 0))

    def counted(self, each: Authorization, day: date, provider_npi: str) -> bool:
        """Whether that day has been counted; of one provider, unless that is ""."""
        if provider_npi:
            return self._counted.get((each.authorization_id, day, provider_npi), 0) > 0
        return any(
            amount > 0
            for (key, counted_day, _), amount in self._counted.items()
            if key == each.authorization_id and counted_day == day
        )

    def post(self, use: AuthorizationUse) -> None:
        """Count a use; a negative one undoes one."""
        key, at = use.authorization_id, (use.authorization_id, use.day, use.provider_npi)
        self._used[key] = self._used.get(key, 0) + use.amount
        self._counted[at] = self._counted.get(at, 0) + use.amount


class Treatments:
    """What was done before, by person."""

    def __init__(self, found: Sequence[Treatment]) -> None:
        self._by_person: dict[int, list[Treatment]] = {}
        for each in found:
            self.add(each)

    def of(self, person_id: int) -> Sequence[Treatment]:
        """The person's, in the order they were added."""
        return self._by_person.get(person_id, ())

    def add(self, each: Treatment) -> None:
        """Remember one."""
        self._by_person.setdefault(each.person_id, []).append(each)

    def remove(self, each: Treatment) -> None:
        """Forget one that was added. Raises ValueError for another."""
        self._by_person[each.person_id].remove(each)


class Care:
    """Both books of a unit, and what enrollment does not say."""

    def __init__(self, on_file: CareOnFile | None) -> None:
        known = on_file or NOTHING_ON_FILE
        self.authorizations = Authorizations(known.authorizations, known.uses)
        self.treatments = Treatments(known.treatments)
        self._prior = known.prior

    def prior(self, person_id: int, line_of_coverage: str) -> PriorCoverage | None:
        """Earlier coverage and late entry of a person, when anything is on file."""
        return self._prior.get((person_id, line_of_coverage))

    def take_back(self, entries: CareEntries) -> None:
        """Undo what was posted, exactly."""
        for use in entries.negative().uses:
            self.authorizations.post(use)
        for each in entries.treatments:
            self.treatments.remove(each)

    def take_out(self, entries: CareEntries) -> CareEntries:
        """Undo what an earlier night posted, as far as it is on file here; returns what `put_back` posts again."""
        for use in entries.negative().uses:
            self.authorizations.post(use)
        known = [each for each in entries.treatments if each in self.treatments.of(each.person_id)]
        for each in known:
            self.treatments.remove(each)
        return CareEntries(list(entries.uses), known)

    def put_back(self, entries: CareEntries) -> None:
        """Post again what `take_out` undid."""
        for use in entries.uses:
            self.authorizations.post(use)
        for each in entries.treatments:
            self.treatments.add(each)
