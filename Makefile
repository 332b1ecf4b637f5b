# `make serve` and `make test` need Python 3.11 or newer, make and a network; everything else they install into .venv.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
PORT ?= 8080
REQUIRE ?=
# What pytest is told besides: files, or options.
TESTS ?=
# Which row of the benchmarks to show, all of them when empty.
ROW ?=
# How long `make fuzz` looks, all targets together, and what else it is told: `--only NAME`, `--record`.
SECONDS ?= 60
FUZZ ?=
# What the container is built on: any image with Python 3.11 or newer at `python3`.
BASE ?= python:3.13-slim
DOCKER ?= docker
BIN := $(VENV)/bin
# pip checks every downloaded file against the hashes that the lock holds.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
UV_COMPILE := $(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(UPGRADE)

.PHONY: serve test test-faults lint format types docs coverage bench fuzz check lock clean help image deploy destroy sbom
.DEFAULT_GOAL := help

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

serve: $(VENV)/.installed ## Serve the page on http://localhost:8080 (PORT overrides)
	CROSSPATCH_PORT=$(PORT) $(BIN)/python main.py

test: $(VENV)/.installed-dev ## Run the whole suite (REQUIRE=browser,docker fails where one is absent)
	REQUIRE=$(REQUIRE) $(BIN)/python -m pytest $(TESTS)

test-faults: $(VENV)/.installed-dev ## Kill, fill, damage and flood a live server, then fuzz (root, for disks of its own)
	REQUIRE=$(REQUIRE) $(BIN)/python -m pytest tests/faults tests/test_bad_pictures.py -m "soak or not soak" $(TESTS)
	$(MAKE) fuzz

lint: $(VENV)/.installed-dev ## Check format and style
	$(BIN)/ruff format --check . && $(BIN)/ruff check .

format: $(VENV)/.installed-dev ## Format the code
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

types: $(VENV)/.installed-dev ## Check types, strictly
	$(BIN)/mypy

docs: $(VENV)/.installed-dev ## Write docs/metrics.md and its drawing anew, from the catalogue
	$(BIN)/python tools/write_metrics_doc.py

coverage: $(VENV)/.installed-dev ## Measure what the intervals really cover, in benchmarks/COVERAGE.md
	$(BIN)/python benchmarks/coverage.py

bench: $(VENV)-bench/.installed ## Measure against other libraries, in benchmarks/RESULTS.md (ROW=ssim shows one row)
	$(VENV)-bench/bin/python benchmarks/run.py $(if $(ROW),--only $(ROW))

fuzz: $(VENV)-fuzz/.installed ## Feed parsers and decoder made-up input (SECONDS=60; FUZZ=--record writes fuzz/RESULTS.md)
	$(VENV)-fuzz/bin/python fuzz/run.py --seconds $(SECONDS) $(FUZZ)

check: lint types test fuzz ## Everything CI checks

image: ## Build the container image crosspatch (BASE overrides what it is built on)
	DOCKER_BUILDKIT=1 $(DOCKER) build --build-arg BASE=$(BASE) \
		--build-arg REVISION=$$(git rev-parse --short HEAD 2>/dev/null || echo unknown) --tag crosspatch .

deploy: ## Build and run the container with Terraform, on http://localhost:8080
	terraform -chdir=terraform init -input=false
	TF_VAR_base_image=$(BASE) TF_VAR_port=$(PORT) terraform -chdir=terraform apply -input=false -auto-approve

destroy: ## Remove the container, its image and its volume again
	terraform -chdir=terraform destroy -input=false -auto-approve

sbom: $(VENV)-container/.installed image ## List what the image holds, in sbom.json (CycloneDX)
	$(VENV)-container/bin/syft scan --quiet docker:crosspatch --output cyclonedx-json=sbom.json

lock: ## Pin every dependency with hashes, from pyproject.toml
	test -x $(VENV)-lock/bin/uv || { $(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/python -m pip install --quiet uv; }
	$(UV_COMPILE) pyproject.toml --output-file requirements.txt
	$(UV_COMPILE) --group build --output-file requirements-build.txt
	$(UV_COMPILE) --group container --output-file requirements-container.txt
	$(UV_COMPILE) pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt
	$(UV_COMPILE) --group bench --constraints requirements.txt --output-file requirements-bench.txt
	$(UV_COMPILE) --group fuzz --constraints requirements.txt --output-file requirements-fuzz.txt

clean: ## Remove the environments and every cache
	rm -rf .venv* .mypy_cache .ruff_cache .pytest_cache .hypothesis dist fuzz/found

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed: name it with PYTHON=...' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python requirements.txt requirements-build.txt pyproject.toml
	$(INSTALL) -r requirements.txt -r requirements-build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(INSTALL) -r requirements-dev.txt
	touch $@

# What is measured against, apart too: PyTorch for Linux brings some 5 GB that it cannot be imported without.
# So is the fuzzer, which compiles the coverage that guides it into what it imports.
$(VENV)-bench/.installed $(VENV)-fuzz/.installed: $(VENV)-%/.installed: \
		requirements.txt requirements-build.txt requirements-%.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m venv $(VENV)-$*
	$(VENV)-$*/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements.txt -r requirements-build.txt -r requirements-$*.txt
	$(VENV)-$*/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		--editable .
	touch $@

# Tools that look at the image, apart from everything that Crosspatch is developed with.
$(VENV)-container/.installed: requirements-container.txt | $(BIN)/python
	$(BIN)/python -m venv $(VENV)-container
	$(VENV)-container/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	cp $< $@
