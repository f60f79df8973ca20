# Every target sets up what it needs; a second run starts at once.
.DEFAULT_GOAL := help
.PHONY: help setup setup-test setup-servers servers target-table run demo test check drills bench screenshots wheel
PY := .venv/bin/python
export HF_HUB_OFFLINE := 1

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## Debian packages, .venv, locked dependencies, caption model
	@sh packaging/setup.sh

setup-test:
	@sh packaging/setup.sh test

setup-servers: setup-test
	@sh tests/servers/setup.sh

run: setup ## open the window
	.venv/bin/lapel

demo: setup ## record the sample interview and publish it, end to end
	.venv/bin/lapel demo --out demo

check: setup-test ## ruff, types, import rules
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

# Real browsers, sound servers and clocks share two cores here: what fails is run once more, alone, and counts then.
test: setup-test ## all tests but the drills
	$(PY) -m pytest -m "not drill" -n 3 --dist worksteal || $(PY) -m pytest -m "not drill" --last-failed

# The learning systems of others come by themselves: Playwright runs once in a process.
drills: setup-test setup-servers ## inject the faults that must not lose anything
	$(PY) -m pytest -m drill -n 2 --dist loadfile --ignore tests/servers || $(PY) -m pytest -m drill --ignore tests/servers --last-failed
	$(PY) -m pytest -m drill tests/servers || $(PY) -m pytest -m drill tests/servers --last-failed

servers: setup-test setup-servers ## every package in the learning systems of others (part of the drills)
	$(PY) -m pytest -m drill tests/servers

target-table: setup-test setup-servers ## the same, written to docs/packages-table.md
	$(PY) -m bench.targets

bench: setup-test ## every benchmark, one after the other
	@for each in bench/[a-z]*.py; do name=$$(basename $$each .py); echo "== $$name"; $(PY) -m bench.$$name || exit 1; done

screenshots: setup-test ## every screen and state of the window, into docs/screenshots/window
	@for each in $$($(PY) -m tests.screenshots --list); do $(PY) -m tests.screenshots $$each || exit 1; done

wheel: setup-test ## build the wheel and try it in a clean environment
	sh packaging/try-wheel.sh
