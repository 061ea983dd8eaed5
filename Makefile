# The two commands of README: `make demo` and `make test`. Nothing but Python 3.11+, git and make is needed.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

DEMO_DATA ?= data/demo
DEMO_PORT ?= 8080

# As many at once as there are cores, and no more than four: each has a model and an index in memory.
PARALLEL    ?= --numprocesses=logical --maxprocesses=4 --dist=loadgroup
# The long tests are for the check: make test PYTEST_ARGS=
PYTEST_ARGS ?= -m "not slow" $(PARALLEL)

.PHONY: demo test lint bench openapi clean

demo: $(VENV)/installed
	@LONJA_DATA=$(DEMO_DATA) LONJA_PORT=$(DEMO_PORT) DEMO_SERVE=$(DEMO_SERVE) $(BIN)/lonja demo

test: $(VENV)/installed-for-tests
	@$(BIN)/pytest $(PYTEST_ARGS)

lint: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/installed-for-tests
	$(BIN)/lonja bench

# After a change of the API: a test holds docs/openapi.json against it.
openapi: $(VENV)/installed
	@$(BIN)/python -m search_api.openapi_file docs/openapi.json

clean:
	rm -rf $(VENV) data build dist

# Stamps: an installation is made again when pyproject.toml or the web UI's sources changed.

FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/__pycache__/*')

$(VENV)/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Lonja needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3 demo")'
	@echo "Creating $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/installed: pyproject.toml $(FRONTEND) | $(VENV)/created
	@echo "Installing Lonja into $(VENV) (about a minute) ..."
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/installed-for-tests: pyproject.toml $(FRONTEND) | $(VENV)/created
	@echo "Installing Lonja and what its tests need into $(VENV) (a few minutes) ..."
	@$(BIN)/python -m pip install --quiet --group test --group lint --editable '.[sentence-transformers,postgresql]'
	@touch $@ $(VENV)/installed
