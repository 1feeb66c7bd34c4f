/*
 * image/codec/bmp/run_lengths.h - the run lengths of BMP.
 */
#ifndef LADE_SRC_IMAGE_CODEC_BMP_RUN_LENGTHS_H
#define LADE_SRC_IMAGE_CODEC_BMP_RUN_LENGTHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the next pixel goes. What leaves its row is dropped. */
struct lade__bmp_pen {
    uint8_t *pixels; /* an index each, row by row in the order of the file */
    int width, height;
    int x, y;
};

enum lade__bmp_end {
    LADE__BMP_WHOLE,
    LADE__BMP_EARLY, /* the file says that this is all, before the last pixel */
    LADE__BMP_CUT    /* the bytes end before that */
};

/*
 * lade__bmp_runs() - put down the runs from @at on; @nibbles: of 4 bits a pixel. Pixels that none of them sets stay as
 * they are.
 */
enum lade__bmp_end lade__bmp_runs(const uint8_t *bytes, size_t n, size_t at, bool nibbles, struct lade__bmp_pen *pen);

#endif
