# `make run` and `make test` are all that is needed; `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DANISH := translations/da/LC_MESSAGES/messages.po

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 14

run: $(VENV)/run ## start Fortæl with its demo organisation: web server and worker
	@exec $(BIN)/python bin/run

test: $(VENV)/dev ## all checks and tests; Chromium and PostgreSQL when they are there
	@exec $(BIN)/python bin/check

race: $(VENV)/dev ## four processes telling at once, a minute on each database
	@RACE_SECONDS=60 $(BIN)/python -m pytest -q tests/points/test_race.py
	@RACE_SECONDS=60 $(BIN)/python -m pytest -q --database=postgresql tests/points/test_race.py

screens: $(VENV)/dev ## pictures of the screens, in pictures-out/
	@$(BIN)/python -m bench.screens

bench: $(VENV)/dev ## Today beside a bare Flask hello, and its weight in bytes (needs Chromium)
	@$(BIN)/python -m bench.run

bench-links: $(VENV)/dev ## short links beside a bare Flask hello, and beside writing each click at once
	@$(BIN)/python -m bench.links

bench-push: $(VENV)/dev ## push messages per CPU second, beside pywebpush
	@$(BIN)/python -m bench.push

bench-choose: $(VENV)/dev ## what choosing a day costs among 100,000 people, on each database
	@$(BIN)/python -m bench.choose

lock: $(VENV)/dev ## write requirements*.txt anew from pyproject.toml (needs uv)
	@uv pip compile -q --universal pyproject.toml --generate-hashes --no-header --no-annotate -o requirements.txt
	@uv pip compile -q --universal pyproject.toml --group dev --generate-hashes --no-header --no-annotate -o requirements-dev.txt

format: $(VENV)/dev ## format the code
	@$(BIN)/ruff check -q --fix-only . && $(BIN)/ruff format -q .

texts: $(VENV)/dev ## bring translations/ up to date with the texts in code and templates
	@$(BIN)/pybabel -q extract -F babel.cfg --omit-header --no-location --sort-output -o $(VENV)/messages.pot .
	@sed "/^$$/q" $(DANISH) > $(VENV)/messages.po
	@$(BIN)/pybabel -q update -l da -i $(VENV)/messages.pot -d translations --omit-header --no-fuzzy-matching --ignore-obsolete -w 100
	@cat $(DANISH) >> $(VENV)/messages.po && mv $(VENV)/messages.po $(DANISH)

$(VENV)/run: requirements.txt
	@bin/venv requirements.txt && touch $@

$(VENV)/dev: requirements-dev.txt
	@bin/venv requirements-dev.txt && touch $@ $(VENV)/run

.PHONY: help run test race screens bench bench-choose bench-links bench-push lock format texts
