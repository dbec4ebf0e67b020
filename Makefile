# Taploop. Each target installs what it misses by itself and may be run again and again.
.DEFAULT_GOAL := help
.PHONY: help run link test check bench chaos docs screenshots clean
PORT ?= 8080
PYTHON := .venv/bin/python
# Debian keeps mosquitto where only root looks by itself.
export PATH := $(PATH):/usr/sbin

help: ## What can be done here
	@echo "Taploop: make <target>"
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  \1\t/' | expand -t 16

run: ## Start the hub with its demo estate: make run PORT=8080
	@scripts/setup run
	@exec $(PYTHON) -m demo run --port $(PORT)

link: ## Another one-time sign-in link for the hub that make run started
	@TAPLOOP_HUB_DATA_DIR=var/demo/hub TAPLOOP_HUB_HTTP_PORT=$(PORT) $(PYTHON) -m hub sign-in-link demo

test: ## Run every test, with the programs that the tests need
	@scripts/setup test
	@exec $(PYTHON) -m pytest --durations=10 $(TESTS)

check: ## Format, types, imports, sizes, repetition, documents
	@scripts/setup tools
	@exec scripts/check

bench: ## Measure, each figure beside a peer or a limit of the same run
	@scripts/setup test
	@exec $(PYTHON) -m bench

chaos: ## Kill hub, broker and terminals at random for 60 s and count every tap
	@scripts/setup test
	@exec $(PYTHON) -m tests.chaos

docs: ## Write the contract, the tables of docs/ and the drawing of the loop anew
	@scripts/setup tools
	@$(PYTHON) scripts/write_contract.py
	@$(PYTHON) scripts/write_reference.py
	@$(PYTHON) scripts/draw_loop.py

screenshots: ## Take the pictures of the README and docs/gallery anew
	@scripts/setup test
	@$(PYTHON) scripts/gallery.py
	@exec $(PYTHON) scripts/screenshots.py

clean: ## Remove what was installed here; the data under var/ stays
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis
