"""The browser libraries are the files we reviewed, and none of ours asks another host for anything."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("folder", ["static/vendor", "tests/vendor"])
def test_every_vendored_file_has_the_sum_that_was_reviewed(folder):
    listed = dict(reversed(line.split("  ", 1)) for line in (ROOT / folder / "SHA256SUMS").read_text().splitlines())
    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (ROOT / folder).iterdir()
        if file.name != "SHA256SUMS"
    }
    assert found == listed


def test_each_library_keeps_its_licence_beside_it():
    names = {file.name for file in (ROOT / "static/vendor").glob("*.LICENSE.txt")}
    assert names == {"bootstrap.LICENSE.txt", "popper.LICENSE.txt", "htmx.LICENSE.txt", "inter.LICENSE.txt"}


def test_the_source_maps_stay_since_hashed_storage_asks_for_them():
    for name in ("bootstrap.min.css", "bootstrap.bundle.min.js"):
        assert f"sourceMappingURL={name}.map" in (ROOT / "static/vendor" / name).read_text()
        assert (ROOT / "static/vendor" / f"{name}.map").exists()


def test_our_styles_and_scripts_name_no_other_host():
    for file in [*(ROOT / "static/css").glob("*.css"), *(ROOT / "static/js").glob("*.js")]:
        assert not re.search(r"(https?:)?//[a-z0-9.-]+\.[a-z]{2,}", file.read_text().replace("// ", "")), file.name


def test_the_lock_file_carries_no_download_addresses():
    assert '"resolved"' not in (ROOT / "docs/vendor/package-lock.json").read_text()
