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
VERSION = $(shell sed -n 's/^.define LI_VERSION "\(.*\)"/\1/p' linkedin.h)

help: ## what the targets are
	@grep -h '^[a-z]*:.*## ' Makefile | sed 's/:.*## /	/'

demo: ## sign in and read a profile against the mock LinkedIn, over TLS
	@if sh tests/deps.sh tls; then way=tls; else way=plain; fi; \
	$(MAKE) -s demo-$$way && sh examples/demo.sh $(BUILD) $$way

demo-tls: | $(BUILD)
	$(CC) $(STD) -O1 examples/mock_linkedin.c -o $(BUILD)/mock_linkedin $(MBEDTLS)
	$(CC) $(STD) -O1 examples/demo.c -o $(BUILD)/demo $(MBEDTLS) -lcurl

demo-plain: | $(BUILD)
	$(CC) $(STD) -O1 -DMOCK_NO_TLS examples/mock_linkedin.c -o $(BUILD)/mock_linkedin
	$(CC) $(STD) -O1 -DDEMO_NO_TLS examples/demo.c -o $(BUILD)/demo

unit: ## the tests of the sections, fast, without sanitizers; T=json: one file
	@[ -e /usr/include/cmocka.h ] || sh tests/deps.sh test
	@$(MAKE) -s -k -j$(JOBS) $(UNIT:%=$(BUILD)/unit/%.log) || true
	@sh tests/unit.sh $(BUILD)/unit $(UNIT)

test: ## everything, in stages (tests/run.sh); ONLY="units demo": only those
	@sh tests/deps.sh tls test
	@sh tests/run.sh $(BUILD) $(ONLY)

conformance: | $(BUILD) ## make conformance VECTORS=dir: agree with test vectors
	@$(CC) $(STD) $(WARN) -O2 tests/conformance.c -o $(BUILD)/conformance
	@$(BUILD)/conformance $(VECTORS)

bench: | $(BUILD) ## instructions and times beside peers
	@sh tests/deps.sh tls bench
	@BUILD=$(BUILD) sh bench/run.sh

size: | $(BUILD) ## flash, RAM and stack on Cortex-M
	@sh tests/deps.sh size
	@sh tests/size.sh

fuzz: | $(BUILD) ## libFuzzer on every parser, FUZZ_SECONDS each (default 60)
	@sh tests/deps.sh test
	@sh tests/fuzz/run.sh $(BUILD)

prove: | $(BUILD) ## Frama-C: the JSON tokenizer stays in its memory
	@sh tests/deps.sh prove
	@sh tests/prove.sh $(BUILD)

install: ## headers, adapters and linkedin.pc below PREFIX
	$(INSTALL) -d $(DESTDIR)$(PREFIX)/include/adapters \
	    $(DESTDIR)$(PREFIX)/share/pkgconfig
	$(INSTALL) -m 644 linkedin.h $(DESTDIR)$(PREFIX)/include/
	$(INSTALL) -m 644 adapters/*.h $(DESTDIR)$(PREFIX)/include/adapters/
	printf 'prefix=%s\nincludedir=$${prefix}/include\n\nName: linkedin\nDescription: The LinkedIn API from C99, in one header\nVersion: %s\nCflags: -I$${includedir}\n' \
	    '$(PREFIX)' '$(VERSION)' > $(DESTDIR)$(PREFIX)/share/pkgconfig/linkedin.pc

clean: ## removes all that was built
	rm -rf $(BUILD)

$(BUILD):
	@mkdir -p $@

# The test files, once a compiler with sanitizers, in NAME below BUILD (clang's
# for size, so that the ways without the header's short cuts run too), and once
# as fast as can be, in $(BUILD)/unit: at -O1 they take half as long to run, but
# thrice as long to build. What does not compile leaves no older program behind
# that would be run in its stead, and no older log.
LINK_TEST = -lcmocka $(if $(filter $(NETWORK),$*),$(MBEDTLS) -lcurl -lcrypto -lpthread)
OPTIMIZE = $(if $(filter clang,$(NAME)),-Os,-O1)
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

.PHONY: help demo demo-tls demo-plain unit test conformance bench size fuzz \
        prove install clean units always
