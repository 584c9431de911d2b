# One target a job; `make` alone lists them. No variable needs to be set.
SHELL := /bin/bash
.DEFAULT_GOAL := help
ENV := . scripts/env.sh &&

.PHONY: help demo build test web bench fmt lint generate setup

help: ## list the targets
	@sed -nE 's/^([a-z%-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 24

demo: ## install what is missing, build, fill made-up data, serve, print the logins
	@scripts/setup.sh run
	@scripts/web.sh build
	@echo "▸ building shebao (the first time compiles everything once: some ten minutes on two cores)"
	@$(ENV) cargo build --package server --bin shebao
	@$(ENV) exec "$$CARGO_TARGET_DIR/debug/shebao" demo $(ARGS)

PROFILE ?= dev
build: ## bin/shebao with the web inside; PROFILE=release for the fastest program (some 25 minutes the first time)
	@scripts/setup.sh run
	@scripts/web.sh build
	@$(ENV) cargo build --profile $(PROFILE) --package server --bin shebao
	@$(ENV) mkdir -p bin && cp "$$CARGO_TARGET_DIR/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))/shebao" bin/shebao && echo "▸ bin/shebao"

test: ## every check: Rust on both databases, web, browser stories, generated files
	@scripts/test.sh

web: ## lint, check, test and build the browser side
	@scripts/setup.sh run
	@scripts/web.sh check

generate: ## write web/openapi.json and the typed client from the program
	@scripts/setup.sh run
	@$(ENV) cargo run --quiet --package server --bin shebao -- openapi > web/openapi.json.new && mv web/openapi.json.new web/openapi.json
	@scripts/web.sh generate

bench: $(patsubst bench/%/run.sh,bench-%,$(wildcard bench/*/run.sh)) ## every benchmark beside its peers

bench-%: ## one benchmark: bench-status (the nationwide query), bench-law (the calculations)
	@scripts/setup.sh test
	@test -x bench/$*/run.sh || { echo "there is no benchmark '$*'; there are: $(patsubst bench/%/run.sh,%,$(wildcard bench/*/run.sh))" >&2; exit 2; }
	@$(ENV) exec bench/$*/run.sh $(ARGS)

fmt: ## format the Rust sources
	@$(ENV) cargo fmt --all

lint: ## format, clippy, licences and sources, who may import whom
	@scripts/setup.sh lint
	@$(ENV) cargo fmt --all --check
	@$(ENV) cargo clippy --workspace --all-targets -- -D warnings
	@$(ENV) cargo deny --offline check licenses bans sources
	@$(ENV) cargo test --quiet --package server --test house

setup: ## install what the tests need
	@scripts/setup.sh test
