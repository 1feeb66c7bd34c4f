/* Makes Exif data for tests. */
#ifndef LADE_TESTS_EXIF_MAKER_H
#define LADE_TESTS_EXIF_MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Writes Exif data whose only entry is the orientation. Returns the number of bytes. */
static inline size_t make_exif(uint8_t *to, int orientation, bool heading) {
    static const uint8_t exif[] = "Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\0\0\0\0\0\0\0";
    size_t skip = heading ? 0 : 6, n = 32 - skip;
    memcpy(to, exif + skip, n);
    to[25 - skip] = (uint8_t)orientation;
    return n;
}

#endif
