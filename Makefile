# Footnote: the same few commands by hand and in CI.

PYTHON ?= python3
BIN := .venv/bin
RAG := $(BIN)/rag
PORT ?= 7860

# Containers often say so for images' sake; here every program that is started would compile its modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help screenshots install dev chat test eval lint style types format browser bench torture fit build image clean

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /\1  /p' $(MAKEFILE_LIST)

install: .venv/.installed ## set up .venv with everything the program needs

dev: .venv/.dev ## set up .venv with everything the tests need, too

chat: .venv/.installed ## fetch the default models, index the handbook, open the chat
	@$(RAG) models pull all-minilm-l6-v2
	@$(RAG) models pull qwen2.5-coder-0.5b-instruct || echo "No language model for now: answers will be quotes."
	@$(RAG) ingest docs --index handbook
	@$(RAG) chat --index handbook --port $(PORT)

test: .venv/.dev ## run every test but those that need a browser
	@$(RAG) models pull all-minilm-l6-v2
	@$(RAG) models pull qwen2.5-coder-0.5b-instruct
	@$(RAG) models pull smollm2-135m-instruct
	$(BIN)/python -m pytest -m "not browser" --numprocesses auto --maxprocesses 4 --dist loadfile --cov --cov-report=term:skip-covered

browser: .venv/.dev ## run the tests in a real browser (needs chromium)
	$(BIN)/python -m pytest -m browser --numprocesses auto --maxprocesses 2 --dist loadfile $$(grep -rl --include='test_*.py' 'mark\.browser' tests)

eval: .venv/.installed ## ask the handbook's suite and say what the gate says
	@$(RAG) models pull all-minilm-l6-v2
	@$(RAG) eval tests/suites/handbook/suite.yaml --corpus-anywhere --llm none --gate

lint: style types ## check style, docstrings, the direction of imports, and types

style: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m tests.docstrings
	$(BIN)/lint-imports --no-logo

types: .venv/.dev
	$(BIN)/mypy

format: .venv/.dev ## mend style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

torture: .venv/.dev ## do forty faults to the program and say what came of each (a quarter of an hour; see docs/faults.md)
	$(BIN)/python -m tests.torture

bench: .venv/.dev ## print every figure of the README and the handbook (long; see tests/benchmarks)
	$(BIN)/python -m tests.benchmarks

fit: .venv/.dev ## fit the numbers of the scoring file (long; see docs/scoring.md)
	$(BIN)/python -m tests.benchmarks fit-scoring

screenshots: .venv/.dev ## take the pictures of the chat (needs chromium and the models)
	$(BIN)/python -m tests.screenshots

build: .venv/.dev ## build the source distribution, and the wheel from it
	$(BIN)/python -m build

image: ## build the container image where a Docker daemon is there
	@if docker info >/dev/null 2>&1; then \
		docker build --tag footnote $(if $(EXTRA_INDEX),--build-arg EXTRA_INDEX="$(EXTRA_INDEX)") . && docker run --rm --read-only --tmpfs /tmp footnote --version; \
	else \
		echo "No image was built: there is no Docker daemon; tests/test_container.py does its steps."; \
	fi

clean: ## remove what these commands made, but no index and no model
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Footnote needs Python 3.11 or newer: run make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

# Pip would compile every file of every package, which takes longer than all the rest. What is imported is compiled then.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt

.venv/.installed: .venv/bin/python pyproject.toml constraints.txt
	$(PIP_INSTALL) --upgrade pip
	$(PIP_INSTALL) --editable .
	@touch $@

.venv/.dev: .venv/bin/python pyproject.toml constraints.txt
	$(PIP_INSTALL) --upgrade pip
	$(PIP_INSTALL) --editable '.[openai,anthropic,gemini,ollama,ocr,traces,postgres,cluster,remote]' --group dev
	@# For the tests that leave no byte code behind.
	@$(BIN)/python -c 'import gradio, sentence_transformers, ui.server'
	@touch .venv/.installed $@
