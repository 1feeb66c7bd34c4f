# Defines the tests of generators that do not use the test library Check.

# Parity tests. In each sub-folder of tests/parity, NAME.c and NAME.py must print the same lines. Without python3 these
# tests are skipped.
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/parity/*/*.c)
if(CMAKE_CROSSCOMPILING_EMULATOR)
    set(on_emulator --on ${CMAKE_CROSSCOMPILING_EMULATOR})
endif()
foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    get_filename_component(folder ${source} DIRECTORY)
    lade_program(parity-${name} ${source} tests lade)
    target_include_directories(parity-${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/parity)
    lade_test(parity/${name} parity ${PROJECT_SOURCE_DIR}/tests/parity/run-parity ${on_emulator}
        $<TARGET_FILE:parity-${name}> ${folder}/${name}.py)
endforeach()

# The test api/gen_registers is compiled with -march=native, so that it also tests the wide registers of this CPU.
check_c_compiler_flag(-march=native LADE_HAS_MARCH_NATIVE)
if(LADE_HAS_MARCH_NATIVE)
    target_compile_options(api-test_gen_registers PRIVATE -march=native)
endif()

# Tests of mistakes that must be compile errors (tests/compile_fail). Both gcc and clang are tested if both are
# installed.
set(compilers ${CMAKE_C_COMPILER})
foreach(other gcc clang)
    string(TOLOWER ${CMAKE_C_COMPILER_ID} mine)
    if(NOT (other STREQUAL "clang" AND mine MATCHES "clang") AND NOT (other STREQUAL "gcc" AND mine STREQUAL "gnu"))
        find_program(LADE_OTHER_${other} ${other})
        if(LADE_OTHER_${other})
            list(APPEND compilers ${LADE_OTHER_${other}})
        endif()
    endif()
endforeach()
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/compile_fail/*/*.c)
foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    lade_test(compile_fail/${name} compile_fail ${PROJECT_SOURCE_DIR}/tests/compile_fail/must-not-compile ${source}
        -I${PROJECT_SOURCE_DIR}/include -- ${compilers})
endforeach()
foreach(compiler IN LISTS compilers)
    get_filename_component(name ${compiler} NAME)
    foreach(standard gnu11 gnu17 gnu2x)
        lade_test(headers/no_warnings_${name}_${standard} headers ${compiler} -std=${standard} -O2 -Wall -Wextra -Wpedantic
            -Wshadow -Wconversion -Wsign-conversion -Wredundant-decls -Wdeclaration-after-statement -Wbad-function-cast
            -Werror -I${PROJECT_SOURCE_DIR}/include -c -o /dev/null
            ${PROJECT_SOURCE_DIR}/tests/headers/every_word.c)
    endforeach()
endforeach()
find_package(Python3 3.9 COMPONENTS Interpreter)
if(Python3_FOUND)
    lade_test(compile_fail/items compile_fail ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/compile_fail/items.py
        ${PROJECT_SOURCE_DIR}/docs/items.md ${PROJECT_SOURCE_DIR}/include -- ${compilers})
    lade_test(compile_fail/mistakes compile_fail ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/compile_fail/mistakes.py
        ${PROJECT_SOURCE_DIR}/include -- ${compilers})
endif()

# Tests that gdb shows backtraces of generator functions. Sanitizers and the emulator of another CPU do not work under
# gdb.
if(NOT LADE_SANITIZE AND NOT CMAKE_CROSSCOMPILING)
    lade_program(gdb-bodies ${PROJECT_SOURCE_DIR}/tests/gdb/bodies.c tests lade)
    target_compile_options(gdb-bodies PRIVATE -g)
    lade_test(gdb/backtrace gdb ${PROJECT_SOURCE_DIR}/tests/gdb/check-backtrace $<TARGET_FILE:gdb-bodies>)
endif()

# Tests that dlclose() releases everything, with a plugin that contains liblade.a and with a plugin that loads liblade.so.
# The sanitizers never unload a library completely.
if(NOT LADE_SANITIZE AND NOT CMAKE_CROSSCOMPILING)
    add_executable(unload-host ${PROJECT_SOURCE_DIR}/tests/unload/host.c)
    set_target_properties(unload-host PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    target_link_libraries(unload-host PRIVATE lade-compile Threads::Threads ${CMAKE_DL_LIBS})
    foreach(library lade lade-static)
        add_library(unload-${library} MODULE ${PROJECT_SOURCE_DIR}/tests/unload/plugin.c)
        set_target_properties(unload-${library} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
        target_link_libraries(unload-${library} PRIVATE ${library} lade-compile Threads::Threads -lm)
        lade_test(unload/${library} unload unload-host $<TARGET_FILE:unload-${library}>)
    endforeach()
    lade_test(unload/musl unload ${PROJECT_SOURCE_DIR}/tests/unload/check-musl)
    set_tests_properties(unload/musl PROPERTIES LABELS "unload;once")
endif()

# In a C++ program, the macros of short.h must not break the names of other code, and mistakes must be compile errors.
find_program(LADE_CXX NAMES $ENV{CXX} c++ g++ clang++)
if(LADE_CXX)
    lade_test(headers/words headers ${LADE_CXX} -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only
        -I${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/tests/headers/words.cpp)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/compile_fail/*/*.cpp)
    foreach(source IN LISTS sources)
        get_filename_component(name ${source} NAME_WE)
        lade_test(compile_fail/${name}_cpp compile_fail ${PROJECT_SOURCE_DIR}/tests/compile_fail/must-not-compile
            ${source} -I${PROJECT_SOURCE_DIR}/include -- ${LADE_CXX})
    endforeach()
else()
    message(STATUS "no C++ compiler; the tests headers/words and compile_fail/*_cpp are left out")
endif()
