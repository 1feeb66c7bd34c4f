/*
 * image/codec/jpeg/eighth.h - a JPEG at an eighth of its size, where little but the mean of each block is wanted: without
 * libjpeg, which decodes all coefficients to drop them. The pixels are libjpeg-turbo's.
 *
 * The plain case is done here; anything else is declined, at once or in the middle. Then libjpeg is to decode the image
 * from its start, and so remains the judge of what is broken, and how badly.
 */
#ifndef LADE_SRC_IMAGE_CODEC_JPEG_EIGHTH_H
#define LADE_SRC_IMAGE_CODEC_JPEG_EIGHTH_H

#include "image/codec/jpeg/huffman.h"

#include <stddef.h>
#include <stdio.h>

#include <jpeglib.h>

enum { LADE__EIGHTH_MOST = JPEG_MAX_DIMENSION / 8 + 4 }; /* samples in a row, whole MCUs */

struct lade__eighth_plane;

/* The part of MCU number @mcu of a row that is a component's; false: something is odd. */
typedef bool lade__eighth_next(struct lade__eighth_plane *plane, struct lade__bits *shared, int mcu);

/* What is to be known of a component. */
struct lade__eighth_plane {
    lade__eighth_next *next;
    const struct lade__huffman *dc, *ac;
    int h, v;                              /* blocks in an MCU */
    int side;                              /* samples that become of a block, each way: 1 or 2 */
    int last_dc;                           /* of the block before */
    int quant[64];                         /* of the coefficients, in the order of the file */
    int weight[64];                        /* for 2 samples: theirs down a column, and */
    uint8_t place[64];                     /* the sum that they belong to */
    uint8_t samples[2][LADE__EIGHTH_MOST]; /* of a row of MCUs */
};

struct lade__eighth {
    struct lade__huffman dc[NUM_HUFF_TBLS], ac[NUM_HUFF_TBLS]; /* kept from image to image */
    struct lade__eighth_plane plane[3];
    struct lade__bits bits;
    bool portable; /* without instructions that not every CPU has: for tests */
    int planes;
    int mcus;               /* in a row */
    int width, height;      /* of the result */
    int y;                  /* rows so far */
    unsigned interval;      /* MCUs between restart markers; 0: there are none */
    unsigned until_restart; /* MCUs */
    unsigned restarts;
};

/*
 * lade__eighth_start() - @dec has read the header; the entropy-coded bytes begin at @scan, and @end is the end of the
 * file (borrowed). False: not an image for this.
 *
 * lade__eighth_rows() - the next rows, as many as an MCU has, plane[0].v, or what is left of them: grey or RGB, @stride
 * bytes apart. @rows NULL: go past them. False: something is odd.
 *
 * lade__eighth_end() - no more rows are wanted. False: what follows is odd, or too little to tell.
 */
bool lade__eighth_start(struct lade__eighth *eighth, const struct jpeg_decompress_struct *dec, const uint8_t *scan,
                        const uint8_t *end);
bool lade__eighth_rows(struct lade__eighth *eighth, uint8_t *rows, size_t stride);
bool lade__eighth_end(const struct lade__eighth *eighth);

#endif
