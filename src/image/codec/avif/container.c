/*
 * Reads the header of an AVIF. An AVIF consists of nested boxes (ISO/IEC 14496-12 and 23008-12). Each box begins with
 * its size and its type.
 *
 * The box "meta" describes items. The box "ipco" lists the properties of all items, such as the size. The box "ipma"
 * holds the numbers of the properties of each item. The image is the primary item. In a sequence, the image is the
 * first frame of the track in the box "moov".
 */
#include "image/codec/avif/container.h"
#include "image/codec/bytes.h"

#include <string.h>

#define TYPE(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

enum { FULL = 4 /* a full box begins with a version and three bytes of flags */ };

/* A part of the file. */
struct part {
    const uint8_t *bytes;
    size_t n;
};

/* ---- Boxes ------------------------------------------------------------------------------------------------------- */

/* Removes the next box from @rest. Returns false if there is no box, or if the box is not complete. */
static bool next_box(struct part *rest, uint32_t *type, struct part *content) {
    size_t header = 8;
    if (rest->n < header)
        return false;
    uint64_t size = lade__be32(rest->bytes);
    *type = lade__be32(rest->bytes + 4);
    if (size == 1) {
        header = 16;
        size = rest->n < header ? 0 : lade__be64(rest->bytes + 8);
    } else if (size == 0) { /* the box ends with the file */
        size = rest->n;
    }
    if (size < header || size > rest->n)
        return false;
    *content = (struct part){rest->bytes + header, (size_t)size - header};
    rest->bytes += size;
    rest->n -= (size_t)size;
    return true;
}

static bool find_box(struct part in, uint32_t wanted, struct part *content) {
    uint32_t type;
    while (next_box(&in, &type, content))
        if (type == wanted)
            return true;
    return false;
}

/* Returns the brand that the file begins with. Sets *avif to true if the file has a brand of AVIF. */
static uint32_t major_brand(struct part file, bool *avif) {
    uint32_t type, major;
    struct part brands;
    *avif = false;
    if (file.n < 12 || lade__be32(file.bytes + 4) != TYPE('f', 't', 'y', 'p'))
        return 0;
    major = lade__be32(file.bytes + 8);
    if (!next_box(&file, &type, &brands))
        brands.n = 4;
    else if (brands.n < 4)
        return 0;
    *avif = major == TYPE('a', 'v', 'i', 'f') || major == TYPE('a', 'v', 'i', 's');
    for (size_t at = 8; at + 4 <= brands.n && !*avif; at += 4) {
        uint32_t brand = lade__be32(brands.bytes + at);
        *avif = brand == TYPE('a', 'v', 'i', 'f') || brand == TYPE('a', 'v', 'i', 's');
    }
    return major;
}

bool lade__avif_sniff(const uint8_t *bytes, size_t n) {
    bool avif;
    major_brand((struct part){bytes, n}, &avif);
    return avif;
}

bool lade__avif_is_sequence(const uint8_t *bytes, size_t n) {
    struct part file = {bytes, n}, movie;
    bool avif;
    uint32_t major = major_brand(file, &avif);
    return major == TYPE('a', 'v', 'i', 's') ||
           (major != TYPE('a', 'v', 'i', 'f') && find_box(file, TYPE('m', 'o', 'o', 'v'), &movie));
}

/* ---- The primary item -------------------------------------------------------------------------------------------- */

/* The properties of the primary item. Bit i is set if the item has the property in box i of "ipco". The first box has
   the number 1. */
struct properties {
    uint8_t has[1 << 12];
};

enum { MOST_PROPERTIES = 8 << 12 };

/* Reads an integer of 2 or 4 bytes at offset *at, and moves *at to the byte after the integer. */
static bool number(struct part in, size_t *at, bool wide, uint32_t *value) {
    size_t size = wide ? 4 : 2;
    if (in.n < size || *at > in.n - size)
        return false;
    *value = wide ? lade__be32(in.bytes + *at) : lade__be16(in.bytes + *at);
    *at += size;
    return true;
}

/* Reads the numbers of the properties of @item from the box "ipma". Returns false if the box is damaged. */
static bool read_associations(struct part box, uint32_t item, struct properties *of_item) {
    uint32_t count, id;
    size_t at = FULL;
    if (!number(box, &at, true, &count))
        return false;
    bool wide_id = box.bytes[0] > 0, wide_index = box.bytes[3] & 1;
    for (; count > 0; count--) {
        if (!number(box, &at, wide_id, &id) || at >= box.n)
            return false;
        size_t properties = box.bytes[at++], bytes = properties * (wide_index ? 2 : 1);
        if (bytes > box.n - at)
            return false;
        for (size_t i = 0; i < properties && id == item; i++) {
            unsigned index = wide_index ? lade__be16(box.bytes + at + 2 * i) & 0x7fff : box.bytes[at + i] & 0x7f;
            of_item->has[index / 8] |= (uint8_t)(1u << index % 8);
        }
        at += bytes;
    }
    return true;
}

/* The values of the properties. */
struct item {
    uint32_t width, height;
    int angle;  /* number of quarter turns to the left */
    int mirror; /* 0: top and bottom are exchanged, 1: left and right are exchanged, -1: not mirrored */
    int bits;
    bool grey, alpha;
};

static bool is_alpha(struct part box) {
    static const char *const names[] = {"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", "urn:mpeg:hevc:2015:auxid:1"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t size = strlen(names[i]) + 1;
        if (box.n >= FULL + size && !memcmp(box.bytes + FULL, names[i], size))
            return true;
    }
    return false;
}

static void read_property(uint32_t type, struct part box, struct item *item) {
    const uint8_t *p = box.bytes;
    if (type == TYPE('i', 's', 'p', 'e') && box.n >= FULL + 8) {
        item->width = lade__be32(p + FULL);
        item->height = lade__be32(p + FULL + 4);
    } else if (type == TYPE('i', 'r', 'o', 't') && box.n >= 1) {
        item->angle = p[0] & 3;
    } else if (type == TYPE('i', 'm', 'i', 'r') && box.n >= 1) {
        item->mirror = p[0] & 1;
    } else if (type == TYPE('p', 'i', 'x', 'i') && box.n >= FULL + 2) {
        item->grey = p[FULL] == 1;
        item->bits = p[FULL + 1];
    } else if (type == TYPE('a', 'v', '1', 'C') && box.n >= 3) {
        item->grey = p[2] & 0x10;
        item->bits = !(p[2] & 0x40) ? 8 : p[2] & 0x20 ? 12 : 10;
    }
}

static bool read_item(struct part meta, struct item *item) {
    struct part primary, all, list, rest, box;
    struct properties of_item = {{0}};
    uint32_t id, type;
    size_t at = FULL;
    if (meta.n < FULL)
        return false;
    meta.bytes += FULL;
    meta.n -= FULL;
    if (!find_box(meta, TYPE('p', 'i', 't', 'm'), &primary) || primary.n < FULL ||
        !number(primary, &at, primary.bytes[0] > 0, &id) || !find_box(meta, TYPE('i', 'p', 'r', 'p'), &all) ||
        !find_box(all, TYPE('i', 'p', 'c', 'o'), &list))
        return false;
    for (rest = all; next_box(&rest, &type, &box);)
        if (type == TYPE('i', 'p', 'm', 'a') && !read_associations(box, id, &of_item))
            return false;
    for (unsigned i = 1; i < MOST_PROPERTIES && next_box(&list, &type, &box); i++)
        if (type == TYPE('a', 'u', 'x', 'C'))
            item->alpha |= is_alpha(box);
        else if (of_item.has[i / 8] >> i % 8 & 1)
            read_property(type, box, item);
    return true;
}

/* ---- The first track --------------------------------------------------------------------------------------------- */

static bool read_track(struct part movie, struct item *item) {
    struct part track, header;
    uint32_t type;
    while (next_box(&movie, &type, &track)) {
        if (type != TYPE('t', 'r', 'a', 'k') || !find_box(track, TYPE('t', 'k', 'h', 'd'), &header) || header.n < 1)
            continue;
        size_t at = header.bytes[0] > 0 ? 88 : 76; /* version 1 has times of 64 bits before the size */
        if (header.n < at + 8)
            return false;
        item->width = lade__be32(header.bytes + at) >> 16;
        item->height = lade__be32(header.bytes + at + 4) >> 16;
        if (item->width && item->height)
            return true;
    }
    return false;
}

/* ---- The information --------------------------------------------------------------------------------------------- */

/* Returns the Exif orientation of an image that is first turned and then mirrored. */
static int orientation(const struct item *item) {
    static const int turned[] = {1, 8, 3, 6}, top_and_bottom[] = {4, 5, 2, 7}, left_and_right[] = {2, 7, 4, 5};
    return (item->mirror < 0 ? turned : item->mirror == 0 ? top_and_bottom : left_and_right)[item->angle];
}

int lade__avif_read_info(const uint8_t *bytes, size_t n, struct lade_image_info *info, struct lade_error *err) {
    struct part file = {bytes, n}, box;
    struct item item = {.mirror = -1, .bits = 8};
    bool sequence = lade__avif_is_sequence(bytes, n);
    if (!find_box(file, sequence ? TYPE('m', 'o', 'o', 'v') : TYPE('m', 'e', 't', 'a'), &box))
        return lade_error_set(err, LADE_EFORMAT, "AVIF: truncated: the file ends at byte %zu, within the header", n);
    if (!(sequence ? read_track(box, &item) : read_item(box, &item)))
        return lade_error_set(err, LADE_EFORMAT, "AVIF: damaged: the header describes no image");
    if (item.width - 1 >= INT32_MAX || item.height - 1 >= INT32_MAX)
        return lade_error_set(err, LADE_EFORMAT, "AVIF: damaged: the size in the header is %u x %u pixels", item.width,
                              item.height);
    info->width = (int)item.width;
    info->height = (int)item.height;
    info->channels = (item.grey ? 1 : 3) + item.alpha;
    info->bits = item.bits;
    info->orientation = orientation(&item);
    return LADE_OK;
}
