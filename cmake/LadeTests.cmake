# Defines the tests. Each test has a label, which is the name of its folder. The exit code 77 means that a test was
# skipped.
find_package(PkgConfig REQUIRED)
pkg_check_modules(CHECK REQUIRED IMPORTED_TARGET check)

set(LADE_TEST_ENVIRONMENT
    "UBSAN_OPTIONS=print_stacktrace=1"
    "CK_DEFAULT_TIMEOUT=60" # 60 seconds, so that no test fails only because the machine is busy
    "LADE_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
    "LADE_BINARY_DIR=${PROJECT_BINARY_DIR}")
if(LADE_SANITIZE)
    # Under ThreadSanitizer, a process with several threads sleeps one second at its end by default. 20 ms are enough.
    list(APPEND LADE_TEST_ENVIRONMENT "CK_TIMEOUT_MULTIPLIER=10" "TSAN_OPTIONS=atexit_sleep_ms=20")
endif()
if(CMAKE_CROSSCOMPILING_EMULATOR)
    list(APPEND LADE_TEST_ENVIRONMENT "LADE_EMULATED=1")
endif()

# lade_test(NAME LABEL COMMAND...) defines a test. The slowest tests have the labels cli and style. ctest starts them
# first because of their COST, so no slow test runs alone at the end. The result of a test with the label "once" does not
# depend on the compiler options of the build, so "make test" runs the test and "make dev", "make asan" and others do not.
function(lade_test name label)
    add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY ${PROJECT_BINARY_DIR})
    set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 300 SKIP_RETURN_CODE 77
        ENVIRONMENT "${LADE_TEST_ENVIRONMENT}")
    if(label MATCHES "^(compile_fail|cross|headers|style)$")
        set_tests_properties(${name} PROPERTIES LABELS "${label};once")
    endif()
    if(label MATCHES "^(cli|style)$")
        set_tests_properties(${name} PROPERTIES COST 10)
    endif()
endfunction()

# lade_all_listed(FOLDER NAME...) stops with an error if FOLDER has a file NAME.c that is not in the list. Without this
# check, a new file that is not compiled would not be noticed.
function(lade_all_listed folder)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.c)
    foreach(source IN LISTS sources)
        get_filename_component(name ${source} NAME_WE)
        if(NOT name IN_LIST ARGN)
            message(FATAL_ERROR "${source}: add this file and its library to a list in cmake/LadeTests.cmake")
        endif()
    endforeach()
endfunction()

# ---- Check programs --------------------------------------------------------------------------------------------------
# This library contains the main() of all Check programs.
add_library(check-main OBJECT ${PROJECT_SOURCE_DIR}/tests/support/check_main.c)
target_include_directories(check-main PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(check-main PRIVATE lade-compile PkgConfig::CHECK)

# This header contains the path of the source folder. Only tests that read files of the source folder include the
# header. Therefore a compiler cache also works for the other tests if the source folder is moved or copied.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/tests/source_dir.h CONTENT "#define LADE_SOURCE_DIR \"${PROJECT_SOURCE_DIR}\"\n")

# Unit tests (tests/unit) may include private headers and are linked with the static libraries. API tests (tests/api)
# include public headers only and are linked with the shared libraries.
# lade_check_programs(FOLDER LIBRARY...) defines the programs of tests/unit/FOLDER and tests/api/FOLDER, if the first
# LIBRARY is a part of this build.
function(lade_check_programs folder)
    if(NOT TARGET ${ARGV1})
        return()
    endif()
    foreach(kind unit api)
        set(libraries ${ARGN})
        set(private_headers "")
        if(kind STREQUAL unit)
            list(TRANSFORM libraries APPEND -static)
            set(private_headers ${PROJECT_SOURCE_DIR}/src)
        endif()
        file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${kind}/${folder}/test_*.c)
        foreach(source IN LISTS sources)
            get_filename_component(name ${source} NAME_WE)
            set(target ${kind}-${name})
            lade_program(${target} ${source} tests check-main ${libraries} PkgConfig::CHECK)
            target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_BINARY_DIR}/tests
                ${private_headers})
            string(REPLACE "test_" "" short ${name})
            lade_test(${kind}/${short} ${kind} ${target})
        endforeach()
    endforeach()
endfunction()
# This program is compiled without -fstack-clash-protection, so that its stack frames do not touch the guard pages.
if(LADE_HAS_STACK_CLASH)
    set_source_files_properties(${PROJECT_SOURCE_DIR}/tests/api/gen/test_gen_frames.c PROPERTIES
        COMPILE_OPTIONS -fno-stack-clash-protection)
endif()
# With -fexceptions, the cleanup functions of this program run when its threads are canceled.
set_source_files_properties(${PROJECT_SOURCE_DIR}/tests/api/gen/test_gen_cancel.c PROPERTIES COMPILE_OPTIONS -fexceptions)
lade_check_programs(core lade)
lade_check_programs(gen lade)
lade_check_programs(iter lade)
lade_check_programs(image lade-data)
lade_check_programs(flow lade-data)
lade_check_programs(train lade-train lade-data)

# This program is compiled with the files of the command that compute metrics.
if(TARGET lade-train)
    set(metrics_sources evaluation/confusion evaluation/metrics evaluation/prediction evaluation/scores report/json report/table
        terminal/interrupt terminal/output terminal/terminal terminal/text)
    list(TRANSFORM metrics_sources REPLACE "(.+)" "${PROJECT_SOURCE_DIR}/cli/\\1.c")
    lade_program(unit-test_cli_metrics ${PROJECT_SOURCE_DIR}/tests/unit/cli/test_cli_metrics.c tests
        check-main lade-train lade-data lade PkgConfig::CHECK PkgConfig::JANSSON)
    target_sources(unit-test_cli_metrics PRIVATE ${metrics_sources})
    set_target_properties(unit-test_cli_metrics PROPERTIES UNITY_BUILD OFF)
    target_include_directories(unit-test_cli_metrics PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/cli)
    lade_test(unit/cli_metrics unit unit-test_cli_metrics)
endif()

include(LadeGeneratorTests)

# ---- Examples and benchmarks: they include public headers only; a successful build is their test ---------------------
# lade_programs(FOLDER "LIBRARY..." NAME...) defines the programs FOLDER/NAME.c, if the first LIBRARY is a part of this
# build.
function(lade_programs folder libraries)
    list(GET libraries 0 library)
    if(TARGET ${library})
        foreach(name IN LISTS ARGN)
            lade_program(${folder}-${name} ${PROJECT_SOURCE_DIR}/${folder}/${name}.c ${folder} ${libraries})
            set_target_properties(${folder}-${name} PROPERTIES OUTPUT_NAME ${name})
        endforeach()
    endif()
endfunction()

set(core_examples generator numbered pipes tree_walk)
set(data_examples notebook scan stream transform)
set(train_examples logistic residual steered step_loop train)
lade_programs(examples lade ${core_examples})
lade_programs(examples lade-data ${data_examples})
lade_programs(examples "lade-train;lade-data" ${train_examples})
lade_all_listed(examples ${core_examples} ${data_examples} ${train_examples} sqlite_reader)

# The example sqlite_reader is also a part of its test, which has a main() of its own.
pkg_check_modules(SQLITE QUIET IMPORTED_TARGET sqlite3)
if(SQLITE_FOUND AND TARGET lade-data)
    lade_programs(examples "lade-data;PkgConfig::SQLITE" sqlite_reader)
    lade_check_programs(sqlite lade-data PkgConfig::SQLITE)
    add_library(sqlite-reader OBJECT ${PROJECT_SOURCE_DIR}/examples/sqlite_reader.c)
    target_link_libraries(sqlite-reader PRIVATE lade-compile lade-data PkgConfig::SQLITE)
    target_compile_definitions(sqlite-reader PRIVATE main=main_of_example)
    set_source_files_properties(${PROJECT_SOURCE_DIR}/examples/sqlite_reader.c PROPERTIES
        COMPILE_OPTIONS -Wno-missing-prototypes)
    target_link_libraries(api-test_sqlite_reader PRIVATE sqlite-reader)
elseif(TARGET lade-data)
    message(STATUS "SQLite is missing (Debian: libsqlite3-dev); the example sqlite_reader and its test are left out")
endif()

lade_programs(bench "lade-data;PkgConfig::JPEG" bench_decode bench_warp) # the programs also measure libjpeg itself
lade_programs(bench "lade-train;lade-data" bench_train)
lade_all_listed(bench bench_decode bench_warp bench_train)

# ---- A program and headers of an earlier version ---------------------------------------------------------------------
if(TARGET lade-train AND TARGET lade-data AND LADE_SHARED)
    lade_program(abi-old_program ${PROJECT_SOURCE_DIR}/tests/abi/old_program.c tests lade-train lade-data)
    target_include_directories(abi-old_program BEFORE PRIVATE ${PROJECT_SOURCE_DIR}/tests/abi/headers)
    lade_test(abi/old_program abi abi-old_program)
    set(libraries ${LADE_LIBRARIES})
    list(FILTER libraries EXCLUDE REGEX "-static$")
    list(TRANSFORM libraries REPLACE "(.+)" "$<TARGET_FILE:\\1>")
    lade_test(abi/interface abi env CC=${CMAKE_C_COMPILER} ${PROJECT_SOURCE_DIR}/tools/check-abi ${libraries})
endif()

# ---- C++ ------------------------------------------------------------------------------------------------------------
include(LadeCppTests)

# ---- Fuzz targets ----------------------------------------------------------------------------------------------------
# As a test, each target reads all files of its corpus. With -DLADE_FUZZ=ON and clang, the targets are libFuzzer
# programs and not tests. -DLADE_SANITIZE=fuzzer-no-link,address,undefined instruments the libraries for libFuzzer.
option(LADE_FUZZ "Build the fuzz targets for libFuzzer" OFF)

# lade_fuzz_targets(LIBRARY TARGET...) defines the targets tests/fuzz/TARGET.c, if LIBRARY is a part of this build.
function(lade_fuzz_targets library)
    if(NOT TARGET ${library})
        return()
    endif()
    foreach(target IN LISTS ARGN)
        lade_program(${target} ${PROJECT_SOURCE_DIR}/tests/fuzz/${target}.c tests ${library}-static)
        target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
        if(LADE_FUZZ)
            target_compile_definitions(${target} PRIVATE LADE_FUZZ)
            target_link_options(${target} PRIVATE -fsanitize=fuzzer)
            continue()
        endif()
        string(REPLACE "fuzz_" "" name ${target})
        file(GLOB corpus CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name}/*)
        if(name MATCHES "^(decode|eighth)$")
            file(GLOB images CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/golden/images/*)
            list(APPEND corpus ${images})
        endif()
        lade_test(fuzz/${name} fuzz ${target} ${corpus})
    endforeach()
endfunction()
set(core_targets fuzz_npy fuzz_text)
set(data_targets fuzz_csv fuzz_decode fuzz_eighth fuzz_state)
set(train_targets fuzz_resume fuzz_safetensors fuzz_spec)
lade_fuzz_targets(lade ${core_targets})
lade_fuzz_targets(lade-data ${data_targets})
lade_fuzz_targets(lade-train ${train_targets})
lade_all_listed(tests/fuzz ${core_targets} ${data_targets} ${train_targets})

# ---- The kernels on another CPU, if there is a cross compiler and an emulator ----------------------------------------
if(TARGET lade-data)
    lade_test(cross/kernels cross ${PROJECT_SOURCE_DIR}/tests/cross/run-kernels ${PROJECT_BINARY_DIR}/tests
        ${CMAKE_C_COMPILER})
endif()

# ---- The command, tested by shell scripts. The scripts run $LADE and use all subcommands -----------------------------
if(TARGET lade-command AND LADE_TRAIN)
    add_library(slow-read MODULE tests/cli/slow_read.c)
    target_link_libraries(slow-read PRIVATE ${CMAKE_DL_LIBS})
    set_target_properties(slow-read PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    file(GLOB scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/cli/*/test_*.sh)
    foreach(script IN LISTS scripts)
        get_filename_component(name ${script} NAME_WE)
        string(REPLACE "test_" "" short ${name})
        lade_test(cli/${short} cli sh ${script})
        set_tests_properties(cli/${short} PROPERTIES
            ENVIRONMENT "${LADE_TEST_ENVIRONMENT};LADE=$<TARGET_FILE:lade-command>")
    endforeach()
    set_property(TEST cli/fonts APPEND PROPERTY ENVIRONMENT "LADE_FONTCONFIG=$<IF:$<BOOL:${LADE_FONTCONFIG}>,ON,OFF>")
    set_property(TEST cli/interrupt APPEND PROPERTY
        ENVIRONMENT "LADE_SLOW_READ=$<TARGET_FILE:slow-read>" "LADE_SANITIZED=${LADE_SANITIZE}")
endif()

# ---- Style: the rules of CONTRIBUTING.md, each as a test -------------------------------------------------------------
find_package(Python3 3.9 COMPONENTS Interpreter)
if(Python3_FOUND)
    lade_test(style/checks style ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/style/test_checks.py)
    lade_test(style/cpp_words style ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/style/test_cpp_words.py)
    lade_test(style/pipeline_text style env CC=${CMAKE_C_COMPILER} ${Python3_EXECUTABLE}
        ${PROJECT_SOURCE_DIR}/tests/style/test_pipeline_text.py)
    lade_test(style/layers style ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/check-layers)
    lade_test(style/calls style ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/check-calls)
    lade_test(style/names style ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/check-names)
    lade_test(style/examples style ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/check-examples)
    if(TARGET lade-command AND TARGET examples-notebook)
        lade_test(parity/notebook parity ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/parity/notebook.py
            $<TARGET_FILE:examples-notebook> $<TARGET_FILE:lade-command>)
    endif()
    if(LADE_SHARED AND NOT CMAKE_CROSSCOMPILING)
        lade_test(parity/dlpack parity env LADE_LIBRARY=$<TARGET_FILE:lade> LADE_SANITIZED=${LADE_SANITIZE}
            ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/dlpack/libraries.py)
    endif()
    lade_test(parity/bits16 parity ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/golden/bits16_reference.py
        check ${PROJECT_SOURCE_DIR}/tests/golden/bits16.txt)
    lade_test(parity/torchvision parity ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/golden/torchvision_reference.py
        check ${PROJECT_SOURCE_DIR}/tests/golden/torchvision.txt)
    if(TARGET lade-train)
        lade_test(parity/torch parity ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/golden/torch_reference.py check
            ${PROJECT_SOURCE_DIR}/tests/golden/torch.txt)
    endif()
    set(products "")
    if(TARGET lade-command AND LADE_TRAIN)
        list(APPEND products --command $<TARGET_FILE:lade-command>)
        lade_test(style/man_options style ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/write-man --check
            $<TARGET_FILE:lade-command>)
    endif()
    foreach(library IN LISTS LADE_LIBRARIES)
        if(NOT library MATCHES "-static$")
            list(APPEND products --library $<TARGET_FILE:${library}>)
        endif()
    endforeach()
    lade_test(style/docs style ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/check-docs ${products})
else()
    message(STATUS "no python3; the tests that need it are left out")
endif()
find_program(LADE_CXX NAMES $ENV{CXX} c++ g++ clang++)
lade_test(headers/alone headers env CC=${CMAKE_C_COMPILER} CXX=${LADE_CXX} ${PROJECT_SOURCE_DIR}/tools/check-headers)
if(LADE_OTHER_clang)
    lade_test(headers/alone_clang headers env CC=clang CXX=clang++ ${PROJECT_SOURCE_DIR}/tools/check-headers)
endif()
lade_test(style/format style ${PROJECT_SOURCE_DIR}/tools/check-format)
lade_test(style/man style ${PROJECT_SOURCE_DIR}/tools/check-man)
lade_test(style/shell style ${PROJECT_SOURCE_DIR}/tools/check-shell)
if(NOT LADE_SANITIZE) # the sanitizers add symbols of their own to a library
    set(files "")
    foreach(library IN LISTS LADE_LIBRARIES)
        list(APPEND files $<TARGET_FILE:${library}>)
    endforeach()
    lade_test(style/symbols style ${PROJECT_SOURCE_DIR}/tools/check-symbols ${files})
endif()
