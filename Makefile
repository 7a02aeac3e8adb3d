# Needs make, sh, and a Python with pip, or uv. Everything else is installed into $(VENV).

VENV ?= .venv
# Lip-sync gains nothing from a GPU, and PyTorch for one is several GB. For training: TORCH=auto
TORCH ?= cpu
OUT ?= out/demo.mp4

BIN := $(VENV)/bin
STAMP := $(VENV)/.synclips-installed
# What speech is heard with; of other projects, so not in the repository.
HEARING := src/synclips/weights/speech/hearing.safetensors
# Where PIP_FIND_LINKS names a folder of wheels, PyTorch comes from there.
FIND_LINKS := $(foreach place,$(PIP_FIND_LINKS),--find-links $(place))
UV_INSTALL := $(BIN)/uv pip install --python $(BIN)/python $(FIND_LINKS)

export OUT

.PHONY: help setup demo test check clean
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) $(HEARING) ## install synclips and all it needs into .venv, once

$(STAMP): pyproject.toml
	@test -x $(BIN)/python || { \
	    for python in python3.11 python3.12 python3; do \
	        $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' \
	            2>/dev/null && exec $$python -m venv $(VENV); \
	    done; \
	    echo "synclips runs in Python 3.11 and 3.12; as neither is here, 3.11 is fetched." >&2; \
	    uv=$$(command -v uv) || { \
	        uv=$(VENV)-uv/bin/uv; \
	        trap 'rm -rf $(VENV)-uv' EXIT; \
	        python3 -m venv $(VENV)-uv && $(VENV)-uv/bin/pip install --quiet 'uv>=0.9'; \
	    }; \
	    $$uv venv --quiet --seed --python 3.11 $(VENV) || { \
	        echo "It could not be fetched; install Python 3.11 and run make setup again." >&2; \
	        exit 1; \
	    }; \
	}
	$(BIN)/python -m pip install --quiet --upgrade 'uv>=0.9'
	$(if $(FIND_LINKS),$(UV_INSTALL) torch==2.13.0,@$(UV_INSTALL) --torch-backend $(TORCH) torch==2.13.0 || \
	    echo "The PyTorch for $(TORCH) was not found; what the package index has is taken.")
	$(UV_INSTALL) --editable '.[dev]'
	@$(UV_INSTALL) --quiet --editable '.[voice]' 2>/dev/null || \
	    echo "Without a C++ compiler there is no voice conversion (the extra voice); all else works."
	@touch $@

$(HEARING): | $(STAMP)
	$(BIN)/synclips hearing

demo: $(STAMP) $(HEARING) ## make out/demo.mp4; or your own: VIDEO=talk.mp4 AUDIO=line.wav OUT=out.mp4
	@mkdir -p "$$(dirname "$$OUT")"
ifdef VIDEO
	$(if $(AUDIO),,$(error AUDIO is missing: make demo VIDEO=talk.mp4 AUDIO=line.wav OUT=out.mp4))
	$(BIN)/synclips sync "$$VIDEO" "$$AUDIO" -o "$$OUT"
else
	$(BIN)/synclips demo -o "$$OUT"
endif

test: $(STAMP) $(HEARING) ## run the tests
	$(BIN)/pytest -n auto --maxprocesses 4 --dist worksteal

check: $(STAMP) ## style, formatting, types and the import rule
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest --quiet tests/test_imports.py

clean: ## remove .venv, caches and builds; out, data and checkpoints stay
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
