/*
 * Makes small BMP, GIF and PNM files that need much memory or time to decode.
 */
#ifndef LADE_TESTS_BOMBS_BMP_GIF_H
#define LADE_TESTS_BOMBS_BMP_GIF_H

#include "support/bombs_png.h"

/* ---- PNM --------------------------------------------------------------------------------------------------------- */

static inline struct png_maker text_bomb(const char *text) {
    struct png_maker file = {0};
    png_bytes(&file, text, strlen(text));
    return file;
}

/* Makes a file of plain numbers. The text @before precedes each of the @count numbers. */
static inline struct png_maker plain_pnm(const char *header, const char *before, size_t count) {
    struct png_maker file = text_bomb(header), number = text_bomb(before);
    png_bytes(&number, "1 ", 2);
    put_copies(&file, number.data, number.size, count);
    free(number.data);
    return file;
}

/* ---- BMP --------------------------------------------------------------------------------------------------------- */

/* Makes a file that contains only the headers BITMAPFILEHEADER and BITMAPINFOHEADER, and no pixels. */
static inline struct png_maker bmp_header(uint32_t width, uint32_t height, uint16_t bits, uint32_t compression,
                                          uint32_t colors, uint32_t pixels) {
    struct png_maker file = {0};
    png_bytes(&file, "BM", 2);
    put_le(&file, 0, 8); /* the size of the file, which no decoder uses, and two reserved words */
    put_le(&file, pixels, 4);
    put_le(&file, 40, 4);
    put_le(&file, width, 4);
    put_le(&file, height, 4);
    put_le(&file, 1, 2);
    put_le(&file, bits, 2);
    put_le(&file, compression, 4);
    put_zeros(&file, 12);
    put_le(&file, colors, 4);
    put_le(&file, 0, 4);
    return file;
}

/* Makes a run-length encoded image that ends after @count copies of the pair @pair. */
static inline struct png_maker run_length_bmp(uint32_t width, uint32_t height, const char *pair, size_t pair_size,
                                              size_t count) {
    struct png_maker file = bmp_header(width, height, 8, 1, 1, 14 + 40 + 4);
    put_le(&file, 0x808080, 4);
    put_copies(&file, pair, pair_size, count);
    png_bytes(&file, "\0\1", 2); /* the end of the image */
    return file;
}

/* ---- GIF --------------------------------------------------------------------------------------------------------- */

static inline struct png_maker gif_start(uint16_t width, uint16_t height) {
    struct png_maker file = {0};
    png_bytes(&file, "GIF89a", 6);
    put_le(&file, width, 2);
    put_le(&file, height, 2);
    png_bytes(&file, "\x80\0\0\0\0\0\xff\xff\xff", 9); /* a palette of black and white */
    return file;
}

/* Appends LZW codes of @pixels black pixels in blocks of 255 bytes. Each code stands for one more pixel than the code
   before it, so a code stands for up to 4,090 pixels. */
static inline void put_gif_pixels(struct png_maker *file, uint64_t pixels) {
    enum { CLEAR = 4, END = 5, FIRST = 6, LAST = 4095 };
    struct png_maker codes = {0};
    struct bit_writer w = {.file = &codes};
    for (uint64_t done = 0; done < pixels;) {
        put_bits(&w, CLEAR, done ? 12 : 3);
        put_bits(&w, 0, 3);
        done++;
        for (unsigned code = FIRST; code <= LAST && done < pixels; code++) {
            put_bits(&w, code, 32 - __builtin_clz(code));
            done += code - FIRST + 2;
        }
        if (done >= pixels)
            break;
    }
    put_bits(&w, END, 12);
    put_last_bits(&w);
    png_bytes(file, "\2", 1);
    for (size_t at = 0; at < codes.size; at += 255) {
        size_t n = codes.size - at < 255 ? codes.size - at : 255;
        put_le(file, n, 1);
        png_bytes(file, codes.data + at, n);
    }
    png_bytes(file, "", 1);
    free(codes.data);
}

static inline void put_gif_frame(struct png_maker *file, uint16_t width, uint16_t height, bool interlaced) {
    png_bytes(file, ",\0\0\0\0", 5);
    put_le(file, width, 2);
    put_le(file, height, 2);
    put_le(file, interlaced ? 0x40 : 0, 1);
    put_gif_pixels(file, (uint64_t)width * height);
}

static inline struct png_maker black_gif(uint16_t width, uint16_t height, bool interlaced) {
    struct png_maker file = gif_start(width, height);
    put_gif_frame(&file, width, height, interlaced);
    png_bytes(&file, ";", 1);
    return file;
}

/* Makes a large canvas with @count frames of one pixel. The bytes @before precede each frame. */
static inline struct png_maker gif_canvas(uint16_t width, uint16_t height, const char *before, size_t before_size,
                                          size_t count) {
    struct png_maker file = gif_start(width, height), frame = {0};
    png_bytes(&frame, before, before_size);
    put_gif_frame(&frame, 1, 1, false);
    put_copies(&file, frame.data, frame.size, count);
    png_bytes(&file, ";", 1);
    free(frame.data);
    return file;
}

/* Makes an image of one pixel after @count copies of an extension. */
static inline struct png_maker gif_extensions(const char *extension, size_t size, size_t count) {
    struct png_maker file = gif_start(8, 8);
    put_copies(&file, extension, size, count);
    put_gif_frame(&file, 1, 1, false);
    png_bytes(&file, ";", 1);
    return file;
}

#endif
