/*
 * Opens a TIFF in memory with libtiff. libtiff reads the bytes in place, its allocations are limited, and its first
 * error message is stored instead of printed.
 */
#include "image/codec/tiff/tiff.h"

#include <string.h>

#if LADE_WITH_TIFF

static tmsize_t file_read(thandle_t ctx, void *to, tmsize_t size) {
    struct lade__tiff *t = ctx;
    size_t left = t->at < t->job->n ? t->job->n - (size_t)t->at : 0;
    size_t n = (size_t)size < left ? (size_t)size : left;
    memcpy(to, t->job->bytes + (n ? t->at : 0), n);
    t->at += n;
    return (tmsize_t)n;
}

static tmsize_t file_write(thandle_t ctx, void *from, tmsize_t size) {
    (void)ctx, (void)from, (void)size;
    return -1;
}

static toff_t file_seek(thandle_t ctx, toff_t offset, int whence) {
    struct lade__tiff *t = ctx;
    t->at = offset + (whence == SEEK_CUR ? t->at : whence == SEEK_END ? t->job->n : 0);
    return t->at;
}

static int file_close(thandle_t ctx) {
    (void)ctx;
    return 0;
}

static toff_t file_size(thandle_t ctx) {
    return ((struct lade__tiff *)ctx)->job->n;
}

/* Passes the bytes to libtiff as a mapped file. libtiff reads a mapped file in place, and checks that every offset is
   inside the file. */
static int file_map(thandle_t ctx, void **base, toff_t *size) {
    struct lade__tiff *t = ctx;
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
                          t->message[0] ? t->message : "there is no first page", t->job->n, t->job->sink->y,
                          t->job->info.height);
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
    /* The letter "c" in the mode "rc" means that libtiff does not split an image that is stored as one strip. */
    t->tiff = TIFFClientOpenExt("TIFF", "rc", t, file_read, file_write, file_seek, file_close, file_size, file_map,
                                file_unmap, options);
    TIFFOpenOptionsFree(options);
    return t->tiff ? LADE_OK : lade__tiff_failed(t);
}

#endif
