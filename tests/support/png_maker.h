/*
 * Writes PNG files of every kind, one chunk at a time. The image data is not compressed. Tests use these functions to
 * make files that no encoder writes.
 */
#ifndef LADE_TESTS_PNG_MAKER_H
#define LADE_TESTS_PNG_MAKER_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct png_maker {
    uint8_t *data;
    size_t size;
};

/* Makes room for @n more bytes. The capacity is a power of two, because the realloc() of a sanitizer always copies. */
__attribute__((noinline, unused)) static void png_grow(struct png_maker *png, size_t n) {
    size_t capacity = 64;
    while (capacity < png->size + n)
        capacity *= 2;
    if (!png->data || png->size <= capacity / 2)
        png->data = realloc(png->data, capacity);
}

/* gcc 12 prints a wrong warning about the size of the buffer if this function is inlined. */
__attribute__((noinline, unused)) static void png_bytes(struct png_maker *png, const void *bytes, size_t n) {
    if (n == 0)
        return;
    png_grow(png, n);
    memcpy(png->data + png->size, bytes, n);
    png->size += n;
}

static inline void png_be32(uint8_t *p, uint32_t v) {
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
}

static inline uint32_t png_crc(const uint8_t *bytes, size_t n) {
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < n; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++)
            crc = crc & 1 ? 0xedb88320 ^ crc >> 1 : crc >> 1;
    }
    return ~crc;
}

static inline void png_chunk(struct png_maker *png, const char *type, const void *bytes, size_t n) {
    uint8_t word[4];
    png_be32(word, (uint32_t)n);
    png_bytes(png, word, 4);
    size_t start = png->size;
    png_bytes(png, type, 4);
    if (n)
        png_bytes(png, bytes, n);
    png_be32(word, png_crc(png->data + start, n + 4));
    png_bytes(png, word, 4);
}

static inline void png_start(struct png_maker *png, uint32_t width, uint32_t height, uint8_t bits, uint8_t color_type,
                             uint8_t interlace) {
    uint8_t header[13];
    *png = (struct png_maker){0};
    png_bytes(png, "\x89PNG\r\n\x1a\n", 8);
    png_be32(header, width);
    png_be32(header + 4, height);
    memcpy(header + 8, (uint8_t[]){bits, color_type, 0, 0, interlace}, 5);
    png_chunk(png, "IHDR", header, sizeof header);
}

/* Appends @n bytes in the format of zlib, in stored (not compressed) blocks. */
static inline void png_zlib(struct png_maker *z, const uint8_t *bytes, size_t n) {
    uint32_t a = 1, b = 0;
    png_bytes(z, "\x78\x01", 2);
    for (size_t at = 0; at < n || at == 0; at += 65535) {
        size_t length = n - at < 65535 ? n - at : 65535;
        png_bytes(z,
                  (uint8_t[]){at + length == n, (uint8_t)length, (uint8_t)(length >> 8), (uint8_t)~length,
                              (uint8_t)(~length >> 8)},
                  5);
        png_bytes(z, bytes + at, length);
    }
    for (size_t i = 0; i < n; i++) {
        a = (a + bytes[i]) % 65521;
        b = (b + a) % 65521;
    }
    uint8_t word[4];
    png_be32(word, b << 16 | a);
    png_bytes(z, word, 4);
}

/* Writes a chunk IDAT. Each row of the image consists of a filter byte and the bytes of its samples. */
static inline void png_idat(struct png_maker *png, const uint8_t *bytes, size_t n) {
    struct png_maker z = {0};
    png_zlib(&z, bytes, n);
    png_chunk(png, "IDAT", z.data, z.size);
    free(z.data);
}

static inline void png_end(struct png_maker *png) {
    png_chunk(png, "IEND", NULL, 0);
}

/* Makes an image with one row. @n is the number of bytes of its samples. If @plte is NULL, the file has no PLTE chunk.
   If @trns is NULL, the file has no tRNS chunk. */
static inline struct png_maker png_one_row(int width, uint8_t bits, uint8_t color_type, const char *samples, size_t n,
                                           const char *plte, size_t plte_size, const char *trns, size_t trns_size) {
    struct png_maker png;
    uint8_t row[64] = {0};
    png_start(&png, (uint32_t)width, 1, bits, color_type, 0);
    if (plte)
        png_chunk(&png, "PLTE", plte, plte_size);
    if (trns)
        png_chunk(&png, "tRNS", trns, trns_size);
    memcpy(row + 1, samples, n);
    png_idat(&png, row, n + 1);
    png_end(&png);
    return png;
}

/* Expands to two arguments of png_one_row(): the bytes of a string literal, and the number of these bytes. */
#define PNG_BYTES(s) s, sizeof(s) - 1

#endif
