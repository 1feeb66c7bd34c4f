/*
 * Fuzz target: the input is an image file, which is decoded with each of the options in option_sets[]. No decoder may
 * crash, leak, hang or exceed the limit on pixels. The result must not depend on the images that the decoder decoded
 * before. lade_image_check() must accept the same files. replay.h describes how to build and run a fuzz target.
 */
#define _GNU_SOURCE /* memfd_create */
#include <lade/image.h>

#include "replay.h"

static const struct lade_decode_options option_sets[] = {
    {0},
    {.color_mode = LADE_COLOR_RGBA,
     .target_size = {17, 13},
     .interpolation = LADE_INTERPOLATION_BICUBIC,
     .keep_aspect_ratio = true},
    {.color_mode = LADE_COLOR_GRAYSCALE, .target_size = {5, 9}, .decode = LADE_DECODE_FAST},
    {.target_size = {3, 4},
     .interpolation = LADE_INTERPOLATION_BOX,
     .keep_aspect_ratio = true,
     .decode = LADE_DECODE_FAST},
    {.target_size = {40, 40},
     .interpolation = LADE_INTERPOLATION_BILINEAR,
     .exif_orientation = true,
     .clip_grey = true},
};
enum { OPTION_SETS = sizeof option_sets / sizeof *option_sets };

/* Returns the FNV-1a hash of the pixels. This also reads each pixel. */
static uint64_t checksum(const struct lade_image *image) {
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    for (int y = 0; y < image->height; y++)
        for (size_t i = 0; i < (size_t)image->width * (size_t)image->channels; i++)
            sum = (sum ^ image->pixels[(size_t)y * image->stride + i]) * UINT64_C(0x100000001b3);
    return sum;
}

/* Checks that the image has the size and the channels that follow from the options and the header. */
static void must_have_size(const struct lade_image *image, const struct lade_decode_options *options,
                           const uint8_t *bytes, size_t n) {
    int height = options->target_size[0], width = options->target_size[1];
    if (!height)
        must(lade_image_size(bytes, n, options->exif_orientation, &height, &width, NULL) == LADE_OK,
             "the size of a decoded image cannot be read");
    must(image->width == width && image->height == height, "the size is wrong");
    must(image->channels == lade_color_mode_channels(options->color_mode), "the number of channels is wrong");
    must(image->stride >= (size_t)image->width * (size_t)image->channels, "rows overlap");
}

/* Decodes with option_sets[set]. Returns the checksum of the pixels, or the status of the error. */
static uint64_t decode(lade_decoder *decoder, const uint8_t *bytes, size_t n, int set) {
    struct lade_decode_options options = option_sets[set];
    struct lade_image image;
    struct lade_error err = {0};
    options.limits.max_pixels = 1 << 20;
    int rc = lade_image_decode_resized(decoder, bytes, n, &options, &image, &err);
    if (rc < 0) {
        must(rc == err.code, "the status differs from the status of the error");
        must_be_error(rc, err.message);
        return (uint64_t)(int64_t)rc;
    }
    must_have_size(&image, &options, bytes, n);
    return checksum(&image);
}

/* Decodes with option_sets[set] to samples of 16 bits, and writes the image to a slot. @result is the result of
   decode() with the same options. The two decodes must have the same status. */
static void decode16(lade_decoder *decoder, const uint8_t *bytes, size_t n, int set, uint64_t result) {
    struct lade_decode_options options = option_sets[set];
    struct lade_image16 image;
    options.limits.max_pixels = 1 << 20;
    options.clip_grey = false;
    int rc = lade_image_decode16(decoder, bytes, n, &options, &image, NULL);
    must(rc < 0 ? (uint64_t)(int64_t)rc == result : (int64_t)result >= 0 || (int64_t)result < -200,
         "with 16 bits, the status is different");
    if (rc < 0)
        return;
    const struct lade_transform turn = {.theta = 20, .contrast = 1.5f};
    const struct lade_output output = {.uint16 = true};
    void *slot = malloc(lade_output_bytes(&output, image.height, image.width, image.channels));
    must(slot && lade_image16_to_tensor(decoder, &image, &turn, &output, slot, NULL) == LADE_OK, "no tensor");
    free(slot);
}

/* Calls lade_image_check(). @result is the result of decode(). The check must accept the file if, and only if, decode()
   succeeded. */
static void check(lade_decoder *decoder, const uint8_t *bytes, size_t n, uint64_t result) {
    const struct lade_image_limits limits = {.max_pixels = 1 << 20};
    struct lade_error err = {0};
    int rc = lade_image_check(decoder, bytes, n, &limits, &err);
    if (rc < 0)
        must((uint64_t)(int64_t)rc == result, "a check refuses a file that can be decoded");
    else
        must((int64_t)result >= 0 || (int64_t)result < -200, "a check accepts a file that cannot be decoded");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
    static lade_decoder *forward, *backward;
    if (!forward) {
        forward = lade_decoder_new();
        backward = lade_decoder_new();
    }
    must(forward && backward, "no memory");

    uint64_t results[OPTION_SETS];
    for (int i = 0; i < OPTION_SETS; i++)
        results[i] = decode(forward, bytes, n, i);
    check(forward, bytes, n, results[0]);
    for (int i = 0; i < OPTION_SETS - 1; i++)
        decode16(forward, bytes, n, i, results[i]);
    for (int i = OPTION_SETS; i-- > 0;)
        must(decode(backward, bytes, n, i) == results[i],
             "the result depends on the images that the decoder decoded before");
    return 0;
}
