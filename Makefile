# Everything works on a fresh Debian or Ubuntu with Python 3.11 or newer; `make install` installs what is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
STACK_PACKAGES := prometheus=prometheus promtool=prometheus prometheus-alertmanager=prometheus-alertmanager
BENCH_PACKAGES := fping=fping tcpdump=tcpdump prometheus-smokeping-prober=prometheus-smokeping-prober \
	prometheus-blackbox-exporter=prometheus-blackbox-exporter
PAPER_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-dejavu-core ssh-keygen=openssh-client
TEST_PACKAGES := amtool=prometheus-alertmanager ip=iproute2 nft=nftables fping=fping tcpdump=tcpdump setpriv=util-linux pg_ctlcluster=postgresql victoria-metrics=victoria-metrics soffice=libreoffice-calc-nogui dnsmasq=dnsmasq-base unbound=unbound busybox=busybox dash=dash shellcheck=shellcheck snmpd=snmpd prometheus-snmp-exporter=prometheus-snmp-exporter curl=curl wget=wget openssl=openssl

# Debian 12 has Prometheus 2.42; the rules are tried under a current one too.
NEWER_PACKAGES := promtool prometheus

# No root, no network, and no clock that another test could hold up.
FAST := not city and not stack and not alone and not long
# Three workers on two cores: a quarter of its time it waits for programs that it has started.
FAST_WORKERS := 3
# The tests of the other tiers wait more than they work, and lie in these folders: to read all tests takes 13 s a worker.
CITY_TESTS := tests/city
STACK_TESTS := tests/dashboards tests/lab tests/pantau/reports/witness tests/stack
SLOW_STACK_TESTS := tests/stack/test_scenarios.py tests/dashboards/test_truth.py tests/stack/test_demo.py tests/lab/month/test_month.py \
  tests/stack/test_rule_cost.py tests/stack/test_up.py  # first, so that none of them is waited for in the end
ALONE_TESTS := tests/city tests/exporter/metrics tests/exporter/web tests/pantau/inventory/test_speed.py tests/pantau/reports/statement/test_speed.py
# What CI adds to the fast tier, to measure its branches.
COVERAGE :=

# Tests start hundreds of Pythons; where none may leave its bytecode, each compiles all anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install packages bench-libraries demo up test test-long test-fast test-city test-stack test-package test-image lock lowest pin pins image bench soak check lint rules dashboards dashboards-truth dashboards-day dashboards-speed inventory scenarios clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

install: $(STAMP) ## make .venv and install everything, the tests' tools too
	@scripts/system-packages.sh $(STACK_PACKAGES) $(PAPER_PACKAGES) $(TEST_PACKAGES)
	@scripts/newer-programs.sh $(NEWER_PACKAGES)

$(STAMP): pyproject.toml locks/dev.txt
	@scripts/make-venv.sh "$(PYTHON)" "$(VENV)"
	@touch $@

packages:
	@scripts/system-packages.sh $(STACK_PACKAGES)

demo: $(STAMP) packages ## a simulated city of 1000 hotspots, with Prometheus and Alertmanager; no root, no network
	@$(BIN)/pantau demo

up: $(STAMP) packages ## the same stack over config/, with real packets
	@$(BIN)/pantau up

# The fast tier takes what time the processors have left beside the two tiers that wait: it yields to them at every turn.
test: install ## all tests; the tiers that need root or programs are skipped, and named, where those are missing
	@$(MAKE) --no-print-directory --jobs=2 --keep-going fast-beside waiting
	$(BIN)/pytest --durations=12 -m "alone and not package and not image and not long" $(ALONE_TESTS)

.PHONY: fast-beside waiting
fast-beside:
	@echo "the fast tier runs beside the others, and tells of itself when it has ended"
	@told=$$(mktemp); nice -n 19 $(BIN)/pytest -n $(FAST_WORKERS) --dist worksteal -m "$(FAST)" $(COVERAGE) >"$$told" 2>&1; \
	status=$$?; cat "$$told"; rm "$$told"; exit $$status
# The stories keep time, so nothing but the fast tier is beside them; then the city tier, one test at a time, beside the stack.
waiting:
	@failed=0; $(MAKE) --no-print-directory waiting-story || failed=1; \
	told=$$(mktemp); $(MAKE) --no-print-directory waiting-city >"$$told" 2>&1 & city=$$!; \
	$(MAKE) --no-print-directory waiting-stack || failed=1; \
	wait $$city || failed=1; cat "$$told"; rm "$$told"; exit $$failed
.PHONY: waiting-story waiting-city waiting-stack
waiting-story:
	$(BIN)/pytest -m "story" $(CITY_TESTS)
waiting-city:
	$(BIN)/pytest -m "city and not story and not alone and not long" $(CITY_TESTS)
waiting-stack:
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder --durations=12 -m "stack and not alone and not long" \
	  $(SLOW_STACK_TESTS) $(filter-out $(SLOW_STACK_TESTS),$(sort $(shell find $(STACK_TESTS) -name "test_*.py")))

test-long: install ## what `make test` is too short for: hours. Every kind of fault three times, a soak, a day and a month, wheel, image, lower bounds
	$(BIN)/pytest -m long --hypothesis-profile=new
	$(BIN)/pytest -n 2 -m "hypothesis and not long" --hypothesis-profile=new
	PANTAU_PROMTOOL=newer $(BIN)/pytest -n 2 tests/rules
	$(MAKE) test-package test-image lowest
	$(MAKE) dashboards-day month
	$(MAKE) scenarios ARGS="--rounds 3"
	$(MAKE) soak MINUTES=20

test-fast: $(STAMP) ## the fast tier: no root, no network
	$(BIN)/pytest -q -n $(FAST_WORKERS) -m "$(FAST)"

.PHONY: coverage
coverage: $(STAMP) ## branches that the fast tier takes, and each module without a test of its own; no gate
	$(BIN)/pytest -q -n $(FAST_WORKERS) -m "$(FAST)" --cov --cov-report=
	@$(MAKE) --no-print-directory covered

.PHONY: covered
covered: $(STAMP)
	$(BIN)/coverage json -q -o - | $(BIN)/python scripts/branch_coverage.py
	$(BIN)/python scripts/untested_modules.py

test-city: install ## real packets in a network namespace
	$(BIN)/pytest -m city $(CITY_TESTS)

test-stack: install ## real Prometheus and Alertmanager
	$(BIN)/pytest -m stack $(STACK_TESTS)

test-package: $(STAMP) ## the wheel in clean environments and empty folders, on each Python that is here; asks the package registry
	$(BIN)/pytest -m package

test-image: $(STAMP) ## the image and docker-compose.yml by a Docker engine of its own, the units by a real systemd; root, debootstrap
	@scripts/system-packages.sh dockerd=docker.io debootstrap=debootstrap systemd-nspawn=systemd-container
	$(BIN)/pytest -m image

.PHONY: secrets
secrets: ## before `docker compose up`: Grafana's password, and that the containers can read config/
	@scripts/secrets.sh

image: ## build the exporter's image as docker compose does; VARIANT=full with reports and dashboards
	docker compose build $(if $(VARIANT),--build-arg VARIANT=$(VARIANT)) exporter

lock: $(STAMP) ## write locks/ anew: what the image and the tests are installed from; UPGRADE=1 for newer versions
	@scripts/lock.sh $(BIN)/uv $(if $(UPGRADE),--upgrade)

lowest: $(STAMP) ## try the lower bounds of pyproject.toml: exactly these versions, and the tests that use them
	@scripts/lowest.sh $(BIN)/python $(BIN)/uv

pin: $(STAMP) ## write the digest of each image in versions.yml, where a registry answers
	@$(BIN)/python scripts/pins.py digests

pins: $(STAMP)
	@$(BIN)/python scripts/pins.py age

scenarios: install ## every kind of fault over real packets: what is told, false, missed, and when (root; one round took 18 minutes, five side by side)
	$(BIN)/python -m lab.scenario_runner $(ARGS)

bench-libraries: install
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[bench]"

bench: bench-libraries ## side by side with every peer; root, long; ROWS=cost,rtt_error for parts, QUICK=1 for a short form
	@scripts/system-packages.sh $(BENCH_PACKAGES)
	$(BIN)/python -m lab.benchmarks $(if $(ROWS),--rows $(ROWS)) $(if $(QUICK),--quick)

soak: bench-libraries ## 5000 hotspots under churn, reloads, a hostile client and forgeries; root. MINUTES=60
	$(BIN)/python -m lab.benchmarks.soak --minutes $(or $(MINUTES),60)

check: install lint pins shipped test-fast ## lint, types, age of the pins, what config/ and the example hold, fast tests (those of rules and dashboards among them)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: shipped
shipped: $(STAMP)
	@for settings in config/pantau.yml examples/bitung/pantau.yml; do \
		echo "$$settings"; \
		for part in "check" "rules check" "alertmanager check" "dashboards check"; do \
			$(BIN)/pantau $$part --config "$$settings" || exit 1; \
		done; \
	done

rules: shipped ## what config/ and the example hold, and promtool and amtool over it
	$(BIN)/pytest -q tests/rules tests/ops tests/pantau/alerting -m "not stack and not long"

dashboards: $(STAMP)
	$(BIN)/pytest -q tests/dashboards -m "not stack"

dashboards-truth: install ## every question of the dashboards, asked about a city whose truth is known (also in make test)
	$(BIN)/pytest -q tests/dashboards/test_truth.py

dashboards-day: install ## the main figures over a whole scripted day against its script; minutes. PART=1 for all 1000 hotspots
	$(BIN)/pytest -q -s tests/dashboards/day.py

dashboards-speed: install ## time the dashboards over 1000 hotspots, a day and a month; takes long
	$(BIN)/python -m lab.history speed

.PHONY: measure-journal
measure-journal: $(STAMP) ## size of 90 days of 1000 hotspots with 20 outages a day, and how long a month takes to read. ON=postgresql
	$(BIN)/python -m lab.measuring.journal_size $(ON)

.PHONY: month
month: install ## a scripted month of 1000 hotspots: its report against the script, both witnesses; a quarter of an hour
	$(BIN)/python -m lab.month
	$(BIN)/python -m lab.month.with_agents
	$(BIN)/python -m lab.month.causes

.PHONY: measure-report
measure-report: $(STAMP) ## time and memory of the whole city's month as reports; OUTAGES=20 FORMATS=json JOBS=2
	$(BIN)/python -m lab.measuring.city_report $(or $(OUTAGES),20) $(or $(FORMATS),json) $(or $(JOBS),2)

.PHONY: measure-pdf
measure-pdf: $(STAMP) ## time of the largest contract's PDF: 143 points with long names, 20 outages each
	$(BIN)/python -m lab.measuring.largest_contract

.PHONY: first-half-hour
first-half-hour: $(STAMP) ## the README on an empty Debian 12 as a newcomer: commands and minutes until a page; root, debootstrap
	@scripts/system-packages.sh debootstrap=debootstrap
	$(BIN)/python -m lab.measuring.first_half_hour

.PHONY: report-pictures
report-pictures: install ## make the pictures of docs/report.md again
	$(BIN)/python -m lab.measuring.report_pictures docs/images

inventory: $(STAMP) ## make the example inventory again
	$(BIN)/python -m pantau.simulator.example_inventory --seed 7172 --output examples/bitung/inventory
	cp examples/bitung/inventory/*.yml examples/bitung/inventory/*.csv pantau/simulator/bitung/inventory/

.PHONY: shared-files
shared-files: ## copy what every city shares of config/ into the package, for `pantau init`
	cd pantau/intake/shipped && find . -type f ! -path ./prometheus.yml -exec cp ../../../config/{} {} \;
	cp prometheus.yml pantau/intake/shipped/

clean: ## remove what the targets made
	rm -rf $(VENV) .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage *.egg-info
