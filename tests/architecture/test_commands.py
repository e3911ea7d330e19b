"""The two commands of the README and their company."""

import re
import subprocess

import pytest

from aso_portal.embedded.state import CHECKOUT

TARGETS = {"help", "run", "down", "test", "test-nobrowser", "test-core", "lint", "types", "bench"}


def test_make_help_lists_every_target():
    makefile = (CHECKOUT / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    listed = subprocess.run(["make", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    assert phony == TARGETS == set(re.findall(r"^  make ([a-z-]+) ", listed, re.MULTILINE))


def test_the_pipeline_runs_make_test():
    script = (CHECKOUT / ".ci" / "run").read_text()
    assert "exec make test < /dev/null" in script
    assert (CHECKOUT / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_with_hashes_and_comes_from_wherever_the_machine_gets_packages(name):
    text = (CHECKOUT / name).read_text()
    packages = re.split(r"\n(?=[a-z0-9])", "\n" + text.strip())[1:]
    assert len(packages) > 40
    assert [one.split("\n")[0] for one in packages if "==" not in one or "--hash=sha256:" not in one] == []
    assert not re.search(r"https?://|--index|--extra-index|--find-links", text)


def test_what_runs_is_pinned_alike_for_tests():
    def pins(name: str) -> set[str]:
        return set(
            re.findall(r"^[a-z0-9][\w.-]*(?:\[[\w,]+\])?==[^ ;\\]+", (CHECKOUT / name).read_text(), re.MULTILINE)
        )

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


@pytest.mark.parametrize(
    "page",
    ["README.md", "docs/architecture.md", *(f"docs/adr/{path.name}" for path in (CHECKOUT / "docs/adr").glob("*.md"))],
)
def test_links_between_pages_lead_somewhere(page):
    here = (CHECKOUT / page).parent
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (CHECKOUT / page).read_text())
    assert [link for link in links if not (here / link).exists()] == []
