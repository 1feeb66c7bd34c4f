/*
 * image/codec/tiff/tiff.h - a TIFF while it is decoded.
 */
#ifndef LADE_SRC_IMAGE_CODEC_TIFF_TIFF_H
#define LADE_SRC_IMAGE_CODEC_TIFF_TIFF_H

#include "image/codec/codec.h"
#include "image/color/palette.h"

#if LADE_WITH_TIFF
#include <tiffio.h>

enum {
    LADE__TIFF_NO_EXTRA = 0xffff,
    LADE__TIFF_SMALL_BAND = 1 << 20 /* a row of tiles may always have this many pixels, even if max_pixels is lower */
};

/* The memory that a decoder keeps from image to image. */
struct lade__tiff_kept {
    struct lade__buffer band;    /* rows as libtiff delivers them, one plane after the other */
    struct lade__buffer block;   /* a tile */
    struct lade__buffer samples; /* the samples of a row, a byte each, pixel by pixel */
};

struct lade__tiff {
    struct lade__tiff_kept *kept;
    struct lade__decode_job *job;
    struct lade_error *err;
    TIFF *tiff;
    toff_t at;         /* offset of the next read of libtiff */
    char message[128]; /* the first error message of libtiff */

    uint16_t compression, photometric, bits, samples, sample_format, planar, planes;
    uint16_t extra; /* meaning of the first sample after the colours; LADE__TIFF_NO_EXTRA if the file has no such tag */
    bool by_libtiff; /* libtiff converts samples to pixels, not this code */
    bool tiled;
    uint32_t block_width, block_height; /* size of a strip or a tile */
    uint32_t across;                    /* number of strips or tiles in a row */
    size_t row_bytes;                   /* size of a row of the image in a plane */
    size_t block_row_bytes;             /* size of a row of a strip or tile in a plane */

    enum lade__pixel_layout layout;
    uint8_t tone[256]; /* the grey of each value of a sample of up to 8 bits */
    struct lade__palette palette;
};

/*
 * lade__tiff_open()   - opens t->tiff on the bytes of the job. Returns LADE_OK, LADE_EFORMAT or LADE_ENOMEM.
 * lade__tiff_failed() - fills t->err with the message of libtiff and returns LADE_EFORMAT.
 */
int lade__tiff_open(struct lade__tiff *t);
int lade__tiff_failed(const struct lade__tiff *t);

/*
 * lade__tiff_rows_start() - chooses the conversion of samples, and sets *layout to its result. Returns LADE_OK,
 *                           LADE_EUNSUPPORTED or LADE_EFORMAT.
 * lade__tiff_row()        - converts a row of the image. Its planes are @plane_bytes apart.
 */
int lade__tiff_rows_start(struct lade__tiff *t, enum lade__pixel_layout *layout);
void lade__tiff_row(struct lade__tiff *t, const uint8_t *row, size_t plane_bytes, uint8_t *out);

#endif
#endif
