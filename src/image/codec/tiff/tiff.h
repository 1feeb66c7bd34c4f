/*
 * image/codec/tiff/tiff.h - a TIFF on its way: what libtiff says of it, and samples to pixels.
 */
#ifndef LADE_SRC_IMAGE_CODEC_TIFF_TIFF_H
#define LADE_SRC_IMAGE_CODEC_TIFF_TIFF_H

#include "image/codec/codec.h"
#include "image/color/palette.h"

#if LADE_WITH_TIFF
#include <tiffio.h>

enum {
    LADE__TIFF_NO_EXTRA = 0xffff,
    LADE__TIFF_SMALL_BAND = 1 << 20 /* pixels that tiles may take together whatever the limit on an image's */
};

/* What a decoder keeps from image to image. */
struct lade__tiff_kept {
    struct lade__buffer band;    /* rows as libtiff gives them, one plane's behind the other's */
    struct lade__buffer block;   /* a tile */
    struct lade__buffer samples; /* of a row, a byte each, pixel by pixel */
};

struct lade__tiff {
    struct lade__tiff_kept *kept;
    struct lade__decode_job *job;
    struct lade_error *err;
    TIFF *tiff;
    toff_t at;       /* position of libtiff's reads */
    char words[128]; /* libtiff's first error */

    uint16_t compression, photometric, bits, samples, sample_format, planar, planes;
    uint16_t extra;  /* what the first sample beyond the colours is; LADE__TIFF_NO_EXTRA: nothing is said */
    bool by_libtiff; /* libtiff makes the pixels, not only the samples */
    bool tiled;
    uint32_t block_width, block_height; /* of a strip or a tile */
    uint32_t across;                    /* how many of them beside each other */
    size_t row_bytes;                   /* of a plane of the image */
    size_t block_row_bytes;             /* of a plane of a strip or tile */

    enum lade__pixel_layout layout;
    uint8_t tone[256]; /* a sample of up to 8 bits to a shade of grey */
    struct lade__palette palette;
};

/*
 * lade__tiff_open() - t->tiff on the job's bytes. LADE_OK, LADE_EFORMAT, LADE_ENOMEM.
 * lade__tiff_failed() - LADE_EFORMAT with libtiff's words.
 */
int lade__tiff_open(struct lade__tiff *t);
int lade__tiff_failed(const struct lade__tiff *t);

/*
 * lade__tiff_rows_start() - find out what the pixels are, *layout what they become. LADE_OK, LADE_EUNSUPPORTED,
 * LADE_EFORMAT.
 * lade__tiff_row() - a row of the image; each plane of it @plane_bytes behind the last.
 */
int lade__tiff_rows_start(struct lade__tiff *t, enum lade__pixel_layout *layout);
void lade__tiff_row(struct lade__tiff *t, const uint8_t *row, size_t plane_bytes, uint8_t *out);

#endif
#endif
