# Twelvefold. `make` alone lists what can be done.
PYTHON ?= python3
PORT ?= 8000
export PYTHON PORT

PY := .venv/bin/python

help: ## list what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 10

run: environment ## serve on http://127.0.0.1:8000 (PORT= changes it), with the demo practice in an empty database
	@exec $(PY) -m flask --app crm serve --port $(PORT)

test: environment-dev ## the whole suite, on SQLite and PostgreSQL, in Chromium where it is found (REQUIRE_ALL=1: it must be)
	@$(PY) -m tests.suite

check: environment-dev ## lint, types, import order, templates, migrations, then the tests
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m djlint templates --lint --quiet
	$(PY) -m tests.migrated
	@$(PY) -m tests.suite

bench: environment-dev ## the benchmark: a table, and the same as JSON
	@$(PY) -m tests.bench

lock: ## write requirements*.txt anew from pyproject.toml; needs uv
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade -o requirements.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url -c requirements.txt -o requirements-dev.txt

clean: ## remove what was made here, but never the database
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@sh .ci/environment requirements.txt

environment-dev:
	@sh .ci/environment requirements-dev.txt

.PHONY: help run test check bench lock clean environment environment-dev
