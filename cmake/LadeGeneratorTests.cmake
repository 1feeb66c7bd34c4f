# Tests of generators that are no Check programs.

# Parity: tests/parity/NAME.c and NAME.py must print the same lines (run-parity; skipped without python3).
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/parity/*.c)
foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    set(target parity-${name})
    add_executable(${target} ${source})
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    lade_link_by_includes(${target} "" ${source})
    lade_test(parity/${name} parity ${PROJECT_SOURCE_DIR}/tests/parity/run-parity $<TARGET_FILE:${target}>
        ${PROJECT_SOURCE_DIR}/tests/parity/${name}.py)
endforeach()
