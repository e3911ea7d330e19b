"""Reading the JSON files of a trial: claims, family and reference, each fault with its place."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from claims.core.claim_json import BadClaim, from_content
from claims.core.trial import BadTrial, TrialClaim

CLAIMS, FAMILY, REFERENCE = "claims", "family", "reference"


def read_claims(text: str) -> list[TrialClaim]:
    """The claims of a file: {"claims": [...]} as documented, a list of claims, or one claim. Raises BadTrial."""
    content = _loaded(text, CLAIMS)
    if isinstance(content, dict) and "claims" in content:
        _check(content, CLAIMS)
        rows = content["claims"]
        return [_claim(row, place, f"/claims/{place - 1}") for place, row in enumerate(rows, start=1)]
    bare = content if isinstance(content, list) else [content]
    if not bare:
        raise BadTrial("The claims file holds no claim.")
    where = (lambda place: f"/{place - 1}") if isinstance(content, list) else (lambda place: "")
    return [
        TrialClaim(claim=_content(row, where(place)), number=f"T{place}") for place, row in enumerate(bare, start=1)
    ]


def read_document(text: str, kind: str) -> Mapping[str, Any]:
    """A family or reference file whose shape is right. Raises BadTrial."""
    content = _loaded(text, kind)
    _check(content, kind)
    document: Mapping[str, Any] = content
    return document


def checked(content: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """An already loaded family or reference, when its shape is right. Raises BadTrial."""
    _check(content, kind)
    return content


def _claim(row: Mapping[str, Any], place: int, at: str) -> TrialClaim:
    received = row.get("received_date")
    try:
        day = date.fromisoformat(received) if received else None
    except ValueError:
        raise BadTrial(f"The claims file, {at}/received_date: there is no day {received}.") from None
    return TrialClaim(
        claim=_content(row["claim"], f"{at}/claim"),
        number=row.get("claim_number", f"T{place}"),
        person=row.get("person", ""),
        received_date=day,
    )


def _content(value: Any, at: str) -> Any:
    try:
        claim = from_content(value, at)
    except BadClaim as fault:
        raise BadTrial(f"The claims file, {fault}") from None
    if not claim.lines:
        raise BadTrial(f"The claims file, {at}/lines: a claim has at least one line.")
    return claim


def _loaded(text: str, kind: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise BadTrial(f"The {kind} file is not JSON: {fault}.") from None


@cache
def _validator(kind: str) -> Draft202012Validator:
    schema = json.loads(files("claims.core").joinpath("trial.schema.json").read_text("utf-8"))
    return Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]})


def _check(content: Any, kind: str) -> None:
    errors = sorted(
        _validator(kind).iter_errors(content), key=lambda error: [str(part) for part in error.absolute_path]
    )
    if errors:
        at = "".join(f"/{part}" for part in errors[0].absolute_path) or "/"
        more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
        raise BadTrial(f"The {kind} file, {at}: {errors[0].message[:200]}{more}.")
