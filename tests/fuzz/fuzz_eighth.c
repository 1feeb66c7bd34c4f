/*
 * Fuzz target: any bytes as a JPEG at an eighth of its size. What lade makes of it without libjpeg is what libjpeg
 * makes of it, and libjpeg has nothing to say against it.
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
            must(plain.outcome == GOOD, "libjpeg finds something wrong");
            must(plain.width == ours.width && plain.height == ours.height && plain.channels == ours.channels &&
                     !memcmp(plain.pixels, ours.pixels,
                             (size_t)ours.width * (size_t)ours.height * (size_t)ours.channels),
                 "other pixels than libjpeg's");
            free(plain.pixels);
        }
        free(ours.pixels);
    }
    return 0;
}
