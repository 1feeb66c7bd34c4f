/*
 * Makes small TIFF files that need much memory or time to decode. All strips or tiles of a file share the same bytes.
 */
#ifndef LADE_TESTS_BOMBS_TIFF_H
#define LADE_TESTS_BOMBS_TIFF_H

#include "support/bombs_jpeg.h"
#include "support/bombs_png.h"

enum { TIFF_SHORT = 3, TIFF_LONG = 4, TIFF_PLAIN = 1, TIFF_JPEG = 7, TIFF_DEFLATE = 8 };

/* The directory of a TIFF. Its tags must be added in ascending order. */
struct tiff_maker {
    struct png_maker file, entries;
    uint16_t count;
};

static inline struct tiff_maker tiff_start(void) {
    struct tiff_maker tiff = {0};
    png_bytes(&tiff.file, "II*\0\0\0\0\0", 8);
    return tiff;
}

static inline void tiff_tag(struct tiff_maker *tiff, uint16_t tag, uint16_t type, uint32_t count, uint32_t value) {
    put_le(&tiff->entries, tag | (uint64_t)type << 16 | (uint64_t)count << 32, 8);
    put_le(&tiff->entries, value, 4);
    tiff->count++;
}

/* Appends bytes to the file and returns their offset. */
static inline uint32_t tiff_bytes(struct tiff_maker *tiff, const void *bytes, size_t n) {
    uint32_t at = (uint32_t)tiff->file.size;
    png_bytes(&tiff->file, bytes, n);
    put_zeros(&tiff->file, n % 2);
    return at;
}

/* Appends the directory. With @loop, the directory is its own successor. */
static inline struct png_maker tiff_end(struct tiff_maker *tiff, bool loop) {
    uint32_t at = (uint32_t)tiff->file.size;
    put_le(&tiff->file, tiff->count, 2);
    png_bytes(&tiff->file, tiff->entries.data, tiff->entries.size);
    put_le(&tiff->file, loop ? at : 0, 4);
    for (int i = 0; i < 4; i++)
        tiff->file.data[4 + i] = (uint8_t)(at >> 8 * i);
    free(tiff->entries.data);
    return tiff->file;
}

struct tiff_bomb {
    uint32_t width, height;
    uint32_t block_width, block_height; /* size of a tile in pixels; if block_width is 0, the file has strips */
    uint16_t bits, samples, compression;
    bool planes;
};

/* Appends @count copies of @value as the array of a tag, and returns the value of the tag. */
static inline uint32_t tiff_array(struct tiff_maker *tiff, uint32_t value, size_t count) {
    struct png_maker number = {0}, array = {0};
    put_le(&number, value, 4);
    put_copies(&array, number.data, 4, count);
    uint32_t at = count > 1 ? tiff_bytes(tiff, array.data, array.size) : value;
    free(number.data);
    free(array.data);
    return at;
}

/* Returns the bytes of one strip or tile whose samples are 0. */
static inline struct png_maker tiff_block(const struct tiff_bomb *b) {
    struct png_maker block = {0};
    size_t width = b->block_width ? b->block_width : b->width;
    size_t row = (width * b->bits * (b->planes ? 1u : b->samples) + 7) / 8;
    if (b->compression == TIFF_JPEG)
        return one_scan_jpeg(JPEG_BASELINE, (uint16_t)width, (uint16_t)b->block_height, b->samples, true);
    if (b->compression == TIFF_DEFLATE)
        put_deflated_zeros(&block, row * b->block_height);
    else
        put_zeros(&block, row * b->block_height);
    return block;
}

/* Makes an image whose samples are all 0. */
static inline struct png_maker black_tiff(struct tiff_bomb b) {
    struct tiff_maker tiff = tiff_start();
    struct png_maker block = tiff_block(&b);
    size_t width = b.block_width ? b.block_width : b.width;
    size_t count = ((b.width + width - 1) / width) * ((b.height + b.block_height - 1) / b.block_height);
    count *= b.planes ? b.samples : 1;
    uint32_t at = tiff_bytes(&tiff, block.data, block.size);
    uint32_t offsets = tiff_array(&tiff, at, count), sizes = tiff_array(&tiff, (uint32_t)block.size, count);
    tiff_tag(&tiff, 256, TIFF_LONG, 1, b.width);
    tiff_tag(&tiff, 257, TIFF_LONG, 1, b.height);
    tiff_tag(&tiff, 258, TIFF_SHORT, 1, b.bits);
    tiff_tag(&tiff, 259, TIFF_SHORT, 1, b.compression);
    tiff_tag(&tiff, 262, TIFF_SHORT, 1, b.samples == 3 ? 2 : 1);
    if (!b.block_width)
        tiff_tag(&tiff, 273, TIFF_LONG, (uint32_t)count, offsets);
    tiff_tag(&tiff, 277, TIFF_SHORT, 1, b.samples);
    if (!b.block_width) {
        tiff_tag(&tiff, 278, TIFF_LONG, 1, b.block_height);
        tiff_tag(&tiff, 279, TIFF_LONG, (uint32_t)count, sizes);
    }
    tiff_tag(&tiff, 284, TIFF_SHORT, 1, b.planes ? 2 : 1);
    if (b.block_width) {
        tiff_tag(&tiff, 322, TIFF_LONG, 1, b.block_width);
        tiff_tag(&tiff, 323, TIFF_LONG, 1, b.block_height);
        tiff_tag(&tiff, 324, TIFF_LONG, (uint32_t)count, offsets);
        tiff_tag(&tiff, 325, TIFF_LONG, (uint32_t)count, sizes);
    }
    free(block.data);
    return tiff_end(&tiff, false);
}

/* Makes an image of 8 x 8 pixels with @count unknown tags. All tags share the same array of @size bytes. With @loop,
   the directory is its own successor. */
static inline struct png_maker tiff_with_tags(uint16_t count, uint32_t size, bool loop) {
    struct tiff_maker tiff = tiff_start();
    struct png_maker shared = {0};
    put_zeros(&shared, size > 64 ? size : 64);
    uint32_t at = tiff_bytes(&tiff, shared.data, shared.size);
    tiff_tag(&tiff, 256, TIFF_LONG, 1, 8);
    tiff_tag(&tiff, 257, TIFF_LONG, 1, 8);
    tiff_tag(&tiff, 258, TIFF_SHORT, 1, 8);
    tiff_tag(&tiff, 259, TIFF_SHORT, 1, TIFF_PLAIN);
    tiff_tag(&tiff, 262, TIFF_SHORT, 1, 1);
    tiff_tag(&tiff, 273, TIFF_LONG, 1, at);
    tiff_tag(&tiff, 278, TIFF_LONG, 1, 8);
    tiff_tag(&tiff, 279, TIFF_LONG, 1, 64);
    for (uint16_t i = 0; i < count; i++)
        tiff_tag(&tiff, (uint16_t)(52000 + i), 1, size, size > 4 ? at : 0);
    free(shared.data);
    return tiff_end(&tiff, loop);
}

#endif
