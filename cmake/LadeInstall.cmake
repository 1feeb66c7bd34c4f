# Installs headers, libraries, .pc files, the CMake package, man pages and the command.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/lade DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING
    PATTERN "*.h" PATTERN "*.hpp")

install(TARGETS ${LADE_LIBRARIES} EXPORT lade-targets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET lade-command)
    install(TARGETS lade-command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    if(LADE_MODULES)
        install(TARGETS ${LADE_MODULES} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/lade)
    endif()
endif()

file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/*.[1-9])
foreach(page IN LISTS pages)
    string(REGEX MATCH "[1-9]$" section ${page})
    install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()

# ---- pkg-config: the paths are relative to the .pc file, so that an installation can be moved ------------------------
set(pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH LADE_PC_PREFIX /${pc_dir} /)
string(REGEX REPLACE "/$" "" LADE_PC_PREFIX ${LADE_PC_PREFIX})

# The libraries of codecs are flags in Libs.private and not packages in Requires.private, because pkg-config stops with an
# error if a package in Requires.private is not installed, even for a program that links the shared library.
function(lade_pc name description requires)
    set(libs "")
    set(libs_private ${ARGN})
    list(FILTER libs_private EXCLUDE REGEX "^-L/usr/lib(/[^/]+)?$") # the linker searches these folders in any case
    list(REMOVE_DUPLICATES libs_private)
    list(JOIN libs_private " " libs_private)
    set(cflags ${LADE_PUBLIC_CFLAGS})
    if(NOT LADE_SHARED)
        set(libs ${libs_private})
        string(APPEND cflags " -DLADE_STATIC")
    endif()
    configure_file(${PROJECT_SOURCE_DIR}/cmake/lade.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${pc_dir})
endfunction()
lade_pc(lade "Generators for C, and arrays" "" -pthread -lm)
if(TARGET lade-data)
    lade_pc(lade-data "Streams of training batches from folders of images" lade
        ${JPEG_STATIC_LDFLAGS} ${SPNG_STATIC_LDFLAGS} ${ZLIB_STATIC_LDFLAGS} ${LADE_FORMAT_LIBS} ${XXHASH_STATIC_LDFLAGS}
        ${JANSSON_STATIC_LDFLAGS} -lm)
endif()
if(TARGET lade-train)
    lade_pc(lade-train "Training from a stream of batches" lade ${JANSSON_STATIC_LDFLAGS} -ldnnl -lm)
endif()

# ---- The CMake package: lade::lade, lade::lade-data, lade::lade-train, and each with -static -------------------------
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/lade)
install(EXPORT lade-targets NAMESPACE lade:: DESTINATION ${package_dir})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/lade-config.cmake.in ${PROJECT_BINARY_DIR}/lade-config.cmake
    INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/lade-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/lade-config.cmake ${PROJECT_BINARY_DIR}/lade-config-version.cmake
    DESTINATION ${package_dir})
