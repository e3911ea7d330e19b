"""How a FileReport is shown: lines for people, JSON for programs."""

from collections.abc import Iterator
from typing import Any

from benefits.core.happenings import APPLIED, READY, REJECTED, UNCHANGED
from benefits.services.imports import FileReport

MOST_ROWS_SHOWN = 200


def as_json(report: FileReport, **more: Any) -> dict[str, Any]:
    """Everything in the report."""
    return {
        **more,
        "status": report.status,
        "reasons": list(report.reasons),
        "import": str(report.import_uuid) if report.import_uuid else None,
        "counts": {result: report.count(result) for result in (APPLIED, UNCHANGED, READY, REJECTED)},
        "proposed_terminations": report.proposed_terminations,
        "rows": [{"position": row.position, "result": row.result, "reasons": list(row.reasons)} for row in report.rows],
    }


def as_lines(report: FileReport, *, name: str, place: str) -> Iterator[str]:
    """A summary, the reasons for the whole, and every row that has something to say. place: "line" or "segment"."""
    counted = ((report.count(result), result) for result in (APPLIED, UNCHANGED, READY, REJECTED))
    counts = ", ".join(f"{count} {result}" for count, result in counted if count)
    proposed = f"; {report.proposed_terminations} terminations proposed" if report.proposed_terminations else ""
    yield f"{name}: {report.status} ({counts or 'no rows'}{proposed})"
    yield from (f"  {reason}" for reason in report.reasons)
    telling = [row for row in report.rows if row.reasons]
    for row in telling[:MOST_ROWS_SHOWN]:
        yield f"  {place} {row.position}: {row.result}: {'; '.join(row.reasons)}"
    if len(telling) > MOST_ROWS_SHOWN:
        yield f"  … and {len(telling) - MOST_ROWS_SHOWN} more rows; --json shows them all"
