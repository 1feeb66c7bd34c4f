/*
 * Encodes PNG by libspng, with the default settings of libspng.
 */
#include "image/codec/codec.h"

#include <spng.h>
#include <stdlib.h>
#include <string.h>

static int feed(spng_ctx *spng, const struct lade_image *image) {
    static const uint8_t color_types[] = {
        [1] = SPNG_COLOR_TYPE_GRAYSCALE, [3] = SPNG_COLOR_TYPE_TRUECOLOR, [4] = SPNG_COLOR_TYPE_TRUECOLOR_ALPHA};
    struct spng_ihdr ihdr = {.width = (uint32_t)image->width,
                             .height = (uint32_t)image->height,
                             .bit_depth = 8,
                             .color_type = color_types[image->channels]};
    int code = spng_set_option(spng, SPNG_ENCODE_TO_BUFFER, 1);
    if (code == 0)
        code = spng_set_ihdr(spng, &ihdr);
    if (code == 0)
        code = spng_encode_image(spng, NULL, 0, SPNG_FMT_PNG, SPNG_ENCODE_PROGRESSIVE | SPNG_ENCODE_FINALIZE);
    size_t row_bytes = (size_t)image->width * (size_t)image->channels;
    for (int y = 0; code == 0 && y < image->height; y++)
        code = spng_encode_row(spng, image->pixels + (size_t)y * image->stride, row_bytes);
    return code == SPNG_EOI ? 0 : code;
}

int lade__encode_png(const struct lade_image *image, int quality, struct lade__encoded *out, struct lade_error *err) {
    (void)quality;
    spng_ctx *spng = spng_ctx_new(SPNG_CTX_ENCODER);
    if (!spng)
        return lade_error_set(err, LADE_ENOMEM, "PNG: no memory for an encoder");
    int code = feed(spng, image);
    size_t size = 0;
    void *bytes = code ? NULL : spng_get_png_buffer(spng, &size, &code);
    spng_ctx_free(spng);
    if (!bytes)
        return lade_error_set(err, code == SPNG_EMEM ? LADE_ENOMEM : LADE_EINVAL, "PNG: %s", spng_strerror(code));

    *out = (struct lade__encoded){lade_alloc(size), size};
    if (out->data)
        memcpy(out->data, bytes, size);
    free(bytes); /* libspng allocated the bytes with malloc() */
    return out->data ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "PNG: no memory for %zu bytes", size);
}
