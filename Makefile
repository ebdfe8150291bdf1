# From a clone: `make demo` shows the sample registry's site, `make test` installs what the tests need and passes them.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MLFLOW := .venv-mlflow/bin/python
OLD_MLFLOW := .venv-mlflow-1/bin/python
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: demo test check bench needed browser locales clean

demo: .venv/installed
	@$(BIN)/sitegen serve sample_registry --port $(PORT)

test: needed
	SITEGEN_MLFLOW_PYTHON=$(abspath $(MLFLOW)):$(abspath $(OLD_MLFLOW)) $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

# All that tests need. `make -j needed` installs one beside the other.
needed: .venv/tests browser locales .venv-mlflow/installed .venv-mlflow-1/installed

check: .venv/tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(MAKE) test

bench: .venv/tests
	$(BIN)/python -m tests.bench --output tests/bench/results.md

# Debian's Chromium: playwright drives it, so that no browser has to be downloaded from elsewhere.
browser:
	@command -v chromium >/dev/null || { $(SUDO) apt-get update -q && $(SUDO) apt-get install -qy chromium; }

# The sources of locales: a test makes one of them, whose rules pages must not follow. Two apt-get at once would refuse.
locales: browser
	@[ -e /usr/share/i18n/locales/tr_TR ] || { $(SUDO) apt-get update -q && $(SUDO) apt-get install -qy locales; }

.venv/bin/python:
	$(PYTHON) -m venv .venv || { $(SUDO) apt-get update -q && $(SUDO) apt-get install -qy python3-venv && $(PYTHON) -m venv --clear .venv; }

# Compiled as pip compiles a wheel: an editable install where Python may write no bytecode would compile at each start.
.venv/installed: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install -q -e .
	$(BIN)/python -m compileall -q sitegen
	@touch $@

.venv/tests: .venv/installed
	$(BIN)/python -m pip install -q -e '.[test]'
	@touch $@

# MLflow itself, in an environment of its own: the judge of verdicts and readers, no part of sitegen. Its server can ask
# for passwords, and what it needs for that may be new to an environment that was made before.
.venv-mlflow/installed: .venv/bin/python Makefile
	$(PYTHON) -m venv .venv-mlflow
	$(MLFLOW) -m pip install -q 'mlflow[auth]>=3.10'
	@touch $@

# The last 1.x, for stores that no later MLflow opens. It imports pkg_resources, which left setuptools with version 80.
.venv-mlflow-1/installed: .venv/bin/python
	$(PYTHON) -m venv .venv-mlflow-1
	$(OLD_MLFLOW) -m pip install -q 'mlflow==1.30.1' 'setuptools<80'
	@touch $@

clean:
	rm -rf .venv .venv-mlflow .venv-mlflow-1 site build dist *.egg-info
