# Sáng Kiến. `make run` and `make test` need nothing but Python 3.11+; they get the rest by themselves.
.DEFAULT_GOAL := help
.PHONY: help run test test-all test-postgres bench demo sure docs screenshots translations lock

PYTHON := .venv/bin/python
FLASK := $(PYTHON) -m flask --app wsgi
PYTEST := $(PYTHON) -m pytest -n 2 --dist loadfile
BABEL := $(PYTHON) -m babel.messages.frontend
LOCK := .venv/bin/uv pip compile --quiet --generate-hashes --universal --python-version 3.11

help: ## lists these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

run: ## installs what is missing and runs the application on PORT (8000)
	@exec sh deploy/run.sh

test: ## installs what is missing and runs every test but the slow ones
	@sh deploy/setup.sh test
	$(PYTEST) -m "not slow"

test-all: ## the slow tests too
	@sh deploy/setup.sh test
	$(PYTEST)

test-postgres: ## the same tests on a PostgreSQL server of their own
	@sh deploy/setup.sh test
	@sh deploy/setup.sh postgres
	sh deploy/with-postgres.sh $(PYTEST) -m "not slow"

bench: ## prints speed as ratios to a bare page
	@sh deploy/setup.sh test
	$(PYTHON) -m bench

demo: ## loads the demonstration contest
	@sh deploy/setup.sh run
	$(FLASK) db upgrade
	$(FLASK) demo

sure: ## style, imports, tests: what must hold before a change goes out
	@sh deploy/setup.sh test
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	.venv/bin/lint-imports
	$(PYTEST) -m "not slow"

docs: ## writes docs/workflows/ from the declarations
	@sh deploy/setup.sh run
	$(FLASK) workflows docs

screenshots: ## takes the pictures of the README anew
	@sh deploy/setup.sh test
	$(PYTHON) -m docs.screenshots

translations: ## gathers the texts, brings the catalogues up to date and compiles them
	@sh deploy/setup.sh test
	$(BABEL) extract --mapping-file pyproject.toml --keywords N_ --keywords lazy_gettext --no-location --sort-output \
	  --project "Sáng Kiến" --output-file app/translations/messages.pot .
	$(BABEL) update --input-file app/translations/messages.pot --output-dir app/translations --no-fuzzy-matching
	@sh deploy/setup.sh run

lock: ## renews the locked requirements from requirements*.in
	@sh deploy/setup.sh test
	$(LOCK) --upgrade requirements.in -o requirements.txt
	$(LOCK) --upgrade requirements-dev.in -c requirements.txt -o requirements-dev.txt
	echo uv | $(LOCK) --no-annotate - -o deploy/uv.txt
