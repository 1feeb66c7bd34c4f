/*
 * Makes small WebP files that need much memory or time to decode.
 */
#ifndef LADE_TESTS_BOMBS_WEBP_H
#define LADE_TESTS_BOMBS_WEBP_H

#include "support/bombs_png.h"

static inline void put_riff(struct png_maker *file, const char *type, const void *bytes, size_t n) {
    png_bytes(file, type, 4);
    put_le(file, n, 4);
    png_bytes(file, bytes, n);
    put_zeros(file, n % 2);
}

/* Returns a file with the given chunks. Frees the chunks. */
static inline struct png_maker webp_file(struct png_maker *chunks) {
    struct png_maker file = {0};
    png_bytes(&file, "RIFF", 4);
    put_le(&file, chunks->size + 4, 4);
    png_bytes(&file, "WEBP", 4);
    png_bytes(&file, chunks->data, chunks->size);
    free(chunks->data);
    return file;
}

/* Writes a Huffman code with one symbol, which therefore needs no bits. */
static inline void put_single_code(struct bit_writer *w) {
    put_bits(w, 1, 4);
}

/* Writes a Huffman code of 256 symbols, each of 8 bits. */
static inline void put_byte_code(struct bit_writer *w) {
    put_bits(w, 0, 1);
    /* Writes the 12 lengths of the code that encodes code lengths; only the last length, of the symbol 8, is not 0. */
    put_bits(w, 8, 4);
    for (int i = 0; i < 11; i++)
        put_bits(w, 0, 3);
    put_bits(w, 1, 3);
    put_bits(w, 1 | 3 << 1, 4); /* the number of lengths follows in 8 bits */
    put_bits(w, 254, 8);
}

/* Appends a lossless image whose pixels are all equal. The image has @groups groups of Huffman codes, 1 or 65536. */
static inline void put_lossless(struct png_maker *chunks, unsigned width, unsigned height, unsigned groups) {
    struct png_maker data = {0};
    struct bit_writer w = {.file = &data};
    put_bits(&w, 0x2f, 8);
    put_bits(&w, width - 1, 14);
    put_bits(&w, height - 1, 14);
    put_bits(&w, 0, 1 + 3 + 1 + 1); /* no alpha, version 0, no transform, no colour cache */
    put_bits(&w, groups > 1, 1);
    if (groups > 1) {
        put_bits(&w, 0, 3 + 1); /* one group of codes for each square of 4 x 4 pixels; no colour cache */
        put_byte_code(&w);      /* green */
        put_byte_code(&w);      /* red */
        for (int i = 0; i < 3; i++)
            put_single_code(&w);
        for (unsigned i = 0; i < groups; i++)
            put_bits(&w, i, 16);
    }
    for (unsigned i = 0; i < groups; i++)
        for (int code = 0; code < 5; code++)
            put_single_code(&w);
    put_last_bits(&w);
    put_riff(chunks, "VP8L", data.data, data.size);
    free(data.data);
}

static inline struct png_maker lossless_webp(unsigned width, unsigned height, unsigned groups) {
    struct png_maker chunks = {0};
    put_lossless(&chunks, width, height, groups);
    return webp_file(&chunks);
}

static inline void put_canvas(struct png_maker *chunks, unsigned flags, unsigned width, unsigned height) {
    struct png_maker header = {0};
    put_le(&header, flags, 4);
    put_le(&header, width - 1, 3);
    put_le(&header, height - 1, 3);
    put_riff(chunks, "VP8X", header.data, header.size);
    free(header.data);
}

/* Makes an animation of @count frames of one pixel on a large canvas. */
static inline struct png_maker webp_canvas(unsigned width, unsigned height, size_t count) {
    struct png_maker chunks = {0}, frame = {0}, whole = {0};
    put_canvas(&chunks, 0x12, width, height); /* animation and alpha */
    put_riff(&chunks, "ANIM", "\0\0\0\0\0", 6);
    put_zeros(&frame, 16);
    put_lossless(&frame, 1, 1, 1);
    put_riff(&whole, "ANMF", frame.data, frame.size);
    put_copies(&chunks, whole.data, whole.size, count);
    free(whole.data);
    free(frame.data);
    return webp_file(&chunks);
}

/* Makes an image of 8 x 8 pixels with @count chunks of @size zeros. */
static inline struct png_maker webp_with_chunks(unsigned flags, const char *type, size_t size, size_t count) {
    struct png_maker chunks = {0}, zeros = {0};
    put_canvas(&chunks, flags, 8, 8);
    put_zeros(&zeros, size);
    for (size_t i = 0; i < count; i++)
        put_riff(&chunks, type, zeros.data, size);
    put_lossless(&chunks, 8, 8, 1);
    free(zeros.data);
    return webp_file(&chunks);
}

#endif
