# Installation: headers, libraries, .pc files, the CMake package, man pages, the command.
if(NOT LADE_LIBRARIES)
    return()
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/lade DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
