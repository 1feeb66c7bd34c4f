/*
 * Opens a TIFF in memory with libtiff. libtiff reads the bytes in place, its allocations are limited, and its first
 * error message is stored instead of printed.
 */
#include "image/codec/tiff/tiff.h"

#include <string.h>

#if LADE_WITH_TIFF

/* The file that libtiff reads is the bytes of the job, followed by the new directory of lade__tiff_repair(). */
static toff_t file_size(thandle_t ctx) {
    const struct lade__tiff *t = ctx;
    return t->job->n + t->directory_size;
}

/* Copies the part of @from, whose first byte has the offset @begin in the file, that is in a range of the file. */
static void copy_part(uint8_t *to, size_t at, size_t n, const void *from, size_t begin, size_t size) {
    size_t first = at > begin ? at : begin, last = at + n < begin + size ? at + n : begin + size;
    if (first < last)
        memcpy(to + (first - at), (const uint8_t *)from + (first - begin), last - first);
}

static tmsize_t file_read(thandle_t ctx, void *to, tmsize_t size) {
    enum { FIRST_DIRECTORY = 4 }; /* offset of the offset of the first directory */
    struct lade__tiff *t = ctx;
    size_t all = (size_t)file_size(ctx), left = t->at < all ? all - (size_t)t->at : 0, at = (size_t)t->at;
    size_t n = (size_t)size < left ? (size_t)size : left;
    copy_part(to, at, n, t->job->bytes, 0, t->job->n);
    if (t->directory_size) {
        copy_part(to, at, n, t->kept->directory.data, t->job->n, t->directory_size);
        copy_part(to, at, n, t->first_directory, FIRST_DIRECTORY, sizeof t->first_directory);
    }
    t->at += n;
    return (tmsize_t)n;
}

static tmsize_t file_write(thandle_t ctx, void *from, tmsize_t size) {
    (void)ctx, (void)from, (void)size;
    return -1;
}

static toff_t file_seek(thandle_t ctx, toff_t offset, int whence) {
    struct lade__tiff *t = ctx;
    t->at = offset + (whence == SEEK_CUR ? t->at : whence == SEEK_END ? file_size(ctx) : 0);
    return t->at;
}

static int file_close(thandle_t ctx) {
    (void)ctx;
    return 0;
}

/* Passes the bytes to libtiff as a mapped file, except if the directory was replaced. libtiff reads a mapped file in
   place, and checks that every offset is inside the file. */
static int file_map(thandle_t ctx, void **base, toff_t *size) {
    struct lade__tiff *t = ctx;
    if (t->directory_size)
        return 0;
    *base = (void *)(uintptr_t)t->job->bytes;
    *size = t->job->n;
    return 1;
}

static void file_unmap(thandle_t ctx, void *base, toff_t size) {
    (void)ctx, (void)base, (void)size;
}

/* Stores the first error message. Returns 1, so that libtiff does not print the message. */
static int on_error(TIFF *tiff, void *ctx, const char *module, const char *format, va_list args) {
    struct lade__tiff *t = ctx;
    (void)tiff, (void)module;
    if (!t->message[0])
        vsnprintf(t->message, sizeof t->message, format, args);
    return 1;
}

static int on_warning(TIFF *tiff, void *ctx, const char *module, const char *format, va_list args) {
    struct lade__tiff *t = ctx;
    (void)tiff, (void)module;
    /* Many programs write tags that libtiff does not know. Such a tag is not a defect. */
    if (!t->job->warning[0] && strncmp(format, "Unknown field", 13) != 0)
        vsnprintf(t->job->warning, sizeof t->job->warning, format, args);
    return 1;
}

int lade__tiff_failed(const struct lade__tiff *t) {
    return lade_error_set(t->err, LADE_EFORMAT, "TIFF: damaged: %s (in %zu bytes, after %d of %d rows)",
                          t->message[0] ? t->message : "there is no first page", t->job->n,
                          t->job->sink->y + t->waiting, t->job->info.height);
}

static void open_file(struct lade__tiff *t, TIFFOpenOptions *options) {
    t->at = 0;
    /* The letter "c" in the mode "rc" means that libtiff does not split an image that is stored as one strip. */
    t->tiff = TIFFClientOpenExt("TIFF", "rc", t, file_read, file_write, file_seek, file_close, file_size, file_map,
                                file_unmap, options);
}

int lade__tiff_open(struct lade__tiff *t) {
    const struct lade_image_info *info = &t->job->info;
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return lade_error_set(t->err, LADE_ENOMEM, "TIFF: no memory for a decoder");
    /* `most` limits each allocation of libtiff. The limit is the size of the file, plus 16 bytes for each pixel of the
       first page, plus `more`. Later pages may be larger than the first page, but are decompressed to memory of lade.
       For these pages libtiff needs less than 64 MiB. */
    uint64_t more = t->job->check_all ? 64 << 20 : 1 << 20;
    uint64_t most = (uint64_t)info->width * (uint64_t)info->height * 16 + t->job->n + more;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)(most < INT64_MAX / 2 ? most : INT64_MAX / 2));
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, t);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, t);
    open_file(t, options);
    if (!t->tiff && lade__tiff_repair(t)) {
        lade__job_warn(t->job, "the directory is damaged: %s", t->message);
        open_file(t, options);
        if (t->tiff)
            t->message[0] = '\0'; /* the message about the damaged directory */
    }
    TIFFOpenOptionsFree(options);
    return t->tiff ? LADE_OK : lade__tiff_failed(t);
}

#endif
