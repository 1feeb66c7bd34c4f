/*
 * Reads the header of a BMP. There are several kinds of header, which Windows and OS/2 define. Each header begins with
 * its own size, and the size identifies the kind. The integers in OS/2 headers are shorter than in Windows headers, and
 * newer headers have more fields.
 */
#include "image/codec/bmp/header.h"

#include <string.h>

#include "image/codec/bytes.h"

enum { FILE_HEADER = 14, OS2_HEADER = 12 };

bool lade__bmp_sniff(const uint8_t *bytes, size_t n) {
    static const uint8_t sizes[] = {OS2_HEADER, 40, 52, 56, 64, 108, 124};
    if (n < FILE_HEADER || memcmp(bytes, "BM", 2) != 0)
        return false;
    /* A text may also begin with "BM". So the header must have a known size. If the file is too short for this check,
       the two reserved words must be 0. */
    if (n < FILE_HEADER + 4)
        return lade__le32(bytes + 6) == 0;
    return lade__le32(bytes + FILE_HEADER) < 256 && memchr(sizes, bytes[FILE_HEADER], sizeof sizes) != NULL;
}

int lade__bmp_too_short(size_t n, const char *where, struct lade_error *err) {
    return lade_error_set(err, LADE_EFORMAT, "BMP: truncated: the file ends at byte %zu, inside the %s", n, where);
}

/* Reads the part of the header that struct lade_image_info needs. */
static int read_size(const uint8_t *bytes, size_t n, struct lade__bmp_header *h, struct lade_error *err) {
    const uint8_t *p = bytes + FILE_HEADER;
    size_t size = n < FILE_HEADER + 4 ? 4 : lade__le32(p);
    if (n < FILE_HEADER + size)
        return lade__bmp_too_short(n, "header", err);
    bool os2 = size == OS2_HEADER;
    int64_t width = os2 ? lade__le16(p + 4) : (int32_t)lade__le32(p + 4);
    int64_t height = os2 ? lade__le16(p + 6) : (int32_t)lade__le32(p + 8);
    h->top_down = height < 0;
    height = height < 0 ? -height : height;
    if (width < 1 || height < 1 || height > INT32_MAX)
        return lade_error_set(err, LADE_EFORMAT,
                              "BMP: the size in the header is %lld x %lld pixels, which is not allowed",
                              (long long)width, (long long)height);
    h->width = (int)width;
    h->height = (int)height;
    h->bits = lade__le16(p + (os2 ? 10 : 14));
    return LADE_OK;
}

int lade__bmp_read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err) {
    struct lade__bmp_header h = {0};
    int rc = read_size(bytes, n, &h, err);
    if (rc < 0)
        return rc;
    info->width = h.width;
    info->height = h.height;
    info->channels = h.bits <= 8 ? 1 : 3;
    info->bits = h.bits == 16 ? 5 : h.bits > 8 ? 8 : h.bits;
    return LADE_OK;
}

static int check_kind(const struct lade__bmp_header *h, struct lade_error *err) {
    if (h->bits != 1 && h->bits != 4 && h->bits != 8 && h->bits != 16 && h->bits != 24 && h->bits != 32)
        return lade_error_set(err, LADE_EUNSUPPORTED, "BMP: %d bits a pixel are not supported", h->bits);
    if (h->compression > LADE__BMP_MASKS)
        return lade_error_set(err, LADE_EUNSUPPORTED,
                              "BMP: only the compressions 0 to 3 are supported, not %u: convert the image to PNG",
                              h->compression);
    if ((h->compression == LADE__BMP_RLE8 && h->bits != 8) || (h->compression == LADE__BMP_RLE4 && h->bits != 4) ||
        (h->compression == LADE__BMP_MASKS && h->bits < 16))
        return lade_error_set(err, LADE_EFORMAT, "BMP: damaged: compression %u is not allowed with %d bits a pixel",
                              h->compression, h->bits);
    return LADE_OK;
}

/* Checks that each colour has a mask, that each mask is one block of bits, and that no bit is in two masks. Random
   masks, which a damaged header has, nearly always fail this check. With 32 bits a pixel, all masks may be 0. */
static int check_masks(const uint32_t masks[4], int bits, struct lade_error *err) {
    bool none = bits == 32 && !(masks[0] | masks[1] | masks[2] | masks[3]);
    uint32_t all = 0;
    for (int c = 0; c < 4; c++) {
        uint32_t block = masks[c] ? masks[c] >> __builtin_ctz(masks[c]) : 0;
        if ((masks[c] & all) || (block & (block + 1)) || (c < 3 && !masks[c] && !none))
            return lade_error_set(err, LADE_EFORMAT, "BMP: damaged: the colour masks are %08x, %08x, %08x and %08x",
                                  masks[0], masks[1], masks[2], masks[3]);
        all |= masks[c];
    }
    return LADE_OK;
}

int lade__bmp_read_header(const uint8_t *bytes, size_t n, struct lade__bmp_header *h, struct lade_error *err) {
    int rc = read_size(bytes, n, h, err);
    if (rc < 0)
        return rc;
    const uint8_t *p = bytes + FILE_HEADER;
    size_t size = lade__le32(p);
    bool os2 = size == OS2_HEADER;
    h->compression = os2 ? LADE__BMP_RGB : lade__le32(p + 16);
    if ((rc = check_kind(h, err)) < 0)
        return rc;
    h->colors = os2 ? 0 : lade__le32(p + 32);
    h->palette_step = os2 ? 3 : 4;
    h->palette = FILE_HEADER + size;
    if (h->bits <= 8 && h->colors > 65536) /* Pillow has the same limit */
        return lade_error_set(err, LADE_EFORMAT, "BMP: damaged: a palette of %u colours is not allowed", h->colors);
    if (h->bits <= 8 && (h->colors == 0 || h->colors > 256))
        h->colors = 1u << h->bits;
    h->colors = h->bits <= 8 ? h->colors : 0;
    if (h->compression == LADE__BMP_MASKS) {
        if (n < FILE_HEADER + 40 + 12)
            return lade__bmp_too_short(n, "colour masks", err);
        for (int c = 0; c < 4; c++)
            h->masks[c] = c < 3 || size >= 56 ? lade__le32(p + 40 + 4 * c) : 0;
        if ((rc = check_masks(h->masks, h->bits, err)) < 0)
            return rc;
        h->palette += size == 40 ? 12 : 0;
    }
    h->pixels = lade__le32(bytes + 10);
    size_t after_palette = h->palette + h->colors * h->palette_step;
    /* if the offset of the pixels is missing, or is the offset of the palette, the pixels follow the palette */
    if (h->pixels == 0 || (h->colors && h->pixels == FILE_HEADER + size))
        h->pixels = after_palette;
    return LADE_OK;
}
