/*
 * Makes small PNG files that need much memory or time to decode. This header also defines helpers for the bombs of the
 * other formats.
 */
#ifndef LADE_TESTS_BOMBS_PNG_H
#define LADE_TESTS_BOMBS_PNG_H

#include "support/png_maker.h"

#include <stdbool.h>

/* ---- Helpers for all formats ------------------------------------------------------------------------------------- */

/* Appends integers of a fixed byte order. */
static inline void put_le(struct png_maker *file, uint64_t value, int size) {
    uint8_t bytes[8];
    for (int i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    png_bytes(file, bytes, (size_t)size);
}

static inline void put_be(struct png_maker *file, uint64_t value, int size) {
    uint8_t bytes[8];
    for (int i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> 8 * (size - 1 - i));
    png_bytes(file, bytes, (size_t)size);
}

/* Appends @count copies of the @n bytes at @bytes. */
static inline void put_copies(struct png_maker *file, const void *bytes, size_t n, size_t count) {
    png_grow(file, n * count);
    for (size_t i = 0; i < count; i++, file->size += n)
        memcpy(file->data + file->size, bytes, n);
}

static inline void put_zeros(struct png_maker *file, size_t n) {
    put_copies(file, "", 1, n);
}

/* Writes bits, the lowest bit first, as deflate, GIF and lossless WebP store them. */
struct bit_writer {
    struct png_maker *file;
    uint64_t bits;
    int count;
};

static inline void put_bits(struct bit_writer *w, uint32_t value, int count) {
    w->bits |= (uint64_t)value << w->count;
    for (w->count += count; w->count >= 8; w->count -= 8, w->bits >>= 8)
        png_bytes(w->file, &(uint8_t){(uint8_t)w->bits}, 1);
}

static inline void put_last_bits(struct bit_writer *w) {
    put_bits(w, 0, (8 - w->count) % 8);
}

/* Appends a zlib stream of @n zeros, n > 0. In the stream, 13 bits stand for 258 zeros. */
static inline void put_deflated_zeros(struct png_maker *file, size_t n) {
    struct bit_writer w = {.file = file};
    png_bytes(file, "\x78\x01", 2);
    put_bits(&w, 3, 3); /* the last block, with fixed codes */
    for (size_t i = 0; i < 1 + (n - 1) % 258; i++)
        put_bits(&w, 0x0c, 8); /* a literal 0; the bits of a code are in reverse order */
    for (size_t i = 0; i < (n - 1) / 258; i++)
        put_bits(&w, 0xa3, 13); /* length 258, distance 1 */
    put_bits(&w, 0, 7);         /* the end of the block */
    put_last_bits(&w);
    put_be(file, (uint64_t)(n % 65521) << 16 | 1, 4);
}

/* ---- PNG --------------------------------------------------------------------------------------------------------- */

static inline void put_deflated_chunk(struct png_maker *png, const char *type, const char *head, size_t head_size,
                                      size_t zeros) {
    struct png_maker data = {0};
    png_bytes(&data, head, head_size);
    put_deflated_zeros(&data, zeros);
    png_chunk(png, type, data.data, data.size);
    free(data.data);
}

/* Makes an image of the given kind whose samples are all 0. */
static inline struct png_maker black_png(uint32_t width, uint32_t height, uint8_t bits, uint8_t color_type,
                                         uint8_t interlace) {
    static const int channels[] = {1, 0, 3, 1, 2, 0, 4};
    struct png_maker png;
    size_t pixel_bits = (size_t)channels[color_type] * bits;
    size_t size = 0;
    png_start(&png, width, height, bits, color_type, interlace);
    for (int pass = 0; interlace && pass < 7; pass++) {
        static const unsigned x0[] = {0, 4, 0, 2, 0, 1, 0}, y0[] = {0, 0, 4, 0, 2, 0, 1};
        static const unsigned dx[] = {8, 8, 4, 4, 2, 2, 1}, dy[] = {8, 8, 8, 4, 4, 2, 2};
        size_t columns = width > x0[pass] ? (width - x0[pass] + dx[pass] - 1) / dx[pass] : 0;
        size_t rows = height > y0[pass] ? (height - y0[pass] + dy[pass] - 1) / dy[pass] : 0;
        size += columns ? rows * ((columns * pixel_bits + 7) / 8 + 1) : 0;
    }
    if (!interlace)
        size = height * ((width * pixel_bits + 7) / 8 + 1);
    put_deflated_chunk(&png, "IDAT", NULL, 0, size);
    png_end(&png);
    return png;
}

/* Makes a file whose header contains this size, but that contains no pixels. */
static inline struct png_maker empty_png(uint32_t width, uint32_t height, uint8_t bits, uint8_t color_type,
                                         uint8_t interlace) {
    struct png_maker png;
    png_start(&png, width, height, bits, color_type, interlace);
    put_deflated_chunk(&png, "IDAT", NULL, 0, 1);
    return png;
}

/* Makes an image of 8 x 8 pixels with @count chunks before its pixels. Each chunk contains the bytes @head. If @zeros
   is not 0, a zlib stream of @zeros zeros follows these bytes. */
static inline struct png_maker png_with_chunks(const char *type, const char *head, size_t head_size, size_t zeros,
                                               size_t count) {
    struct png_maker png, chunk = {0};
    if (zeros)
        put_deflated_chunk(&chunk, type, head, head_size, zeros);
    else
        png_chunk(&chunk, type, head, head_size);
    png_start(&png, 8, 8, 8, 2, 0);
    put_copies(&png, chunk.data, chunk.size, count);
    put_deflated_chunk(&png, "IDAT", NULL, 0, 8 * 25);
    png_end(&png);
    free(chunk.data);
    return png;
}

#endif
