# Two commands for newcomers:
#   make figures   set up, run the yearly index on the packaged survey, write out/
#   make test      install what the tests need and run them
# Another Python: make figures PYTHON=/path/to/python3.12

PYTHON ?= python3
VENV ?= .venv
OUT ?= out
PYTEST_ARGS ?=
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
SETTINGS := pyproject.toml constraints.txt
RAN := build/notebooks/.ran

# The matrices are small: one BLAS thread is faster than two, and processes do the rest.
export OPENBLAS_NUM_THREADS := 1

.DEFAULT_GOAL := help
.PHONY: help figures test check docs notebooks paper bench constraints

help:
	@sed -n '1,4p' Makefile | cut -c3-

figures: $(VENV)/.installed
	$(BIN)/csi index mobile --out $(OUT)

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -q -n 2 --dist worksteal $(PYTEST_ARGS)

check: $(VENV)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell

docs: $(VENV)/.installed-docs $(RAN)
	@rm -f docs/notebooks/*.ipynb
	@cp $(patsubst %,build/%,$(wildcard notebooks/*.ipynb)) docs/notebooks/
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs
	@$(BIN)/python docs/check_links.py build/docs .
	@echo "build/docs/index.html"

notebooks: $(VENV)/.installed-notebooks
	$(BIN)/python notebooks/execute.py --out build/notebooks
	@touch $(RAN)

# The docs show the notebooks with their outputs; they run anew where one of them has changed.
$(RAN): $(wildcard notebooks/*.ipynb) notebooks/execute.py
	@$(MAKE) --no-print-directory notebooks

# Recomputes every number of the paper, fails where one is stale, and compiles build/paper/paper.pdf.
paper: $(VENV)/.installed-test
	$(BIN)/python paper/make.py --check

bench: $(VENV)/.installed-test
	$(BIN)/python benchmarks/bench_pls.py
	$(BIN)/python benchmarks/bench_inference.py
	$(BIN)/python benchmarks/bench_sem.py
	$(BIN)/python benchmarks/bench_predict.py

# Needs uv; keeps the versions that are there and adds what is new.
constraints:
	uv pip compile --universal --python-version 3.11 pyproject.toml --all-extras --group dev \
	  --no-header --no-annotate -o constraints.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "csi needs Python 3.11 or newer; '$(PYTHON)' is not" \
	    "($$($(PYTHON) --version 2>&1 | head -n 1))." \
	    "Name another: make figures PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "no environment could be made; on Debian and Ubuntu: apt install python3-venv" >&2; \
	  exit 1; }

$(VENV)/.installed: $(SETTINGS) | $(VENV)/bin/python
	@echo "installing csi into $(VENV): a few minutes the first time"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'
	$(INSTALL) -e '.[formats,report]'
	@touch $@

$(VENV)/.installed-%: $(VENV)/.installed
	$(INSTALL) --group $*
	@touch $@
