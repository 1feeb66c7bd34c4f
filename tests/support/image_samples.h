/* Computes images for the tests, so that the tests need no image files. */
#ifndef LADE_TESTS_IMAGE_SAMPLES_H
#define LADE_TESTS_IMAGE_SAMPLES_H

#include "image/codec/jpeg/encode.h"
#include <lade/image.h>

#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

/* Makes a smooth image with some noise, like a photo. The image has an alpha channel if @channels is 2 or 4. The caller
   must free the pixels. */
static inline struct lade_image sample_image(int width, int height, int channels, uint64_t seed) {
    struct lade_random random;
    lade_random_init(&random, seed, 0, 0, LADE_RANDOM_SYNTH);
    struct lade_image image = {.width = width, .height = height, .channels = channels};
    image.stride = (size_t)width * (size_t)channels + seed % 5;
    image.pixels = malloc(image.stride * (size_t)height);
    ck_assert_ptr_nonnull(image.pixels);
    memset(image.pixels, 0xaa, image.stride * (size_t)height);
    uint32_t slope = lade_random_u32(&random) % 7 + 1;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int c = 0; c < channels; c++)
                image.pixels[(size_t)y * image.stride + (size_t)(x * channels + c)] =
                    (uint8_t)((uint32_t)(x * (c + 1) + y) * slope + lade_random_u32(&random) % 64);
    return image;
}

/* Returns true if the sizes and the pixels of the two images are equal. The bytes between rows are not compared. */
static inline bool same_image(const struct lade_image *a, const struct lade_image *b) {
    if (a->width != b->width || a->height != b->height || a->channels != b->channels)
        return false;
    for (int y = 0; y < a->height; y++)
        if (memcmp(a->pixels + (size_t)y * a->stride, b->pixels + (size_t)y * b->stride,
                   (size_t)a->width * (size_t)a->channels) != 0)
            return false;
    return true;
}

/* Returns a copy of an image. The caller must free the pixels of the copy. The next call of a decoder overwrites the
   image that the decoder has returned. A test that still needs the image makes a copy before this call. */
static inline struct lade_image copy_image(const struct lade_image *image) {
    struct lade_image copy = *image;
    copy.stride = (size_t)image->width * (size_t)image->channels;
    copy.pixels = malloc(copy.stride * (size_t)copy.height);
    ck_assert_ptr_nonnull(copy.pixels);
    for (int y = 0; y < copy.height; y++)
        memcpy(copy.pixels + (size_t)y * copy.stride, image->pixels + (size_t)y * image->stride, copy.stride);
    return copy;
}

static inline struct lade__encoded sample_jpeg(int width, int height, int channels, bool progressive) {
    struct lade_image image = sample_image(width, height, channels, 3);
    struct lade__encoded bytes;
    struct lade_error err = {0};
    ck_assert_msg(lade__jpeg_encode(&image, 80, progressive, &bytes, &err) == LADE_OK, "%s", err.message);
    free(image.pixels);
    return bytes;
}

static inline struct lade__encoded sample_png(int width, int height, int channels) {
    struct lade_image image = sample_image(width, height, channels, 4);
    struct lade__encoded bytes;
    struct lade_error err = {0};
    ck_assert_msg(lade__encode_png(&image, 0, &bytes, &err) == LADE_OK, "%s", err.message);
    free(image.pixels);
    return bytes;
}

/* Decodes the image as RGB, without resizing. Returns the status. Checks that @err has the same status, and that an
   error has a message. */
static inline int decode(lade_decoder *own, const void *bytes, size_t n, struct lade_image *out,
                         struct lade_error *err) {
    *err = (struct lade_error){0};
    int rc = lade_image_decode(own, bytes, n, LADE_COLOR_RGB, NULL, out, err);
    ck_assert_int_eq(rc, err->code);
    ck_assert((rc < 0) == (err->message[0] != '\0'));
    return rc;
}

/* Applies a transform to the image. Returns the result as floats in the data format of @o. The caller must free the
   result. */
static inline float *transform_image(lade_decoder *own, const struct lade_image *in, const struct lade_transform *t,
                                     const struct lade_output *o) {
    struct lade_error err = {0};
    float *slot = malloc(lade_output_bytes(o, in->height, in->width, in->channels));
    ck_assert_msg(lade_image_to_tensor(own, in, t, o, slot, &err) == LADE_OK, "%s", err.message);
    return slot;
}

#endif
