# Two commands do all: `make demo` crawls the bundled sample portal, `make test` runs the tests.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# A test run starts hundreds of interpreters: each would compile the whole program anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo extras test test-quick lint size quality bench bench-scale bench-fleet bench-peers performance mutants docs soak interop wheel-check lock release fuzz audit format clean

demo: $(VENV)/.core
	$(BIN)/armcrawl demo

# What analysts need, and PostgreSQL.
extras: $(VENV)/.extras

test: $(VENV)/.dev $(VENV)/.browser
	$(BIN)/python -m pytest -m "not soak"

# One room at a time, on SQLite: what one runs again and again. It waits for nothing, so two processes fill two cores.
test-quick: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 -m "unit or store"

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Lines of code by room, without blanks and docstrings, and how many files each folder has.
size:
	$(PYTHON) -m tests.size

# How well Russian is read, beside others, and that it never gets worse.
quality: $(VENV)/.bench
	$(BIN)/python -m tests.quality

# Speed beside others' and within limits, in twelve minutes on two quiet cores; data/bench.json gets the results.
bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

# What only many pages show, and how costs grow with the archive, in fifty minutes on two quiet cores and with thirty
# gigabytes for temporary files; benchmarks/records/growth.json gets the curves.
bench-scale: $(VENV)/.bench
	$(BIN)/python -m benchmarks --scale

# What a fleet costs: twenty nights of a thousand sites with a stub for the crawl, and one of sixty with real crawls. Ten
# minutes on two quiet cores.
bench-fleet: $(VENV)/.bench
	$(BIN)/python -m benchmarks.fleet

# Speed and quality beside other people's readers, full text and finders of copies, in nine minutes on two quiet cores;
# data/peers.json gets the results. Real pages are measured where they lie beside the checkout (tests/quality).
bench-peers: $(VENV)/.bench $(VENV)-peers/.done
	$(BIN)/python -m benchmarks.peers

# What the last benchmarks measured becomes docs/performance.md.
performance: $(VENV)/.bench
	$(BIN)/python -m benchmarks.page --take

# Whether a quick test notices when a central rule is another one.
mutants: $(VENV)/.dev
	$(BIN)/python -m tests.mutants

# What takes long: rooms and commands on PostgreSQL, all faults, a month of nights, twenty deaths, silence as long as it is in
# earnest, and ten times as many examples of wild input.
soak: $(VENV)/.dev
	$(BIN)/python -m pytest -m soak
	ARMCRAWL_TEST_NIGHTS=30 $(BIN)/python -m pytest tests/cli/test_month.py tests/cli/test_press.py
	ARMCRAWL_TEST_ROUNDS=5 $(BIN)/python -m pytest tests/cli/test_deaths.py
	ARMCRAWL_TEST_TIMEOUT=60 $(BIN)/python -m pytest tests/faults -k "silen or byte or never"
	ARMCRAWL_TEST_EXAMPLES=10 $(BIN)/python -m pytest -m hypothesis

# Other people's tools: wget makes an archive that we read, pywb replays ours and answers `--wayback`, py-wacz checks our
# packages, restic and borg keep our backups. Debian has the last two.
interop: $(VENV)/.dev $(VENV)-pywb/.done
	@command -v restic borg >/dev/null || apt-get install -qq -y restic borgbackup >/dev/null
	PATH="$(CURDIR)/$(VENV)-pywb/bin:$$PATH" $(CURDIR)/$(BIN)/python -m pytest interop

# Pages that are made from the program itself; the tests compare them.
docs: $(VENV)/.dev
	$(BIN)/python -m armcrawl.cli.documentation > docs/cli.md
	$(BIN)/armcrawl db schema > docs/schema.md
	$(BIN)/python -c "from armcrawl.stats import stats_page; print(stats_page(), end='')" > docs/stats.md
	$(BIN)/python -m tests.analysts
	$(BIN)/python -m tests.notebook
	$(BIN)/python -m tests.guard > docs/guard.new && mv docs/guard.new docs/guard.md

# The wheel, built and installed in a folder of its own: what a user gets who never saw this repository.
wheel-check: $(VENV)/.dev
	$(BIN)/python -m pytest -n 0 interop/test_wheel.py

# Hashes of everything that is installed, for all versions of Python that are supported: one file for each of two venvs.
LOCK = $(VENV)-release/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
  --custom-compile-command "make lock"
lock: $(VENV)-release/.done
	$(LOCK) --extra postgres --extra s3 --extra analysis --extra fleet --constraint constraints.txt --output-file deploy/requirements.txt pyproject.toml
	$(LOCK) --output-file deploy/build-requirements.txt deploy/build-requirements.in

# What is published: built twice to the same bytes, checked, installed where nothing else is, and the demo run from there.
release: $(VENV)-release/.done
	PYTHON=$(CURDIR)/$(VENV)-release/bin/python sh deploy/release.sh

# Ten minutes of hostile input, and a new seed each time; ARMCRAWL_FUZZ_SECONDS=60 for less.
fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.fuzz

# Known holes in what we build on. Strict: a package that could not be looked up is a failure, not a pass.
audit: $(VENV)-audit/.done
	$(VENV)-audit/bin/pip-audit --strict --no-deps --disable-pip --requirement constraints.txt

format: $(VENV)/.dev
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(VENV)-pywb $(VENV)-audit $(VENV)-release $(VENV)-peers dist data/*.db data/*.db-* data/*-archive data/*-archive-reparse-* data/bench.json data/peers.json

# An old pip cannot install some of the packages, so pip itself comes first.
$(VENV)/.core: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(INSTALL) --editable .
	touch $@

$(VENV)/.extras: $(VENV)/.core
	$(INSTALL) --editable ".[notebook,postgres]"
	touch $@

$(VENV)/.dev: $(VENV)/.core
	$(INSTALL) --editable ".[test,lint]"
	touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(INSTALL) --editable ".[test,lint,bench]"
	touch $@

# The browser that pages are tested with. Where it cannot be installed, the tests say what they leave out.
$(VENV)/.browser: | $(VENV)/.dev
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && { apt-get install -qq -y chromium || { apt-get update -qq && apt-get install -qq -y chromium; }; } \
	  >/dev/null 2>&1; } || echo "Chromium cannot be installed: pages are not tested in a browser."
	@if command -v chromium >/dev/null; then touch $@; fi

# pywb wants older versions of what we use, so it and py-wacz live apart.
$(VENV)-pywb/.done: Makefile
	$(PYTHON) -m venv $(VENV)-pywb
	$(VENV)-pywb/bin/python -m pip install --quiet --disable-pip-version-check pywb==2.10.0 wacz==0.6.0 "setuptools<80"
	touch $@

# Other versions of what we use ourselves, and an extractor that brings half a cloud along.
$(VENV)-peers/.done: benchmarks/peers/requirements.txt
	$(PYTHON) -m venv $(VENV)-peers
	$(VENV)-peers/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(VENV)-peers/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	touch $@

$(VENV)-audit/.done:
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/python -m pip install --quiet --disable-pip-version-check "pip-audit>=2.9"
	touch $@

$(VENV)-release/.done: deploy/build-requirements.txt
	$(PYTHON) -m venv $(VENV)-release
	$(VENV)-release/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	$(VENV)-release/bin/python -m pip install --quiet --disable-pip-version-check "twine>=7" "uv>=0.13"
	touch $@
