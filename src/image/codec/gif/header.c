/*
 * Reads the blocks of a GIF before its first image, without giflib.
 */
#include "image/codec/gif/header.h"
#include "image/codec/bytes.h"

#if LADE_WITH_GIF

static size_t palette_bytes(uint8_t flags) {
    return flags & 0x80 ? (size_t)6 << (flags & 7) : 0;
}

/* Skips the blocks that begin with "!" (extensions), and returns the offset of the block after them. In a valid file
   this is the first image descriptor. Returns 0 if the bytes end within the 10 bytes of an image descriptor. */
static size_t find_image(const uint8_t *bytes, size_t n) {
    size_t at = 13 + palette_bytes(bytes[10]);
    while (at < n && bytes[at] == '!') {
        at += 2;
        while (at < n && bytes[at])
            at += (size_t)bytes[at] + 1;
        at++;
    }
    return at < n && n - at >= 10 ? at : 0;
}

int lade__gif_read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err) {
    size_t at = n < 13 ? 0 : find_image(bytes, n);
    if (at && bytes[at] != ',')
        return lade_error_set(err, LADE_EFORMAT, "GIF: there is no image before byte %zu", at);
    if (!at)
        return lade_error_set(err, LADE_EFORMAT, "GIF: truncated: the file ends at byte %zu, before the image", n);
    const uint8_t *image = bytes + at + 1;
    int width = lade__le16(image + 4), height = lade__le16(image + 6);
    if (width < 1 || height < 1)
        return lade_error_set(err, LADE_EFORMAT,
                              "GIF: the size of the first image is %d x %d pixels, which is not allowed (at byte %zu)",
                              width, height, at);
    int right = lade__le16(image) + width, bottom = lade__le16(image + 2) + height;
    uint8_t flags = image[8] & 0x80 ? image[8] : bytes[10];
    info->width = right > lade__le16(bytes + 6) ? right : lade__le16(bytes + 6);
    info->height = bottom > lade__le16(bytes + 8) ? bottom : lade__le16(bytes + 8);
    info->channels = 1;
    info->bits = (flags & 7) + 1;
    return LADE_OK;
}

int lade__gif_check_code_size(const struct lade__decode_job *job, struct lade_error *err) {
    enum { MOST = 8 };
    size_t at = find_image(job->bytes, job->n); /* not 0, because read_info() has found the image */
    uint8_t flags = job->bytes[at + 9];
    at += 10 + palette_bytes(flags);
    if (at >= job->n || job->bytes[at] <= MOST)
        return LADE_OK;
    return lade_error_set(err, LADE_EFORMAT,
                          "GIF: damaged: the code size is %d bits (at byte %zu), but at most %d are allowed",
                          job->bytes[at], at, MOST);
}

#endif
