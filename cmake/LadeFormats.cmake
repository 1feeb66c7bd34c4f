# Optional image formats. lade_format() adds the option LADE_<name>, which is ON if the library of the format is found.
# This file sets five variables for lade-data:
#
# LADE_FORMAT_LIBRARIES    libraries to link
# LADE_FORMAT_DEFINITIONS  LADE_WITH_<name>=1 or LADE_WITH_<name>=0 for each format
# LADE_FORMAT_INCLUDES     header directories of the libraries that lade loads with dlopen()
# LADE_FORMAT_LIBS         linker flags for programs that link liblade-data.a
# LADE_FORMAT_IMPORTS      lines of lade-config.cmake that find the packages of the formats

# lade_format(NAME MODULES package... HEADERS header... DEBIAN package)   the library has pkg-config packages
# lade_format(NAME MODULES package LOADED HEADERS ...)                    the library is not linked; lade loads it with
#                                                                         dlopen() and the soname LADE_<name>_SONAME
# lade_format(NAME LIBRARY library HEADERS header... DEBIAN package)      the library has no pkg-config package
#
# tools/check-layers reads HEADERS, which only the codecs may include. tools/install-packages reads DEBIAN. Each call
# must be on one line.
macro(lade_format name)
    cmake_parse_arguments(format "LOADED" "LIBRARY;DEBIAN" "MODULES;HEADERS" ${ARGN})
    if(format_MODULES)
        pkg_check_modules(${name} IMPORTED_TARGET ${format_MODULES})
        set(format_found ${${name}_FOUND})
    else()
        find_path(LADE_${name}_INCLUDE ${format_HEADERS})
        find_library(LADE_${name}_LIBRARY ${format_LIBRARY})
        set(format_found 0)
        if(LADE_${name}_INCLUDE AND LADE_${name}_LIBRARY)
            set(format_found 1)
        endif()
    endif()
    if(format_LOADED AND format_found)
        find_library(LADE_${name}_LIBRARY NAMES ${${name}_LIBRARIES} HINTS ${${name}_LIBRARY_DIRS})
        execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${LADE_${name}_LIBRARY} OUTPUT_VARIABLE format_soname ERROR_QUIET)
        if(NOT format_soname MATCHES "SONAME +([^ \n]+)")
            set(format_found 0)
        endif()
        set(format_soname "${CMAKE_MATCH_1}")
    endif()

    option(LADE_${name} "Read ${name} images" ${format_found})
    if(LADE_${name} AND NOT format_found)
        message(FATAL_ERROR "LADE_${name} is ON, but the library is not found. Install the library or use -DLADE_${name}=OFF")
    elseif(NOT LADE_${name})
        message(STATUS "LADE_${name} is OFF: lade will not read ${name} images")
    endif()
    list(APPEND LADE_FORMAT_DEFINITIONS LADE_WITH_${name}=$<BOOL:${LADE_${name}}>)

    if(LADE_${name} AND format_LOADED)
        list(APPEND LADE_FORMAT_DEFINITIONS LADE_${name}_SONAME="${format_soname}")
        list(APPEND LADE_FORMAT_INCLUDES ${${name}_INCLUDE_DIRS})
        list(APPEND LADE_FORMAT_LIBRARIES ${CMAKE_DL_LIBS})
        list(APPEND LADE_FORMAT_LIBS -l${CMAKE_DL_LIBS})
    elseif(LADE_${name} AND format_MODULES)
        list(APPEND LADE_FORMAT_LIBRARIES PkgConfig::${name})
        string(REGEX REPLACE "[<>=][^;]*" "" format_packages "${format_MODULES}")
        list(APPEND LADE_FORMAT_LIBS ${${name}_STATIC_LDFLAGS})
        list(JOIN format_packages " " format_packages)
        string(APPEND LADE_FORMAT_IMPORTS "    pkg_check_modules(${name} QUIET IMPORTED_TARGET ${format_packages})\n")
    elseif(LADE_${name})
        list(APPEND LADE_FORMAT_LIBRARIES
            $<BUILD_INTERFACE:${LADE_${name}_LIBRARY}> $<INSTALL_INTERFACE:-l${format_LIBRARY}>)
        list(APPEND LADE_FORMAT_LIBS -l${format_LIBRARY})
    endif()
endmacro()

lade_format(WEBP MODULES libwebp libwebpdemux HEADERS webp/decode.h webp/demux.h DEBIAN libwebp-dev)
# libtiff 4.5 is the first version that can have a separate error handler for each open file.
lade_format(TIFF MODULES libtiff-4>=4.5 HEADERS tiffio.h DEBIAN libtiff-dev)
lade_format(GIF LIBRARY gif HEADERS gif_lib.h DEBIAN libgif-dev)
# Most programs read no AVIF, and libavif needs 30 other libraries.
lade_format(AVIF MODULES libavif>=0.11 LOADED HEADERS avif/avif.h DEBIAN libavif-dev)
