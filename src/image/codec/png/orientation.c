/*
 * Finds the orientation of a PNG. The orientation can be in one of three places: the chunk eXIf, a text chunk with the
 * Exif data in hexadecimal digits ("Raw profile type exif", written by ImageMagick and older programs), and a text
 * chunk with XMP. A text chunk may be compressed. The chunks may be before or after the image data.
 *
 * libspng could read these chunks too, but it would store all texts of the file.
 */
#include "image/codec/png/orientation.h"
#include "image/codec/bytes.h"
#include "image/codec/metadata.h"

#include <string.h>

#include <zlib.h>

enum { MOST_TEXT = 1 << 16 }; /* only this number of characters of a text is read */

/* The text of a text chunk. */
struct text {
    struct lade__part data;
    bool compressed;
};

/* The parts of the file that can contain the orientation. */
struct found {
    struct lade__metadata metadata;
    struct text profile, xmp;
};

/* ---- Text chunks ------------------------------------------------------------------------------------------------- */

/* Removes the characters before the next byte 0, and this byte, from the part. Returns false if there is no byte 0. */
static bool skip_string(struct lade__part *part) {
    const uint8_t *end = part->n ? memchr(part->bytes, 0, part->n) : NULL;
    if (!end)
        return false;
    size_t n = (size_t)(end - part->bytes) + 1;
    part->bytes += n;
    part->n -= n;
    return true;
}

/* Splits the data of a chunk of the type tEXt, zTXt or iTXt. Sets *keyword to the string at the beginning of
   the data. */
static bool split_text(const uint8_t *type, struct lade__part data, const char **keyword, struct text *text) {
    bool international = !memcmp(type, "iTXt", 4), always = !memcmp(type, "zTXt", 4);
    *keyword = (const char *)data.bytes;
    if (!skip_string(&data))
        return false;
    size_t flags = international ? 2 : always ? 1 : 0;
    if (data.n < flags)
        return false;
    text->compressed = always || (international && data.bytes[0] == 1);
    data.bytes += flags;
    data.n -= flags;
    if (international && (!skip_string(&data) || !skip_string(&data))) /* the language and the translated keyword */
        return false;
    text->data = data;
    return true;
}

static void read_text(const uint8_t *type, struct lade__part data, struct found *found) {
    const char *keyword;
    struct text text;
    if (!split_text(type, data, &keyword, &text))
        return;
    if (!strcmp(keyword, "Raw profile type exif") ||
        (!strcmp(keyword, "Raw profile type APP1") && !found->profile.data.bytes))
        found->profile = text;
    else if (!strcmp(keyword, "XML:com.adobe.xmp"))
        found->xmp = text;
}

static void find_chunks(const uint8_t *bytes, size_t n, struct found *found) {
    for (size_t at = 8; n - at >= 12;) {
        size_t length = lade__be32(bytes + at);
        const uint8_t *type = bytes + at + 4;
        if (length > n - at - 12)
            break;
        struct lade__part data = {bytes + at + 8, length};
        if (!memcmp(type, "eXIf", 4) && !found->metadata.exif.bytes)
            found->metadata.exif = data;
        else if (!memcmp(type, "tEXt", 4) || !memcmp(type, "zTXt", 4) || !memcmp(type, "iTXt", 4))
            read_text(type, data, found);
        at += 12 + length;
    }
}

/* ---- The contents of a text -------------------------------------------------------------------------------------- */

static void *get_memory(void *ctx, unsigned count, unsigned size) {
    (void)ctx;
    return lade_calloc(count, size);
}

static void free_memory(void *ctx, void *p) {
    (void)ctx;
    lade_free(p);
}

/* Decompresses the first bytes of the data into @to. Data that is damaged gives fewer bytes. Returns false if there is
   no memory. */
static bool decompress(struct lade__part data, uint8_t *to, size_t *n) {
    z_stream stream = {.zalloc = get_memory, .zfree = free_memory};
    if (inflateInit(&stream) != Z_OK)
        return false;
    stream.next_in = (Bytef *)(uintptr_t)data.bytes;
    stream.avail_in = data.n < UINT32_MAX ? (unsigned)data.n : UINT32_MAX;
    stream.next_out = to;
    stream.avail_out = MOST_TEXT;
    int code = inflate(&stream, Z_SYNC_FLUSH);
    *n = MOST_TEXT - stream.avail_out;
    inflateEnd(&stream);
    return code != Z_MEM_ERROR;
}

/* Stores the first characters of the text in @to, which has space for MOST_TEXT characters. */
static bool read_contents(const struct text *text, uint8_t *to, size_t *n) {
    if (text->compressed)
        return decompress(text->data, to, n);
    *n = text->data.n < MOST_TEXT ? text->data.n : MOST_TEXT;
    memcpy(to, text->data.bytes, *n);
    return true;
}

static int digit(uint8_t c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Converts hexadecimal digits to bytes, in place. The digits begin in the fourth line, after the name and the size of
   the profile. Returns the number of bytes. */
static size_t read_digits(uint8_t *text, size_t n) {
    size_t at = 0, digits = 0;
    for (int lines = 0; lines < 3 && at < n; at++)
        lines += text[at] == '\n';
    for (; at < n; at++) {
        int value = digit(text[at]);
        if (value < 0)
            continue; /* the end of a line */
        uint8_t *byte = text + digits / 2;
        *byte = (uint8_t)(digits % 2 ? *byte << 4 | value : value);
        digits++;
    }
    return digits / 2;
}

int lade__png_orientation(const uint8_t *bytes, size_t n, int *orientation, struct lade_error *err) {
    struct found found = {0};
    find_chunks(bytes, n, &found);
    struct lade__metadata *metadata = &found.metadata;
    bool needs_profile = !metadata->exif.bytes && found.profile.data.bytes, needs_xmp = found.xmp.compressed, ok = true;
    uint8_t *buffers = needs_profile || needs_xmp ? lade_alloc((size_t)MOST_TEXT * 2) : NULL;
    if (!needs_xmp)
        metadata->xmp = found.xmp.data;
    if (buffers && needs_profile && (ok = read_contents(&found.profile, buffers, &n)))
        metadata->exif = (struct lade__part){buffers, read_digits(buffers, n)};
    if (buffers && needs_xmp && ok && (ok = read_contents(&found.xmp, buffers + MOST_TEXT, &n)))
        metadata->xmp = (struct lade__part){buffers + MOST_TEXT, n};
    if ((needs_profile || needs_xmp) && !(buffers && ok)) {
        lade_free(buffers);
        return lade_error_set(err, LADE_ENOMEM, "PNG: no memory for the metadata");
    }
    *orientation = lade__metadata_orientation(metadata);
    lade_free(buffers);
    return LADE_OK;
}
