/*
 * Encodes grey images as binary PGM and colour images as binary PPM.
 */
#include "image/codec/codec.h"

#include <string.h>

int lade__encode_pnm(const struct lade_image *image, int quality, struct lade__encoded *out, struct lade_error *err) {
    (void)quality;
    if (image->channels == 4)
        return lade_error_set(err, LADE_EINVAL,
                              "PNM has no alpha channel: write RGBA as PNG, or convert the image to RGB");
    char header[48];
    size_t before = (size_t)snprintf(header, sizeof header, "P%d\n%d %d\n255\n", image->channels == 1 ? 5 : 6,
                                     image->width, image->height);
    size_t row = (size_t)image->width * (size_t)image->channels, pixels;
    uint8_t *bytes = NULL;
    if (!__builtin_mul_overflow(row, (size_t)image->height, &pixels) && pixels <= SIZE_MAX - before)
        bytes = lade_alloc(before + pixels);
    if (!bytes)
        return lade_error_set(err, LADE_ENOMEM, "PNM: no memory for %d x %d pixels", image->width, image->height);
    memcpy(bytes, header, before);
    for (int y = 0; y < image->height; y++)
        memcpy(bytes + before + (size_t)y * row, image->pixels + (size_t)y * image->stride, row);
    *out = (struct lade__encoded){bytes, before + pixels};
    return LADE_OK;
}
