/*
 * Makes small JPEG files that need much memory or time to decode. All Huffman codes have one bit, so data of zeros is
 * valid.
 */
#ifndef LADE_TESTS_BOMBS_JPEG_H
#define LADE_TESTS_BOMBS_JPEG_H

#include "support/bombs_png.h"

enum jpeg_process { JPEG_BASELINE = 0xc0, JPEG_PROGRESSIVE = 0xc2, JPEG_ARITHMETIC = 0xc9 };

enum { END_OF_BLOCKS = 0xe0 }; /* this code ends the band in 16,384 blocks, if the 14 bits after the code are 0 */

/* Appends a Huffman table with one code of one bit. @kind is 0 for DC and 0x10 for AC. */
static inline void put_huffman_table(struct png_maker *file, int kind, int symbol) {
    png_bytes(file, "\xff\xc4\0\x14", 4);
    put_be(file, (unsigned)kind, 1);
    png_bytes(file, "\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    put_be(file, (unsigned)symbol, 1);
}

static inline void put_quantization(struct png_maker *file) {
    png_bytes(file, "\xff\xdb\0\x43\0", 5);
    put_copies(file, "\1", 1, 64);
}

/* Makes the part of a file that comes before the first scan. All components have the sampling factors 1 x 1. The bytes
   @before precede the frame. */
static inline struct png_maker jpeg_start(enum jpeg_process process, uint16_t width, uint16_t height, int components,
                                          const struct png_maker *before) {
    struct png_maker file = {0};
    png_bytes(&file, "\xff\xd8", 2);
    put_quantization(&file);
    if (before)
        png_bytes(&file, before->data, before->size);
    put_be(&file, 0xff00 | (unsigned)process, 2);
    put_be(&file, 8 + 3 * (unsigned)components, 2);
    put_be(&file, 8, 1);
    put_be(&file, height, 2);
    put_be(&file, width, 2);
    put_be(&file, (unsigned)components, 1);
    for (unsigned c = 1; c <= (unsigned)components; c++)
        put_be(&file, c << 16 | 0x1100, 3);
    put_huffman_table(&file, 0, 0);
    put_huffman_table(&file, 0x10, process == JPEG_PROGRESSIVE ? END_OF_BLOCKS : 0);
    return file;
}

/* Appends the header of a scan of the components @first to @last. */
static inline void put_scan(struct png_maker *file, unsigned first, unsigned last, unsigned from, unsigned to,
                            unsigned bits) {
    unsigned count = last - first + 1;
    put_be(file, 0xffda, 2);
    put_be(file, 6 + 2 * count, 2);
    put_be(file, count, 1);
    for (unsigned c = first; c <= last; c++)
        put_be(file, c << 8, 2);
    put_be(file, from << 16 | to << 8 | bits, 3);
}

static inline size_t block_count(uint16_t width, uint16_t height) {
    return (((size_t)width + 7) / 8) * (((size_t)height + 7) / 8);
}

/* Makes an image of one scan. With @whole, the scan contains all blocks; otherwise it contains no data. */
static inline struct png_maker one_scan_jpeg(enum jpeg_process process, uint16_t width, uint16_t height, int components,
                                             bool whole) {
    struct png_maker file = jpeg_start(process, width, height, components, NULL);
    put_scan(&file, 1, (unsigned)components, 0, 63, 0);
    if (whole)
        put_zeros(&file, block_count(width, height) * (size_t)components / 4 + 1);
    png_bytes(&file, "\xff\xd9", 2);
    return file;
}

/* Makes an image of @scans scans. Each scan after the first @components scans refines the AC coefficients of all
   blocks. */
static inline struct png_maker many_scans_jpeg(uint16_t width, uint16_t height, int components, int scans) {
    struct png_maker file = jpeg_start(JPEG_PROGRESSIVE, width, height, components, NULL);
    size_t blocks = block_count(width, height);
    put_scan(&file, 1, (unsigned)components, 0, 0, 1);
    put_zeros(&file, blocks * (size_t)components / 8 + 1);
    for (int i = 1; i < scans; i++) {
        unsigned component = 1 + (unsigned)(i - 1) % (unsigned)components;
        put_scan(&file, component, component, 1, 63, i <= components ? 1 : 0x10);
        put_zeros(&file, (blocks / 16384 + 1) * 15 / 8 + 1);
    }
    png_bytes(&file, "\xff\xd9", 2);
    return file;
}

/* Makes an image of 8 x 8 pixels with @count copies of a segment before its frame. */
static inline struct png_maker jpeg_with_segments(const struct png_maker *segment, size_t count) {
    struct png_maker segments = {0};
    put_copies(&segments, segment->data, segment->size, count);
    struct png_maker file = jpeg_start(JPEG_BASELINE, 8, 8, 1, &segments);
    put_scan(&file, 1, 1, 0, 63, 0);
    put_zeros(&file, 1);
    png_bytes(&file, "\xff\xd9", 2);
    free(segments.data);
    return file;
}

static inline struct png_maker jpeg_with_comments(size_t count) {
    return jpeg_with_segments(&(struct png_maker){(uint8_t[]){0xff, 0xfe, 0, 2}, 4}, count);
}

/* Makes an image with many Huffman tables and quantisation tables. */
static inline struct png_maker jpeg_with_tables(size_t count) {
    struct png_maker tables = {0};
    put_huffman_table(&tables, 0, 0);
    put_quantization(&tables);
    struct png_maker file = jpeg_with_segments(&tables, count);
    free(tables.data);
    return file;
}

/* Makes an image with a restart marker after each block. */
static inline struct png_maker jpeg_with_restarts(uint16_t width, uint16_t height) {
    struct png_maker interval = {(uint8_t[]){0xff, 0xdd, 0, 4, 0, 1}, 6};
    struct png_maker file = jpeg_start(JPEG_BASELINE, width, height, 1, &interval);
    put_scan(&file, 1, 1, 0, 63, 0);
    size_t blocks = block_count(width, height);
    for (size_t i = 0; i < blocks; i++)
        png_bytes(&file, (uint8_t[]){0, 0xff, (uint8_t)(0xd0 + i % 8)}, i + 1 < blocks ? 3 : 1);
    png_bytes(&file, "\xff\xd9", 2);
    return file;
}

#endif
