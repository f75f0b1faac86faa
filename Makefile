# Everything there is to do with this repository; `make help` lists it.

.DEFAULT_GOAL := help
.PHONY: help run build package test test-postgresql screenshots sanitize bench bench-api bench-fairness bench-limits bench-links bench-nodes bench-portal bench-usage failover \
	check format clean build-packages package-packages test-packages bench-packages

# Arguments for the server: make run ARGS="--port-range 6000-6099 --region fra"
ARGS ?=
# A pattern that chooses tests by name: make test FILTER=EndToEndTests
FILTER ?=
# How often everything is measured, a pattern that chooses rows by name, and another binary that
# takes `hub FILE`, to be measured beside ours: make bench ROUNDS=1 ROWS=1420 HUB=../old/wgw
ROUNDS ?= 5
ROWS ?=
HUB ?=
# Another program that takes `connect FILE`, or a wireguard-go, to be measured beside ours as a client.
CLIENT ?=
# Where the pictures of the portal go: make screenshots PICTURES=/tmp/pictures
PICTURES ?= .build/pictures

# For --version. In the environment, so that another commit is seen by SwiftPM, which keeps its reading of
# Package.swift as long as that and the environment are the same.
export WGW_COMMIT := $(shell scripts/commit)

SOURCES := Sources Tests Package.swift

# A Python with the vendor's own client of the API, which has to work with this server unmodified.
VENDOR_CLIENT := .build/vendor-client

# Makes requests up from the OpenAPI document.
API_FUZZER := .build/api-fuzzer

# A Python with Playwright, which drives Debian's chromium.
BROWSER := .build/browser

# What is looked for (a command, or a file), and the Debian package that brings it.
BUILD_NEEDS := git=git /usr/include/sqlite3.h=libsqlite3-dev /usr/include/zlib.h=zlib1g-dev \
	/usr/include/postgresql/libpq-fe.h=libpq-dev \
	$(if $(filter x86_64,$(shell uname -m)),/usr/include/intel-ipsec-mb.h=libipsec-mb-dev)
PACKAGE_NEEDS := dpkg-deb=dpkg dpkg-shlibdeps=dpkg-dev
TEST_NEEDS := $(PACKAGE_NEEDS) \
	systemd-analyze=systemd systemd-nspawn=systemd-container ps=procps \
	man=man-db col=bsdextrautils zsh=zsh fish=fish lintian=lintian \
	wireguard-go=wireguard-go wg=wireguard-tools ip=iproute2 ping=iputils-ping \
	traceroute=traceroute curl=curl busybox=busybox nft=nftables \
	/usr/share/doc/postgresql=postgresql pgbouncer=pgbouncer \
	openssl=openssl promtool=prometheus python3=python3 \
	/usr/share/doc/python3-venv=python3-venv \
	/usr/share/doc/libqrencode4=libqrencode4 zbarimg=zbar-tools rsvg-convert=librsvg2-bin \
	chromium=chromium soffice=libreoffice-calc-nogui nmcli=network-manager /lib/systemd/systemd-networkd=systemd
FAILOVER_NEEDS := python3=python3 /usr/share/doc/postgresql=postgresql wireguard-go=wireguard-go wg=wireguard-tools \
	ip=iproute2 ping=iputils-ping
# Without root there is no wireguard-go to measure, and its packages are not asked for.
BENCH_NEEDS := python3=python3 taskset=util-linux \
	$(if $(filter 0,$(shell id -u)),wireguard-go=wireguard-go wg=wireguard-tools ip=iproute2 \
	ping=iputils-ping iperf3=iperf3 nft=nftables)

help: ## list what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## build the release and start the server (ARGS="..." goes to wgw serve)
	@exec "$$(swift build -c release --show-bin-path)/wgw" serve $(ARGS)

build: build-packages ## build the release binaries, wgw and wgw-bench
	WGW_ONLY="wgw wgw-bench" swift build -c release

# The Swift runtime is linked in, for machines without a toolchain. This is a build of its own: a test counts
# calls of the runtime by standing in front of its library, which such a binary does not load.
PACKAGED_BUILD := -c release --scratch-path .build-package --static-swift-stdlib --disable-local-rpath

package: build-packages package-packages ## build the Debian package, .build/package/wgw_VERSION_ARCHITECTURE.deb
	WGW_ONLY="wgw" swift build $(PACKAGED_BUILD)
	@scripts/package "$$(swift build $(PACKAGED_BUILD) --show-bin-path)/wgw" .build/package
	@scripts/check-package .build/package

# The program of all tests. In one lane, one test comes after the other: many are a server with its clients.
# None fails for being slow; how fast all is, the benchmarks tell.
RUN_TESTS := .build/debug/wgwPackageTests.xctest --testing-library swift-testing --no-parallel

# What reads and writes the database itself: statements are written once for both engines.
ON_THE_STORE := ^(GatewayStore|GatewayService|GatewayAPI|Portal|GatewayRuntime)Tests\.
END_TO_END := ^(EndToEnd|Package)Tests\.
IN_A_BROWSER := ^(EndToEndTests\.BrowserTests|DocumentFuzzTests\.)

# The end-to-end tests take the release binary: it is what users run.
test: export WGW_BINARY = $(abspath .build/release/wgw)
test: export WGW_VENDOR_CLIENT = $(abspath $(VENDOR_CLIENT))/bin/python
test: export WGW_API_FUZZER = $(abspath $(API_FUZZER))/bin/schemathesis
test: export WGW_BROWSER = $(abspath $(BROWSER))/bin/python

test: build test-packages $(VENDOR_CLIENT)/installed $(API_FUZZER)/installed $(BROWSER)/installed ## build everything and run all tests (FILTER="EndToEndTests")
	swift build --build-tests
ifdef FILTER
	@scripts/run-lanes 'tests=$(RUN_TESTS) --filter "$(FILTER)"'
else
	@scripts/run-lanes \
		'browser=$(RUN_TESTS) --filter "$(IN_A_BROWSER)"' \
		'ends=$(RUN_TESTS) --filter "$(END_TO_END)" --skip "$(IN_A_BROWSER)"' \
		'parts=$(RUN_TESTS) --skip "$(END_TO_END)|$(IN_A_BROWSER)"' \
		'postgres=WGW_TEST_DATABASE=postgres $(RUN_TESTS) --filter "$(ON_THE_STORE)"'
endif

test-postgresql: build-packages test-packages ## build and run the tests of the store and what is on it on PostgreSQL
	swift build --build-tests
	@scripts/run-lanes 'postgres=WGW_TEST_DATABASE=postgres $(RUN_TESTS) --filter "$(or $(FILTER),$(ON_THE_STORE))"'

$(VENDOR_CLIENT)/installed: Tests/VendorClient/requirements.txt | test-packages
$(API_FUZZER)/installed: Tests/APIFuzz/requirements.txt | test-packages
$(BROWSER)/installed: Tests/Browser/requirements.txt | test-packages
$(VENDOR_CLIENT)/installed $(API_FUZZER)/installed $(BROWSER)/installed:
	python3 -m venv --clear $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# Pictures of every page of the portal, and the two of README.md.
screenshots: build $(BROWSER)/installed ## take pictures of the portal (PICTURES=folder)
	$(BROWSER)/bin/python -B Tests/Browser/run.py --wgw "$$(swift build -c release --show-bin-path)/wgw" \
		--pictures "$(PICTURES)" screenshots readme_pictures
	cp "$(PICTURES)/readme-overview.png" docs/overview.png
	cp "$(PICTURES)/readme-peer.png" docs/peer.png

# Everything that threads share is in the data plane. Its tests, with several workers, under the
# sanitizer; the engine's as well, whose simulations share a gateway among engines.
sanitize: build-packages ## run the data plane's tests under the thread sanitizer
	WGW_ONLY="WireGuardEngineTests DataPlaneTests" TSAN_OPTIONS=halt_on_error=1 \
		scripts/run-lanes 'threads=swift test --sanitize thread -Xswiftc -DTHREAD_SANITIZER \
		--scratch-path .build-threads --no-parallel $(if $(FILTER),--filter "$(FILTER)")'

# Some ten minutes, on a machine that does nothing else.
bench: bench-packages build ## measure the hub beside wireguard-go (ROUNDS=1 ROWS="1420x32" HUB=path CLIENT=path)
	@scripts/bench --programs "$$(swift build -c release --show-bin-path)" \
		--rounds "$(ROUNDS)" --rows "$(ROWS)" $(if $(HUB),--hub "$(HUB)") \
		$(if $(CLIENT),--client "$(CLIENT)")

bench-api: build ## measure the API with wrk, on SQLite and PostgreSQL, in six minutes (root)
	@scripts/require-packages python3=python3 wrk=wrk /usr/share/doc/postgresql=postgresql
	@scripts/bench-api --wgw "$$(swift build -c release --show-bin-path)/wgw" --keep

bench-nodes: build ## measure 50 nodes of 10 000 peers each, in ten minutes
	@scripts/bench-nodes --wgw "$$(swift build -c release --show-bin-path)/wgw"

bench-fairness: build ## measure what a busy tenant leaves of what others of its node had, in four minutes
	@scripts/bench-fairness --wgw "$$(swift build -c release --show-bin-path)/wgw"

bench-limits: bench-packages build ## measure how exactly rates and quotas are kept and what limits cost, in seven minutes (root)
	@scripts/bench-limits --wgw "$$(swift build -c release --show-bin-path)/wgw"

bench-links: bench-packages build ## measure links between gateways beside a hairpin, in two minutes (root)
	@scripts/bench-links --wgw "$$(swift build -c release --show-bin-path)/wgw"

bench-portal: build $(BROWSER)/installed ## measure the portal in chromium: 100 000 peers, in three minutes
	@$(BROWSER)/bin/python -B scripts/bench-portal --wgw "$$(swift build -c release --show-bin-path)/wgw"

bench-usage: build ## measure sums of usage and costs of 1 000 gateways, on SQLite and PostgreSQL, in a minute (root)
	@scripts/require-packages python3=python3 /usr/share/doc/postgresql=postgresql
	@scripts/bench-usage --wgw "$$(swift build -c release --show-bin-path)/wgw"

failover: build ## kill servers and their database, and see what is lost, in two minutes (root)
	@scripts/require-packages $(FAILOVER_NEEDS)
	@scripts/failover --wgw "$$(swift build -c release --show-bin-path)/wgw"

check: ## check the formatting and what is in git; builds nothing
	swift format lint --strict --parallel --recursive $(SOURCES)
	@scripts/check-repository
	@! command -v promtool >/dev/null || promtool check rules deploy/prometheus/wgw.rules.yml

format: ## format all sources
	swift format --in-place --parallel --recursive $(SOURCES)

clean: ## remove everything that was built
	rm -rf .build .build-package

build-packages:
	@scripts/require-packages $(BUILD_NEEDS)

package-packages:
	@scripts/require-packages $(PACKAGE_NEEDS)

test-packages:
	@scripts/require-packages $(TEST_NEEDS)

bench-packages:
	@scripts/require-packages $(BENCH_NEEDS)
