"""What a guide's table reads it writes: every sound file we have, and generated ones, up to line breaks."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from aso_portal.kernel.x12.delimiters import Delimiters
from aso_portal.kernel.x12.events import SetEnd
from aso_portal.kernel.x12.guides import GUIDES
from aso_portal.kernel.x12.reader import read
from aso_portal.kernel.x12.writer import segment_text
from benefits.management.population import Population
from claims.management.made.claims import Visits
from claims.management.made.files import write_837
from claims.management.made.providers import providers
from tests.factories.rewriting import contents, rewritten

ROOT = Path(__file__).parents[4]
SAMPLES = ROOT.parent / "shared" / "samples"
FOLDERS = (ROOT / "tests/examples/edi", ROOT / "tests/examples/834", SAMPLES)


def sound(path: Path) -> bool:
    """Whether every set of the file is read without a fault by a guide we have."""
    with path.open("rb") as stream:
        ends = [event for event in read(stream) if isinstance(event, SetEnd)]
    return bool(ends) and all(end.verdict == "A" and end.start.guide is not None for end in ends)


def files() -> list[Path]:
    found = (path for folder in FOLDERS if folder.is_dir() for path in folder.rglob("*") if path.is_file())
    named = [path for path in found if not path.name.startswith(("LICENSE", "README", "MANIFEST"))]
    return sorted(path for path in named if sound(path))


FILES = files()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sound_file_is_written_as_it_was_read(path):
    data = path.read_bytes()
    assert list(contents(rewritten(data))) == list(contents(data))


def test_there_are_sound_files_of_many_guides():
    kinds = set()
    for path in FILES:
        with path.open("rb") as stream:
            kinds |= {event.start.guide.name for event in read(stream) if isinstance(event, SetEnd)}
    assert {"837P", "837I", "837D", "834"} <= kinds
    if SAMPLES.is_dir():
        assert kinds == {guide.name for guide in GUIDES}


@pytest.mark.parametrize("seed", range(3))
def test_generated_claims_of_every_kind_are_written_as_they_were_read(seed):
    start = date(2026, 1, 1)
    families = list(Population(seed=seed, employees=8, code="RTP", year_start=start))
    visits = Visits(
        seed=seed, code="RTP", group_number="RT-1", families=families,
        providers=providers(seed=seed, count=40), covers=frozenset({"medical", "dental", "vision"}), start=start,
        end=date(2026, 3, 1),
    )  # fmt: skip
    text = io.StringIO()
    write_837(text, visits.claims(150), control=1, at=datetime(2026, 3, 2, tzinfo=UTC), per_set=40)
    data = text.getvalue().encode()
    written = rewritten(data)
    assert list(contents(written)) == list(contents(data))
    assert list(contents(rewritten(written))) == list(contents(written))


def test_elements_that_repeat_are_written_between_their_separator():
    cuts = Delimiters("*", ":", "~", "^")
    assert segment_text("EB", ("1", "", ["30", "98"]), cuts) == "EB*1**30^98~"
    assert segment_text("DMG", ("D8", "", [("", "RET", "1"), ("", "RET", "2")]), cuts) == "DMG*D8**:RET:1^:RET:2~"
