# Functions that define libraries and programs.

# Lists all sources of some layers, in C and assembly. An assembly file for another CPU is empty because of an #if.
function(lade_layer_sources out)
    set(globs "")
    foreach(layer IN LISTS ARGN)
        list(APPEND globs ${PROJECT_SOURCE_DIR}/src/${layer}/*.c ${PROJECT_SOURCE_DIR}/src/${layer}/*.S)
    endforeach()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${globs})
    set(${out} ${sources} PARENT_SCOPE)
endfunction()

set(LADE_LIBRARIES "" CACHE INTERNAL "all libraries")

# Before version 1.0, each minor version may change the ABI. Therefore the minor version is part of the soname.
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(LADE_SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
else()
    set(LADE_SOVERSION ${PROJECT_VERSION_MAJOR})
endif()

# lade_library(NAME LAYERS layer... LINK library...) defines the targets NAME (shared) and NAME-static. The sources are
# compiled once for both. All libraries except lade itself are linked with lade.
function(lade_library name)
    cmake_parse_arguments(arg "" "" "LAYERS;LINK" ${ARGN})
    lade_layer_sources(sources ${arg_LAYERS})
    add_library(${name}-objects OBJECT ${sources})
    set_target_properties(${name}-objects PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_include_directories(${name}-objects PRIVATE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src
        ${LADE_DLPACK_INCLUDE} $<$<STREQUAL:${name},lade-train>:${LADE_DNNL_INCLUDE}>)
    target_compile_options(${name}-objects PRIVATE ${LADE_PUBLIC_CFLAGS})
    target_link_libraries(${name}-objects PRIVATE lade-product ${arg_LINK})

    add_library(${name} SHARED $<TARGET_OBJECTS:${name}-objects>)
    add_library(${name}-static STATIC $<TARGET_OBJECTS:${name}-objects>)
    set_target_properties(${name} PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${LADE_SOVERSION}
        LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib INSTALL_RPATH $ORIGIN)
    set_target_properties(${name}-static PROPERTIES OUTPUT_NAME ${name}
        ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
    foreach(target ${name} ${name}-static)
        set_target_properties(${target} PROPERTIES LINKER_LANGUAGE C)
        target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
            $<BUILD_INTERFACE:${LADE_DLPACK_INCLUDE}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
        target_compile_options(${target} INTERFACE ${LADE_PUBLIC_CFLAGS})
        target_link_libraries(${target} PRIVATE ${arg_LINK} $<BUILD_INTERFACE:lade-compile>)
        add_library(lade::${target} ALIAS ${target})
    endforeach()
    if(NOT LADE_SANITIZE)
        target_link_options(${name} PRIVATE -Wl,--no-undefined)
    endif()
    target_link_options(${name} PRIVATE -Wl,--as-needed -Wl,-Bsymbolic-functions)
    if(NOT name STREQUAL lade)
        target_link_libraries(${name} PUBLIC lade)
        target_link_libraries(${name}-static PUBLIC lade-static)
    endif()
    set(LADE_LIBRARIES ${LADE_LIBRARIES} ${name} CACHE INTERNAL "")
endfunction()

# lade_program(TARGET SOURCE FOLDER LIBRARY...) defines a program in the folder FOLDER of the build, which is linked
# with the given libraries. A program that is linked only with "lade" does not load a JPEG library when it runs.
function(lade_program target source folder)
    add_executable(${target} ${source})
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${folder})
    target_link_libraries(${target} PRIVATE ${ARGN} lade-compile Threads::Threads -lm)
    target_link_options(${target} PRIVATE -Wl,--as-needed)
endfunction()
