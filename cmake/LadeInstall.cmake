# Installs headers, libraries, .pc files, the CMake package, man pages and the command.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/lade DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING
    PATTERN "*.h" PATTERN "*.hpp")

foreach(library IN LISTS LADE_LIBRARIES)
    list(APPEND targets ${library} ${library}-static)
endforeach()
install(TARGETS ${targets} EXPORT lade-targets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET lade-command)
    install(TARGETS lade-command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
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

function(lade_pc name description requires requires_private libs_private)
    configure_file(${PROJECT_SOURCE_DIR}/cmake/lade.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${pc_dir})
endfunction()
lade_pc(lade "Generators for C, and arrays" "" "" "-pthread -lm")
if(TARGET lade-data)
    list(JOIN LADE_FORMAT_PACKAGES " " format_packages)
    list(JOIN LADE_FORMAT_LIBS " " format_libs)
    lade_pc(lade-data "Streams of training batches from folders of images" lade
        "libjpeg spng ${format_packages} libxxhash jansson" "${format_libs} -lm")
endif()
if(TARGET lade-train)
    lade_pc(lade-train "Training from a stream of batches" lade jansson "-ldnnl -lm")
endif()

# ---- The CMake package: lade::lade, lade::lade-data, lade::lade-train, and each with -static -------------------------
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/lade)
install(EXPORT lade-targets NAMESPACE lade:: DESTINATION ${package_dir})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/lade-config.cmake.in ${PROJECT_BINARY_DIR}/lade-config.cmake
    INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/lade-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/lade-config.cmake ${PROJECT_BINARY_DIR}/lade-config-version.cmake
    DESTINATION ${package_dir})
