# Image formats that can be left out: LADE_WEBP, LADE_GIF, LADE_TIFF, each ON where its library is found. For lade-data:
#
# LADE_FORMAT_LIBRARIES    to link
# LADE_FORMAT_DEFINITIONS  LADE_WITH_NAME=1 or 0
# LADE_FORMAT_PACKAGES     their .pc files, LADE_FORMAT_LIBS: flags for what has none
pkg_check_modules(WEBP IMPORTED_TARGET libwebp libwebpdemux)
pkg_check_modules(TIFF IMPORTED_TARGET libtiff-4>=4.5) # the first with error handlers for each file
find_path(LADE_GIF_INCLUDE gif_lib.h)
find_library(LADE_GIF_LIBRARY gif)
set(GIF_FOUND 0)
if(LADE_GIF_INCLUDE AND LADE_GIF_LIBRARY)
    set(GIF_FOUND 1)
endif()

foreach(format WEBP GIF TIFF)
    option(LADE_${format} "Read ${format} images" ${${format}_FOUND})
    if(LADE_${format} AND NOT ${format}_FOUND)
        message(FATAL_ERROR "LADE_${format} is ON, and its library is not found: install it, or give -DLADE_${format}=OFF")
    elseif(NOT LADE_${format})
        message(STATUS "LADE_${format} is OFF: such images will not be read")
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
