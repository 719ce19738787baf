# pullback: every command here does its own set-up, and a second run starts at once.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
STAMP := $(VENV)/.set-up
JOBS ?= 2
MINUTES ?= 5
COUNT ?= 1000
PYTEST := $(BIN)/pytest -q

.PHONY: help setup demo test fast lint types fuzz fuzz-laws fuzz-parsers mutants docs bench golden format clean distclean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## make the environment in .venv (PYTHON=... picks an interpreter)
	@echo "ready: $(BIN)/python, $(BIN)/pullback"

# Anything from Python 3.11 on that can make virtual environments will do; the first one found is taken.
$(STAMP): pyproject.toml
	@if [ ! -x $(BIN)/python ]; then \
	    found=; \
	    for candidate in $${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do \
	        if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
	            2>/dev/null; then found=$$candidate; break; fi; \
	    done; \
	    if [ -z "$$found" ]; then \
	        echo "pullback needs Python 3.11 to 3.14 with its venv module, and none was found on the PATH." >&2; \
	        echo "Install one (Debian and Ubuntu: apt install python3 python3-venv), or name it: make setup PYTHON=/path/to/python" >&2; \
	        exit 1; \
	    fi; \
	    echo "making $(VENV) with $$($$found --version)"; \
	    "$$found" -m venv $(VENV); \
	fi
	@echo "installing pullback and its tools into $(VENV) (the first time takes a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,viz]'
	@touch $@

demo: $(STAMP) ## compile examples/logistic.pull, train it on real data, report its accuracy
	@$(BIN)/python examples/logistic.py

test: $(STAMP) lint ## everything: style, types, all tests (under ten minutes on two cores)
	$(PYTEST) -n $(JOBS)

fast: $(STAMP) lint ## the tests that take no time (under a minute)
	$(PYTEST) -n $(JOBS) -m 'not slow'

lint: $(STAMP) ## style, by ruff
	@$(BIN)/ruff check --output-format concise .

types: $(STAMP) ## types, by mypy on the installed wheel
	$(PYTEST) tests/structure/test_types.py

fuzz: $(STAMP) ## random programs in every way there is, JOBS at a time; failures go to tests/fuzzing/found (MINUTES=n)
	@cd tests && ../$(BIN)/python -m fuzzing.run --minutes $(MINUTES) --jobs $(JOBS) $(if $(SEED),--seed $(SEED))

fuzz-parsers: $(STAMP) ## random input into every parser (MINUTES=n)
	@cd tests && ../$(BIN)/python -W ignore -m fuzzing.parsers --minutes $(MINUTES)

fuzz-laws: $(STAMP) ## the laws of derivatives on COUNT programs over each semiring; third derivatives against SymPy
	@cd tests && ../$(BIN)/python -m fuzzing.laws --count $(COUNT) --jobs $(JOBS)

mutants: $(STAMP) ## put faults into a copy of the compiler, one at a time: the tests must notice each (an hour or so)
	@$(BIN)/python tests/mutation/run.py

docs: $(STAMP) ## run what the documentation shows
	$(PYTEST) tests/docs

golden: $(STAMP) ## rewrite the golden texts from what the compiler prints now; read the diff before committing
	$(PYTEST) -n $(JOBS) --update-golden

# Peers are kept out of the environment that is developed in.
$(BENCH)/.set-up: $(STAMP) benchmarks/requirements.txt
	@echo "installing JAX, PyTorch and the other peers into $(BENCH) (some minutes, the first time)"
	@$(BIN)/python -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --editable . -r benchmarks/requirements.txt
	@touch $@

bench: $(BENCH)/.set-up ## measure beside JAX, PyTorch and C (in an environment of its own); writes benchmarks/results
	@$(BENCH)/bin/python benchmarks/run.py

format: $(STAMP) ## order the imports and mend what ruff can mend by itself
	@$(BIN)/ruff check --fix .

clean: ## remove what the tools made, except the environment
	rm -rf .cache .hypothesis build dist *.egg-info examples/out benchmarks/out
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove the environment too
	rm -rf $(VENV)
