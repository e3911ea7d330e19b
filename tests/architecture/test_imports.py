"""Storeys, rooms and doors: the contracts of pyproject.toml, and that they speak of everything there is."""

import subprocess
import sys
import tomllib

import pytest

from aso_portal.embedded.state import CHECKOUT

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@pytest.fixture(scope="module")
def rules() -> dict:
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]


def test_all_imports_keep_the_contracts():
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_app_is_under_contract(rules):
    apps = {path.parent.name for path in CHECKOUT.glob("*/apps.py")} - {"aso_portal"}
    assert apps | {"aso_portal"} == set(rules["root_packages"])
    nested = {f"{path.parent.parent.name}.{path.parent.name}" for path in CHECKOUT.glob("*/*/apps.py")}
    contracts = {contract["id"]: contract for contract in rules["contracts"]}
    assert apps == set(contracts["rooms"]["containers"])
    assert nested == set(contracts["rooms-of-nested-apps"]["containers"])


def test_other_apps_find_every_inner_room_of_tenants_and_benefits_locked(rules):
    contracts = {contract["id"]: contract for contract in rules["contracts"]}
    doors = {
        "tenants": {"facade", "core", "web", "fields", "apps", "management"},
        "benefits": {"facade", "core", "apps", "management"},
    }
    for app, open_rooms in doors.items():
        rooms = {
            path.stem for path in (CHECKOUT / app).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
        }
        inner = rooms - open_rooms - {"__init__", "migrations"}
        locked = {name.partition(".")[2] for name in contracts[f"doors-of-{app}"]["forbidden_modules"]}
        assert inner <= locked
