# The picture of the analysis: each rule's target is a file, its prerequisites what the file is made of.
#   export ─▶ responses.csv ─▶ notebooks 1, 2, 3 ─▶ results ─▶ 4_figures, 5_claims, 6_multiverse ─▶ poster, site
# Works with GNU make 3.81 and later; safe with -j.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
# As many jobs as there are cores, unless -j says otherwise.
ifeq ($(filter -j% --jobs%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(or $(shell getconf _NPROCESSORS_ONLN 2>/dev/null),2)
endif

# A bundle that was unpacked holds one study, and is about that.
STUDIES := $(patsubst data/%/survey.yml,%,$(wildcard data/*/survey.yml))
ifeq ($(origin STUDY),undefined)
STUDY := $(if $(filter 1,$(words $(STUDIES))),$(STUDIES),microcredentials)
endif
# What a user gives reaches the commands as it was typed, through the environment.
GIVEN := STUDY STUDENT SCHEDULER LIST NAME EXPORT PLATFORM STRUCTURE DRAFT CODER SAMPLE READ REPLACE REATTACH ANSWERS BUNDLE AUTHORS REPOSITORY
$(foreach name,$(GIVEN),$(eval override $(name) := $$(value $(name))))
export $(GIVEN)
# STUDY becomes part of paths: nothing may be left of it without letters, digits, - and _.
LEFT := $(STUDY)
$(foreach sign,a b c d e f g h i j k l m n o p q r s t u v w x y z A B C D E F G H I J K L M N O P Q R S T U \
  V W X Y Z 0 1 2 3 4 5 6 7 8 9 - _,$(eval LEFT := $$(subst $(sign),,$$(LEFT))))
ifneq ([$(LEFT)],[$(if $(STUDY),,empty)])
$(error STUDY: use letters, digits, - and _ only)
endif

# An active environment is used as it is; conda's base does not count. Otherwise make builds .venv.
ACTIVE := $(or $(VIRTUAL_ENV),$(if $(filter-out base,$(CONDA_DEFAULT_ENV)),$(CONDA_PREFIX)))
PREFIX := $(or $(ACTIVE),.venv)
PYTHON := $(PREFIX)/bin/python
SPACE  := $(subst ,, )
READY  := $(subst $(SPACE),\ ,$(PREFIX))/.compendium-ready

export PYTHONWARNINGS := ignore
export PYTHONDONTWRITEBYTECODE :=
export PYDEVD_DISABLE_FILE_VALIDATION := 1
export JUPYTER_PREFER_ENV_PATH := 1
# make runs as many processes as there are cores: none needs threads of its own for small matrices.
export OPENBLAS_NUM_THREADS := 1
export MPLCONFIGDIR := $(CURDIR)/build/matplotlib

COMPENDIUM := "$(PYTHON)" -m compendium
BUILD := build/$(STUDY)
SITE  := $(BUILD)/report/site/index.html
PAPERS := $(BUILD)/report/site/papers/poster.pdf
subject = $(foreach folder,$(1),$(wildcard src/compendium/$(folder)/*.py))
FILES := $(wildcard data/$(STUDY)/survey.yml data/$(STUDY)/responses.csv data/$(STUDY)/import.json \
  data/$(STUDY)/margins.csv data/$(STUDY)/weights.csv data/$(STUDY)/plan.lock.json \
  data/$(STUDY)/codebook.yml data/$(STUDY)/coding/*.csv data/$(STUDY)/coding/coders.yml)
CORE := $(filter-out %/__main__.py,$(wildcard src/helpers/*.py src/compendium/*.py)) \
  $(call subject,survey statistics statistics/* disclosure coding coding/* figures audit lessons multiverse)
READ_FIRST := $(foreach name,1_responses 2_familiarity 3_themes,$(BUILD)/notebooks/$(name).ipynb)

.PHONY: all test second-opinion attack lab lesson study studies new-study exchange coding-sheet consensus reattach weights multiverse freeze claims bundle validate verify refresh bench lock clean help

all: $(SITE) $(PAPERS)  ## run a study: make all, or make all STUDY=anes96
	@echo "Done: figures/$(STUDY), and $(BUILD) with notebooks, results, tables and report (site, poster)."

# Decided once, over everything that is shown.
$(BUILD)/suppressed.json: $(FILES) $(CORE) | $(READY)
	@$(COMPENDIUM) suppress --study=$(STUDY)

$(READ_FIRST): $(BUILD)/suppressed.json
$(BUILD)/notebooks/1_responses.ipynb: data/checklists.csv
$(BUILD)/notebooks/2_familiarity.ipynb: data/published.csv
$(BUILD)/notebooks/4_figures.ipynb: $(wildcard data/$(STUDY)/claims.yml data/$(STUDY)/model.yml) data/published.csv $(READ_FIRST)
$(BUILD)/notebooks/5_claims.ipynb: data/published.csv $(wildcard data/$(STUDY)/claims.yml) $(READ_FIRST)

$(BUILD)/notebooks/6_multiverse.ipynb: $(BUILD)/suppressed.json \
  $(if $(shell grep -s '^multiverse:' data/$(STUDY)/survey.yml),$(BUILD)/multiverse/summary.json)

# Every reasonable analysis, where that takes seconds; else what `make multiverse` left.
$(BUILD)/multiverse/summary.json: $(BUILD)/suppressed.json data/published.csv $(wildcard data/$(STUDY)/claims.yml)
	@$(COMPENDIUM) multiverse --briefly --study=$(STUDY)

$(BUILD)/notebooks/%.ipynb: notebooks/%.ipynb src/compendium/publishing/execution.py $(FILES) $(CORE) | $(READY)
	@$(COMPENDIUM) run $(*F) --study=$(STUDY)

# Chapter 4 first: it takes longest, and whatever waits for a core waits in this order.
$(BUILD)/audit.txt: $(BUILD)/notebooks/4_figures.ipynb $(BUILD)/notebooks/6_multiverse.ipynb $(BUILD)/notebooks/5_claims.ipynb $(CORE)
	@$(COMPENDIUM) trail --study=$(STUDY)
	@$(COMPENDIUM) verdict --study=$(STUDY)

# Poster, handout and report are set while the site is made, which offers them.
$(BUILD)/report/poster.pdf: $(BUILD)/audit.txt CITATION.cff report/references.bib \
  $(wildcard report/poster/*) $(call subject,publishing)
	@$(COMPENDIUM) pdf --study=$(STUDY)

$(SITE): $(BUILD)/audit.txt CITATION.cff $(wildcard README.md report/site/*.md report/site/layout/* report/site/static/* src/compendium/publishing/site/templates/*) \
  $(CORE) $(call subject,publishing publishing/site) $(wildcard data/$(STUDY)/*.yml)
	@$(COMPENDIUM) site --study=$(STUDY)

$(PAPERS): $(BUILD)/report/poster.pdf $(SITE)
	@mkdir -p $(@D)
	@cp $(foreach name,report handout poster,$(BUILD)/report/$(name).png $(BUILD)/report/$(name).pdf) $(@D)

# The environment: a virtual one unless one is active, and what the lock says, checked by hash.
$(READY): requirements.lock pyproject.toml
	@sh environment.sh "$(PREFIX)" "$(ACTIVE)"
	@touch "$(PREFIX)/.compendium-ready"

test: all  ## check every helper and every notebook
	@"$(PYTHON)" -m pytest -q -p no:cacheprovider -n 2 --dist loadfile --no-loadscope-reorder --doctest-modules \
	  --nbval --nbval-sanitize-with tests/nbval.cfg src tests notebooks
	@echo "All tests passed."

# One package more, beside what the lock has; its own dependencies are in the lock.
build/second/.ready: nbmake.lock | $(READY)
	@"$(PYTHON)" -m uv pip install --quiet --target build/second --no-deps --require-hashes -r nbmake.lock
	@touch $@

second-opinion: build/second/.ready  ## run the committed notebooks with nbmake too (it compares no outputs)
	@PYTHONPATH=build/second "$(PYTHON)" -m pytest -q -p no:cacheprovider --nbmake --nbmake-timeout=900 notebooks

attack: all  ## try to work out withheld counts of 50 random studies, stop runs at any moment, look at all pages (long)
	@ATTACK=50 "$(PYTHON)" -m pytest -rP -p no:cacheprovider -n 2 --dist loadfile tests/disclosure/test_attack.py tests/test_faults.py
	@ATTACK=50 "$(PYTHON)" -m pytest -q -p no:cacheprovider tests/study/test_site.py -k axe

bundle: all  ## one archive for reviewers and repositories; answers of people only with ANSWERS=include
	@$(COMPENDIUM) bundle --study=$(STUDY) $(if $(ANSWERS),--answers="$$ANSWERS")

# What others check a bundle with, in an environment of its own.
build/validators/.ready: validators.lock | $(READY)
	@echo "Setting up the validators (once) ..."
	@"$(PYTHON)" -m uv venv --quiet --clear build/validators
	@"$(PYTHON)" -m uv pip install --quiet --python build/validators --require-hashes -r validators.lock
	@touch $@

validate: all build/validators/.ready  ## check bundles with the validators of four standards
	@"$(PYTHON)" -m pytest -q -p no:cacheprovider tests/publishing/bundle/test_validators.py

verify: all  ## compare the figures with the committed ones, or the whole run with BUNDLE=path.zip
	@$(COMPENDIUM) verify --study=$(STUDY) $(if $(BUNDLE),--bundle="$$BUNDLE")

study: | $(READY)  ## read an export: make study NAME=mine EXPORT=path/to/export.csv
	@$(COMPENDIUM) import --name="$$NAME" --export="$$EXPORT" --platform="$$PLATFORM" --structure="$$STRUCTURE"

studies: | $(READY)  ## take many exports from import to audit: make studies LIST=studies.txt
	@$(COMPENDIUM) studies --list="$$LIST"

new-study: | $(READY)  ## README and citation of one's own: make new-study STUDY=mine AUTHORS="Ada Byron; Grace Hopper"
	@$(COMPENDIUM) new-study --study=$(STUDY) --authors="$$AUTHORS" --repository="$$REPOSITORY"

exchange: | $(READY)  ## codebook and codings for other QDA software, or READ=theirs.qdpx
	@$(COMPENDIUM) exchange --study=$(STUDY) $(if $(READ),--read="$$READ") $(if $(REPLACE),--replace) $(if $(REATTACH),--reattach)

coding-sheet: | $(READY)  ## a spreadsheet for CODER=name (SAMPLE=60: a random part), or READ=path.xlsx to read it back
	@$(COMPENDIUM) coding-sheet --study=$(STUDY) --coder="$$CODER" $(if $(SAMPLE),--sample="$$SAMPLE") $(if $(READ),--read="$$READ") $(if $(REPLACE),--replace) $(if $(REATTACH),--reattach)

consensus: | $(READY)  ## what coders are to settle, as a spreadsheet, or READ=path.xlsx to read it back
	@$(COMPENDIUM) consensus --study=$(STUDY) $(if $(READ),--read="$$READ") $(if $(REPLACE),--replace)

reattach: | $(READY)  ## move codings to the answers they were made for, after a late import
	@$(COMPENDIUM) reattach --study=$(STUDY)

multiverse: | $(READY)  ## ask the plan in every reasonable analysis, or on a cluster: SCHEDULER=tcp://host:8786
	@$(COMPENDIUM) multiverse --study=$(STUDY)

weights: | $(READY)  ## rake a sample to data/STUDY/margins.csv
	@$(COMPENDIUM) weights --study=$(STUDY)

freeze: | $(READY)  ## write down the plan with its date: later changes show
	@$(COMPENDIUM) freeze --study=$(STUDY)

claims: all  ## bind every number of a manuscript to a result: make claims DRAFT=paper.docx
	@$(COMPENDIUM) claims --study=$(STUDY) --draft="$$DRAFT"

lab: $(READY)  ## open JupyterLab on notebook 1
	@"$(PYTHON)" -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks/1_responses.ipynb \
	  --LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

lesson: | $(READY)  ## draw a student's own synthetic answers: make lesson STUDENT=name
	@$(COMPENDIUM) lesson --student="$$STUDENT"

refresh: | $(READY)  ## record the outputs of the committed notebooks anew
	@$(COMPENDIUM) refresh

bench: all  ## measure how long everything takes
	@"$(PYTHON)" tests/bench.py

lock: $(READY)  ## resolve the dependencies of pyproject.toml anew
	@"$(PYTHON)" -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-header --quiet --upgrade --output-file requirements.lock
	@"$(PYTHON)" -m uv pip compile --group validate --universal --python-version 3.11 --generate-hashes \
	  --no-header --quiet --upgrade --output-file validators.lock
	@"$(PYTHON)" -m uv pip compile --group second-opinion --no-deps --universal --python-version 3.11 \
	  --generate-hashes --no-header --quiet --upgrade --output-file nbmake.lock

clean:  ## remove everything that make made here
	@rm -rf build .venv

help:  ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
