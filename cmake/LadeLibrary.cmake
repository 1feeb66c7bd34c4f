# Functions that define libraries and programs.

# Lists all sources of some layers, in C and assembly. An assembly file has an #if, so that it is empty on other CPUs.
function(lade_layer_sources out)
    set(globs "")
    foreach(layer IN LISTS ARGN)
        list(APPEND globs ${PROJECT_SOURCE_DIR}/src/${layer}/*.c ${PROJECT_SOURCE_DIR}/src/${layer}/*.S)
    endforeach()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${globs})
    set(${out} ${sources} PARENT_SCOPE)
endfunction()

set(LADE_LIBRARIES "") # the targets of all libraries, shared and static
set(LADE_SHARED ON)
if(DEFINED BUILD_SHARED_LIBS AND NOT BUILD_SHARED_LIBS)
    set(LADE_SHARED OFF)
endif()

# Before version 1.0, each minor version may change the ABI. Therefore the minor version is part of the soname.
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(LADE_SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
else()
    set(LADE_SOVERSION ${PROJECT_VERSION_MAJOR})
endif()

# lade_library(NAME LAYERS layer... LINK library...) defines the targets NAME (shared) and NAME-static. The sources are
# compiled once for both targets. All libraries except lade itself are linked with lade. With BUILD_SHARED_LIBS=OFF
# there is only the target NAME-static, and NAME is an alias of this target.
function(lade_library name)
    cmake_parse_arguments(arg "" "" "LAYERS;LINK" ${ARGN})
    lade_layer_sources(sources ${arg_LAYERS})
    add_library(${name}-objects OBJECT ${sources})
    # UNITY_BUILD is off, because files of one layer have static functions with the same names.
    set_target_properties(${name}-objects PROPERTIES POSITION_INDEPENDENT_CODE ON UNITY_BUILD OFF)
    target_include_directories(${name}-objects PRIVATE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
    target_compile_options(${name}-objects PRIVATE ${LADE_PUBLIC_CFLAGS})
    target_link_libraries(${name}-objects PRIVATE lade-product ${arg_LINK})

    set(libraries ${name}-static)
    add_library(${name}-static STATIC $<TARGET_OBJECTS:${name}-objects>)
    set_target_properties(${name}-static PROPERTIES OUTPUT_NAME ${name}
        ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
    # A shared library that contains this static library does not export the functions of the static library.
    target_link_options(${name}-static INTERFACE -Wl,--exclude-libs,lib${name}.a)
    if(LADE_SHARED)
        list(APPEND libraries ${name})
        add_library(${name} SHARED $<TARGET_OBJECTS:${name}-objects>)
        set_target_properties(${name} PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${LADE_SOVERSION}
            LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib INSTALL_RPATH $ORIGIN)
        if(NOT LADE_SANITIZE)
            target_link_options(${name} PRIVATE -Wl,--no-undefined)
        endif()
        target_link_options(${name} PRIVATE -Wl,--as-needed -Wl,-Bsymbolic-functions)
    else()
        target_compile_definitions(${name}-objects PRIVATE LADE_STATIC)
        target_compile_definitions(${name}-static INTERFACE LADE_STATIC)
        add_library(${name} ALIAS ${name}-static)
        add_library(lade::${name} ALIAS ${name}-static)
    endif()

    foreach(target IN LISTS libraries)
        set_target_properties(${target} PROPERTIES LINKER_LANGUAGE C)
        target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
            $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
        target_compile_options(${target} INTERFACE ${LADE_PUBLIC_CFLAGS})
        target_link_libraries(${target} PRIVATE ${arg_LINK} $<BUILD_INTERFACE:lade-compile>)
        add_library(lade::${target} ALIAS ${target})
    endforeach()
    if(NOT name STREQUAL lade)
        target_link_libraries(${name}-static PUBLIC lade-static)
        if(LADE_SHARED)
            target_link_libraries(${name} PUBLIC lade)
        endif()
    endif()
    set(LADE_LIBRARIES ${LADE_LIBRARIES} ${libraries} PARENT_SCOPE)
endfunction()

# lade_program(TARGET SOURCE FOLDER LIBRARY...) defines a program in the folder FOLDER of the build, which is linked
# with the given libraries. A program that is linked only with "lade" does not load a JPEG library when it runs.
function(lade_program target source folder)
    add_executable(${target} ${source})
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${folder})
    target_link_libraries(${target} PRIVATE ${ARGN} lade-compile Threads::Threads -lm)
    target_link_options(${target} PRIVATE -Wl,--as-needed)
endfunction()
