# Building for AWS, deploying, and proving both on one machine. Included by the Makefile.

export SAM_CLI_TELEMETRY := 0
TEMPLATES := infra/data.yaml infra/template.yaml infra/api.json $(wildcard infra/contexts/*.yaml)
# The same with 300 functions, where the tests have written them.
ROOM := $(wildcard $(TARGET)/tmp/room/*)
DEPLOY_TOOLS := .tools/deploy/installed
DEPLOY_TEST_TOOLS := .tools/deploy-test/installed
export STANDIN_BIN ?= $(abspath $(TARGET)/debug/stripe-standin)
export FIRST_OPERATOR_BIN ?= $(abspath $(TARGET)/debug/first-operator)

# Every package by its version and hash, and no other: the lists are whole (`deploy-pins`). A changed
# list makes the folder anew.
define virtual_environment
	@echo "Installing $(1) into $(2) (a minute, once)"
	@rm -rf $(2) && python3 -m venv $(2)
	@$(2)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(1)
	@touch $(2)/installed
endef

$(DEPLOY_TOOLS): infra/deploy/tools.txt
	$(call virtual_environment,$<,.tools/deploy)

$(DEPLOY_TEST_TOOLS): tests/deploy/requirements.txt
	$(call virtual_environment,$<,.tools/deploy-test)

.PHONY: build deploy rollback deploy-local deploy-lint deploy-pins

build: $(DEPLOY_TOOLS) ## Every function as it ships, for arm64, into target/lambda
	infra/deploy/build

deploy-lint: $(DEPLOY_TOOLS) ## What CloudFormation's own rules say of the templates
	@# W3002 says that zips and stacks inside are packaged first: `infra/deploy/deploy` does.
	.tools/deploy/bin/cfn-lint --ignore-checks W3002 --regions eu-west-3 -- $(TEMPLATES) $(ROOM)
	$(if $(wildcard infra/edge.yaml),.tools/deploy/bin/cfn-lint --regions us-east-1 -- infra/edge.yaml)

deploy: build deploy-lint ## Everything onto AWS: make deploy STAGE=dev (staging, prod)
	@test -n "$(STAGE)" || { echo "Say which: make deploy STAGE=dev (staging, prod)"; exit 2; }
	@# Pages may send documents to the stage's own bucket: that is written into each page's content policy.
	origin=$$(.tools/deploy/bin/python infra/deploy/documents-origin $(STAGE)) && rm -rf frontend/build && DOCUMENTS_ORIGIN=$$origin $(MAKE) site
	.tools/deploy/bin/python infra/deploy/deploy $(STAGE) $(ACCEPT:%=--accept %)

rollback: $(DEPLOY_TOOLS) ## Back to an earlier release: make rollback STAGE=prod [TO=...] [ACCEPT="..."]; without TO, lists them
	@test -n "$(STAGE)" || { echo "Say which: make rollback STAGE=dev (staging, prod)"; exit 2; }
	.tools/deploy/bin/python infra/deploy/rollback $(STAGE) $(TO) $(ACCEPT:%=--accept %)

deploy-local: $(DEPLOY_TOOLS) $(DEPLOY_TEST_TOOLS) site ## The template deployed into an AWS on this machine, and one booking lived through there
	@echo "[1/4] Building every function for this machine (development profile; ten minutes the first time)"
	$(if $(CI),@echo "They were packed when they were built.",infra/deploy/build --here)
	@echo "[2/4] What the linters say of the templates (half a minute)"
	@$(MAKE) deploy-lint
	@echo "[3/4] Deployed, and one booking lived through (two minutes)"
	.tools/deploy-test/bin/python -m pytest -x -q -p no:cacheprovider tests/deploy
	@echo "[4/4] Once more with every call checked against the functions' permissions (two minutes)"
	DEPLOY_ENFORCED=1 .tools/deploy-test/bin/python -m pytest -x -q -p no:cacheprovider tests/deploy

deploy-pins: ## Writes the lists of pinned tools again, from the .in files beside them
	python3 -m venv .tools/pins && .tools/pins/bin/pip install --quiet pip-tools
	for list in infra/deploy/tools tests/deploy/requirements tests/fuzz/requirements; do \
	  .tools/pins/bin/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-header \
	    --no-emit-find-links --no-emit-index-url -o $$list.txt $$list.in; \
	done
