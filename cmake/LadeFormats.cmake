# Optional image formats. The options LADE_WEBP, LADE_GIF and LADE_TIFF are ON if the library of the format is found.
# This file sets four variables for lade-data:
#
# LADE_FORMAT_LIBRARIES    libraries to link
# LADE_FORMAT_DEFINITIONS  for each format LADE_WITH_<format>=1 or =0
# LADE_FORMAT_PACKAGES     names of the pkg-config packages of these libraries
# LADE_FORMAT_LIBS         linker flags of libraries that have no pkg-config package
pkg_check_modules(WEBP IMPORTED_TARGET libwebp libwebpdemux)
pkg_check_modules(TIFF IMPORTED_TARGET libtiff-4>=4.5) # the first version with an error handler for each open file
find_path(LADE_GIF_INCLUDE gif_lib.h)
find_library(LADE_GIF_LIBRARY gif)
set(GIF_FOUND 0)
if(LADE_GIF_INCLUDE AND LADE_GIF_LIBRARY)
    set(GIF_FOUND 1)
endif()

foreach(format WEBP GIF TIFF)
    option(LADE_${format} "Read ${format} images" ${${format}_FOUND})
    if(LADE_${format} AND NOT ${format}_FOUND)
        message(FATAL_ERROR "LADE_${format} is ON, but the library is not found. Install the library or use -DLADE_${format}=OFF")
    elseif(NOT LADE_${format})
        message(STATUS "LADE_${format} is OFF: lade will not read ${format} images")
    endif()
    list(APPEND LADE_FORMAT_DEFINITIONS LADE_WITH_${format}=$<BOOL:${LADE_${format}}>)
endforeach()
if(LADE_WEBP)
    list(APPEND LADE_FORMAT_LIBRARIES PkgConfig::WEBP)
    list(APPEND LADE_FORMAT_PACKAGES libwebp libwebpdemux)
endif()
if(LADE_TIFF)
    list(APPEND LADE_FORMAT_LIBRARIES PkgConfig::TIFF)
    list(APPEND LADE_FORMAT_PACKAGES libtiff-4)
endif()
if(LADE_GIF)
    list(APPEND LADE_FORMAT_LIBRARIES ${LADE_GIF_LIBRARY})
    list(APPEND LADE_FORMAT_LIBS -lgif)
endif()
