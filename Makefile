# The two commands of the README are `make demo` and `make test`; each does all the set-up it needs.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Setting up again is needed only when what is locked or declared changes, so a second run works without network.
STAMP := $(VENV)/.set-up

.PHONY: help setup demo test test-e2e test-integration test-units check bench train eval chaos golden lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | sort | expand -t 12

$(STAMP): requirements.lock requirements-bootstrap.lock pyproject.toml
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit("Belfry needs Python 3.11 to 3.13; this is " + sys.version.split()[0] + ". Name another one: make setup PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3-venv is missing: install it (Debian: apt-get install python3-venv) and run this again" >&2; exit 1; }
	@echo "Setting up .venv (once; about 700 MB)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@$(BIN)/uv pip sync --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --offline -e .
	@$(BIN)/python -m processors.matching.compiled # the matcher's kernels, lists of stems: some 40 s, or whoever matches first waits
	@touch $@

setup: $(STAMP) ## make .venv with belfry in it

demo: $(STAMP) ## everything on this machine, from nothing to a rung bell
	@$(BIN)/belfry demo

# Three pytests side by side: what starts servers mostly waits for them. Each server test module has a world of its own,
# and tests/e2e and tests/integration take about as long as each other.
test: $(STAMP) ## every test, against a real Kafka broker and a real Elasticsearch node
	@$(BIN)/belfry stack fetch
ifdef PYTEST_ARGS
	@$(BIN)/python -m pytest $(PYTEST_ARGS)
else
	@echo "Three parts side by side, some five minutes on two cores; each is shown when it ends"
	@$(MAKE) --no-print-directory --keep-going --jobs=3 --output-sync=target test-integration test-e2e test-units
endif

test-e2e: # whole stacks, started and killed as users do it
	@nice -n 3 $(BIN)/python -m pytest -q tests/e2e

test-integration: # on one Kafka and one Elasticsearch
	@$(BIN)/python -m pytest -q tests/integration

test-units: # gives way, as test-e2e does a little: the others are longer, and leave a processor idle while they wait
	@nice -n 6 $(BIN)/python -m pytest -q tests --ignore tests/e2e --ignore tests/integration

check: $(STAMP) ## linters, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports
	@$(BIN)/vulture
	@$(BIN)/deptry .

bench: $(STAMP) ## the matcher beside a warm Lucene Monitor, and how soon a webhook has its bell (see bench/README.md)
	@$(BIN)/python bench/run.py $(BENCH_ARGS)
	@$(BIN)/belfry stack fetch
	@$(BIN)/python -m bench.latency $(LATENCY_ARGS)

train: $(STAMP) ## the model for names anew, from models/corpus and ../shared/data/ner (see models/names/README.md)
	@OMP_NUM_THREADS=1 $(BIN)/python -m models.train $(TRAIN_ARGS)

eval: $(STAMP) ## how good enrichment is, into docs/quality.md (see eval/README.md)
	@$(BIN)/python -m eval.run $(EVAL_ARGS)

# tests.chaos.away waits for ten minutes of the clock, so it runs beside the others, which need the processors.
chaos: $(STAMP) ## whatever kills, stops, damages or is away, full size; every record and bell accounted for (half an hour)
	@$(BIN)/belfry stack fetch
	@$(BIN)/python -m tests.chaos.away $(AWAY_ARGS) >/dev/null & away=$$!; failed=0; \
	$(BIN)/python -m tests.chaos.chaos $(CHAOS_ARGS) || failed=1; \
	$(BIN)/python -m tests.chaos.bells $(BELLS_ARGS) || failed=1; \
	$(BIN)/python -m tests.chaos.faults $(FAULTS_ARGS) || failed=1; \
	wait $$away || failed=1; cat tests/chaos/results/away.json; exit $$failed

golden: $(STAMP) ## write the expected results of samples/ anew, and show what changed
	@$(BIN)/python tools/refresh_golden.py

lock: ## resolve the dependencies anew (needs the network)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --group dev pyproject.toml -o requirements.lock
	@echo 'uv' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header - -o requirements-bootstrap.lock

clean: ## remove the environment and what tests left
	@rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
