/*
 * Reads the header of a JPEG. A JPEG is a sequence of segments. Each segment begins with the byte 0xff and a code; most
 * segments also have a length. The frame segment holds the size of the image. An Exif segment holds the orientation of
 * the image.
 */
#include "image/codec/jpeg/header.h"

#include <string.h>

#include "image/codec/bytes.h"
#include "image/codec/metadata.h"

enum {
    TEM = 0x01,
    RST0 = 0xd0,
    SOI = 0xd8,
    EOI = 0xd9,
    SOS = 0xda,
    APP0 = 0xe0,
    APP1 = 0xe1,
    APP15 = 0xef,
    COM = 0xfe
};

static bool is_frame(unsigned marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

static bool has_no_length(unsigned marker) {
    return marker == TEM || (marker >= RST0 && marker <= SOI);
}

/* Returns true for a segment that may have a length of 0 or 1, although the length includes its own 2 bytes. libjpeg
   skips only these 2 bytes. */
static bool may_be_too_short(unsigned marker) {
    return marker == COM || (marker >= APP0 && marker <= APP15);
}

bool lade__jpeg_is_lossless(unsigned process) {
    return is_frame(process) && process % 4 == 3;
}

/* Finds the next marker. Returns the position after the marker, or 0 if there is no marker. */
static size_t next_marker(const uint8_t *bytes, size_t n, size_t at, unsigned *marker) {
    while (at + 1 < n) {
        const uint8_t *found = memchr(bytes + at, 0xff, n - 1 - at);
        if (!found)
            break;
        at = (size_t)(found - bytes) + 1;
        if (bytes[at] != 0xff && bytes[at] != 0) {
            *marker = bytes[at];
            return at + 1;
        }
    }
    return 0;
}

/* Keeps the first Exif segment and the last XMP segment, as Pillow does. Segments of APP1 may have other contents. */
static void read_app1(const uint8_t *p, size_t n, struct lade__metadata *metadata) {
    static const char exif[] = "Exif\0", xmp[] = "http://ns.adobe.com/xap/1.0/";
    if (n >= sizeof exif && !memcmp(p, exif, sizeof exif) && !metadata->exif.bytes)
        metadata->exif = (struct lade__part){p, n};
    if (n >= sizeof xmp && !memcmp(p, xmp, sizeof xmp))
        metadata->xmp = (struct lade__part){p + sizeof xmp, n - sizeof xmp};
}

static int read_frame(const uint8_t *p, struct lade_image_info *info, struct lade_error *err) {
    info->bits = p[0];
    info->height = (int)lade__be16(p + 1);
    info->width = (int)lade__be16(p + 3);
    info->channels = p[5];
    if (info->width < 1 || info->height < 1)
        return lade_error_set(err, LADE_EFORMAT, "JPEG: the size in the header is %d x %d pixels, which is not allowed",
                              info->width, info->height);
    return LADE_OK;
}

int lade__jpeg_read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, unsigned *process,
                         struct lade_error *err) {
    size_t at = 2;
    unsigned marker;
    struct lade__metadata metadata = {0};
    while ((at = next_marker(bytes, n, at, &marker))) {
        if (marker == EOI || marker == SOS)
            return lade_error_set(err, LADE_EFORMAT, "JPEG: damaged: there is no frame header before byte %zu", at);
        if (has_no_length(marker))
            continue;
        if (at + 2 > n)
            break;
        size_t length = lade__be16(bytes + at);
        if (length < 2 && may_be_too_short(marker))
            length = 2;
        if (length < 2)
            return lade_error_set(err, LADE_EFORMAT, "JPEG: damaged: the segment at byte %zu has a length of %zu", at,
                                  length);
        if (is_frame(marker)) {
            if (at + 8 > n)
                break;
            if (process)
                *process = marker;
            info->orientation = lade__metadata_orientation(&metadata);
            return read_frame(bytes + at + 2, info, err);
        }
        if (marker == APP1 && at + length <= n)
            read_app1(bytes + at + 2, length - 2, &metadata);
        at += length;
    }
    return lade_error_set(err, LADE_EFORMAT, "JPEG: truncated: the file ends at byte %zu, within the header", n);
}

size_t lade__jpeg_count_scans(const uint8_t *bytes, size_t n) {
    size_t at = 2, scans = 0;
    unsigned marker;
    while ((at = next_marker(bytes, n, at, &marker)) && marker != EOI) {
        scans += marker == SOS;
        if (!has_no_length(marker) && at + 2 <= n)
            at += lade__be16(bytes + at);
    }
    return scans;
}
