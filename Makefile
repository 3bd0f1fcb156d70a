# `make demo` and `make test` set up what they need and stay quiet about it; a second run goes straight to work.
# Another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq install

.PHONY: demo test check format docs gains pins clean

demo: .venv/runtime.stamp  ## Read the sample documents, print what is overdue, write a report.
	@$(BIN)/tracker demo

test: .venv/development.stamp  ## All tests, on two cores.
	@$(BIN)/pytest -n 2 --dist loadgroup

check: .venv/development.stamp  ## Style, types and the direction of imports.
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "make format puts this right"; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo > .venv/imports.txt || { cat .venv/imports.txt; exit 1; }

format: .venv/development.stamp
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

docs: .venv/development.stamp  ## Bring docs/cli.md and the README's excerpt up to date with the program.
	@UPDATE=1 $(BIN)/pytest -q tests/contracts -k "reference or excerpt"

gains: .venv/development.stamp  ## What this tree finds and BASE does not, and the other way round.
	@$(BIN)/python benchmarks/gains.py --base $(or $(BASE),HEAD)

pins:  ## Choose the newest versions again (needs uv).
	@for set in runtime:build "development:build test check"; do \
	  uv pip compile --quiet --upgrade pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    $$(for group in $${set#*:}; do echo --group $$group; done) -o requirements/$${set%%:*}.txt; \
	done

clean:  ## Remove what these targets made; the database stays.
	rm -rf .venv demo build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; say which: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/%.stamp: requirements/%.txt pyproject.toml | .venv/bin/python
	@echo "Setting up .venv ($*) …"
	@$(PIP) --require-hashes -r requirements/$*.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
