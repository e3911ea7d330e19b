"""From which day a person's care is private from the rest of the family."""

from datetime import date

ADULT_AGE = 18
"""The age at which a person speaks for himself about his care (45 CFR 164.502(g)(3): a parent speaks for a minor)."""


def adult_born_until(day: date) -> date:
    """The latest birth date of a person who is an adult on `day`. Born on 29 February: adult from 1 March."""
    try:
        return day.replace(year=day.year - ADULT_AGE)
    except ValueError:
        return date(day.year - ADULT_AGE, 2, 28)
