# Tests: one program a file, found by themselves, labelled by folder. Exit code 77 means skipped.
pkg_check_modules(CHECK REQUIRED IMPORTED_TARGET check)

set(LADE_TEST_ENVIRONMENT
    "UBSAN_OPTIONS=print_stacktrace=1"
    "CK_DEFAULT_TIMEOUT=60" # a busy machine is no failure
    "LADE_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
    "LADE_BINARY_DIR=${PROJECT_BINARY_DIR}")
if(LADE_SANITIZE)
    list(APPEND LADE_TEST_ENVIRONMENT "CK_TIMEOUT_MULTIPLIER=10")
endif()
if(CMAKE_CROSSCOMPILING_EMULATOR)
    list(APPEND LADE_TEST_ENVIRONMENT "LADE_EMULATED=1")
endif()

# lade_test(NAME LABEL COMMAND...)
function(lade_test name label)
    add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY ${PROJECT_BINARY_DIR})
    set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 300 SKIP_RETURN_CODE 77
        ENVIRONMENT "${LADE_TEST_ENVIRONMENT}")
endfunction()

# The main() of all Check programs.
add_library(check-main OBJECT ${PROJECT_SOURCE_DIR}/tests/support/check_main.c)
target_include_directories(check-main PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(check-main PRIVATE lade-compile PkgConfig::CHECK)

# Check programs. Unit tests (tests/unit) may include private headers and are linked with the static libraries; api tests
# (tests/api) see what a user sees. A folder is linked with the libraries that are named here.
function(lade_check_programs kind folder suffix)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${kind}/${folder}/test_*.c)
    foreach(source IN LISTS sources)
        get_filename_component(name ${source} NAME_WE)
        set(target ${kind}-${name})
        add_executable(${target} ${source} $<TARGET_OBJECTS:check-main>)
        set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
        target_compile_definitions(${target} PRIVATE LADE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
        target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
        if(suffix)
            target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
        endif()
        foreach(library IN LISTS ARGN)
            target_link_libraries(${target} PRIVATE ${library}${suffix})
        endforeach()
        target_link_libraries(${target} PRIVATE lade-compile Threads::Threads -lm PkgConfig::CHECK)
        target_link_options(${target} PRIVATE -Wl,--as-needed)
        string(REPLACE "test_" "" short ${name})
        lade_test(${kind}/${short} ${kind} ${target})
    endforeach()
endfunction()
foreach(kind unit api)
    set(suffix "")
    if(kind STREQUAL unit)
        set(suffix -static)
    endif()
    lade_check_programs(${kind} core "${suffix}" lade)
    if(TARGET lade-data)
        lade_check_programs(${kind} image "${suffix}" lade-data lade)
        lade_check_programs(${kind} flow "${suffix}" lade-data lade)
    endif()
    if(TARGET lade-train AND TARGET lade-data)
        lade_check_programs(${kind} train "${suffix}" lade-train lade-data lade)
    endif()
endforeach()

include(LadeGeneratorTests)

# Examples and benchmarks see public headers only; that they build is their test.
foreach(folder examples bench)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.c)
    lade_drop_unbuildable(sources)
    foreach(source IN LISTS sources)
        get_filename_component(name ${source} NAME_WE)
        add_executable(${folder}-${name} ${source})
        set_target_properties(${folder}-${name} PROPERTIES OUTPUT_NAME ${name}
            RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${folder})
        lade_link_by_includes(${folder}-${name} "" ${source})
        lade_includes(jpeg "<jpeglib\\.h>" ${source}) # a benchmark that measures libjpeg itself beside lade
        if(jpeg AND data_present)
            target_link_libraries(${folder}-${name} PRIVATE PkgConfig::JPEG)
        endif()
    endforeach()
endforeach()

# Fuzz targets: each replays its corpus as a test. With -DLADE_FUZZ=ON and clang they are libFuzzer programs instead,
# made with -DLADE_SANITIZE=fuzzer-no-link,address,undefined to be of use.
option(LADE_FUZZ "Build the fuzz targets for libFuzzer" OFF)
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/fuzz/fuzz_*.c)
lade_drop_unbuildable(sources)
foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    add_executable(${name} ${source})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
    lade_link_by_includes(${name} "-static" ${source})
    if(LADE_FUZZ)
        target_compile_definitions(${name} PRIVATE LADE_FUZZ)
        target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    else()
        string(REPLACE "fuzz_" "" short ${name})
        file(GLOB corpus CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${short}/*)
        if(short MATCHES "^(decode|eighth)$")
            file(GLOB images CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/golden/images/*)
            list(APPEND corpus ${images})
        endif()
        lade_test(fuzz/${short} fuzz ${name} ${corpus})
    endif()
endforeach()

# The same numbers on another CPU, where there is a cross compiler and an emulator.
if(data_present)
    lade_test(cross/kernels cross ${PROJECT_SOURCE_DIR}/tests/cross/run-kernels ${PROJECT_BINARY_DIR}/tests
        ${CMAKE_C_COMPILER})
endif()

# The command, by shell scripts; $LADE is the command to run.
if(TARGET lade-command)
    file(GLOB scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/cli/test_*.sh)
    foreach(script IN LISTS scripts)
        get_filename_component(name ${script} NAME_WE)
        string(REPLACE "test_" "" short ${name})
        lade_test(cli/${short} cli sh ${script})
        set_tests_properties(cli/${short} PROPERTIES
            ENVIRONMENT "${LADE_TEST_ENVIRONMENT};LADE=$<TARGET_FILE:lade-command>")
    endforeach()
endif()

# Style: the rules of CONTRIBUTING.md, each as a test.
find_package(Python3 3.9 COMPONENTS Interpreter)
if(Python3_FOUND)
    lade_test(style/checks style ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/style/test_checks.py)
    lade_test(style/layers style ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/check-layers)
    lade_test(style/examples style ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/check-examples)
    if(TARGET lade-command AND TARGET examples-notebook)
        lade_test(parity/notebook parity ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/parity/notebook.py
            $<TARGET_FILE:examples-notebook> $<TARGET_FILE:lade-command>)
    endif()
    if(train_present)
        lade_test(parity/torch parity ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/golden/torch_reference.py check
            ${PROJECT_SOURCE_DIR}/tests/golden/torch.txt)
    endif()
    set(products "")
    if(TARGET lade-command)
        list(APPEND products --command $<TARGET_FILE:lade-command>)
    endif()
    foreach(library IN LISTS LADE_LIBRARIES)
        list(APPEND products --library $<TARGET_FILE:${library}>)
    endforeach()
    lade_test(style/docs style ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/check-docs ${products})
else()
    message(STATUS "no python3: the tests style/checks, style/layers and style/docs are left out")
endif()
find_program(LADE_CXX NAMES $ENV{CXX} c++ g++ clang++)
lade_test(style/headers style env CC=${CMAKE_C_COMPILER} CXX=${LADE_CXX} ${PROJECT_SOURCE_DIR}/tools/check-headers
    -idirafter ${LADE_DLPACK_INCLUDE})
lade_test(style/format style ${PROJECT_SOURCE_DIR}/tools/check-format)
lade_test(style/man style ${PROJECT_SOURCE_DIR}/tools/check-man)
lade_test(style/shell style ${PROJECT_SOURCE_DIR}/tools/check-shell)
if(NOT LADE_SANITIZE) # whose runtimes add symbols of their own
    set(files "")
    foreach(library IN LISTS LADE_LIBRARIES)
        list(APPEND files $<TARGET_FILE:${library}> $<TARGET_FILE:${library}-static>)
    endforeach()
    lade_test(style/symbols style ${PROJECT_SOURCE_DIR}/tools/check-symbols ${files})
endif()
