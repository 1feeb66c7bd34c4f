/*
 * Encodes BMP. Colour images have 24 bits a pixel; grey images have 8 bits and a palette of greys. The bottom row is
 * stored first, because every reader supports this order.
 */
#include "image/codec/bytes.h"
#include "image/codec/codec.h"

#include <string.h>

enum { HEADERS = 14 + 40 };

static void put_headers(uint8_t *to, const struct lade_image *image, uint32_t colors, uint32_t size) {
    memset(to, 0, HEADERS);
    memcpy(to, "BM", 2);
    lade__put_le32(to + 2, size);
    lade__put_le32(to + 10, HEADERS + 4 * colors);
    lade__put_le32(to + 14, 40);
    lade__put_le32(to + 18, (uint32_t)image->width);
    lade__put_le32(to + 22, (uint32_t)image->height);
    lade__put_le16(to + 26, 1);
    lade__put_le16(to + 28, (uint16_t)(image->channels * 8));
    lade__put_le32(to + 46, colors);
    for (uint32_t i = 0; i < colors; i++)
        lade__put_le32(to + HEADERS + 4 * i, i * 0x10101);
}

static void put_row(uint8_t *to, const uint8_t *row, int width, int channels) {
    if (channels == 1) {
        memcpy(to, row, (size_t)width);
        return;
    }
    for (int x = 0; x < width; x++, to += 3, row += 3) {
        to[0] = row[2];
        to[1] = row[1];
        to[2] = row[0];
    }
}

int lade__encode_bmp(const struct lade_image *image, int quality, struct lade__encoded *out, struct lade_error *err) {
    (void)quality;
    if (image->channels == 4)
        return lade_error_set(err, LADE_EINVAL, "BMP: most readers do not support an alpha channel: write RGBA as PNG");
    uint32_t colors = image->channels == 1 ? 256 : 0;
    size_t row = (size_t)image->width * (size_t)image->channels, stride = (row + 3) / 4 * 4, pixels;
    size_t before = HEADERS + 4 * colors;
    if (__builtin_mul_overflow(stride, (size_t)image->height, &pixels) || pixels > UINT32_MAX - before)
        return lade_error_set(err, LADE_EINVAL, "BMP: the format does not allow an image of %d x %d pixels",
                              image->width, image->height);
    uint8_t *bytes = lade_alloc(before + pixels);
    if (!bytes)
        return lade_error_set(err, LADE_ENOMEM, "BMP: no memory for %zu bytes", before + pixels);
    put_headers(bytes, image, colors, (uint32_t)(before + pixels));
    for (int y = 0; y < image->height; y++) {
        uint8_t *to = bytes + before + (size_t)(image->height - 1 - y) * stride;
        put_row(to, image->pixels + (size_t)y * image->stride, image->width, image->channels);
        memset(to + row, 0, stride - row);
    }
    *out = (struct lade__encoded){bytes, before + pixels};
    return LADE_OK;
}
