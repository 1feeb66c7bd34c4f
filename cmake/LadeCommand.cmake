# Defines the command, build/lade. Its sources include public headers only, and it is linked with the shared libraries.
pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo)
file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cli/*.c)
add_executable(lade-command ${sources})
set_target_properties(lade-command PROPERTIES OUTPUT_NAME lade RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}
    INSTALL_RPATH $ORIGIN/../${CMAKE_INSTALL_LIBDIR})
target_include_directories(lade-command PRIVATE ${PROJECT_SOURCE_DIR}/cli)
target_link_libraries(lade-command PRIVATE lade-train lade-data lade lade-product
    PkgConfig::JANSSON PkgConfig::CAIRO
    PkgConfig::JPEG # "lade bench" measures libjpeg itself
    Threads::Threads -lm)
target_link_options(lade-command PRIVATE -Wl,--as-needed)
