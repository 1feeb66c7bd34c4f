/*
 * train/file/safetensors.h - reads and writes the safetensors format. A file begins with the length of the header (8
 * bytes). The next part is a JSON header with the name, type, shape and offsets of each tensor. The tensors follow the
 * header. The section "Format" of https://github.com/huggingface/safetensors defines the format.
 *
 * The reader accepts untrusted files. It accepts every file that the definition allows, with two limits: the header has
 * at most 16 MiB, and a tensor has at most 8 dimensions. Tensors of any type may be in a file, but only F32, F16 and
 * BF16 can be read. The definition requires little endian, unique names, and offsets that cover the rest of the file
 * without holes and overlaps.
 */
#ifndef LADE_SRC_TRAIN_FILE_SAFETENSORS_H
#define LADE_SRC_TRAIN_FILE_SAFETENSORS_H

#include "train/spec/shape.h"

#define LADE__SAFETENSORS_HEADER (UINT64_C(16) << 20) /* largest header in bytes */

struct lade__safetensor {
    const char *name;
    const char *dtype; /* for example "F32" */
    struct lade__shape shape;
    uint64_t begin, end; /* offsets in bytes, relative to the end of the header */
};

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* One entry of "__metadata__". */
struct lade__meta {
    const char *key, *value;
};

/*
 * lade__safetensors_write() - writes a file with @count float32 tensors, whose elements are in @data, and @meta_count
 * entries of "__metadata__". The caller sets the names and shapes of @tensors; the function sets the other fields.
 * The function replaces the file in one step, with lade__atomic_commit().
 *
 * Returns LADE_OK, or a status with @err, whose subject is the path. LADE_ELIMIT means that a limit of the system was
 * reached, or that the header would be too large for lade__safetensors_open().
 */
int lade__safetensors_write(const char *path, const struct lade__meta *meta, int meta_count,
                            struct lade__safetensor *tensors, const float *const *data, int count,
                            struct lade_error *err);

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

struct lade__safetensors {
    int fd;
    void *json;                       /* the header, which owns all names and strings */
    uint64_t data_begin;              /* offset of the first tensor in the file */
    struct lade__safetensor *tensors; /* sorted by name */
    int count;
};

/*
 * lade__safetensors_open() - opens a file, and reads and checks its header.
 *
 * Returns LADE_OK; LADE_ENOENT, LADE_EACCES, LADE_EIO, LADE_EFORMAT, LADE_EUNSUPPORTED, LADE_ELIMIT, LADE_ENOMEM with
 * @err, whose subject is the path. On error, there is nothing to close.
 */
int lade__safetensors_open(struct lade__safetensors *s, const char *path, struct lade_error *err);
void lade__safetensors_close(struct lade__safetensors *s);

/*
 * lade__safetensors_parse() - parses and checks a header in memory. @data_size is the size of all tensors in bytes.
 * Returns the same statuses as lade__safetensors_open(), but the errors do not contain a path. Sets s->fd to -1.
 */
int lade__safetensors_parse(struct lade__safetensors *s, const char *header, size_t length, uint64_t data_size,
                            struct lade_error *err);

/*
 * lade__safetensors_find() - returns the tensor called @name, or NULL.
 * lade__safetensors_meta() - returns the entry @key of "__metadata__", or NULL.
 *
 * The results are valid until the file is closed.
 */
const struct lade__safetensor *lade__safetensors_find(const struct lade__safetensors *s, const char *name);
const char *lade__safetensors_meta(const struct lade__safetensors *s, const char *key);

/*
 * lade__safetensors_can_read() - returns true if the type of a tensor is F32, F16 or BF16.
 *
 * lade__safetensors_read() - reads the elements of such a tensor as floats. Returns LADE_OK, LADE_EIO or LADE_EFORMAT
 * (the file has become shorter). Errors do not contain the path.
 *
 * lade__safetensors_read_at() - reads @size bytes of the file at an offset. @what is the name of these bytes in
 * messages. Returns the same statuses as lade__safetensors_read().
 */
bool lade__safetensors_can_read(const struct lade__safetensor *t);
int lade__safetensors_read_at(int fd, void *to, size_t size, uint64_t offset, const char *what, struct lade_error *err);
int lade__safetensors_read(const struct lade__safetensors *s, const struct lade__safetensor *t, float *out,
                           struct lade_error *err);

#endif
