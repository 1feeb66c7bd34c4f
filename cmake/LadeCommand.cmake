# Defines the command, build/lade. Its sources include public headers only, and the command is linked with the shared
# libraries. The files that need cairo are in one module, and the files that need oneDNN are in another module. The
# command loads a module when it needs the module (see cli/terminal/module.h). Without shared libraries, these files are
# a part of the command.
pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo)
pkg_check_modules(FONTCONFIG IMPORTED_TARGET cairo-ft fontconfig)
option(LADE_FONTCONFIG "Draw the characters of all scripts, with the fonts that fontconfig finds" ${FONTCONFIG_FOUND})
if(LADE_FONTCONFIG AND NOT FONTCONFIG_FOUND)
    message(FATAL_ERROR "LADE_FONTCONFIG is ON, but fontconfig is not found. Install it or use -DLADE_FONTCONFIG=OFF")
endif()

file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cli/*.c)
set(draw_sources ${sources})
list(FILTER draw_sources INCLUDE REGEX "/report/(chart|draw|draw_text|font|lr_chart|sheet)[.]c$|/evaluation/(confusion_draw|pair_list)[.]c$|/command/synth/")
set(train_sources ${sources})
list(FILTER train_sources INCLUDE REGEX
    "/option/(option_family|training)[.]c$|/evaluation/|/command/(train/|eval(_values)?[.]c$|predict(_csv|_image)?[.]c$)")
list(FILTER train_sources EXCLUDE REGEX "/evaluation/(confusion|confusion_draw|pair_list)[.]c$")
list(REMOVE_ITEM sources ${draw_sources} ${train_sources})

# lade_command_target(TARGET) sets the properties that the command and its modules share. Modules call functions of the
# command, so these functions are exported.
function(lade_command_target target)
    set_target_properties(${target} PROPERTIES UNITY_BUILD OFF C_VISIBILITY_PRESET default)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cli)
    target_link_libraries(${target} PRIVATE lade-data lade lade-product PkgConfig::JANSSON Threads::Threads -lm ${ARGN})
    target_link_options(${target} PRIVATE -Wl,--as-needed)
endfunction()

add_executable(lade-command ${sources})
set_target_properties(lade-command PROPERTIES OUTPUT_NAME lade RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}
    ENABLE_EXPORTS ON BUILD_RPATH ${PROJECT_BINARY_DIR}/lib
    INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR};$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/lade")
# This option makes the linker write a DT_RPATH and not a DT_RUNPATH. dlopen() uses the DT_RUNPATH of its caller only.
# In a build with a sanitizer, the sanitizer wraps dlopen() and is the caller, so modules would not be found.
target_link_options(lade-command PRIVATE -Wl,--disable-new-dtags)
# The command is linked with libjpeg, because "lade bench" also measures libjpeg alone.
lade_command_target(lade-command PkgConfig::JPEG ${CMAKE_DL_LIBS})
target_compile_definitions(lade-command PRIVATE LADE_WITH_TRAIN=$<BOOL:${LADE_TRAIN}>)

set(LADE_MODULES "")
# lade_module(NAME LIBRARY...) defines a module. The variable NAME_sources lists its sources.
function(lade_module name)
    if(NOT LADE_SHARED)
        target_sources(lade-command PRIVATE ${${name}_sources})
        target_link_libraries(lade-command PRIVATE ${ARGN})
        return()
    endif()
    add_library(lade-command-${name} MODULE ${${name}_sources})
    set_target_properties(lade-command-${name} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib
        INSTALL_RPATH $ORIGIN/..)
    lade_command_target(lade-command-${name} lade-command ${ARGN})
    add_dependencies(lade-products lade-command-${name})
    set(LADE_MODULES ${LADE_MODULES} lade-command-${name} PARENT_SCOPE)
endfunction()
set(font_library $<$<BOOL:${LADE_FONTCONFIG}>:PkgConfig::FONTCONFIG>)
lade_module(draw PkgConfig::CAIRO ${font_library})
set_property(SOURCE ${PROJECT_SOURCE_DIR}/cli/report/font.c
    PROPERTY COMPILE_DEFINITIONS LADE_WITH_FONTCONFIG=$<BOOL:${LADE_FONTCONFIG}>)
if(LADE_TRAIN)
    lade_module(train lade-train)
endif()
