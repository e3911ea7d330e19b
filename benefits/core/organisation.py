"""How the employer is organised, to check what a file tells of somebody's work."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from aso_portal.kernel.errors import DomainError
from benefits.core.instructions import EmploymentDetails


class UnknownOrganisation(DomainError):
    """A company, division or class that is not set up, or an employment that ends before it begins."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """EINs of the companies, (EIN, code) of their divisions, and codes of the employee classes."""

    eins: Collection[str] = ()
    divisions: Collection[tuple[str, str]] = ()
    classes: Collection[str] = ()

    def checked(self, employment: EmploymentDetails) -> EmploymentDetails:
        """The employment with its company named. Raises UnknownOrganisation."""
        ein = employment.ein or (next(iter(self.eins)) if len(self.eins) == 1 else "")
        if ein not in self.eins:
            told = f"Legal entity {ein} is not set up." if ein else "The employer has several legal entities."
            raise UnknownOrganisation(f"{told} Give the EIN of one that is.")
        if employment.division and (ein, employment.division) not in self.divisions:
            raise UnknownOrganisation(
                f"Division {employment.division!r} is not set up for {ein}. Add it or leave it out."
            )
        if employment.employee_class and employment.employee_class not in self.classes:
            raise UnknownOrganisation(
                f"Employee class {employment.employee_class!r} is not set up. Add it or leave it out."
            )
        if employment.start and employment.end and employment.end < employment.start:
            raise UnknownOrganisation("The employment ends before it begins.")
        return replace(employment, ein=ein)
