/*
 * Fuzz target: the input is an image file, which is decoded in every way that decoders have. No decoder may crash, leak,
 * hang or exceed the limit on pixels.
 *
 *     clang ... -DLADE_FUZZ -fsanitize=fuzzer,address fuzz_decode.c    fuzz_decode CORPUS_FOLDER
 *     otherwise                                                        fuzz_decode FILE ...     replays files
 */
#define _GNU_SOURCE /* memfd_create */
#include <lade/image.h>

#include "replay.h"

/* Checks that each byte of the image can be read, or that the failure has a message. */
static void check(int rc, const struct lade_image *image, const struct lade_error *err) {
    if (rc < 0) {
        must(rc == err->code, "the status is not the one of the error");
        must_be_error(rc, err->message);
        return;
    }
    must(image->width > 0 && image->height > 0 && image->channels >= 1 && image->channels <= 4, "an impossible size");
    for (int y = 0; y < image->height; y++)
        read_bytes(image->pixels + (size_t)y * image->stride, (size_t)image->width * (size_t)image->channels);
}

/* A TIFF is always rotated as its orientation tag demands; other formats only if the option is set. */
static bool same_size(const struct lade_image *image, const struct lade_image_info *info) {
    bool swaps = info->format == LADE_FORMAT_TIFF && info->orientation >= 5;
    return image->width == (swaps ? info->height : info->width) &&
           image->height == (swaps ? info->width : info->height);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
    static const struct lade_decode_options paths[] = {
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
        {.target_size = {40, 40}, .interpolation = LADE_INTERPOLATION_BILINEAR, .exif_orientation = true},
    };
    static lade_decoder *decoder;
    if (!decoder)
        decoder = lade_decoder_new();
    must(decoder != NULL, "no memory");

    struct lade_image_info info;
    struct lade_error err = {0};
    int probed = lade_image_probe(bytes, n, &info, &err);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct lade_decode_options options = paths[i];
        struct lade_image image;
        options.limits.max_pixels = 1 << 20;
        err = (struct lade_error){0};
        int rc = lade_image_decode_resized(decoder, bytes, n, &options, &image, &err);
        check(rc, &image, &err);
        must(rc < 0 || probed == LADE_OK, "decoded a file that the probe rejected");
        must(rc < 0 || options.target_size[0] || same_size(&image, &info), "the size differs from the header");
    }
    return 0;
}
