/*
 * image/codec/metadata.h - finds the orientation of an image in the metadata of its file, as Pillow's
 * ImageOps.exif_transpose() does.
 */
#ifndef LADE_SRC_IMAGE_CODEC_METADATA_H
#define LADE_SRC_IMAGE_CODEC_METADATA_H

#include <stddef.h>
#include <stdint.h>

/* A part of the file, or of a buffer. `bytes` is NULL if there is no such part. */
struct lade__part {
    const uint8_t *bytes;
    size_t n;
};

struct lade__metadata {
    struct lade__part exif; /* may begin with "Exif\0\0" */
    struct lade__part xmp;  /* XML text */
};

/*
 * lade__metadata_orientation() - returns the orientation, 1 to 8. If the Exif data has no orientation tag, the first
 * attribute or element tiff:Orientation of the XMP text is used. Returns 1 if there is no valid orientation.
 */
int lade__metadata_orientation(const struct lade__metadata *metadata);

#endif
