# Builds the tests in C++ (tests/cpp) and the examples in C++, if there is a C++ compiler. The libraries and the command
# need no C++ compiler.
if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CXX_COMPILER)
    message(STATUS "no C++ cross compiler; the tests in C++ are left out")
    return()
endif()
include(CheckLanguage)
check_language(CXX)
if(NOT CMAKE_CXX_COMPILER)
    message(STATUS "no C++ compiler; the tests in C++ are left out")
    return()
endif()
enable_language(CXX)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)

# These files contain the main() of the tests, and generators written in C.
add_library(cpp-support STATIC ${PROJECT_SOURCE_DIR}/tests/cpp/generators.c
    ${PROJECT_SOURCE_DIR}/tests/support/check_main.c)
target_include_directories(cpp-support PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(cpp-support PUBLIC lade PRIVATE lade-compile PkgConfig::CHECK)

# Two tests are made from each source. The first test is compiled as C++17 with the compiler that CMake has chosen. The
# second test is compiled as C++20 with another compiler, if that compiler is installed. A build with a sanitizer has
# only the first test, because the sanitizers of two compilers do not work in one program.
set(other clang++)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    set(other g++)
endif()
if(NOT LADE_SANITIZE AND NOT CMAKE_CROSSCOMPILING)
    find_program(LADE_OTHER_CXX ${other})
endif()
function(lade_cpp_test name library)
    if(NOT TARGET ${library})
        return()
    endif()
    set(source ${PROJECT_SOURCE_DIR}/tests/cpp/test_${name}.cpp)
    lade_program(cpp-test_${name} ${source} tests cpp-support ${ARGV1} PkgConfig::CHECK)
    target_include_directories(cpp-test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    lade_test(cpp/${name} cpp cpp-test_${name})
    if(LADE_OTHER_CXX)
        separate_arguments(flags NATIVE_COMMAND "${CMAKE_CXX_FLAGS}")
        lade_test(cpp/${name}_other_compiler cpp ${PROJECT_SOURCE_DIR}/tests/cpp/compile-and-run
            ${PROJECT_BINARY_DIR}/tests/cpp-test_${name}_other_compiler ${LADE_OTHER_CXX} ${flags} -std=c++20 -O2
            -Wall -Wextra -Wpedantic -Werror -I${PROJECT_SOURCE_DIR}/include -I${PROJECT_SOURCE_DIR}/tests
            ${source} $<TARGET_FILE:cpp-support> $<TARGET_FILE:${library}>
            $<TARGET_FILE:lade> -Wl,-rpath,$<TARGET_FILE_DIR:lade> ${CHECK_LDFLAGS} -pthread)
        # With GCC, only "make test" runs this test. "make clang" also runs the test, with g++
        # and a library that clang has compiled.
        if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
            set_tests_properties(cpp/${name}_other_compiler PROPERTIES LABELS "cpp;once")
        endif()
    endif()
endfunction()
set(core_tests combinators consumers exceptions functions)
foreach(name IN LISTS core_tests)
    lade_cpp_test(${name} lade)
endforeach()
lade_cpp_test(flow lade-data)

# This test runs the example and checks its output.
lade_program(examples-generator_cpp ${PROJECT_SOURCE_DIR}/examples/generator.cpp examples lade)
set_target_properties(examples-generator_cpp PROPERTIES OUTPUT_NAME generator_cpp)
lade_test(cpp/example cpp examples-generator_cpp)
set_tests_properties(cpp/example PROPERTIES PASS_REGULAR_EXPRESSION
    "^0 1 1 2 3 5 8 13 21 34 \n0 1\n0 2 8 34 144 \n4 3 5 \nno room for c\n$")
