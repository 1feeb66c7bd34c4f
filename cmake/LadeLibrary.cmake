# lade_library(): a shared and a static library out of layers of src/.

# Every source of a layer: C, and assembly (preprocessed, each file guards itself by CPU).
function(lade_layer_sources out)
    set(globs "")
    foreach(layer IN LISTS ARGN)
        list(APPEND globs ${PROJECT_SOURCE_DIR}/src/${layer}/*.c ${PROJECT_SOURCE_DIR}/src/${layer}/*.S)
    endforeach()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${globs})
    set(${out} ${sources} PARENT_SCOPE)
endfunction()

function(lade_layers_present out)
    lade_layer_sources(sources ${ARGN})
    list(LENGTH sources count)
    set(${out} ${count} PARENT_SCOPE)
endfunction()

set(LADE_LIBRARIES "" CACHE INTERNAL "the libraries that have sources")

# Before 1.0 each minor version may break the ABI, so it is part of the soname.
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(LADE_SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
else()
    set(LADE_SOVERSION ${PROJECT_VERSION_MAJOR})
endif()

# lade_library(NAME LAYERS layer... LINK library...): targets NAME (shared) and NAME-static, from objects compiled once.
# Every library but lade itself stands on lade.
function(lade_library name)
    cmake_parse_arguments(arg "" "" "LAYERS;LINK" ${ARGN})
    lade_layer_sources(sources ${arg_LAYERS})
    if(NOT sources)
        return()
    endif()

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

# lade_includes(OUT REGEX source...): how many of the sources' include lines match.
function(lade_includes out regex)
    set(count 0)
    foreach(source IN LISTS ARGN)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
        file(STRINGS ${source} lines REGEX "^ *# *include +${regex}")
        list(LENGTH lines here)
        math(EXPR count "${count} + ${here}")
    endforeach()
    set(${out} ${count} PARENT_SCOPE)
endfunction()

# lade_with_headers(OUT source...): the sources, and the headers of their own folder that they include.
function(lade_with_headers out)
    set(files ${ARGN})
    foreach(source IN LISTS ARGN)
        get_filename_component(folder ${source} DIRECTORY)
        file(STRINGS ${source} lines REGEX "^ *# *include +\"[^/\"]+\"")
        foreach(line IN LISTS lines)
            string(REGEX REPLACE "^[^\"]*\"([^\"]+)\".*" "${folder}/\\1" header "${line}")
            if(EXISTS ${header})
                list(APPEND files ${header})
            endif()
        endforeach()
    endforeach()
    list(REMOVE_DUPLICATES files)
    set(${out} ${files} PARENT_SCOPE)
endfunction()

# lade_drop_unbuildable(LIST): leave those sources out that include headers of a library that is not built.
function(lade_drop_unbuildable list)
    set(kept "")
    foreach(source IN LISTS ${list})
        lade_with_headers(files ${source})
        lade_includes(train "[<\"](lade/)?train[./]" ${files})
        lade_includes(data "[<\"](lade/)?(image|flow)[./]" ${files})
        if((TARGET lade-train OR NOT train) AND (TARGET lade-data OR NOT data))
            list(APPEND kept ${source})
        endif()
    endforeach()
    set(${list} ${kept} PARENT_SCOPE)
endfunction()

# lade_link_by_includes(TARGET SUFFIX source...): link the libraries (SUFFIX "" or "-static") whose headers the sources
# include, so that a program that needs generators only never waits for, or loads, a JPEG library.
function(lade_link_by_includes target suffix)
    lade_with_headers(files ${ARGN})
    lade_includes(train "[<\"](lade/)?train[./]" ${files})
    lade_includes(data "[<\"](lade/)?(image|flow)[./]" ${files})
    if(train AND TARGET lade-train${suffix})
        target_link_libraries(${target} PRIVATE lade-train${suffix})
    endif()
    if(data AND TARGET lade-data${suffix})
        target_link_libraries(${target} PRIVATE lade-data${suffix})
    endif()
    if(TARGET lade${suffix})
        target_link_libraries(${target} PRIVATE lade${suffix})
    endif()
    target_link_libraries(${target} PRIVATE lade-compile Threads::Threads -lm)
    target_link_options(${target} PRIVATE -Wl,--as-needed)
endfunction()
