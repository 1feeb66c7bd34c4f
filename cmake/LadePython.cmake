# Defines the Python package: the extension module lade/_lade.abi3.so, which contains the static libraries, and the
# modules of python/lade. The extension uses the limited API of Python 3.11, so it works with all later versions. The
# component "python" of the installation is the content of a wheel; pyproject.toml installs this component only.
# In the build folder, python/lade is a complete package, whose modules are links to the source files.
find_package(Python3 3.11 COMPONENTS Interpreter Development.Module)
if(NOT Python3_Development.Module_FOUND OR NOT TARGET lade-train-static)
    message(STATUS "lade: the Python package is left out, because it needs the headers of Python 3.11 or later "
        "(Debian: python3-dev) and the library lade-train")
    return()
endif()

file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/python/src/*.c)
add_library(lade-python MODULE ${sources})
set_target_properties(lade-python PROPERTIES PREFIX "" OUTPUT_NAME _lade SUFFIX .abi3.so UNITY_BUILD OFF
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/python/lade)
target_compile_definitions(lade-python PRIVATE Py_LIMITED_API=0x030B0000 LADE_STATIC)
target_include_directories(lade-python PRIVATE ${PROJECT_SOURCE_DIR}/python/src)
target_include_directories(lade-python SYSTEM PRIVATE ${Python3_INCLUDE_DIRS})
target_link_libraries(lade-python PRIVATE lade-train-static lade-data-static lade-static lade-compile Threads::Threads -lm)
target_link_options(lade-python PRIVATE -Wl,--as-needed -Wl,--gc-sections)
add_dependencies(lade-products lade-python)

file(GLOB_RECURSE modules RELATIVE ${PROJECT_SOURCE_DIR}/python CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/python/lade/*.py ${PROJECT_SOURCE_DIR}/python/lade/*.pyi ${PROJECT_SOURCE_DIR}/python/lade/py.typed)
foreach(module IN LISTS modules)
    get_filename_component(folder ${module} DIRECTORY)
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/python/${folder})
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/python/${module} ${PROJECT_BINARY_DIR}/python/${module} SYMBOLIC)
    install(FILES ${PROJECT_SOURCE_DIR}/python/${module} DESTINATION ${folder} COMPONENT python EXCLUDE_FROM_ALL)
endforeach()
if(TARGET lade-command)
    file(CREATE_LINK ${PROJECT_BINARY_DIR}/lade ${PROJECT_BINARY_DIR}/python/lade/lade SYMBOLIC)
endif()

# Writes the modules that are made from the tables in the extension module. If the extension module is compiled with a
# sanitizer, Python must load the library of the sanitizer first (LD_PRELOAD).
set(environment PYTHONDONTWRITEBYTECODE=1)
if(LADE_SANITIZE)
    execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libasan.so OUTPUT_VARIABLE library
        OUTPUT_STRIP_TRAILING_WHITESPACE)
    list(APPEND environment LD_PRELOAD=${library} ASAN_OPTIONS=detect_leaks=0)
endif()
add_custom_command(TARGET lade-python POST_BUILD VERBATIM
    COMMAND ${CMAKE_COMMAND} -E env ${environment} ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/write-python-options
        ${PROJECT_BINARY_DIR}/python/lade)
install(FILES ${PROJECT_BINARY_DIR}/python/lade/_options.py ${PROJECT_BINARY_DIR}/python/lade/_optimizers.py DESTINATION lade COMPONENT python EXCLUDE_FROM_ALL)
install(TARGETS lade-python LIBRARY DESTINATION lade COMPONENT python EXCLUDE_FROM_ALL)
if(TARGET lade-command AND NOT LADE_SHARED)
    install(PROGRAMS $<TARGET_FILE:lade-command> DESTINATION lade COMPONENT python EXCLUDE_FROM_ALL)
endif()

# The test makes an environment with NumPy and pytest from PyPI. Without a network, the test may be skipped.
if(LADE_TESTS)
    lade_test(python/package python ${PROJECT_SOURCE_DIR}/tests/python/run-tests ${Python3_EXECUTABLE} ${PROJECT_BINARY_DIR})
    set_tests_properties(python/package PROPERTIES TIMEOUT 600 COST 20) # the first run downloads packages
endif()
