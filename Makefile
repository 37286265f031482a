# Everything that is typed to run, test or change Alongside. `make` prints the list.
# Nothing here needs root; what is installed lies in .venv and is installed once.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8501
DB ?= sqlite postgresql
WORKERS ?= 2
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input

ifneq ($(filter-out sqlite postgresql,$(DB)),)
$(error DB is sqlite or postgresql; leave it out for both)
endif

.PHONY: help
help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile
	@echo "  With: PORT=8502 (run, demo)   DB=sqlite or DB=postgresql (test)   WORKERS=4 (test)"

# --- Running ------------------------------------------------------------------------------

.PHONY: run demo
run: .venv/run.stamp ## Set up and start on the embedded database
	@$(BIN)/python -c "$$CHECK_PORT" "$(PORT)"
	@$(BIN)/python -m services.manage init
	@exec $(BIN)/streamlit run app.py --server.port "$(PORT)"

# A database of its own, and its own keys beside it even where others are in the environment.
demo: export DATABASE_URL := sqlite:///$(CURDIR)/data/demonstration.sqlite3
demo: export ALONGSIDE_DATA_KEY :=
demo: export ALONGSIDE_COOKIE_KEY :=
demo: .venv/run.stamp ## The same on a separate, filled demonstration database; prints the accounts
	@$(BIN)/python -c "$$CHECK_PORT" "$(PORT)"
	@$(BIN)/python -m services.manage init
	@$(BIN)/python -m services.manage demo --if-empty
	@exec $(BIN)/streamlit run app.py --server.port "$(PORT)"

# --- Testing ------------------------------------------------------------------------------

.PHONY: test test-sqlite test-postgresql test-pages-postgresql test-journeys test-browser lint ruff mypy imports
test: lint $(DB:%=test-%) test-journeys ## Set up and run every check and test, on both databases

test-sqlite: .venv/dev.stamp ## Only the tests on the embedded database
	$(BIN)/pytest -m "not browser" --numprocesses $(WORKERS) --database sqlite

# Tests about the code itself, the bench and charts give the same answer on every database: once
# is enough. So are, in the run before each change, the pages, which see no database but through
# services; `make test-pages-postgresql` has them on PostgreSQL too.
ONCE = tests/code tests/charts tests/bench tests/pages
test-postgresql: .venv/dev.stamp ## Only the tests on PostgreSQL, which starts by itself
	$(BIN)/pytest -m "not browser" --numprocesses $(WORKERS) --database postgresql \
		$(if $(filter sqlite,$(DB)),$(ONCE:%=--ignore %))

test-pages-postgresql: .venv/dev.stamp ## The tests of every page on PostgreSQL
	$(BIN)/pytest --numprocesses $(WORKERS) --database postgresql tests/pages

# On a busy machine a browser now and then loses a click. What failed is run once more, and both
# results stand in the output; what fails twice has failed.
BROWSER_TESTS = $(BIN)/pytest -m "$(BROWSER)" --database $(firstword $(DB)) \
	--numprocesses $(WORKERS) --dist loadfile
test-journeys: BROWSER := browser and not thorough
test-browser: BROWSER := browser

test-journeys: .venv/dev.stamp ## Only the journeys and components in a real browser
test-browser: .venv/dev.stamp ## Those, and every screen by axe and by the keyboard alone
test-journeys test-browser:
	@chromium=$$(sh -c "$$FIND_BROWSER") && export ALONGSIDE_CHROMIUM="$$chromium" && set -x && \
		{ $(BROWSER_TESTS) || $(BROWSER_TESTS) --last-failed --last-failed-no-failures none; }

lint: .venv/dev.stamp ## Style, types and the direction of imports
	@$(MAKE) --keep-going --jobs 2 --output-sync=target ruff mypy imports

ruff:
	$(BIN)/ruff check
	$(BIN)/ruff format --check

mypy:
	$(BIN)/mypy

imports:
	$(BIN)/lint-imports

# --- Now and then -------------------------------------------------------------------------

.PHONY: bench screens format audit freeze
bench: .venv/dev.stamp ## Time every page of the menu on a small and a large database, and an import
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.imports

screens: .venv/dev.stamp ## Take pictures of every screen for docs/screens; ONLY="register today" takes some
	@chromium=$$(sh -c "$$FIND_BROWSER") && \
		ALONGSIDE_CHROMIUM="$$chromium" $(BIN)/python -m tests.browser.screens $(ONLY)

format: .venv/dev.stamp ## Put the code into its usual shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

audit: .venv/dev.stamp ## Look for known weaknesses in what is installed
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip

freeze: ## Write constraints.txt anew after a change to the requirements
	@sh -c "$$MAKE_VENV" - --anew
	@$(PIP) install -r requirements-dev.txt
	@sed -n '/^#/p' constraints.txt > .venv/constraints.txt
	@$(PIP) freeze >> .venv/constraints.txt
	@cp .venv/constraints.txt constraints.txt
	@touch .venv/run.stamp .venv/dev.stamp

# --- Installing: only when a list has changed ---------------------------------------------

.venv/run.stamp: requirements.txt constraints.txt
	@sh -c "$$MAKE_VENV"
	@echo "Installing what Alongside needs; the first time takes a minute or two."
	@$(PIP) install -r requirements.txt -c constraints.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt requirements.txt constraints.txt
	@sh -c "$$MAKE_VENV"
	@echo "Installing what Alongside and its tests need; the first time takes a minute or two."
	@$(PIP) install -r requirements-dev.txt -c constraints.txt
	@touch .venv/run.stamp $@

define MAKE_VENV
recent="import sys; sys.version_info < (3, 11) and sys.exit(1)"
if [ "$$1" != --anew ] && .venv/bin/python -c "$$recent; import pip" 2>/dev/null; then exit 0; fi
for python in $$PYTHON python3.14 python3.13 python3.12 python3.11 python3; do
	"$$python" -c "$$recent" 2>/dev/null || continue
	"$$python" -m venv --clear .venv >/dev/null && exit 0
	found="$$python"
done
if [ -n "$$found" ]; then
	echo "$$found is here but cannot make an environment. Install its venv package" >&2
	echo "(on Debian and Ubuntu: python3-venv), then try again." >&2
else
	echo "Alongside needs Python 3.11 or newer, and none was found here." >&2
	echo "Install one, or say where it is: make run PYTHON=/path/to/python3.11" >&2
fi
exit 1
endef
export MAKE_VENV

define CHECK_PORT
import socket, sys
port = sys.argv[1]
if not (port.isdecimal() and 0 < int(port) < 65536):
    sys.exit(f"PORT={port} is not a port number. Try PORT=8502.")
if socket.socket().connect_ex(("127.0.0.1", int(port))) == 0:
    sys.exit(f"Port {port} is in use. Close what uses it, or add PORT={int(port) + 1} to the command.")
endef
export CHECK_PORT

define FIND_BROWSER
for name in $$ALONGSIDE_CHROMIUM chromium chromium-browser google-chrome; do
	command -v "$$name" && exit 0
done
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "Installing Chromium for the browser tests." >&2
	apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends chromium >/dev/null \
		&& command -v chromium && exit 0
fi
echo "NO BROWSER: no Chromium was found and none could be installed here." >&2
if [ "$$CI" = true ]; then exit 1; fi
echo "The browser tests will be skipped. Install Chromium and try again to run them." >&2
echo /usr/bin/chromium
endef
export FIND_BROWSER
