# What nobody would ask, and how long answers take. Included by the Makefile.

FUZZ_TOOLS := .tools/fuzz/installed

$(FUZZ_TOOLS): tests/fuzz/requirements.txt
	$(call virtual_environment,$<,.tools/fuzz)

.PHONY: fuzz timing
fuzz: $(FUZZ_TOOLS) ## What nobody would ask, as everybody (FUZZ_SECONDS=180, FUZZ_SEED=1): no failure, nothing but as described
	@test -x "$$LOCAL_BIN" || $(BUILD)
	.tools/fuzz/bin/python tests/fuzz/fuzz.py

timing: ## Whether answers for known and unknown addresses are told apart by their time (PAIRS=300, FORMS)
	@test -x "$$LOCAL_BIN" || $(BUILD)
	python3 tests/fuzz/timing.py
