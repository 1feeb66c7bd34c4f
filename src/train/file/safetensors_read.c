/*
 * train/file/safetensors_read.c - reads safetensors files that may be malicious. The length of the header is compared
 * with the size of the file before memory for the header is allocated. The offsets of all tensors are checked before a
 * tensor is read.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/sys.h"
#include "train/file/safetensors.h"

static const struct {
    const char *name;
    unsigned size;
} dtypes[] = {{"F32", 4}, {"F64", 8}, {"F16", 2}, {"BF16", 2}, {"I64", 8},     {"I32", 4},     {"I16", 2}, {"I8", 1},
              {"U64", 8}, {"U32", 4}, {"U16", 2}, {"U8", 1},   {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"BOOL", 1}};

static int bad(struct lade_error *err, const char *name, const char *what) {
    char quoted[LADE__QUOTED];
    return lade_error_set(err, LADE_EFORMAT, "tensor \"%s\": %s", lade__quote(name, strlen(name), quoted), what);
}

/* ---- One entry --------------------------------------------------------------------------------------------------- */

static int read_dtype(struct lade__safetensor *t, const json_t *value, unsigned *size, struct lade_error *err) {
    const char *dtype = json_string_value(value);
    if (!dtype)
        return bad(err, t->name, "it has no \"dtype\"");
    t->dtype = dtype;
    *size = 0; /* a type of a later version of the format; such a tensor is skipped if no net needs it */
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++)
        if (strcmp(dtype, dtypes[i].name) == 0)
            *size = dtypes[i].size;
    return LADE_OK;
}

/* Reads the shape. Before the call, *bytes is the size of one element; after the call, the size of all elements. If the
   size of an element is unknown, *bytes is 0. */
static int read_shape(struct lade__safetensor *t, const json_t *value, uint64_t *bytes, struct lade_error *err) {
    if (!json_is_array(value))
        return bad(err, t->name, "it has no \"shape\"");
    size_t ndim = json_array_size(value);
    if (ndim > LADE_MAX_DIMS)
        return bad(err, t->name, "its \"shape\" has more than 8 dimensions");
    t->shape.ndim = (int)ndim;
    for (size_t i = 0; i < ndim; i++) {
        const json_t *size = json_array_get(value, i);
        if (!json_is_integer(size) || json_integer_value(size) < 0)
            return bad(err, t->name, "a size in its \"shape\" is not a whole number, or is below 0");
        t->shape.size[i] = json_integer_value(size);
        if (__builtin_mul_overflow(*bytes, (uint64_t)t->shape.size[i], bytes))
            return bad(err, t->name, "its \"shape\" is too large");
    }
    return LADE_OK;
}

static int read_offsets(struct lade__safetensor *t, const json_t *value, uint64_t bytes, bool is_known,
                        uint64_t data_size, struct lade_error *err) {
    const json_t *begin = json_array_get(value, 0), *end = json_array_get(value, 1);
    if (json_array_size(value) != 2 || !json_is_integer(begin) || !json_is_integer(end) ||
        json_integer_value(begin) < 0 || json_integer_value(end) < json_integer_value(begin))
        return bad(err, t->name,
                   "its \"data_offsets\" must be two whole numbers, and the first must not be larger than the second");
    t->begin = (uint64_t)json_integer_value(begin);
    t->end = (uint64_t)json_integer_value(end);
    if (t->end > data_size) {
        char quoted[LADE__QUOTED];
        return lade_error_set(err, LADE_EFORMAT,
                              "tensor \"%s\": its \"data_offsets\" end at %" PRIu64 ", but the file has %" PRIu64
                              " bytes of tensors; the file is truncated",
                              lade__quote(t->name, strlen(t->name), quoted), t->end, data_size);
    }
    if (t->end - t->begin != bytes && is_known)
        return bad(err, t->name, "its \"data_offsets\" do not match its \"shape\" and \"dtype\"");
    return LADE_OK;
}

static int read_entry(struct lade__safetensor *t, const char *name, const json_t *value, uint64_t data_size,
                      struct lade_error *err) {
    unsigned size = 0;
    t->name = name;
    if (!json_is_object(value))
        return bad(err, name, "it is not a JSON object");
    int status = read_dtype(t, json_object_get(value, "dtype"), &size, err);
    uint64_t bytes = size;
    if (status == LADE_OK)
        status = read_shape(t, json_object_get(value, "shape"), &bytes, err);
    if (status == LADE_OK)
        status = read_offsets(t, json_object_get(value, "data_offsets"), bytes, size > 0, data_size, err);
    return status;
}

/* ---- The header -------------------------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b) {
    const struct lade__safetensor *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static int by_name(const void *a, const void *b) {
    const struct lade__safetensor *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* Checks that there are no holes between tensors, no overlaps, and no bytes after the last tensor. Two readers could
   interpret a file with holes or overlaps differently. */
static int check_places(struct lade__safetensors *s, uint64_t data_size, struct lade_error *err) {
    uint64_t at = 0;
    qsort(s->tensors, (size_t)s->count, sizeof *s->tensors, by_place);
    for (int i = 0; i < s->count; i++) {
        if (s->tensors[i].begin != at)
            return bad(err, s->tensors[i].name, "its \"data_offsets\" leave a hole, or overlap another tensor");
        at = s->tensors[i].end;
    }
    if (at != data_size)
        return lade_error_set(err, LADE_EFORMAT, "the file has %" PRIu64 " bytes after the last tensor",
                              data_size - at);
    return LADE_OK;
}

static int check_metadata(const json_t *meta, struct lade_error *err) {
    if (!json_is_object(meta))
        return lade_error_set(err, LADE_EFORMAT, "\"__metadata__\" is not an object");
    for (void *i = json_object_iter((json_t *)meta); i; i = json_object_iter_next((json_t *)meta, i))
        if (!json_is_string(json_object_iter_value(i)))
            return lade_error_set(err, LADE_EFORMAT, "\"__metadata__\" has a value that is not a string");
    return LADE_OK;
}

static int read_entries(struct lade__safetensors *s, uint64_t data_size, struct lade_error *err) {
    json_t *root = s->json;
    s->tensors = lade_calloc(json_object_size(root), sizeof *s->tensors);
    if (!s->tensors)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the list of its tensors");
    for (void *i = json_object_iter(root); i; i = json_object_iter_next(root, i)) {
        const char *key = json_object_iter_key(i);
        const json_t *value = json_object_iter_value(i);
        int status = strcmp(key, "__metadata__") == 0 ? check_metadata(value, err)
                                                      : read_entry(&s->tensors[s->count++], key, value, data_size, err);
        if (status < 0)
            return status;
    }
    int status = check_places(s, data_size, err);
    qsort(s->tensors, (size_t)s->count, sizeof *s->tensors, by_name); /* for bsearch() */
    return status;
}

int lade__safetensors_parse(struct lade__safetensors *s, const char *header, size_t length, uint64_t data_size,
                            struct lade_error *err) {
    *s = (struct lade__safetensors){.fd = -1};
    char why[LADE__QUOTED];
    s->json = lade__json_parse(header, length, why);
    if (!s->json)
        return lade_error_set(err, LADE_EFORMAT, "the header is not valid JSON: %s", why);
    int status = json_is_object((json_t *)s->json)
                     ? read_entries(s, data_size, err)
                     : lade_error_set(err, LADE_EFORMAT, "the header is not a JSON object");
    if (status < 0)
        lade__safetensors_close(s);
    return status;
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

/* Reads exactly @size bytes at @offset. Returns LADE_OK, or a status with @err. @what names the part of the file in
   messages. */
int lade__safetensors_read_at(int fd, void *to, size_t size, uint64_t offset, const char *what,
                              struct lade_error *err) {
    for (char *p = to; size > 0;) {
        ssize_t got = pread(fd, p, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return lade_error_from_errno(err, errno, NULL, "cannot read %s", what);
        if (got == 0)
            return lade_error_set(err, LADE_EFORMAT, "cannot read %s: the file has become shorter", what);
        p += got;
        size -= (size_t)got;
        offset += (uint64_t)got;
    }
    return LADE_OK;
}

/* Reads the header of the open file @fd. On success, @s owns @fd. */
static int read_header(struct lade__safetensors *s, int fd, struct lade_error *err) {
    struct stat st;
    unsigned char raw[8];
    if (fstat(fd, &st) != 0)
        return lade_error_from_errno(err, errno, NULL, "cannot read it");
    if (!S_ISREG(st.st_mode))
        return lade_error_set(err, LADE_EUNSUPPORTED, "it is not a regular file");
    uint64_t size = (uint64_t)st.st_size, length = 0;
    if (size < sizeof raw)
        return lade_error_set(err, LADE_EFORMAT, "it has %" PRIu64 " bytes; it is truncated, or not a safetensors file",
                              size);
    int status = lade__safetensors_read_at(fd, raw, sizeof raw, 0, "the header's length", err);
    if (status < 0)
        return status;
    for (int i = 7; i >= 0; i--)
        length = length << 8 | raw[i];
    if (length > size - sizeof raw)
        return lade_error_set(err, LADE_EFORMAT,
                              "the header's length is %" PRIu64 ", but the file has %" PRIu64
                              " bytes; it is truncated, or not a safetensors file",
                              length, size);
    if (length > LADE__SAFETENSORS_HEADER)
        return lade_error_set(err, LADE_ELIMIT, "the header's length is %" PRIu64 "; the limit is %" PRIu64, length,
                              LADE__SAFETENSORS_HEADER);
    char *header = lade_alloc((size_t)length);
    if (!header)
        return lade_error_set(err, LADE_ENOMEM, "no memory for its header");
    status = lade__safetensors_read_at(fd, header, (size_t)length, sizeof raw, "the header", err);
    if (status == LADE_OK)
        status = lade__safetensors_parse(s, header, (size_t)length, size - sizeof raw - length, err);
    lade_free(header);
    if (status == LADE_OK) {
        s->fd = fd;
        s->data_begin = sizeof raw + length;
    }
    return status;
}

int lade__safetensors_open(struct lade__safetensors *s, const char *path, struct lade_error *err) {
    *s = (struct lade__safetensors){.fd = -1};
    /* O_NONBLOCK is needed because @path may be a pipe: open() must not wait for a writer. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return lade_error_from_errno(err, errno, path, "cannot read %s", path);
    struct lade_error why = {0};
    int status = read_header(s, fd, &why);
    if (status < 0) {
        close(fd);
        return lade_error_set_subject(err, status, path, "%s: %s", path, why.message);
    }
    return LADE_OK;
}

void lade__safetensors_close(struct lade__safetensors *s) {
    lade__close_fd(&s->fd);
    lade_free(s->tensors);
    json_decref(s->json);
    *s = (struct lade__safetensors){.fd = -1};
}

/* ---- Contents ---------------------------------------------------------------------------------------------------- */

const struct lade__safetensor *lade__safetensors_find(const struct lade__safetensors *s, const char *name) {
    struct lade__safetensor key = {.name = name};
    return bsearch(&key, s->tensors, (size_t)s->count, sizeof key, by_name);
}

const char *lade__safetensors_meta(const struct lade__safetensors *s, const char *key) {
    return json_string_value(json_object_get(json_object_get(s->json, "__metadata__"), key));
}
