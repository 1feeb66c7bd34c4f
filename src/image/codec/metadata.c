/*
 * Finds the orientation in Exif data and in XMP text. The XMP text is searched for fixed words and is not parsed as
 * XML, because Pillow searches for the same words.
 */
#include "image/codec/metadata.h"
#include "image/codec/ifd.h"

#include <string.h>

/* Returns the digit after tiff:Orientation=" or tiff:Orientation>, or 1 if there is no such digit. */
static int xmp_orientation(const struct lade__part *xmp) {
    static const char name[] = "tiff:Orientation";
    enum { NAME = sizeof name - 1 };
    for (size_t at = 0; xmp->bytes && at + NAME < xmp->n; at++) {
        const uint8_t *p = memchr(xmp->bytes + at, name[0], xmp->n - NAME - at);
        if (!p)
            break;
        at = (size_t)(p - xmp->bytes);
        size_t left = xmp->n - at - NAME;
        if (memcmp(p, name, NAME) != 0)
            continue;
        p += NAME;
        size_t skip = left >= 3 && p[0] == '=' && p[1] == '"' ? 2 : left >= 2 && p[0] == '>' ? 1 : 0;
        if (skip && p[skip] >= '0' && p[skip] <= '9')
            return p[skip] - '0';
    }
    return 1;
}

int lade__metadata_orientation(const struct lade__metadata *metadata) {
    uint64_t orientation;
    if (!metadata->exif.bytes || !lade__exif_find_orientation(metadata->exif.bytes, metadata->exif.n, &orientation))
        orientation = (uint64_t)xmp_orientation(&metadata->xmp);
    return orientation >= 1 && orientation <= 8 ? (int)orientation : 1;
}
