# The picture of the analysis: each rule's target is a file, its prerequisites what the file is made of.
#   export ─▶ responses.csv ─▶ notebooks 1, 2, 3 ─▶ results ─▶ 4_figures, 5_claims ─▶ audit
# Works with GNU make 3.81 and later; safe with -j.

STUDY ?= microcredentials
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# An active environment is used as it is; conda's base does not count. Otherwise make builds .venv.
ACTIVE := $(or $(VIRTUAL_ENV),$(if $(filter-out base,$(CONDA_DEFAULT_ENV)),$(CONDA_PREFIX)))
PREFIX := $(or $(ACTIVE),.venv)
PYTHON := $(PREFIX)/bin/python
READY  := $(PREFIX)/.compendium-ready

export PYTHONWARNINGS := ignore
export PYDEVD_DISABLE_FILE_VALIDATION := 1
export JUPYTER_PREFER_ENV_PATH := 1
export MPLCONFIGDIR := $(CURDIR)/build/matplotlib

BUILD  := build/$(STUDY)
RUN     = $(PYTHON) notebooks/run.py $(*F) --study $(STUDY) --output $@
HELPERS = $(addprefix src/helpers/,$(addsuffix .py,$(1)))
STUDY_FILES := $(wildcard data/$(STUDY)/survey.yml data/$(STUDY)/responses.csv \
  data/$(STUDY)/codebook.yml data/$(STUDY)/coding/*.csv)
CORE := $(call HELPERS,yamlfile instrument responses study estimate disclosure suppression describe \
  results rounding present figures codebook themes masking)

.PHONY: all test lab refresh bench lock clean help

all: $(BUILD)/audit.txt  ## run a study: make all, or make all STUDY=anes96
	@echo "Done: $(BUILD)/notebooks, $(BUILD)/results, $(BUILD)/tables and figures/$(STUDY)."

$(BUILD)/audit.txt: $(BUILD)/notebooks/5_claims.ipynb
	@$(PYTHON) notebooks/verdict.py $(BUILD)/results/claims.json > $@.tmp; failed=$$?; cat $@.tmp; \
	  if [ $$failed -eq 0 ]; then mv $@.tmp $@; else rm -f $@.tmp; exit 1; fi

$(BUILD)/notebooks/1_responses.ipynb: data/checklists.csv $(call HELPERS,responding)
$(BUILD)/notebooks/2_familiarity.ipynb: data/published.csv $(call HELPERS,association)
$(BUILD)/notebooks/3_themes.ipynb: $(call HELPERS,agreement reading rules scoring)
$(BUILD)/notebooks/5_claims.ipynb: data/published.csv $(wildcard data/$(STUDY)/claims.yml) \
  $(foreach name,1_responses 2_familiarity 3_themes,$(BUILD)/notebooks/$(name).ipynb)

$(BUILD)/notebooks/%.ipynb: notebooks/%.ipynb notebooks/run.py $(STUDY_FILES) $(CORE) | $(READY)
	@$(RUN)

# The environment: a virtual one unless one is active, and what the lock says, checked by hash.
$(READY): requirements.lock pyproject.toml
	@sh notebooks/environment.sh "$(PREFIX)" "$(ACTIVE)"
	@touch $@

test: all  ## check every helper and every notebook
	@$(PYTHON) -m pytest -q -p no:cacheprovider --doctest-modules src/helpers tests
	@$(PYTHON) -m pytest -q -p no:cacheprovider -W default --nbval --nbval-sanitize-with tests/nbval.cfg notebooks
	@echo "All tests passed."

lab: $(READY)  ## open JupyterLab on the notebooks
	@$(PYTHON) -m jupyterlab notebooks

refresh: | $(READY)  ## record the outputs of the committed notebooks anew
	@for name in 1_responses 2_familiarity 3_themes 5_claims; do \
	  $(PYTHON) notebooks/run.py $$name --output notebooks/$$name.ipynb || exit 1; done

bench: all  ## measure how long everything takes
	@$(PYTHON) tests/bench.py

lock: $(READY)  ## resolve the dependencies of pyproject.toml anew
	@$(PYTHON) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-header --quiet --upgrade --output-file requirements.lock

clean:  ## remove everything that make made here
	@rm -rf build .venv

help:  ## list what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
