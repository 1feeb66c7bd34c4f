/*
 * Calls a reader and checks its results. A reader must return the size that it reserved. A smaller size is an error,
 * because the end of the buffer would still contain bytes of an earlier sample.
 */
#include "flow/source/reader_buffer.h"

#include <string.h>

/* ---- For readers ------------------------------------------------------------------------------------------------- */

static int check_size(const struct lade_reader_buffer *b, int64_t size, struct lade_error *err) {
    if (size < 0)
        return lade_error_set(err, LADE_EINVAL,
                              "the reader has set the size of the sample to %lld bytes: a size must be 0 or more",
                              (long long)size);
    if ((uint64_t)size > b->max_bytes || (uint64_t)size >= SIZE_MAX)
        return lade_error_set(err, LADE_ELIMIT,
                              "the sample has %lld bytes, but the limit is %llu: raise the limit or exclude the file",
                              (long long)size, (unsigned long long)b->max_bytes);
    return LADE_OK;
}

void *lade_reader_reserve(lade_reader_buffer *b, int64_t size, struct lade_error *err) {
    if (check_size(b, size, err) < 0)
        return NULL;
    if ((size_t)size >= b->own.capacity) {
        unsigned char *data = lade_alloc((size_t)size + 1);
        if (!data) {
            lade_error_set(err, LADE_ENOMEM, "no memory for %lld bytes", (long long)size);
            return NULL;
        }
        if (b->size && b->data == b->own.data) /* the reader needs more memory for the same sample */
            memcpy(data, b->data, (size_t)b->size);
        lade_free(b->own.data);
        b->own.data = data;
        b->own.capacity = (size_t)size + 1;
    }
    b->data = b->own.data;
    b->size = size;
    return b->own.data;
}

int lade_reader_lend(lade_reader_buffer *b, const void *data, int64_t size, struct lade_error *err) {
    int status = check_size(b, size, err);

    if (status < 0)
        return status;
    b->data = data;
    b->size = size;
    return LADE_OK;
}

void lade_reader_end_flow(lade_reader_buffer *b) {
    b->end_flow = true;
}

/* ---- For a flow -------------------------------------------------------------------------------------------------- */

static bool is_status(int64_t n) {
    return n >= INT32_MIN && n != LADE_EXIT && n != LADE_STOP && strcmp(lade_status_name((int)n), "LADE_UNKNOWN") != 0;
}

static int64_t pixel_bytes(const struct lade_reader *r) {
    return r->shape[0] * r->shape[1] * r->shape[2] * (int64_t)lade_dtype_size(r->dtype);
}

static int check_result(const struct lade_reader *r, int64_t n, struct lade_reader_buffer *b, struct lade_error *err) {
    if (n < 0 && !is_status(n))
        return lade_error_set(err, LADE_ERUNTIME, "the reader returned %lld, which is neither a size nor a status",
                              (long long)n);
    if (n < 0)
        return err->code == (int)n && *err->message ? (int)n
                                                    : lade_error_set(err, (int)n, "%s", lade_status_text((int)n));
    if (n != b->size)
        return lade_error_set(err, LADE_EIO, "the reader returned %lld bytes of a sample of %lld bytes", (long long)n,
                              (long long)b->size);
    if (r->shape[2] && n != pixel_bytes(r))
        return lade_error_set(
            err, LADE_EFORMAT,
            "the sample has %lld bytes, but %lld x %lld pixels with %lld channels of %s have %lld bytes", (long long)n,
            (long long)r->shape[0], (long long)r->shape[1], (long long)r->shape[2], lade_dtype_name(r->dtype),
            (long long)pixel_bytes(r));
    return LADE_OK;
}

int lade__reader_read(const struct lade_reader *r, int worker, int64_t i, struct lade_reader_buffer *b,
                      struct lade_error *err) {
    b->data = NULL;
    b->size = 0;
    b->end_flow = false;
    int64_t n = r->read(r->ctx, worker, i, b, err);
    return check_result(r, n, b, err);
}

int64_t lade__reader_name(const struct lade_reader *r, int64_t i, char *buffer, size_t size) {
    int64_t n = r->name ? r->name(r->ctx, i, buffer, size) : -1;

    return n >= 0 ? n : snprintf(buffer, size, "%s[%lld]", r->source, (long long)i);
}

int lade__reader_fail(const struct lade_reader *r, int64_t i, const struct lade_error *cause, struct lade_error *err) {
    char name[4096], path[2 * sizeof name];

    lade__reader_name(r, i, name, sizeof name);
    const char *root = *name != '/' && r->root ? r->root : "";
    snprintf(path, sizeof path, "%.*s%s%s", (int)sizeof name - 1, root, *root ? "/" : "", name);
    return lade_error_set_subject(err, cause->code, path, "%s: %s", path, cause->message);
}
