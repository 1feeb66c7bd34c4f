/*
 * Reads image file directories. The function number() reads all integers, and checks that each integer is inside the
 * bytes. So no offset or count in a file can cause a read outside the bytes.
 */
#include "image/codec/ifd.h"

#include <string.h>

enum { BYTE = 1, SHORT = 3, LONG = 4, IFD = 13, LONG8 = 16, IFD8 = 18 };

/* Reads the integer of @size bytes at offset @at. Returns false if the integer is not inside the bytes. */
static bool number(const struct lade__ifd *ifd, uint64_t at, size_t size, uint64_t *value) {
    if (at > ifd->n || ifd->n - at < size)
        return false;
    const uint8_t *p = ifd->bytes + at;
    *value = 0;
    for (size_t i = 0; i < size; i++)
        *value = *value << 8 | p[ifd->big_endian ? i : size - 1 - i];
    return true;
}

static size_t entry_size(const struct lade__ifd *ifd) {
    return ifd->big_tiff ? 20 : 12;
}

bool lade__ifd_open(struct lade__ifd *ifd, const uint8_t *bytes, size_t n) {
    uint64_t version = 0, at = 0, count = 0;
    *ifd = (struct lade__ifd){.bytes = bytes, .n = n};
    if (n < 8 || (memcmp(bytes, "II", 2) != 0 && memcmp(bytes, "MM", 2) != 0))
        return false;
    ifd->big_endian = bytes[0] == 'M';
    if (!number(ifd, 2, 2, &version) || (version != 42 && version != 43))
        return false;
    ifd->big_tiff = version == 43;
    size_t count_size = ifd->big_tiff ? 8 : 2;
    if (!number(ifd, ifd->big_tiff ? 8 : 4, ifd->big_tiff ? 8 : 4, &at) || !number(ifd, at, count_size, &count))
        return false;
    ifd->entries = (size_t)at + count_size;
    uint64_t room = (n - ifd->entries) / entry_size(ifd);
    ifd->count = (size_t)(count < room ? count : room);
    return count <= room;
}

/* Returns the size of an integer or a float of this type, or 0 for an unknown type. */
static size_t type_size(uint64_t type) {
    static const uint8_t sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    return type < sizeof sizes ? sizes[type] : 0;
}

uint64_t lade__ifd_value_bytes(const struct lade__ifd *ifd) {
    uint64_t word = ifd->big_tiff ? 8 : 4, sum = 0;
    for (size_t i = 0; i < ifd->count; i++) {
        uint64_t at = ifd->entries + i * entry_size(ifd), type, count, offset;
        if (!number(ifd, at + 2, 2, &type) || !number(ifd, at + 4, (size_t)word, &count) ||
            !number(ifd, at + 4 + word, (size_t)word, &offset))
            break;
        size_t size = type_size(type);
        if (size && count > word / size && offset < ifd->n && count <= (ifd->n - offset) / size)
            sum += count * size;
    }
    return sum;
}

/* An entry whose first value is inside the bytes. */
struct entry {
    uint64_t at;          /* offset of the entry */
    uint64_t count, size; /* number of values, and size of one value in bytes */
    uint64_t values;      /* offset of the first value */
};

/* Sets *at to the offset of the entry @tag. Returns false if there is no such entry. */
static bool find_tag(const struct lade__ifd *ifd, enum lade__ifd_tag tag, uint64_t *at) {
    for (size_t i = 0; i < ifd->count; i++) {
        uint64_t found;
        *at = ifd->entries + i * entry_size(ifd);
        if (number(ifd, *at, 2, &found) && found == (unsigned)tag)
            return true;
    }
    return false;
}

/* Finds the entry @tag. Returns false if there is no such entry, or if its type is not an unsigned integer. */
static bool find_entry(const struct lade__ifd *ifd, enum lade__ifd_tag tag, struct entry *entry) {
    uint64_t word =
        ifd->big_tiff ? 8 : 4; /* size of a count, of an offset, and of a value that is stored in the entry itself */
    uint64_t at, type;
    if (!find_tag(ifd, tag, &at) || !number(ifd, at + 2, 2, &type) ||
        !number(ifd, at + 4, (size_t)word, &entry->count) || entry->count == 0)
        return false;
    entry->at = at;
    entry->size = type == BYTE                    ? 1
                  : type == SHORT                 ? 2
                  : type == LONG || type == IFD   ? 4
                  : type == LONG8 || type == IFD8 ? 8
                                                  : 0;
    if (entry->size == 0)
        return false;
    entry->values = at + 4 + word;
    return entry->count <= word / entry->size || number(ifd, entry->values, (size_t)word, &entry->values);
}

bool lade__ifd_has(const struct lade__ifd *ifd, enum lade__ifd_tag tag) {
    uint64_t at;
    return find_tag(ifd, tag, &at);
}

bool lade__ifd_find(const struct lade__ifd *ifd, enum lade__ifd_tag tag, uint64_t *value) {
    struct entry entry;
    return find_entry(ifd, tag, &entry) && number(ifd, entry.values, (size_t)entry.size, value);
}

const uint8_t *lade__ifd_find_array(const struct lade__ifd *ifd, enum lade__ifd_tag tag, uint64_t *count) {
    struct entry entry;
    if (!find_entry(ifd, tag, &entry) || entry.values > ifd->n || (ifd->n - entry.values) / entry.size < entry.count)
        return NULL;
    if (count)
        *count = entry.count;
    return ifd->bytes + entry.at;
}

bool lade__exif_find_orientation(const uint8_t *bytes, size_t n, uint64_t *orientation) {
    struct lade__ifd ifd;
    if (n >= 6 && !memcmp(bytes, "Exif\0\0", 6)) {
        bytes += 6;
        n -= 6;
    }
    lade__ifd_open(&ifd, bytes, n);
    return lade__ifd_find(&ifd, LADE__IFD_ORIENTATION, orientation);
}

/* A DNG has a version tag, and a CR2 has a mark. In NEF and ARW, the first directory is marked as a reduced image, and
   the raw image is in a sub-directory. */
bool lade__is_camera_raw(const uint8_t *bytes, size_t n) {
    struct lade__ifd ifd;
    uint64_t value, reduced = 0;
    if (n >= 10 && !memcmp(bytes, "II*\0", 4) && !memcmp(bytes + 8, "CR", 2))
        return true;
    if (!lade__ifd_open(&ifd, bytes, n))
        return false;
    lade__ifd_find(&ifd, LADE__IFD_SUBFILE_TYPE, &reduced);
    return lade__ifd_find(&ifd, LADE__IFD_DNG_VERSION, &value) ||
           ((reduced & 1) && lade__ifd_find(&ifd, LADE__IFD_SUB_IFDS, &value));
}
