# Short commands that build and test lade. CMakeLists.txt and CMakePresets.json define the build itself. `make help`
# lists the commands.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test build install check-all dev clang asan tsan valgrind check-install matrix matrix-few aarch64 \
    check-distributions clean asan-python

PREFIX ?= /usr/local
DESTDIR ?=
JOBS := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
GENERATOR := $(if $(shell command -v ninja),-G Ninja)
# These tests start no threads, so ThreadSanitizer cannot find an error in them. `make tsan` leaves them out.
WITHOUT_THREADS := ^((unit|api)/image|fuzz/(csv|decode|eighth|npy)$$)
CTEST := ctest --output-on-failure --no-label-summary -j $(JOBS)

help:
	@echo 'make demo       install missing packages, build, train a small net and show the results (2 minutes)'
	@echo 'make test       install missing packages, build, run all tests'
	@echo 'make build      build the libraries and the command build/lade'
	@echo 'make install    install headers, libraries, man pages and the command; PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)'
	@echo 'make clean      remove all build folders'
	@echo
	@echo 'For developers. Most of these commands build in their own folder and run the tests:'
	@echo 'make dev        build without optimisation; warnings are errors'
	@echo 'make clang      build with clang'
	@echo 'make asan       build with AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer'
	@echo 'make asan-python  build the Python package with AddressSanitizer and run its tests'
	@echo 'make tsan       build with ThreadSanitizer'
	@echo 'make valgrind   run the tests under valgrind'
	@echo 'make matrix     test only generators, in 34 configurations: gcc, clang, -O0 to -O3, sanitizers, ...'
	@echo 'make matrix-few test only the two configurations of make matrix that differ most from the other builds'
	@echo 'make aarch64    test only generators, for AArch64, with a cross compiler and qemu-user'
	@echo 'make check-install        install into a temporary folder and test the installation'
	@echo 'make check-distributions  make demo and make test on Debian 12, 13 and testing (root; about an hour)'
	@echo 'make wheel      make a self-contained wheel of the Python package and try it on a bare Debian 12 (root)'
	@echo 'make check-all  run all commands above except check-distributions (about an hour)'

demo:
	@tools/install-packages build
	@$(MAKE) --no-print-directory build
	@tools/demo

test: build-tests
	$(CTEST) --test-dir build

.PHONY: build-tests
build-tests:
	@tools/install-packages build test
	cmake -S . -B build $(GENERATOR) -DLADE_TESTS=ON -DLADE_PYTHON=ON --log-level=WARNING
	cmake --build build -j $(JOBS)

# The first call of cmake turns the tests off, because tests need more packages. If this call fails, make deletes the
# file CMakeCache.txt, so that the next `make` calls cmake again.
build/CMakeCache.txt:
	@tools/install-packages --check build
	cmake -S . -B build $(GENERATOR) -DLADE_TESTS=OFF --log-level=WARNING

build: build/CMakeCache.txt
	cmake --build build -j $(JOBS) --target lade-products

# The prefix is set before the build, because the run-time library paths in the files depend on the prefix.
install: build/CMakeCache.txt
	cmake -S . -B build -DCMAKE_INSTALL_PREFIX='$(PREFIX)' --log-level=WARNING
	@$(MAKE) --no-print-directory build
	DESTDIR='$(DESTDIR)' cmake --install build
	@if [ -z "$(DESTDIR)" ] && [ "$$(id -u)" = 0 ]; then ldconfig; fi

# ---- For developers --------------------------------------------------------------------------------------------------

dev asan tsan:
	@tools/install-packages build test
	cmake --preset $@
	cmake --build --preset $@ -j $(JOBS)
	$(CTEST) --preset $@ -LE once $(if $(filter tsan,$@),-E '$(WITHOUT_THREADS)')

asan-python:
	@tools/install-packages build test
	cmake -S . -B build-asan-python $(GENERATOR) -DCMAKE_BUILD_TYPE=RelWithDebInfo -DLADE_SANITIZE=address,undefined \
	    -DLADE_PYTHON=ON -DLADE_TESTS=OFF -DLADE_CLI=OFF -DBUILD_SHARED_LIBS=OFF --log-level=WARNING
	cmake --build build-asan-python -j $(JOBS) --target lade-python
	LADE_SANITIZED=1 tests/python/run-tests python3 build-asan-python

clang:
	@tools/install-packages build test ci
	CC=clang CXX=clang++ cmake --preset dev -B build-clang -DCMAKE_BUILD_TYPE=RelWithDebInfo
	cmake --build build-clang -j $(JOBS)
	$(CTEST) --test-dir build-clang -LE once

# ctest lists the names, because build/tests can contain old programs of renamed tests. image_pillow is left out, because
# it is slow and image_resize runs the same code.
valgrind: build-tests
	@tools/install-packages ci
	tools/run-valgrind $$(ctest --test-dir build -N -L '^(unit|api)$$' | grep -v image_pillow | \
	    sed -n 's,.*: \(unit\|api\)/,build/tests/\1-test_,p')

check-install:
	tools/check-install

matrix:
	@tools/install-packages build test ci
	tools/run-matrix

matrix-few:
	tools/run-matrix 'gcc-O3-asm-cf|clang-O0-ucontext-plain'

aarch64:
	@tools/install-packages build test aarch64
	tools/run-matrix aarch64

check-distributions:
	tools/check-distributions

wheel:
	@tools/install-packages build
	tools/make-wheel
	tools/check-distributions --wheel "$$(ls build-wheel/dist/*.whl)"

check-all:
	$(MAKE) dev
	LADE_SETS=1000 build-dev/tests/unit-test_flow_property
	$(MAKE) clang
	$(MAKE) asan
	$(MAKE) asan-python
	$(MAKE) tsan
	$(MAKE) valgrind
	$(MAKE) check-install
	$(MAKE) matrix
	$(MAKE) aarch64
	$(MAKE) test
	LADE_KILLS=20 build/tests/api-test_train_resume
	LADE_DAMAGED=1000 CK_DEFAULT_TIMEOUT=300 build/tests/unit-test_image_damage
	LADE_DEPTH=100000 build/tests/api-test_gen_depth
	LADE_BOMBS=1 CK_TIMEOUT_MULTIPLIER=5 build/tests/api-test_image_bombs

clean:
	rm -rf build build-*
