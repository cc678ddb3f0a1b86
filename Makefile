# Every target sets up what it needs: a Python of 3.11 or later with venv is enough to start from.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test check bench clean

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO := fixtures/put-integration

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

$(READY): pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "vtlsim needs Python 3.11 or later; none was found on the PATH" >&2; exit 1; fi
	@echo "setting up $(VENV) (once)" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "$(PYTHON) cannot make a virtual environment (on Debian: apt-get install python3-venv)" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@$(BIN)/python -m compileall -q vtlsim || true
	@touch $@

demo: $(READY) ## three integrations, from the client's request to what the backend would get
	@printf '\n== Kinesis ListStreams, the example of the PutIntegration page ==\n'
	@$(BIN)/vtlsim invoke $(DEMO)/list-streams.json 2>&1
	@printf '\n== an HTTP backend behind a template ==\n'
	@$(BIN)/vtlsim invoke $(DEMO)/orders-http.json POST /orders -H 'Content-Type: application/json; charset=utf-8' \
	  -H 'X-Tenant: acme' -b '{"reference": "r-1", "customer": {"name": "O'"'"'Hara"}, "items": [{"sku": "a", "qty": 2, "price": 9.5}]}' 2>&1
	@printf '\n== a Content-Type that nothing maps, under NEVER ==\n'
	@$(BIN)/vtlsim invoke $(DEMO)/never-415.json POST / -H 'Content-Type: text/xml' -b '<order/>' 2>&1

test: $(READY) ## the tests
	@$(BIN)/python -m pytest

check: $(READY) ## lint, format, types, the direction of the rooms
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(READY) ## what is measured, against whom
	@$(BIN)/python bench

clean: ## the environment and every cache
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage build dist
	@find . -name __pycache__ -prune -exec rm -rf {} +
