# linkedin.h: `make demo` and `make test` do all the set-up themselves.

CC ?= cc
BUILD ?= build
PREFIX ?= /usr/local
INSTALL ?= install
VECTORS ?= tests/vectors
WARN = -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow \
       -Wcast-qual -Wstrict-prototypes
STD = -std=c99 -D_GNU_SOURCE -I.
SAN = -g1 -fsanitize=address,undefined -fno-sanitize-recover=all
MBEDTLS = -lmbedtls -lmbedx509 -lmbedcrypto
NETWORK = test_adapters test_network test_peers test_signature
TESTS = $(notdir $(basename $(wildcard tests/test_*.c)))
UNIT = $(if $(T),$(T:%=test_%),$(filter-out $(NETWORK),$(TESTS)))
JOBS = $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
HEADERS = linkedin.h $(wildcard adapters/*.h tests/*.h) \
          $(wildcard examples/mock/*.h)
INCLUDE = $(DESTDIR)$(PREFIX)/include/linkedin
PKGCONFIG = $(DESTDIR)$(PREFIX)/share/pkgconfig
ROOT = $(DESTDIR)$(PREFIX)
CLI = bin/linkedin share/man/man1/linkedin.1 \
      share/bash-completion/completions/linkedin
PCS = $(notdir $(basename $(wildcard packaging/*.pc.in)))
VERSION = $(shell sed -n 's/^.define LI_VERSION "\(.*\)"/\1/p' linkedin.h)

help: ## what the targets are
	@grep -h '^[a-z]*:.*## ' Makefile | sed 's/:.*## /	/'

demo: ## sign in and read a profile against the mock LinkedIn, over TLS
	@if sh tests/deps.sh tls; then way=tls; else way=plain; fi; \
	$(MAKE) -s demo-$$way && sh examples/demo.sh $(BUILD) $$way

mock: ## the mock LinkedIn for your own programs, until Ctrl-C
	@if sh tests/deps.sh tls; then way=tls; else way=plain; fi; \
	$(MAKE) -s mock-$$way
	@echo "LINKEDIN_BASE=http://127.0.0.1:8181 LINKEDIN_TOKEN=the-token"; \
	echo "client id mock-client, secret mock-secret, redirect URI"; \
	echo "http://localhost:8080/callback; the member allows everything"; \
	exec $(BUILD)/mock_linkedin --port 8181 --token the-token --auto-consent

mock-tls: | $(BUILD)
	$(CC) $(STD) -O1 examples/mock_linkedin.c -o $(BUILD)/mock_linkedin $(MBEDTLS)

mock-plain: | $(BUILD)
	$(CC) $(STD) -O1 -DMOCK_NO_TLS examples/mock_linkedin.c -o $(BUILD)/mock_linkedin

demo-tls: mock-tls
	$(CC) $(STD) -O1 examples/demo.c -o $(BUILD)/demo $(MBEDTLS) -lcurl

demo-plain: mock-plain
	$(CC) $(STD) -O1 -DDEMO_NO_TLS examples/demo.c -o $(BUILD)/demo

cli: | $(BUILD) ## the command-line tool, build/linkedin (libcurl)
	@sh tests/deps.sh tls
	$(CC) $(STD) -O2 examples/cli/*.c -o $(BUILD)/linkedin -lcurl

unit: ## the tests of the sections, fast, without sanitizers; T=json: one file
	@[ -e /usr/include/cmocka.h ] || sh tests/deps.sh test
	@$(MAKE) -s -k -j$(JOBS) $(UNIT:%=$(BUILD)/unit/%.log) || true
	@sh tests/unit.sh $(BUILD)/unit $(UNIT)

test: ## everything, in stages (tests/run.sh); ONLY="units demo": only those
	@sh tests/deps.sh tls test boards machine prove
	@sh tests/run.sh $(BUILD) $(ONLY)

inputs: | $(BUILD) ## every short input of each grammar, against a kept hash
	@$(CC) $(STD) -O2 tests/short_inputs.c -o $(BUILD)/short_inputs
	@$(BUILD)/short_inputs

coverage: | $(BUILD) ## what of the header no unit test reaches
	@sh tests/deps.sh machine coverage
	@sh tests/coverage/run.sh $(BUILD)/coverage

mutants: | $(BUILD) ## changed operators that no unit test notices; N=1500: so many
	@sh tests/deps.sh test
	@sh tests/mutation/run.sh $(BUILD)/mutants $(or $(N),0) $(SEED)

boards: ## the sign-in without an operating system: Cortex-M3, ATmega
	@sh tests/deps.sh boards
	@sh examples/bare_metal/run.sh $(BUILD)/boards

machines: ## other machines, compilers, watchers of memory; two boards; analysers
	@sh tests/deps.sh tls test boards machine machines
	@sh tests/machines.sh $(BUILD)/machines $(ONLY)

conformance: | $(BUILD) ## make conformance VECTORS=dir: agree with test vectors
	@$(CC) $(STD) $(WARN) -O2 tests/conformance.c -o $(BUILD)/conformance
	@$(BUILD)/conformance $(VECTORS)

bench: | $(BUILD) ## instructions and times beside peers; the README's picture
	@sh tests/deps.sh tls bench size
	@BUILD=$(BUILD) sh bench/run.sh

size: | $(BUILD) ## flash, RAM and stack on Cortex-M
	@sh tests/deps.sh size
	@sh tests/size.sh

faults: | $(BUILD) ## every call in turn fails, moves of any size; a minute
	@$(CC) $(STD) -O2 tests/every_fault.c -o $(BUILD)/every_fault
	@$(BUILD)/every_fault 3

secrets: | $(BUILD) ## none in any output of any failure; compared in constant time
	@sh tests/deps.sh test
	@$(CC) $(STD) -O2 tests/every_fault.c -o $(BUILD)/every_fault
	@$(BUILD)/every_fault 1
	@sh tests/run.sh $(BUILD) constant

load: | $(BUILD) ## 10,000 calls at once, faults of every kind; SECONDS=600
	@sh tests/deps.sh tls
	@$(MAKE) -s mock-tls
	@$(CC) $(STD) -O2 tests/load.c -o $(BUILD)/load -lcurl $(MBEDTLS)
	@sh tests/load.sh $(BUILD) $(or $(SECONDS),20)
	@$(CC) $(STD) -O2 tests/faults.c -o $(BUILD)/faults
	@$(BUILD)/faults 0 1 10000

fuzz: | $(BUILD) ## libFuzzer on every parser, FUZZ_SECONDS each (default 60)
	@sh tests/deps.sh test
	@sh tests/fuzz/run.sh $(BUILD)

prove: | $(BUILD) ## Frama-C: all parsers stay in their memory; ONLY="cut put"
	@sh tests/deps.sh prove
	@sh tests/proof/run.sh $(BUILD) $(ONLY)

install: ## headers, adapters and pkg-config files below PREFIX
	@case "$(PREFIX)" in *[!A-Za-z0-9_./+@%~-]* | [!/]*) \
	    echo "PREFIX is to be absolute, and of plain characters"; exit 1;; esac
	$(INSTALL) -d "$(INCLUDE)/adapters" "$(PKGCONFIG)"
	$(INSTALL) -m 644 linkedin.h "$(INCLUDE)/"
	$(INSTALL) -m 644 adapters/*.h "$(INCLUDE)/adapters/"
	for pc in $(PCS); do \
	    sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@INCLUDEDIR@|$${prefix}/include|' \
	        -e 's|@VERSION@|$(VERSION)|' -e 's|@MBEDTLS@|$(MBEDTLS)|' \
	        -e 's|@SYSTEM@||' packaging/$$pc.in >"$(PKGCONFIG)/$$pc" && \
	    chmod 644 "$(PKGCONFIG)/$$pc" || exit 1; done
	if [ -x $(BUILD)/linkedin ]; then $(MAKE) install-cli; fi

install-cli: ## what `make cli` built, its man page and completions
	for f in $(CLI); do $(INSTALL) -d "$(ROOT)/$$(dirname $$f)" || exit 1; done
	$(INSTALL) -m 755 $(BUILD)/linkedin "$(ROOT)/$(word 1,$(CLI))"
	$(BUILD)/linkedin manual >"$(ROOT)/$(word 2,$(CLI))"
	$(BUILD)/linkedin completions >"$(ROOT)/$(word 3,$(CLI))"
	chmod 644 "$(ROOT)/$(word 2,$(CLI))" "$(ROOT)/$(word 3,$(CLI))"

uninstall: ## takes away what install put there
	for f in $(PCS:%=share/pkgconfig/%) $(CLI) include/linkedin/linkedin.h \
	    $(patsubst %,include/linkedin/%,$(wildcard adapters/*.h)); do \
	    rm -f "$(ROOT)/$$f"; done
	rmdir "$(INCLUDE)/adapters" "$(INCLUDE)" 2>/dev/null || true

clean: ## removes all that was built
	rm -rf $(BUILD)

$(BUILD):
	@mkdir -p $@

# The test files, once a compiler with sanitizers, in NAME below BUILD (clang's
# as if for size, so that the ways without the header's short cuts run too), and
# once without, in $(BUILD)/unit. None is optimized: at -O1 they take half as
# long to run, but thrice as long to build. What does not compile leaves no
# older program behind that would be run in its stead, and no older log.
LINK_TEST = -lcmocka $(if $(filter $(NETWORK),$*),$(MBEDTLS) -lcurl -lcrypto -lpthread)
OPTIMIZE = -O0 $(if $(filter clang,$(NAME)),-D__OPTIMIZE_SIZE__)
units: $(TESTS:%=$(BUILD)/$(NAME)/%)
$(BUILD)/$(NAME)/%: tests/%.c $(HEADERS)
	@mkdir -p $(@D) && rm -f $@
	@$(CC) $(STD) $(WARN) $(SAN) $(OPTIMIZE) $< -o $@ $(LINK_TEST)
$(BUILD)/unit/%: tests/%.c $(HEADERS)
	@mkdir -p $(@D) && rm -f $@ $@.log
	@$(CC) $(STD) $(WARN) -O0 $< -o $@ $(LINK_TEST)
$(UNIT:%=$(BUILD)/unit/%.log): %.log: % always
	@$< >$@ 2>&1; echo "exit status $$?" >>$@
always:

.PHONY: help cli faults load secrets inputs boards machines mock mock-tls mock-plain demo demo-tls demo-plain unit test conformance \
        coverage mutants bench size fuzz prove install install-cli uninstall \
        clean units always
