# Two commands: `make run` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
# without bytecode on the disk every process compiles the whole house anew: a second of four that each needs to start
unexport PYTHONDONTWRITEBYTECODE
DIST := src/minqing/web/static/dist
SOURCES := $(shell find src -name '*.po') $(shell find frontend -type f)

.PHONY: help run test pictures check assets wheel bundle format lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: .venv/run assets ## set up everything and serve the demo on http://127.0.0.1:8000 (PORT= changes it)
	@PYTHON=$(PYTHON) sh tools/system.sh run
	@PORT=$(PORT) exec $(BIN)/minqing up --demo

test: .venv/dev assets ## set up everything and run all tests; ROOM=households: those of one room and of what is built on it
	@$(BIN)/python tools/rooms.py tests $(ROOM) > /dev/null
	@PYTHON=$(PYTHON) sh tools/system.sh test
	$(BIN)/python -m pytest -n logical --dist loadgroup --no-loadscope-reorder $$($(BIN)/python tools/rooms.py tests $(ROOM)) $(ARGS)

pictures: .venv/dev assets ## pictures of every page of every role in four looks, for people to look at: var/pictures (WHO=clerk,leader: of these alone)
	@rm -rf var/pictures && mkdir -p var/pictures
	MINQING_LOOKS=$(CURDIR)/var/pictures MINQING_WHO=$(WHO) $(BIN)/python -m pytest -q -n logical --dist loadgroup tests/browser/test_every_page.py
	@$(BIN)/python tools/contact_sheets.py var/pictures
	@echo "var/pictures/sheets, and what may be wrong in var/pictures/faults-*.txt"

check: .venv/dev assets ## lint, types, import contracts, migrations, translations, documents
	$(BIN)/ruff check src tests tools
	$(BIN)/ruff format --check src tests tools
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/messages.py check
	$(BIN)/mypy
	$(BIN)/python tools/check.py

assets: $(DIST)/app.js .venv/messages ## build the browser's files and the translations

wheel: .venv/dev assets ## build dist/minqing-*.whl, which needs neither this folder nor Node
	$(BIN)/python -m build --no-isolation --wheel --outdir dist .

bundle: wheel ## lay down in dist/bundle what a machine without a way out needs: wheels, Debian's packages by name, checksums
	$(BIN)/python tools/bundle.py dist/bundle dist/minqing-*.whl

format: .venv/dev ## put the code in order
	$(BIN)/ruff check --fix src tests tools
	$(BIN)/ruff format src tests tools

lock: .venv/dev ## choose newest versions and write the locks
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-header --no-annotate --universal --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-header --no-annotate --universal --python-version 3.11 tools/requirements-build.in -c requirements.lock -o requirements-build.lock
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-header --no-annotate --universal --python-version 3.11 pyproject.toml tools/requirements-build.in tools/requirements.in -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-header --no-annotate --universal --python-version 3.11 --extra bench pyproject.toml -c requirements-dev.lock -o requirements-bench.lock

clean: ## remove what was built; var/ with its data stays
	rm -rf .venv node_modules $(DIST) dist build
	find src -name '*.mo' -delete

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: requirements.lock requirements-build.lock pyproject.toml | .venv/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-build.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.lock .venv/run
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/bench: requirements-bench.lock .venv/run # what benches lay beside ours
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json .npmrc
	npm ci --silent
	@touch $@

$(DIST)/app.js: node_modules/.package-lock.json $(shell find frontend -type f)
	npm run --silent build

.venv/messages: .venv/run $(shell find src -name '*.po')
	$(BIN)/python tools/messages.py compile
	@touch $@
