/*
 * Defines the public functions for images with samples of 16 bits. Inside the library, such an image is a struct
 * lade_image whose pixels are uint16_t, so most code is the same for both kinds of images.
 */
#include "image/decoder.h"
#include "image/kernel/rows.h"

/* Sets @out to a copy of @in with 16 bits. */
static int widen(lade_decoder *decoder, const struct lade_image *in, struct lade_image16 *out, struct lade_error *err) {
    size_t samples = (size_t)in->width * (size_t)in->channels;
    uint16_t *pixels = lade__buffer_need(&decoder->widened, (size_t)in->height, samples * sizeof *pixels);
    if (!pixels)
        return lade_error_set(err, LADE_ENOMEM, "no memory for an image of %d x %d pixels", in->width, in->height);
    for (int y = 0; y < in->height; y++)
        lade__row_to_16(NULL, in->pixels + (size_t)y * in->stride, samples, 1, pixels + (size_t)y * samples, 0);
    *out = (struct lade_image16){pixels, in->width, in->height, in->channels, samples};
    return LADE_OK;
}

int lade_image_decode16(lade_decoder *decoder, const void *bytes, size_t n, const struct lade_decode_options *options,
                        struct lade_image16 *out, struct lade_error *err) {
    static const struct lade_decode_options defaults;
    struct lade_image image;
    bool bits16;
    if (!out)
        return lade_error_set(err, LADE_EINVAL, "lade_image_decode16: out must not be NULL");
    if (options && options->clip_grey)
        return lade_error_set_subject(err, LADE_EINVAL, "clip_grey", "clip_grey reduces grey values to 8 bits");
    int rc = lade__decoder_decode(decoder, bytes, n, options ? options : &defaults, true, &image, &bits16, err);
    if (rc < 0)
        return rc;
    if (!bits16)
        return widen(decoder, &image, out, err);
    *out = (struct lade_image16){(uint16_t *)(void *)image.pixels, image.width, image.height, image.channels,
                                 image.stride / sizeof(uint16_t)};
    return LADE_OK;
}

int lade_image16_to_tensor(lade_decoder *decoder, const struct lade_image16 *in, const struct lade_transform *transform,
                           const struct lade_output *output, void *slot, struct lade_error *err) {
    if (!in || in->channels < 1 || in->stride / (size_t)in->channels < (size_t)in->width)
        return lade_error_set(err, LADE_EINVAL, "lade_image16_to_tensor: the image must have pixels");
    if (transform && transform->quirks == LADE_QUIRKS_KERAS3)
        return lade_error_set_subject(err, LADE_EINVAL, "quirks", "Keras has no images of 16 bits");
    const struct lade_image image = {(uint8_t *)(void *)in->pixels, in->width, in->height, in->channels,
                                     in->stride * sizeof *in->pixels};
    return lade__image_to_tensor(decoder, &image, true, transform, output, slot, err);
}
