# `make run` and `make test` are all that a fresh machine needs.

# The first of these that runs and is new enough (a pyenv shim may exist and not work).
PYTHONS := python3 python3.13 python3.12 python3.14 python3.11
PYTHON ?= $(shell for p in $(PYTHONS); do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
RUN := .venv/bin/python

.PHONY: run test sweep packages dev-packages check lint types contracts migrations kept-database messages fmt bench audit campaign screenshots

run: packages  ## the demonstration, at http://localhost:8000
	@$(RUN) manage.py run

test: dev-packages  ## every test, the browser's too
	@$(RUN) -m pytest -n auto -m "not sweep" $(PYTEST)

sweep: dev-packages  ## every page kind by axe and beyond; every address by whom it is not for; the image's steps
	@$(RUN) -m pytest -n auto -m sweep $(PYTEST)

packages:
	@$(or $(PYTHON),$(error No Python 3.11 or newer was found: install one (Debian: apt-get install python3) and try again)) bin/bootstrap

dev-packages:
	@$(or $(PYTHON),$(error No Python 3.11 or newer was found: install one (Debian: apt-get install python3) and try again)) bin/bootstrap --dev

check:  ## everything that .ci/run does, on this machine
	@.ci/run

lint: dev-packages
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m djlint --lint --quiet site quizzes courses certificates organisations

types: dev-packages
	@$(RUN) -m mypy

contracts: dev-packages
	@.venv/bin/lint-imports

migrations: dev-packages  ## whether the next release's migrations fit the release before
	@$(RUN) -m tests.upgrades check

kept-database: dev-packages  ## keep a database of the present version, for later versions to upgrade
	@$(RUN) -m tests.upgrades keep

messages: dev-packages  ## collect the interface's texts for translators (needs gettext)
	@$(RUN) manage.py check_messages --write
	@$(RUN) -m tutela.work.catalogues

fmt: dev-packages
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m ruff format .

audit: dev-packages  ## Lighthouse, the Nu HTML checker and axe on every page kind (needs Node.js and Java)
	@$(RUN) -m bench.audit $(AUDIT)

screenshots: dev-packages  ## a picture of every page kind into docs/screenshots
	@$(RUN) -m bench.audit --pictures $(AUDIT)

bench: packages  ## measure speed and memory, and print tables
	@$(RUN) -m bench $(BENCH)

campaign: dev-packages  ## kill, fill up and cut off instances of our own; CAMPAIGN="--only disk --times 2" for a part
	@$(RUN) -m campaign $(CAMPAIGN)
