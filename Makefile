# The picture of the analysis: each rule's target is a file, its prerequisites what the file is made of.
#   export ─▶ responses.csv ─▶ notebooks 1, 2, 3 ─▶ results ─▶ 4_figures, 5_claims ─▶ poster, site
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
HELPERS = $(foreach folder,$(1),$(wildcard src/compendium/$(folder)/*.py))
STUDY_FILES := $(wildcard data/$(STUDY)/survey.yml data/$(STUDY)/responses.csv \
  data/$(STUDY)/codebook.yml data/$(STUDY)/coding/*.csv)
CORE := $(wildcard src/helpers/*.py src/compendium/*.py) $(call HELPERS,survey statistics disclosure coding figures audit)
READ_FIRST := $(foreach name,1_responses 2_familiarity 3_themes,$(BUILD)/notebooks/$(name).ipynb)
SITE := $(BUILD)/report/site/index.html

.PHONY: all test lab study exchange coding-sheet verify refresh bench lock clean help

all: $(SITE)  ## run a study: make all, or make all STUDY=anes96
	@echo "Done: figures/$(STUDY), and $(BUILD) with notebooks, results, tables and report (site, poster)."

$(BUILD)/audit.txt: $(BUILD)/notebooks/5_claims.ipynb $(BUILD)/notebooks/4_figures.ipynb notebooks/verdict.py \
  notebooks/trail.py $(CORE)
	@$(PYTHON) notebooks/trail.py $(STUDY)
	@$(PYTHON) notebooks/verdict.py $(BUILD)/results/claims.json > $@.tmp; failed=$$?; cat $@.tmp; \
	  if [ $$failed -eq 0 ]; then mv $@.tmp $@; else rm -f $@.tmp; exit 1; fi

$(BUILD)/notebooks/1_responses.ipynb: data/checklists.csv 
$(BUILD)/notebooks/2_familiarity.ipynb: data/published.csv 
$(BUILD)/notebooks/4_figures.ipynb: $(wildcard data/$(STUDY)/claims.yml data/$(STUDY)/model.yml) data/published.csv $(READ_FIRST)
$(BUILD)/notebooks/5_claims.ipynb: data/published.csv $(wildcard data/$(STUDY)/claims.yml) $(READ_FIRST)

$(BUILD)/notebooks/%.ipynb: notebooks/%.ipynb notebooks/run.py $(STUDY_FILES) $(CORE) | $(READY)
	@$(RUN)

# Poster, handout and report first: the site offers them.
$(BUILD)/report/poster.pdf: $(BUILD)/audit.txt CITATION.cff report/build_pdf.py report/references.bib \
  $(wildcard report/poster/*) $(call HELPERS,publishing)
	@$(PYTHON) report/build_pdf.py --study $(STUDY)

$(SITE): $(BUILD)/report/poster.pdf report/build_site.py $(wildcard report/site/*.py report/site/static/*) \
  $(CORE) $(call HELPERS,publishing) $(wildcard data/$(STUDY)/*.yml)
	@$(PYTHON) report/build_site.py --study $(STUDY)

# The environment: a virtual one unless one is active, and what the lock says, checked by hash.
$(READY): requirements.lock pyproject.toml
	@sh notebooks/environment.sh "$(PREFIX)" "$(ACTIVE)"
	@touch $@

test: all  ## check every helper and every notebook
	@$(PYTHON) -m pytest -q -p no:cacheprovider -n 2 --dist loadgroup --doctest-modules src tests
	@$(PYTHON) -m pytest -q -p no:cacheprovider -n 2 --dist loadfile -W default \
	  --nbval --nbval-sanitize-with tests/nbval.cfg notebooks
	@echo "All tests passed."

verify: all  ## compare the figures drawn anew with the committed ones
	@$(PYTHON) notebooks/verify.py $(STUDY)

study: | $(READY)  ## read an export: make study NAME=mine EXPORT=path/to/export.csv
	@$(PYTHON) notebooks/import_study.py --name "$(NAME)" --export "$(EXPORT)" $(if $(PLATFORM),--platform "$(PLATFORM)")

exchange: | $(READY)  ## codebook and codings for other QDA software, or READ=theirs.qdpx
	@$(PYTHON) notebooks/exchange.py --study $(STUDY) $(if $(READ),--read "$(READ)") $(if $(REPLACE),--replace)

coding-sheet: | $(READY)  ## a spreadsheet for CODER=name, or READ=path.xlsx to read it back
	@$(PYTHON) notebooks/coding_sheet.py --study $(STUDY) --coder "$(CODER)" $(if $(READ),--read "$(READ)") $(if $(REPLACE),--replace)

lab: $(READY)  ## open JupyterLab on the notebooks
	@$(PYTHON) -m jupyterlab notebooks

refresh: | $(READY)  ## record the outputs of the committed notebooks anew
	@for name in 1_responses 2_familiarity 3_themes 4_figures 5_claims; do \
	  $(PYTHON) notebooks/run.py $$name --output notebooks/$$name.ipynb || exit 1; done

bench: all  ## measure how long everything takes
	@$(PYTHON) tests/bench.py

lock: $(READY)  ## resolve the dependencies of pyproject.toml anew
	@$(PYTHON) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-header --quiet --upgrade --output-file requirements.lock

clean:  ## remove everything that make made here
	@rm -rf build .venv

help:  ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
