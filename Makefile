# Sampan. `make` alone lists what there is to do.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PREFIX ?= /opt/sampan
STATE := .run

.PHONY: help demo test check test-vm bench venv venv-dev packages packages-test install uninstall clean

help:  ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo: packages venv  ## set everything up, then run a web server in a container and look at it
	@demo/run

test: packages packages-test venv-dev  ## set everything up, then pass the tests
	@$(BIN)/python -m pytest $(ARGS)

check: venv-dev  ## ruff, mypy, import contracts, shape tests
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/architecture

test-vm: venv-dev  ## the engine on cgroup v2, in a virtual machine under software emulation
	@packaging/install-packages run vm
	@tests/vm/run

bench: packages venv-dev  ## compare with a dockerd: BENCH_AGAINST=unix:///path/docker.sock
	@$(BIN)/python -m bench $(ARGS)

packages:
	@PYTHON=$(PYTHON) packaging/install-packages run

packages-test:
	@PYTHON=$(PYTHON) packaging/install-packages test

venv: $(VENV)/.done  ## make .venv with sampan, sampand and sampan-runtime in .venv/bin

$(VENV)/.done: pyproject.toml $(wildcard bin/*)
	@PYTHON=$(PYTHON) packaging/install-packages run
	@echo "making $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@bin/install-cli $(VENV)
	@touch $@

venv-dev: $(VENV)/.done-dev

$(VENV)/.done-dev: pyproject.toml $(VENV)/.done
	@echo "adding what the tests need to $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@bin/install-cli $(VENV)
	@touch $@

install: packages  ## install to $(PREFIX), with a systemd unit and /etc/sampan/daemon.json
	@PYTHON=$(PYTHON) PREFIX=$(PREFIX) packaging/install

uninstall:  ## remove what `make install` put there; keeps /var/lib/sampan
	@PREFIX=$(PREFIX) packaging/uninstall

clean:  ## remove all that demo and tests made: containers, mounts, bridges, rules, .venv
	@packaging/clean
	@rm -rf $(STATE) $(VENV) build src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
