# The front door; the build itself is CMake's (CMakeLists.txt, CMakePresets.json). `make help` lists what there is.
.DEFAULT_GOAL := help
.PHONY: help demo test build install check-all dev clang asan tsan valgrind check-install matrix matrix-few aarch64 clean

PREFIX ?= /usr/local
DESTDIR ?=
JOBS := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
GENERATOR := $(if $(shell command -v ninja),-G Ninja)
CTEST := ctest --output-on-failure --no-label-summary -j $(JOBS)

help:
	@echo 'make demo       install what is missing, build, and show lade at work (2 minutes)'
	@echo 'make test       install what is missing, build, run every test'
	@echo 'make build      libraries and the command, at build/lade'
	@echo 'make install    PREFIX=$(PREFIX) DESTDIR=$(DESTDIR): headers, libraries, man pages, the command'
	@echo 'make check-all  every test in every way: gcc, clang, sanitizers, valgrind, an installation, the two below'
	@echo 'make dev|clang|asan|tsan|valgrind|check-install  one of these ways'
	@echo 'make matrix     generators by gcc and clang, -O0 to -O3, with and without -fcf-protection, with ucontext'
	@echo 'make aarch64    generators for AArch64, by a cross compiler and qemu-user'
	@echo 'make clean      remove every build folder'

demo:
	@tools/install-packages build
	@$(MAKE) --no-print-directory build
	@tools/demo

test: build-tests
	$(CTEST) --test-dir build

.PHONY: build-tests
build-tests:
	@tools/install-packages build test
	cmake -S . -B build $(GENERATOR) -DLADE_TESTS=ON --log-level=WARNING
	cmake --build build -j $(JOBS)

# The first time without the tests, which need packages that a user has no use for.
build/CMakeCache.txt:
	cmake -S . -B build $(GENERATOR) -DLADE_TESTS=OFF --log-level=WARNING

build: build/CMakeCache.txt
	cmake --build build -j $(JOBS) --target lade-products

install: build
	cmake -S . -B build -DCMAKE_INSTALL_PREFIX=$(PREFIX)
	DESTDIR=$(DESTDIR) cmake --install build
	@if [ -z "$(DESTDIR)" ] && [ "$$(id -u)" = 0 ]; then ldconfig; fi

# ---- The other ways -------------------------------------------------------------------------------------------------

dev asan tsan:
	cmake --preset $@
	cmake --build --preset $@ -j $(JOBS)
	$(CTEST) --preset $@ $(if $(filter dev,$@),,-LE style)

clang:
	CC=clang CXX=clang++ cmake --preset dev -B build-clang -DCMAKE_BUILD_TYPE=RelWithDebInfo
	cmake --build build-clang -j $(JOBS)
	$(CTEST) --test-dir build-clang

# Without image_pillow: it computes long, and image_resize runs the same code.
valgrind: build-tests
	tools/run-valgrind $$(ls build/tests/*-test_* | grep -v image_pillow)

check-install:
	tools/check-install

matrix:
	@tools/install-packages build test ci
	tools/run-matrix

# The two that lie furthest from the other ways: for each push.
matrix-few:
	tools/run-matrix 'gcc-O3-asm-cf|clang-O1-ucontext-plain'

aarch64:
	@tools/install-packages build test aarch64
	tools/run-matrix aarch64

check-all:
	$(MAKE) dev
	LADE_SETS=1000 build-dev/tests/unit-test_flow_property
	$(MAKE) clang
	$(MAKE) asan
	$(MAKE) tsan
	$(MAKE) valgrind
	$(MAKE) check-install
	$(MAKE) matrix
	$(MAKE) aarch64
	$(MAKE) test
	LADE_KILLS=20 build/tests/api-test_train_resume

clean:
	rm -rf build build-*
