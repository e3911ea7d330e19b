# `make help` lists what there is. Works from any folder name; nothing is installed outside .venv (but Chromium, by root, for tests).
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run down test test-nobrowser test-core lint types bench

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
UV := uv==0.13.9
PY := .venv/bin/python
TEST_WORKERS ?= 2
export BENCH

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' Makefile

run: .venv/run.stamp ## the portal with its demo, in the foreground: http://localhost:8000 (PORT=…)
	@exec $(PY) manage.py up

down: .venv/run.stamp ## stop the portal and all embedded servers
	@$(PY) manage.py down

test: lint types ## every check and every test, browser included
	@CHROMIUM_PATH="$$($(PY) -m tests.journeys.browser)" && export CHROMIUM_PATH && $(call pytest,)

test-nobrowser: lint types ## every check and every test that needs no browser
	@$(call pytest,-m "not browser")

test-core: .venv/dev.stamp ## the tests of plain calculations: no database, seconds
	@$(PY) -m pytest --noconftest -p no:django -p no:xdist -W ignore::pytest.PytestConfigWarning \
		tests/aso_portal/kernel $$(find tests -type d -name core -path 'tests/*/core')

lint: .venv/dev.stamp ## style, imports between apps
	@$(PY) -m ruff check --quiet .
	@$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

types: .venv/dev.stamp ## static types
	@$(PY) -m mypy

bench: .venv/dev.stamp ## the figures the portal holds itself to (BENCH=quick: small sizes, a minute)
	@code=0; $(PY) -m bench || code=$$?; $(PY) -m aso_portal.embedded stop bench; exit $$code

# Test servers are left running for the next time, except in a pipeline. `make down` stops them as well.
define pytest
code=0; $(PY) -m pytest -n $(TEST_WORKERS) $(1) $(PYTEST_ARGS) || code=$$?; \
	if [ -n "$$CI" ]; then $(PY) -m aso_portal.embedded stop test; fi; exit $$code
endef

# Packages: uv is quick, pip is everywhere. Both check the hashes of the lists.
define install
$(PY) -m pip install --quiet --disable-pip-version-check $(UV) 2>/dev/null && $(PY) -m uv pip install --quiet --system-certs --python $(PY) --require-hashes -r $(1) \
	|| $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) \
	|| { echo "The packages of $(1) could not be installed; the reason stands above." >&2; exit 1; }
endef

.venv/run.stamp: requirements.txt | .venv/ready
	@echo "Installing packages (once) …"
	@$(call install,requirements.txt)
	@touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/ready
	@echo "Installing packages for tests (once) …"
	@$(call install,requirements-dev.txt)
	@touch $@

# A virtual environment whose Python moved away is made anew.
.venv/ready: FORCE
	@if ! $(PY) -c 'import sys, importlib.util as u; sys.exit(sys.version_info < (3, 11) or not u.find_spec("pip"))' 2>/dev/null; then \
		[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed; no such python3 was found." >&2; exit 1; }; \
		rm -rf .venv; \
		"$(PYTHON)" -m venv .venv >/dev/null 2>&1 || { rm -rf .venv; \
			echo "$(PYTHON) cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv)." >&2; exit 1; }; \
	fi
FORCE:
