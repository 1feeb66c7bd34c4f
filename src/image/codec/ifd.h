/*
 * image/codec/ifd.h - reads the first image file directory (IFD) of a TIFF structure. Exif data has the same structure.
 * The directory is read in place, without allocations.
 */
#ifndef LADE_SRC_IMAGE_CODEC_IFD_H
#define LADE_SRC_IMAGE_CODEC_IFD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lade__ifd_tag {
    LADE__IFD_SUBFILE_TYPE = 254,
    LADE__IFD_WIDTH = 256,
    LADE__IFD_HEIGHT = 257,
    LADE__IFD_BITS = 258,
    LADE__IFD_COMPRESSION = 259,
    LADE__IFD_PHOTOMETRIC = 262,
    LADE__IFD_FILL_ORDER = 266,
    LADE__IFD_STRIP_OFFSETS = 273,
    LADE__IFD_ORIENTATION = 274,
    LADE__IFD_SAMPLES = 277,
    LADE__IFD_ROWS_PER_STRIP = 278,
    LADE__IFD_STRIP_SIZES = 279,
    LADE__IFD_PLANAR = 284,
    LADE__IFD_COLOR_MAP = 320,
    LADE__IFD_SUB_IFDS = 330,
    LADE__IFD_EXTRA = 338,
    LADE__IFD_SAMPLE_FORMAT = 339,
    LADE__IFD_DNG_VERSION = 50706,
};

struct lade__ifd {
    const uint8_t *bytes;
    size_t n;
    bool big_endian;
    bool big_tiff;  /* the offsets in the file have 64 bits */
    size_t entries; /* offset of the first entry */
    size_t count;   /* number of entries that are inside the bytes */
};

/*
 * lade__ifd_open() - finds the directory. Returns false if there is no directory, or if the bytes end before the end of
 * the directory. In a directory that is cut off, lade__ifd_find() still finds the entries that are complete.
 *
 * lade__ifd_find() - sets *value to the first integer of the entry @tag. Returns false if there is no such entry, or if
 * its type is not an unsigned integer.
 */
bool lade__ifd_open(struct lade__ifd *ifd, const uint8_t *bytes, size_t n);
bool lade__ifd_find(const struct lade__ifd *ifd, enum lade__ifd_tag tag, uint64_t *value);

/*
 * lade__ifd_has()        - returns true if there is an entry @tag, whatever its type is.
 * lade__ifd_find_array() - returns the entry @tag, whose values are unsigned integers and all inside the bytes, or NULL
 * if there is no such entry. *count is set to the number of values, which is at least 1; @count may be NULL.
 */
bool lade__ifd_has(const struct lade__ifd *ifd, enum lade__ifd_tag tag);
const uint8_t *lade__ifd_find_array(const struct lade__ifd *ifd, enum lade__ifd_tag tag, uint64_t *count);

/*
 * lade__ifd_value_bytes() - returns the size in bytes of all values that are not stored in the directory itself. Values
 * that are not inside the bytes are not counted. In a valid file, values do not overlap, so the result is less than the
 * size of the file.
 */
uint64_t lade__ifd_value_bytes(const struct lade__ifd *ifd);

/*
 * lade__exif_find_orientation() - sets *orientation to the orientation that is stored in Exif data. A valid orientation
 * is 1 to 8, but the data may contain any number. Returns false if the data contains no orientation. The data may begin
 * with "Exif\0\0".
 */
bool lade__exif_find_orientation(const uint8_t *bytes, size_t n, uint64_t *orientation);

/*
 * lade__is_camera_raw() - returns true if the bytes are the raw file of a camera (DNG, CR2, NEF, ARW). Such a file is a
 * TIFF whose first page is only a preview.
 */
bool lade__is_camera_raw(const uint8_t *bytes, size_t n);

#endif
