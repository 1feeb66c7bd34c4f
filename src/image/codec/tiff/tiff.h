/*
 * image/codec/tiff/tiff.h - declares the state of decoding a TIFF, which the files of this folder share.
 */
#ifndef LADE_SRC_IMAGE_CODEC_TIFF_TIFF_H
#define LADE_SRC_IMAGE_CODEC_TIFF_TIFF_H

#include "image/codec/codec.h"
#include "image/color/palette.h"

#if LADE_WITH_TIFF
#include <tiffio.h>

enum {
    LADE__TIFF_NO_EXTRA = 0xffff,
    LADE__TIFF_SMALL_BAND = 1 << 20 /* a row of tiles of up to 2^20 pixels is allowed even if max_pixels is lower */
};

/* The memory that a decoder keeps from one image to the next. */
struct lade__tiff_kept {
    struct lade__buffer band;      /* the rows of a band as libtiff stores them, one plane after the other */
    struct lade__buffer block;     /* one tile */
    struct lade__buffer directory; /* the directory that replaces a damaged directory */
    struct lade__buffer samples;   /* the samples of a row, converted to bytes; the samples of a pixel are neighbours */
};

struct lade__tiff {
    struct lade__tiff_kept *kept;
    struct lade__decode_job *job;
    struct lade_error *err;
    TIFF *tiff;
    toff_t at;         /* offset at which the next read of libtiff starts */
    char message[128]; /* the first error message of libtiff */
    size_t
        directory_size; /* size of the new directory, which is in kept->directory; 0 if the directory is not replaced */
    uint8_t first_directory[4]; /* the offset of the new directory, in the byte order of the file */

    uint16_t compression, photometric, bits, samples, sample_format, planar, planes;
    uint16_t extra;  /* meaning of the sample after the colours; LADE__TIFF_NO_EXTRA if the tag is missing */
    bool by_libtiff; /* libtiff, not rows.c, converts samples to pixels */
    bool tiled;
    uint32_t block_width, block_height; /* size of a strip or a tile */
    uint32_t across;                    /* number of strips or tiles in a row */
    uint32_t band_rows;                 /* number of rows that are read together */
    int waiting;                        /* number of rows in the memory of the sink that the sink has not got yet */
    size_t row_bytes;                   /* number of bytes of an image row in one plane */
    size_t block_row_bytes;             /* number of bytes of a row of a strip or tile in one plane */

    enum lade__pixel_layout layout;
    uint8_t tone[256]; /* for samples of up to 8 bits: grey value of each sample value */
    struct lade__palette palette;
};

/*
 * lade__tiff_repair() - makes a new directory from the tags that can be read. Returns false if this is not possible.
 */
bool lade__tiff_repair(struct lade__tiff *t);

/*
 * lade__tiff_open()   - opens t->tiff, which reads the bytes of t->job. Returns LADE_OK, LADE_EFORMAT or LADE_ENOMEM.
 * lade__tiff_failed() - fills t->err with the message of libtiff and returns LADE_EFORMAT.
 */
int lade__tiff_open(struct lade__tiff *t);
int lade__tiff_failed(const struct lade__tiff *t);

/*
 * lade__tiff_check_compression() - reads the kind of compression of the current page. Returns LADE_OK, or
 *                                  LADE_EUNSUPPORTED if lade does not accept this kind.
 * lade__tiff_check_pages()       - decompresses all pages after the first page, and reports their defects with
 *                                  lade__job_warn(). Returns LADE_OK or LADE_ENOMEM.
 */
int lade__tiff_check_compression(struct lade__tiff *t);
int lade__tiff_check_pages(struct lade__tiff *t);

/*
 * lade__tiff_read_info()      - implements read_info() of struct lade__codec.
 * lade__tiff_check_kind()     - checks the compression, the colours and the bits in the directory, before libtiff opens
 *                               the file. Returns LADE_OK, or LADE_EUNSUPPORTED with the name of the kind in @err.
 * lade__tiff_read_directory() - reads the fields of @t from libtiff. Returns LADE_OK, LADE_EUNSUPPORTED or
 *                               LADE_EFORMAT.
 */
int lade__tiff_read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err);
int lade__tiff_check_kind(const struct lade__decode_job *job, struct lade_error *err);
int lade__tiff_read_directory(struct lade__tiff *t);

/*
 * lade__tiff_blocks_start() - chooses the strips or tiles and the rows that are read together. Returns LADE_OK,
 *                             LADE_EFORMAT or LADE_ELIMIT.
 * lade__tiff_read_pixels()  - reads the whole image and passes its rows to the sink.
 */
int lade__tiff_blocks_start(struct lade__tiff *t);
int lade__tiff_read_pixels(struct lade__tiff *t);

/*
 * lade__tiff_rows_start() - chooses how samples are converted, and sets *layout to the layout of the converted pixels.
 *                           Returns LADE_OK, LADE_EUNSUPPORTED or LADE_EFORMAT.
 * lade__tiff_row()        - converts a row of the image. @plane_bytes is the distance from the row in one plane to the
 *                           same row in the next plane.
 */
int lade__tiff_rows_start(struct lade__tiff *t, enum lade__pixel_layout *layout);
void lade__tiff_row(struct lade__tiff *t, const uint8_t *row, size_t plane_bytes, uint8_t *out);

#endif
#endif
