"""Who looks, at whose care: found once per request, handed to the reads of a page, and logged with what they show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from benefits import facade as benefits
from tenants import facade as tenants
from tenants.facade import Actor

OWN_RECORD = "own_record"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member and the people whose care the portal shows him on `day`. Make it with `viewer_of`.

    request_id: ties what was looked at to the request that showed it.
    """

    actor: Actor
    day: date
    request_id: str
    people: tuple[benefits.PersonShown, ...]

    @property
    def own(self) -> benefits.PersonShown | None:
        """The member himself."""
        return next((person for person in self.people if person.is_actor), None)

    @property
    def names(self) -> dict[int, str]:
        return {person.person_id: person.given_name for person in self.people}

    def log(
        self, record_class: str, record_uuids: Sequence[UUID] = (), *, person: UUID | None, list_of: str = ""
    ) -> None:
        """Commit that these records are about to be shown: of one `person`, or of several in a list named `list_of`.

        Raises tenants.ReadNotLogged when it cannot be written: then nothing may be shown.
        """
        tenants.log_view(
            actor=self.actor,
            record_class=record_class,
            purpose=OWN_RECORD,
            request_id=self.request_id,
            person_uuid=person,
            record_uuids=record_uuids,
            filter_code=list_of,
            shown=len(record_uuids) or 1,
        )


def viewer_of(actor: Actor, *, day: date, request_id: str) -> Viewer:
    """The viewer an actor is; nobody is shown to an actor who is no member here."""
    return Viewer(actor, day, request_id, benefits.care_shown_to(actor, day=day))
