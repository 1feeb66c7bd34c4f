/*
 * image/codec/ifd.h - the first directory of a TIFF structure, which is also what Exif data is: read in place, so that
 * a header can be told before anything is allocated.
 */
#ifndef LADE_SRC_IMAGE_CODEC_IFD_H
#define LADE_SRC_IMAGE_CODEC_IFD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lade__ifd_tag {
    LADE__IFD_WIDTH = 256,
    LADE__IFD_HEIGHT = 257,
    LADE__IFD_BITS = 258,
    LADE__IFD_PHOTOMETRIC = 262,
    LADE__IFD_ORIENTATION = 274,
    LADE__IFD_SAMPLES = 277,
    LADE__IFD_EXTRA = 338,
};

struct lade__ifd {
    const uint8_t *bytes;
    size_t n;
    bool big_endian;
    bool big_tiff;  /* 64-bit offsets */
    size_t entries; /* position of the first */
    size_t count;   /* how many of them lie within the bytes */
};

/*
 * lade__ifd_open() - find the directory. False: the bytes are no such structure, or end before the last entry; those
 * that are there can still be asked for.
 * lade__ifd_find() - *value = the first number of a tag of an unsigned type; false: it is not there.
 */
bool lade__ifd_open(struct lade__ifd *ifd, const uint8_t *bytes, size_t n);
bool lade__ifd_find(const struct lade__ifd *ifd, enum lade__ifd_tag tag, uint64_t *value);

/*
 * lade__exif_orientation() - what Exif data, with or without its heading "Exif\0\0", says of the orientation: 1 to 8,
 * and 1 where it says nothing or nonsense.
 */
int lade__exif_orientation(const uint8_t *bytes, size_t n);

#endif
