"""What a plan design says about drugs bought at a pharmacy: who manages them and what they share with medical care.

Files and what they post: docs/pharmacy_files.md. A design without the section takes no pharmacy file at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

CLAIMS, ACCUMULATORS = "claims", "accumulators"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pharmacy:
    """managers: codes of the pharmacy managers whose files count. counted_from: which of their files posts, so that a
    fill told in both counts once. deductible, out_of_pocket: keys of the accumulators that fills share; "": none.
    """

    managers: tuple[str, ...]
    counted_from: str = CLAIMS
    deductible: str = ""
    out_of_pocket: str = ""

    @property
    def shared(self) -> tuple[str, ...]:
        """The accumulators fills count toward."""
        return tuple(key for key in (self.deductible, self.out_of_pocket) if key)


def pharmacy_of(content: Mapping[str, Any]) -> Pharmacy | None:
    """The section of a document, None where there is none."""
    given = content.get("pharmacy")
    if given is None:
        return None
    return Pharmacy(**(given | {"managers": tuple(given["managers"])}))


def pharmacy_faults(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(pointer, message) of what the schema cannot say: accumulators that exist and are of their kind, medical only."""
    given = content.get("pharmacy")
    if given is None:
        return
    if content["line_of_coverage"] != "medical":
        yield "/pharmacy", "drugs share the accumulators of a medical design"
    kinds = {each["key"]: each["kind"] for each in content["accumulators"]}
    for kind in ("deductible", "out_of_pocket"):
        if kind in given and kinds.get(given[kind]) != kind:
            yield f"/pharmacy/{kind}", f"{given[kind]!r} is no accumulator of kind {kind}"
