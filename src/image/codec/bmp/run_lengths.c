/*
 * Decodes the run lengths of BMP. The data is a sequence of byte pairs. A pair consists of a count and a value, or of
 * the number 0 and a code. The code means the end of the row, the end of the image, a move to another position, or the
 * number of literal pixels that follow.
 */
#include "image/codec/bmp/run_lengths.h"

enum { END_OF_ROW = 0, END_OF_ALL = 1, STEP = 2 };

static void put(struct lade__bmp_pen *pen, uint8_t index) {
    if (pen->x < pen->width)
        pen->pixels[(size_t)pen->y * (size_t)pen->width + (size_t)pen->x++] = index;
}

/* Sets @count pixels to the value of @byte. With @nibbles, pixels get the high and the low 4 bits of @byte in turn. */
static void put_run(struct lade__bmp_pen *pen, uint8_t byte, unsigned count, bool nibbles) {
    for (unsigned i = 0; i < count; i++)
        put(pen, !nibbles ? byte : i % 2 ? byte & 15 : byte >> 4);
}

static void put_pixels(struct lade__bmp_pen *pen, const uint8_t *in, unsigned count, bool nibbles) {
    for (unsigned i = 0; i < count; i++)
        put(pen, !nibbles ? in[i] : i % 2 ? in[i / 2] & 15 : in[i / 2] >> 4);
}

static void step(struct lade__bmp_pen *pen, int right, int rows) {
    pen->x = pen->x + right < pen->width ? pen->x + right : pen->width;
    pen->y += rows;
}

enum lade__bmp_end lade__bmp_run_lengths(const uint8_t *bytes, size_t n, size_t at, bool nibbles,
                                         struct lade__bmp_pen *pen) {
    while (pen->y < pen->height && !(pen->y == pen->height - 1 && pen->x == pen->width)) {
        if (at > n || n - at < 2)
            return LADE__BMP_TRUNCATED;
        unsigned count = bytes[at], what = bytes[at + 1];
        at += 2;
        size_t size = count || what <= END_OF_ALL ? 0 : what == STEP ? 2 : nibbles ? (what + 1) / 2 : what;
        if (n - at < size)
            return LADE__BMP_TRUNCATED;
        if (count)
            put_run(pen, (uint8_t)what, count, nibbles);
        else if (what == END_OF_ROW)
            step(pen, -pen->x, 1);
        else if (what == END_OF_ALL)
            return LADE__BMP_EARLY;
        else if (what == STEP)
            step(pen, bytes[at], bytes[at + 1]);
        else
            put_pixels(pen, bytes + at, what, nibbles);
        at += size + size % 2;
    }
    return LADE__BMP_COMPLETE;
}
