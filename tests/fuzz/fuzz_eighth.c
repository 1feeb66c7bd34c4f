/*
 * Fuzz target: the input is a JPEG that is decoded at an eighth of its size. If lade decodes the image data without
 * libjpeg, libjpeg must decode the file to the same pixels and give no warning.
 */
#define _GNU_SOURCE /* memfd_create */
#include "support/jpeg_two_ways.h"
#include "replay.h"

#include <lade/image.h>

enum { MOST_PIXELS = 1 << 20, STRIP = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
    struct lade_image_info info;
    struct lade_error err;
    if (lade_image_probe(bytes, n, &info, &err) < 0 || info.format != LADE_FORMAT_JPEG || info.bits != 8 ||
        (long)info.width * info.height > MOST_PIXELS)
        return 0;
    for (int rows = 0; rows <= STRIP; rows += STRIP) {
        struct eighth ours = decode_eighth(BY_LADE, bytes, n, rows);
        if (ours.outcome == GOOD) {
            struct eighth plain = decode_eighth(BY_LIBJPEG, bytes, n, rows);
            must(plain.outcome == GOOD, "libjpeg rejects the file");
            must(plain.width == ours.width && plain.height == ours.height && plain.channels == ours.channels &&
                     !memcmp(plain.pixels, ours.pixels, (size_t)ours.width * (size_t)ours.rows * (size_t)ours.channels),
                 "the pixels differ from libjpeg's");
            free(plain.pixels);
        }
        free(ours.pixels);
    }
    return 0;
}
