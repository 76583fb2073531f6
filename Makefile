# The first call of any target makes .venv and installs what that target needs. `make` alone lists the targets.

PYTHON ?= python3
BIN := .venv/bin
SOURCES := bot handlers
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	--custom-compile-command "make lock"

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test browser faults screenshots coverage check bench format locales lock FORCE

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.runtime ## Start the bot; settings come from the environment, then from .env
	@set -a; environment=$$(export -p); [ ! -f .env ] || . ./.env; eval "$$environment"; exec $(BIN)/python main.py

test: .venv/.dev ## Run the whole test suite
	$(BIN)/pytest -q

browser: .venv/.dev ## Drive the playground in Chromium as a person would (Debian: apt-get install chromium fonts-noto-core)
	$(BIN)/pytest -q tests/browser

# `make faults TIMES=10` plays everything ten times; SEED=… makes the same choices again.
faults: .venv/.dev ## Kill, cut off and starve running bots, and audit what people got and what was written (5 minutes)
	$(BIN)/python -m tests.faults $(if $(TIMES),--times $(TIMES)) $(if $(SEED),--seed $(SEED))

screenshots: .venv/.dev ## Take the pictures of docs/pictures anew
	$(BIN)/python -m tests.browser.screenshots

coverage: .venv/.dev ## Run the test suite and show which lines no test reaches
	$(BIN)/pytest -q --cov --cov-report=term-missing:skip-covered

check: .venv/.dev build/messages.pot ## Lint, format, types, layers, translations, data: whatever can be checked without running the bot
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.locales_check build/messages.pot
	$(BIN)/python main.py data check
	$(BIN)/python -m data.build.questions --check

bench: .venv/.bench ## Measure what the bot promises about speed and memory
	$(BIN)/python -m tests.bench

format: .venv/.dev ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

# `make locales NEW=pl` adds a language. Matching by likeness is off: it would call a sentence translated that nobody has read.
locales: .venv/.dev build/messages.pot ## Bring the catalogues up to date with the code, compile them, report what is untranslated
	@mkdir -p locales
	cp build/messages.pot locales/messages.pot
	$(if $(NEW),$(BIN)/pybabel --quiet init --input-file locales/messages.pot --output-dir locales --locale $(NEW))
	$(BIN)/pybabel --quiet update --input-file locales/messages.pot --output-dir locales --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel --quiet compile --directory locales
	-@$(BIN)/python -m tests.locales_check build/messages.pot

lock: .venv/.dev ## Pin the ranges of pyproject.toml; `make lock UPGRADE=--upgrade` takes the newest versions that fit
	$(LOCK) $(UPGRADE) pyproject.toml --output-file requirements.txt
	$(LOCK) $(UPGRADE) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt
	$(LOCK) $(UPGRADE) pyproject.toml --group dev --group bench --constraint requirements-dev.txt --output-file requirements-bench.txt

# The creation date would change the file at each call.
build/messages.pot: .venv/.dev FORCE
	@mkdir -p build
	@$(BIN)/pybabel --quiet extract --no-default-keywords --keyword _ --keyword gettext --keyword translate --keyword plural:1,2 \
		--add-comments Translators: --add-location file --sort-by-file --project learning-cities-bot --version 1 \
		--copyright-holder "the learning cities bot contributors" --msgid-bugs-address "see README.md" --output-file $@ $(SOURCES)
	@sed -i.dated -e '/^"POT-Creation-Date:/d' -e '/^# FIRST AUTHOR/d' $@ && rm $@.dated

.venv/.runtime: requirements.txt | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@

.venv/.bench: requirements-bench.txt | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-bench.txt
	@touch $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; $(PYTHON) is not. Try: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' \
		|| { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
