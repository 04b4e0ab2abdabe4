# `make` lists what there is. PORT, DATA_DIR and CARGO_TARGET_DIR are passed through.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# One selection of packages for every build: another would compile the AWS SDKs again with other
# features. `--lib --bin local` leaves out the Lambda binaries, which one machine does not need.
BUILD := cargo build --workspace --lib --bin local
# The Lambda binaries have no tests of their own and are left out of these. `tests/permissions` reads
# them, so they are built before.
RUST_TESTS := cargo test --workspace --lib --test '*' --locked
TARGET := $(or $(CARGO_TARGET_DIR),target)
export LOCAL_BIN ?= $(abspath $(TARGET)/debug/local)

# Continuous integration builds once from nothing: what would speed the next build up is only weight.
# Its disk is small, and two hundred binaries hold the same line tables: a panic names its line without.
ifdef CI
export CARGO_INCREMENTAL := 0
export CARGO_PROFILE_DEV_DEBUG := 0
export CARGO_PROFILE_DEV_STRIP := debuginfo
FUNCTIONS := infra/deploy/build --sparing
else
FUNCTIONS := cargo build --workspace --lib --bins --locked
endif

SITE_SOURCES := $(shell find frontend/src frontend/static -type f) \
  $(wildcard frontend/scripts/*.js) \
  $(addprefix frontend/,package.json svelte.config.js vite.config.ts tsconfig.json)
STEP := @.ci/step

.PHONY: help run test site deny docs fmt clean screenshots bench bench-site

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

run: ## Build what is stale and serve everything on http://127.0.0.1:8080 (PORT, DATA_DIR)
	@echo "[1/3] Building the site (half a minute the first time, nothing when it is up to date)"
	@$(MAKE) --silent site
	@echo "[2/3] Building the server (about ten minutes the first time on two cores, then seconds)"
	@$(BUILD)
	@echo "[3/3] Starting"
	@exec "$$LOCAL_BIN"

test: ## Everything that continuous integration checks
	@echo "Twelve steps; about an hour on two cores the first time, three quarters of it afterwards."
	$(STEP) "[1/12] Rust formatting" "seconds" cargo fmt --all --check
	$(STEP) "[2/12] Dependencies: which, from where, under which licence" "two minutes the first time" $(MAKE) deny
	$(STEP) "[3/12] Rust lints" "six minutes the first time" \
	  cargo clippy --workspace --all-targets --locked -- -D warnings
	$(STEP) "[4/12] The server and every function" "ten minutes the first time" $(FUNCTIONS)
	$(STEP) "[5/12] Rust tests" "fifteen minutes: the clock is moved by weeks many times" $(RUST_TESTS)
	$(STEP) "[6/12] The site's packages" "half a minute the first time" $(MAKE) frontend/node_modules/.package-lock.json
	$(STEP) "[7/12] The site: style, types, unit tests" "half a minute" npm --prefix frontend run --silent verify
	$(STEP) "[8/12] The site: build" "ten seconds" $(MAKE) site
	$(STEP) "[9/12] Browser tests" "ten minutes" $(MAKE) browser
	$(STEP) "[10/12] Stripe's own description and SDK" "a minute" $(MAKE) conformance
	$(STEP) "[11/12] What nobody would ask" "three minutes" $(MAKE) fuzz
	$(STEP) "[12/12] Deployed into an AWS on this machine" "five minutes" $(MAKE) deploy-local
	@printf '\nEverything passes.\n'

site: frontend/build/index.html ## The static site, into frontend/build

frontend/build/index.html: frontend/node_modules/.package-lock.json $(SITE_SOURCES)
	cd frontend && npm run --silent build -- --logLevel warn
	@touch $@

# npm writes this file last: while it is newer than the lock file, nothing is to be installed.
%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --loglevel error
	@touch $@

.PHONY: browser
browser: tests/browser/node_modules/.package-lock.json
	chromium=$$(.ci/chromium) && cd tests/browser && CHROMIUM="$$chromium" node --test --test-concurrency=1 --test-reporter=spec

.PHONY: conformance
conformance: tests/conformance/node_modules/.package-lock.json ## What is said to Stripe, held against its own document and SDK
	cd tests/conformance && npx --no-install tsc --noEmit && node --test --test-concurrency=1 --test-reporter=spec

deny: ## Dependencies: bans, licences, sources
	@.ci/domain-is-pure
	@.ci/cargo-deny --log-level error check bans licenses sources
	@echo "Known vulnerabilities are not looked up here: that list is on GitHub. Where it can be reached: .tools/bin/cargo-deny check advisories"

docs: ## Generated pages of docs/, the stacks of infra/contexts, and the Rust documentation into target/doc
	UPDATE_DOCS=1 cargo test --workspace --locked --test money_page --test platform -- money site
	cargo build --workspace --bins --locked
	UPDATE_DOCS=1 cargo test --workspace --locked --test permissions
	UPDATE_DOCS=1 cargo test --workspace --locked --test marketplace -- agreement access
	cargo doc --workspace --no-deps --locked
	@echo "Open $(TARGET)/doc/domain/index.html"

fmt: ## Format everything
	cargo fmt --all
	@$(MAKE) frontend/node_modules/.package-lock.json
	npm --prefix frontend run --silent format

# Without BENCH_ALL=1, the representative dozen of tests/bench/src/cold_start.rs.
MEASURED := local bench hello-lambda sign-in publish-offer search-offers read-offer quote-mission request-booking \
  open-checkout accept-booking sweep-deadlines receive-stripe-event publish-events send-mail

bench: ## Measure starts, search, traffic and the site, into docs/performance.md (BENCH_ALL, BENCH_OFFERS, BENCH_ONLY)
	@echo "[1/3] Building what ships (several minutes the first time on two cores)"
	cargo build --release --workspace --locked $(if $(BENCH_ALL),--bins,$(MEASURED:%=--bin %))
	@$(MAKE) tests/bench/peers/built/read-offer.mjs || echo "Without npm the same read in Node is not measured."
	@echo "[2/3] Measuring (three minutes)"
	$(TARGET)/release/bench docs/performance.md
	@echo "[3/3] The site in a browser (two minutes)"
	@$(MAKE) bench-site LOCAL_BIN=$(abspath $(TARGET)/release/local)

tests/bench/peers/built/read-offer.mjs: tests/bench/peers/node_modules/.package-lock.json tests/bench/peers/read-offer.mjs
	npm --prefix tests/bench/peers run --silent bundle

bench-site: site tests/browser/node_modules/.package-lock.json tests/lighthouse/node_modules/.package-lock.json ## Only the site: scripts' weight and Lighthouse, into docs/performance.md
	@test -x "$$LOCAL_BIN" || $(BUILD)
	chromium=$$(.ci/chromium) && CHROMIUM="$$chromium" node tests/lighthouse/measure.mjs docs/performance.md

screenshots: site tests/browser/node_modules/.package-lock.json ## Every screen as a picture, into docs/pictures
	$(BUILD)
	chromium=$$(.ci/chromium) && CHROMIUM="$$chromium" node tests/browser/screenshots.mjs

include infra/deploy/deploy.mk
include tests/fuzz/fuzz.mk

clean: ## Remove what was built (not .data, where the local server keeps its state)
	cargo clean
	rm -rf frontend/build frontend/.svelte-kit frontend/node_modules tests/browser/node_modules tests/conformance/node_modules tests/lighthouse/node_modules tests/bench/peers/node_modules tests/bench/peers/built
