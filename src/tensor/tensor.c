/*
 * Makes, reshapes and frees tensors, and defines the table of dtypes. The reference count is a plain int that is
 * accessed with atomic builtins, because the public struct must be the same in C and C++.
 */
#include "tensor/mapped.h"

#include <string.h>

/* The table has one row for each value of enum lade_dtype. */
static const struct {
    const char *name;
    uint8_t code, bits;
} dtypes[LADE_DTYPE_COUNT] = {
    [LADE_FLOAT32] = {"float32", kDLFloat, 32}, [LADE_UINT8] = {"uint8", kDLUInt, 8},
    [LADE_INT8] = {"int8", kDLInt, 8},          [LADE_INT16] = {"int16", kDLInt, 16},
    [LADE_UINT16] = {"uint16", kDLUInt, 16},    [LADE_INT32] = {"int32", kDLInt, 32},
    [LADE_UINT32] = {"uint32", kDLUInt, 32},    [LADE_INT64] = {"int64", kDLInt, 64},
    [LADE_UINT64] = {"uint64", kDLUInt, 64},    [LADE_FLOAT64] = {"float64", kDLFloat, 64},
};

static int known(enum lade_dtype dtype) {
    return (unsigned)dtype < LADE_DTYPE_COUNT;
}

size_t lade_dtype_size(enum lade_dtype dtype) {
    return known(dtype) ? dtypes[dtype].bits / 8 : 0;
}

const char *lade_dtype_name(enum lade_dtype dtype) {
    return known(dtype) ? dtypes[dtype].name : "unknown";
}

DLDataType lade_dtype_dlpack(enum lade_dtype dtype) {
    return known(dtype) ? (DLDataType){dtypes[dtype].code, dtypes[dtype].bits, 1} : (DLDataType){0};
}

/* ---- Making and freeing ------------------------------------------------------------------------------------------ */

/* Computes the size of a tensor, stores it in *bytes and returns 1. Returns 0 if an argument is not allowed or the size
   overflows. */
static int byte_count(enum lade_dtype dtype, int ndim, const int64_t *shape, size_t *bytes) {
    if (!known(dtype) || ndim < 0 || ndim > LADE_MAX_DIMS || (ndim > 0 && !shape))
        return 0;
    /* A tensor with a size of 0 has no elements, even if the product of its other sizes overflows, as in (2^40, 2^40,
       0). */
    int64_t total = (int64_t)lade_dtype_size(dtype);
    int empty = 0, overflow = 0;
    for (int i = 0; i < ndim; i++) {
        if (shape[i] < 0)
            return 0;
        empty |= shape[i] == 0;
        overflow |= __builtin_mul_overflow(total, shape[i] ? shape[i] : 1, &total);
    }
    if (!empty && (overflow || (uint64_t)total > SIZE_MAX))
        return 0;
    *bytes = empty ? 0 : (size_t)total;
    return 1;
}

static struct lade_tensor *describe(void *data, enum lade_dtype dtype, int ndim, const int64_t *shape,
                                    void (*release)(void *ctx), void *ctx) {
    struct lade_tensor *t = lade_calloc(1, sizeof *t);
    if (!t)
        return NULL;
    if (ndim > 0)
        memcpy(t->shape, shape, (size_t)ndim * sizeof *shape);
    t->dtype = dtype;
    t->dl = (DLTensor){.data = data, .ndim = ndim, .dtype = lade_dtype_dlpack(dtype), .shape = t->shape};
    t->dl.device.device_type = kDLCPU;
    t->refs = 1;
    t->release = release;
    t->release_ctx = ctx;
    return t;
}

struct lade_tensor *lade_tensor_new(enum lade_dtype dtype, int ndim, const int64_t *shape) {
    size_t bytes;
    if (!byte_count(dtype, ndim, shape, &bytes))
        return NULL;
    void *data = lade_alloc_aligned(bytes);
    if (!data)
        return NULL;
    memset(data, 0, bytes);
    struct lade_tensor *t = describe(data, dtype, ndim, shape, NULL, NULL);
    if (!t)
        lade_free_aligned(data);
    return t;
}

static void release_nothing(void *ctx) {
    (void)ctx;
}

struct lade_tensor *lade_tensor_wrap(void *data, enum lade_dtype dtype, int ndim, const int64_t *shape,
                                     void (*release)(void *ctx), void *ctx) {
    size_t bytes;
    if (!byte_count(dtype, ndim, shape, &bytes) || (!data && bytes > 0))
        return NULL;
    return describe(data, dtype, ndim, shape, release ? release : release_nothing, ctx);
}

struct lade_tensor *lade_tensor_ref(struct lade_tensor *t) {
    __atomic_fetch_add(&t->refs, 1, __ATOMIC_RELAXED);
    return t;
}

void lade_tensor_unref(struct lade_tensor *t) {
    if (!t || __atomic_sub_fetch(&t->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    if (t->release)
        t->release(t->release_ctx);
    else
        lade_free_aligned(t->dl.data);
    lade_free(t);
}

/* ---- Contents ---------------------------------------------------------------------------------------------------- */

void *lade_tensor_data(const struct lade_tensor *t) {
    return t->dl.data;
}

int64_t lade_tensor_count(const struct lade_tensor *t) {
    return (int64_t)(lade_tensor_bytes(t) / lade_dtype_size(t->dtype));
}

size_t lade_tensor_bytes(const struct lade_tensor *t) {
    size_t bytes = 0;
    byte_count(t->dtype, t->dl.ndim, t->shape, &bytes); /* the size was checked when the tensor was made */
    return bytes;
}

/* ---- Reshape ----------------------------------------------------------------------------------------------------- */

static void unref_parent(void *ctx) {
    lade_tensor_unref(ctx);
}

const struct lade_tensor *lade__tensor_owner(const struct lade_tensor *t) {
    while (t->release == unref_parent)
        t = t->release_ctx;
    return t;
}

/* Copies `shape` to `full`, in which a size of -1 is replaced by the computed size. Returns 0 if this is not
   possible. */
static int complete(const struct lade_tensor *t, int ndim, const int64_t *shape, int64_t full[LADE_MAX_DIMS]) {
    int unknown = -1;
    int64_t rest = 1;
    for (int i = 0; i < ndim; i++) {
        full[i] = shape[i];
        if (shape[i] == -1 && unknown < 0)
            unknown = i;
        else if (shape[i] < 0 || __builtin_mul_overflow(rest, shape[i], &rest))
            return 0;
    }
    int64_t count = lade_tensor_count(t);
    if (unknown < 0)
        return rest == count;
    if (rest == 0 || count % rest != 0)
        return 0;
    full[unknown] = count / rest;
    return 1;
}

struct lade_tensor *lade_tensor_reshape(struct lade_tensor *t, int ndim, const int64_t *shape) {
    int64_t full[LADE_MAX_DIMS];
    if (ndim < 0 || ndim > LADE_MAX_DIMS || (ndim > 0 && !shape) || !complete(t, ndim, shape, full))
        return NULL;
    struct lade_tensor *view = describe(t->dl.data, t->dtype, ndim, full, unref_parent, t);
    if (view) {
        lade_tensor_ref(t);
        view->read_only = t->read_only;
    }
    return view;
}
