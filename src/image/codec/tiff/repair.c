/*
 * Replaces the directory of a TIFF that libtiff refuses. libtiff checks every tag of the directory, and refuses the
 * file if a tag that it does not need has a wrong type, or if the file ends inside the list of the sizes of the strips.
 * Programs often write the directory to the end of the file, so a file that has lost its last bytes may still have all
 * pixels.
 *
 * The new directory is stored behind the bytes of the file, and contains only the tags that determine the pixels. Only
 * strips without compression are repaired, because their sizes can be computed. Pillow reads the same files, because it
 * does not use libtiff for images without compression.
 */
#include "image/codec/tiff/tiff.h"
#include "image/codec/ifd.h"

#if LADE_WITH_TIFF

enum { LONG = 4, ENTRY = 12, MOST_ENTRIES = 16, MOST_STRIPS = 1 << 18 };

/* The directory that is being written, in the byte order of the file. */
struct writer {
    const struct lade__ifd *ifd; /* the damaged directory */
    uint8_t *bytes;
    size_t n, count;
};

static void put(struct writer *w, uint64_t value, size_t size) {
    for (size_t i = 0; i < size; i++)
        w->bytes[w->n++] = (uint8_t)(value >> 8 * (w->ifd->big_endian ? size - 1 - i : i));
}

static void put_entry(struct writer *w, uint64_t tag, uint64_t type, uint64_t count, uint64_t value) {
    put(w, tag, 2);
    put(w, type, 2);
    put(w, count, 4);
    put(w, value, 4);
    w->count++;
}

/* Returns the first value of a tag, or @otherwise if the value cannot be read. */
static uint64_t value_of(const struct lade__ifd *ifd, enum lade__ifd_tag tag, uint64_t otherwise) {
    uint64_t value;
    return lade__ifd_find(ifd, tag, &value) ? value : otherwise;
}

/* Copies a tag that has one value, if the value can be read. */
static void put_value(struct writer *w, enum lade__ifd_tag tag) {
    uint64_t value;
    if (lade__ifd_find(w->ifd, tag, &value) && value <= UINT32_MAX)
        put_entry(w, tag, LONG, 1, value);
}

/* Copies a tag that has one or more values, if the directory has this tag. */
static void put_array(struct writer *w, enum lade__ifd_tag tag) {
    const uint8_t *entry = lade__ifd_find_array(w->ifd, tag, NULL);
    for (int i = 0; entry && i < ENTRY; i++)
        w->bytes[w->n++] = entry[i];
    w->count += entry != NULL;
}

/* Returns true if no tag that determines the pixels is lost. The entries of a directory are sorted by the number of the
   tag. So if the directory is cut off (@complete is false), only the tags with the largest numbers are lost. */
static bool is_enough(const struct lade__ifd *ifd, bool complete) {
    static const enum lade__ifd_tag arrays[] = {LADE__IFD_BITS, LADE__IFD_COLOR_MAP, LADE__IFD_EXTRA,
                                                LADE__IFD_SAMPLE_FORMAT};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (lade__ifd_has(ifd, arrays[i]) && !lade__ifd_find_array(ifd, arrays[i], NULL))
            return false;
    return complete ||
           (lade__ifd_has(ifd, LADE__IFD_ROWS_PER_STRIP) && value_of(ifd, LADE__IFD_SAMPLES, 0) == 1 &&
            value_of(ifd, LADE__IFD_BITS, 1) <= 8 && value_of(ifd, LADE__IFD_PHOTOMETRIC, 0) <= PHOTOMETRIC_MINISBLACK);
}

/* The strips of an image without compression. */
struct strips {
    uint64_t count, rows, row_bytes;
};

/* Computes the strips. Returns false if the directory does not contain the offset of each strip. */
static bool find_strips(const struct lade__tiff *t, const struct lade__ifd *ifd, struct strips *strips) {
    uint64_t height = (uint64_t)t->job->info.height, offsets;
    uint64_t samples = value_of(ifd, LADE__IFD_SAMPLES, 1), bits = value_of(ifd, LADE__IFD_BITS, 1);
    bool planes = value_of(ifd, LADE__IFD_PLANAR, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
    strips->rows = value_of(ifd, LADE__IFD_ROWS_PER_STRIP, height);
    strips->rows = strips->rows < height ? strips->rows : height;
    if (!strips->rows || !samples || samples > UINT16_MAX || bits > UINT16_MAX ||
        !lade__ifd_find_array(ifd, LADE__IFD_STRIP_OFFSETS, &offsets))
        return false;
    strips->row_bytes = ((uint64_t)t->job->info.width * bits * (planes ? 1 : samples) + 7) / 8;
    strips->count = ((height - 1) / strips->rows + 1) * (planes ? samples : 1);
    return strips->count <= offsets && strips->count <= MOST_STRIPS && strips->rows * strips->row_bytes <= UINT32_MAX;
}

/* Writes the size of each strip. The entry LADE__IFD_STRIP_SIZES contains the sizes, or points to them. */
static void put_sizes(struct writer *w, const struct strips *strips, uint64_t height) {
    uint64_t in_plane = (height - 1) / strips->rows + 1, last = height - (in_plane - 1) * strips->rows;
    for (uint64_t i = 0; i < strips->count; i++)
        put(w, (i % in_plane == in_plane - 1 ? last : strips->rows) * strips->row_bytes, 4);
}

bool lade__tiff_repair(struct lade__tiff *t) {
    struct lade__ifd ifd;
    struct strips strips;
    bool complete = lade__ifd_open(&ifd, t->job->bytes, t->job->n);
    if (ifd.big_tiff || t->job->n > UINT32_MAX / 2 || t->directory_size ||
        value_of(&ifd, LADE__IFD_COMPRESSION, COMPRESSION_NONE) != COMPRESSION_NONE || !is_enough(&ifd, complete) ||
        !find_strips(t, &ifd, &strips))
        return false;
    struct writer w = {.ifd = &ifd,
                       .bytes = lade__buffer_need(&t->kept->directory, 1, MOST_ENTRIES * ENTRY + strips.count * 4)};
    if (!w.bytes)
        return false;
    w.n = 2; /* the number of entries */
    put_value(&w, LADE__IFD_WIDTH);
    put_value(&w, LADE__IFD_HEIGHT);
    put_array(&w, LADE__IFD_BITS);
    put_value(&w, LADE__IFD_PHOTOMETRIC);
    put_value(&w, LADE__IFD_FILL_ORDER);
    put_array(&w, LADE__IFD_STRIP_OFFSETS);
    put_value(&w, LADE__IFD_SAMPLES);
    put_value(&w, LADE__IFD_ROWS_PER_STRIP);
    size_t sizes = w.n; /* the entry of the sizes of the strips */
    put_entry(&w, LADE__IFD_STRIP_SIZES, LONG, strips.count, strips.rows * strips.row_bytes);
    put_value(&w, LADE__IFD_PLANAR);
    put_array(&w, LADE__IFD_COLOR_MAP);
    put_array(&w, LADE__IFD_EXTRA);
    put_array(&w, LADE__IFD_SAMPLE_FORMAT);
    put(&w, 0, 4); /* no next directory */
    uint64_t at = t->job->n + w.n;
    put_sizes(&w, &strips, (uint64_t)t->job->info.height);
    t->directory_size = w.n;
    w.n = 0;
    put(&w, w.count, 2);
    w.n = sizes + 8;
    if (strips.count > 1)
        put(&w, at, 4);
    w.bytes = t->first_directory;
    w.n = 0;
    put(&w, t->job->n, 4);
    return true;
}

#endif
