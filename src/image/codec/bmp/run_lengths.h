/*
 * image/codec/bmp/run_lengths.h - decodes the run lengths of BMP (RLE4 and RLE8).
 */
#ifndef LADE_SRC_IMAGE_CODEC_BMP_RUN_LENGTHS_H
#define LADE_SRC_IMAGE_CODEC_BMP_RUN_LENGTHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The decoded image and the position of the next pixel. Pixels beyond the end of a row are discarded. */
struct lade__bmp_pen {
    uint8_t *pixels; /* palette indices, row by row in the order of the file */
    int width, height;
    int x, y;
};

enum lade__bmp_end {
    LADE__BMP_COMPLETE,  /* all pixels were decoded */
    LADE__BMP_EARLY,     /* the end code comes before the last pixel */
    LADE__BMP_TRUNCATED, /* the bytes end before the last pixel */
};

/*
 * lade__bmp_run_lengths() - decodes the run lengths from offset @at on. @nibbles selects RLE4. Pixels that no run sets
 * are not changed.
 */
enum lade__bmp_end lade__bmp_run_lengths(const uint8_t *bytes, size_t n, size_t at, bool nibbles,
                                         struct lade__bmp_pen *pen);

#endif
