/*
 * train/file/safetensors.h - the safetensors format: 8 bytes with the length of a header, a header in JSON that names
 * tensors and says where each lies, then the tensors. Definition: https://github.com/huggingface/safetensors, "Format".
 *
 * The reader takes files of any origin. It accepts what the definition allows (little endian, offsets that cover the
 * rest of the file without holes or overlaps, no name twice) within limits of our own: a header of 16 MiB, 8
 * dimensions.
 */
#ifndef LADE_SRC_TRAIN_FILE_SAFETENSORS_H
#define LADE_SRC_TRAIN_FILE_SAFETENSORS_H

#include "train/net/spec.h"

#define LADE__SAFETENSORS_HEADER (UINT64_C(16) << 20) /* bytes of it, at most */

struct lade__safetensor {
    const char *name;
    const char *dtype; /* "F32" */
    struct lade__shape shape;
    uint64_t begin, end; /* bytes after the header */
};

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

struct lade__meta {
    const char *key, *value;
};

/*
 * lade__safetensors_write() - write @count float32 tensors (names and shapes; the rest is filled in) and their @data,
 * with @meta_count entries of "__metadata__". As lade__atomic_commit(): all or nothing.
 *
 * Returns LADE_OK, or a status with @err naming the path; LADE_ELIMIT also for a header that the reader would not take.
 */
int lade__safetensors_write(const char *path, const struct lade__meta *meta, int meta_count,
                            struct lade__safetensor *tensors, const float *const *data, int count,
                            struct lade_error *err);

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

struct lade__safetensors {
    int fd;
    void *json;                       /* what names and strings below belong to */
    uint64_t data_begin;              /* in the file */
    struct lade__safetensor *tensors; /* by name */
    int count;
};

/*
 * lade__safetensors_open() - read and check the header of a file.
 *
 * Returns LADE_OK; LADE_ENOENT, LADE_EACCES, LADE_EIO, LADE_EFORMAT, LADE_EUNSUPPORTED, LADE_ELIMIT, LADE_ENOMEM with
 * @err naming the path and the field; then there is nothing to close.
 */
int lade__safetensors_open(struct lade__safetensors *s, const char *path, struct lade_error *err);
void lade__safetensors_close(struct lade__safetensors *s);

/*
 * lade__safetensors_parse() - the same for a header in memory, before @data_size bytes of tensors. Errors do not name a
 * path. s->fd is -1.
 */
int lade__safetensors_parse(struct lade__safetensors *s, const char *header, size_t length, uint64_t data_size,
                            struct lade_error *err);

/* A tensor by name; an entry of "__metadata__". NULL: there is none. They live until the file is closed. */
const struct lade__safetensor *lade__safetensors_find(const struct lade__safetensors *s, const char *name);
const char *lade__safetensors_meta(const struct lade__safetensors *s, const char *key);

/* The numbers of an F32 tensor. LADE_OK, LADE_EIO or LADE_EFORMAT (the file has become shorter), @err without a path.
 */
int lade__safetensors_read(const struct lade__safetensors *s, const struct lade__safetensor *t, float *out,
                           struct lade_error *err);

#endif
