/*
 * image/codec/jpeg/eighth.h - decodes a JPEG at an eighth of its size without libjpeg. At this size most blocks need
 * only their DC coefficient, but libjpeg decodes all coefficients. The pixels are equal to libjpeg-turbo's pixels.
 *
 * The functions support baseline images that are grey, and baseline images in YCbCr with the chroma subsampling 4:4:4,
 * 4:2:2, 4:4:0 or 4:2:0. The functions return false for all other images, and also if the data of a supported image has
 * an error or a rare feature. The caller then decodes the image from its start with libjpeg, so only libjpeg reports
 * errors.
 */
#ifndef LADE_SRC_IMAGE_CODEC_JPEG_EIGHTH_H
#define LADE_SRC_IMAGE_CODEC_JPEG_EIGHTH_H

#include "image/codec/jpeg/huffman.h"

#include <stddef.h>
#include <stdio.h>

#include <jpeglib.h>

enum { LADE__EIGHTH_MOST = JPEG_MAX_DIMENSION / 8 + 4 }; /* limit for the samples in a row of whole MCUs */

struct lade__eighth_plane;

/* Decodes the blocks of a component in MCU number @mcu of a row. Returns false if libjpeg must decode the image. */
typedef bool lade__eighth_next(struct lade__eighth_plane *plane, struct lade__bits *shared, int mcu);

/* One component. */
struct lade__eighth_plane {
    lade__eighth_next *next;
    const struct lade__huffman *dc, *ac;
    int h, v;                              /* blocks in an MCU, horizontally and vertically */
    int side;                              /* 1 or 2: a block is decoded to side x side samples */
    int last_dc;                           /* DC coefficient of the previous block, not multiplied by its quantiser */
    int quant[64];                         /* quantisers in the order of the file */
    int weight[64];                        /* for side 2: weight of each coefficient in the sum of its column */
    uint8_t place[64];                     /* for side 2: index of the sum to which each coefficient is added */
    uint8_t samples[2][LADE__EIGHTH_MOST]; /* samples of the current row of MCUs */
};

struct lade__eighth {
    struct lade__huffman dc[NUM_HUFF_TBLS], ac[NUM_HUFF_TBLS]; /* are not cleared between images */
    struct lade__eighth_plane plane[3];
    struct lade__bits bits;
    bool portable; /* for tests: do not use BMI2 */
    int planes;
    int mcus;               /* number of MCUs in a row */
    int width, height;      /* size of the result */
    int y;                  /* number of rows decoded so far */
    unsigned interval;      /* number of MCUs between restart markers; 0 means that there are no markers */
    unsigned until_restart; /* number of MCUs before the next restart marker */
    unsigned restarts;      /* number of restart markers so far */
};

/*
 * lade__eighth_start() - starts to decode an image.
 *
 * @dec   a decompressor that has already read the header
 * @scan  the first entropy-coded byte   (borrowed)
 * @end   the end of the file
 *
 * Returns false if libjpeg must decode the image.
 */
bool lade__eighth_start(struct lade__eighth *eighth, const struct jpeg_decompress_struct *dec, const uint8_t *scan,
                        const uint8_t *end);

/*
 * lade__eighth_rows() - decodes the next plane[0].v rows, or fewer at the end of the image, to grey or RGB pixels.
 *
 * @rows    the result; NULL skips the rows
 * @stride  bytes from one row to the next
 *
 * Returns false if libjpeg must decode the image.
 */
bool lade__eighth_rows(struct lade__eighth *eighth, uint8_t *rows, size_t stride);

/*
 * lade__eighth_end() - returns true if an end marker follows the last row. All rows must have been decoded or skipped.
 *
 * If the function returns false, libjpeg must decode the image. The warning or the error is then the same as when the
 * image is decoded at another size.
 */
bool lade__eighth_end(const struct lade__eighth *eighth);

/*
 * lade__eighth_weights() - sets plane->quant, plane->weight and plane->place from @quantisers.
 *
 * lade__eighth_next_of() - returns the function that decodes the blocks of @plane. This function uses BMI2 if the CPU
 * has BMI2 and @portable is false.
 */
void lade__eighth_weights(struct lade__eighth_plane *plane, const UINT16 *quantisers);
lade__eighth_next *lade__eighth_next_of(const struct lade__eighth_plane *plane, bool portable);

#endif
