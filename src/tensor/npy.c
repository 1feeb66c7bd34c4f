/*
 * Writes .npy files of format 1.0 (NumPy Enhancement Proposal 1). A file contains a magic number, a version, the length
 * of the header, a Python dict, and the elements. The dict is padded with spaces so that the elements start at a
 * multiple of 64 bytes.
 *
 * The contents are written to PATH.tmp, which is then renamed to PATH. So an error does not destroy an existing file.
 */
#include "base/atomic_file.h"
#include <lade/tensor.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum { MAGIC_SIZE = 6, PREFIX_SIZE = MAGIC_SIZE + 2 + 2, ALIGNMENT = 64, HEADER_MAX = 320 };

struct lade_npy_writer {
    struct lade__atomic_file file;
    char *path; /* as the caller wrote it */
    enum lade_dtype dtype;
    int ndim;
    int64_t shape[LADE_MAX_DIMS]; /* shape[0] is the number of rows that have been written */
    size_t header_size;           /* in bytes; the header has space for any number of rows */
};

/* Writes the prefix, the dict, spaces and a line feed to the buffer. The header has at least @least bytes. Returns the
   length of the header. */
static size_t make_header(enum lade_dtype dtype, int ndim, const int64_t *shape, size_t least,
                          char header[HEADER_MAX]) {
    const char *name = lade_dtype_name(dtype); /* NumPy's letter for the type is the first letter of this name */
    size_t size = lade_dtype_size(dtype);
    char order = size == 1 ? '|' : __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '<' : '>';

    char *p = header, *end = header + HEADER_MAX;
    memcpy(p, "\x93NUMPY\x01\x00", MAGIC_SIZE + 2);
    p += PREFIX_SIZE;
    p +=
        snprintf(p, (size_t)(end - p), "{'descr': '%c%c%zu', 'fortran_order': False, 'shape': (", order, name[0], size);
    for (int i = 0; i < ndim; i++)
        p += snprintf(p, (size_t)(end - p), "%jd%s", (intmax_t)shape[i],
                      i + 1 < ndim ? ", "
                      : ndim == 1  ? "," /* a Python tuple of one element */
                                   : "");
    p += snprintf(p, (size_t)(end - p), "), }");
    while ((p - header + 1) % ALIGNMENT != 0 || (size_t)(p - header + 1) < least)
        *p++ = ' ';
    *p++ = '\n';
    size_t length = (size_t)(p - header) - PREFIX_SIZE;
    header[MAGIC_SIZE + 2] = (char)(length & 0xff);
    header[MAGIC_SIZE + 3] = (char)(length >> 8);
    return (size_t)(p - header);
}

int lade_tensor_write_npy(const struct lade_tensor *t, const char *path, struct lade_error *err) {
    char header[HEADER_MAX];
    size_t header_size = make_header(t->dtype, t->dl.ndim, t->shape, 0, header), bytes = lade_tensor_bytes(t);
    struct lade__atomic_file file;
    int status = lade__atomic_open(&file, path, err);
    if (status < 0)
        return status;
    if (fwrite(header, 1, header_size, file.f) == header_size && fwrite(t->dl.data, 1, bytes, file.f) == bytes)
        return lade__atomic_commit(&file, err);
    status = lade_error_from_errno(err, errno, path, "%s: cannot write %zu bytes", path, header_size + bytes);
    lade__atomic_abort(&file);
    return status;
}

/* ---- Row by row -------------------------------------------------------------------------------------------------- */

/* Frees the writer and removes the incomplete file. */
static void drop(lade_npy_writer *w) {
    lade__atomic_abort(&w->file);
    lade_free(w->path);
    lade_free(w);
}

/* Writes the header at the start of the file, with the current number of rows. */
static bool put_header(lade_npy_writer *w) {
    char header[HEADER_MAX];
    w->header_size = make_header(w->dtype, w->ndim, w->shape, w->header_size, header);
    return fseek(w->file.f, 0, SEEK_SET) == 0 && fwrite(header, 1, w->header_size, w->file.f) == w->header_size;
}

lade_npy_writer *lade_npy_create(const char *path, enum lade_dtype dtype, int ndim, const int64_t *shape,
                                 struct lade_error *err) {
    if (ndim < 1 || ndim > LADE_MAX_DIMS || !lade_dtype_size(dtype)) {
        lade_error_set_subject(err, LADE_EINVAL, path,
                               "%s: cannot write %d dimensions or this dtype; use 1 to %d dimensions and a known dtype",
                               path, ndim, LADE_MAX_DIMS);
        return NULL;
    }
    lade_npy_writer *w = lade_calloc(1, sizeof *w);
    if (w)
        w->path = lade_strdup(path);
    if (!w || !w->path) {
        lade_free(w);
        lade_error_set_subject(err, LADE_ENOMEM, path, "%s: no memory to write it", path);
        return NULL;
    }
    w->dtype = dtype;
    w->ndim = ndim;
    memcpy(w->shape, shape, (size_t)ndim * sizeof *shape);
    w->shape[0] = INT64_MAX; /* reserves space in the header for the longest number of rows */
    if (lade__atomic_open(&w->file, w->path, err) < 0) {
        lade_free(w->path);
        lade_free(w);
        return NULL;
    }
    if (put_header(w)) {
        w->shape[0] = 0;
        return w;
    }
    lade_error_from_errno(err, errno, path, "%s: cannot write", path);
    drop(w);
    return NULL;
}

int lade_npy_append(lade_npy_writer *w, const struct lade_tensor *rows, struct lade_error *err) {
    size_t bytes = lade_tensor_bytes(rows);
    if (rows->dtype != w->dtype || rows->dl.ndim != w->ndim ||
        memcmp(rows->shape + 1, w->shape + 1, (size_t)(w->ndim - 1) * sizeof *w->shape) != 0)
        return lade_error_set_subject(err, LADE_EINVAL, w->path,
                                      "%s: the rows have another shape or dtype than the file", w->path);
    if (fwrite(rows->dl.data, 1, bytes, w->file.f) != bytes)
        return lade_error_from_errno(err, errno, w->path, "%s: cannot write %zu bytes", w->path, bytes);
    w->shape[0] += rows->shape[0];
    return LADE_OK;
}

int lade_npy_finish(lade_npy_writer *w, struct lade_error *err) {
    int status = put_header(w) ? lade__atomic_commit(&w->file, err)
                               : lade_error_from_errno(err, errno, w->path, "%s: cannot write", w->path);
    drop(w);
    return status;
}

void lade_npy_abort(lade_npy_writer *w) {
    if (w)
        drop(w);
}
