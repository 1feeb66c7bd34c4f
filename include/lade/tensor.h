/*
 * lade/tensor.h - N-dimensional arrays. A tensor has a block of memory, a reference count, and a description of the
 *                 memory, which is the struct DLTensor of DLPack. So NumPy, PyTorch, JAX and C can use the same memory
 *                 without a copy.
 *
 *     struct lade_tensor *t = lade_tensor_new(LADE_FLOAT32, 3, (int64_t[]){2, 3, 4});
 *     float *v = lade_tensor_data(t);
 *     v[0] = 1;
 *     lade_tensor_unref(t);
 */
#ifndef LADE_TENSOR_H
#define LADE_TENSOR_H

#include <stdbool.h>

#include <lade/base.h>
#include <lade/detail/tensor_dlpack.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The largest number of dimensions of a tensor.
 */
#define LADE_MAX_DIMS 8

/*
 * The element types. They have the same names as in NumPy.
 */
enum lade_dtype {
    LADE_FLOAT32 = 0, /* 0, because float32 is the default of every option with the name dtype */
    LADE_UINT8,
    LADE_INT8,
    LADE_INT16,
    LADE_UINT16,
    LADE_INT32,
    LADE_UINT32,
    LADE_INT64,
    LADE_UINT64,
    LADE_FLOAT64,
    LADE_DTYPE_COUNT
};

/*
 * lade_dtype_size()   - returns the size of one element in bytes; 0 for an unknown dtype.
 * lade_dtype_name()   - returns the name in NumPy, for example "float32", as a static string; "unknown" for an unknown
 *                       dtype.
 * lade_dtype_dlpack() - returns the DLDataType of DLPack, with one lane. For an unknown dtype, its field `bits` is 0.
 */
LADE_API size_t lade_dtype_size(enum lade_dtype dtype);
LADE_API const char *lade_dtype_name(enum lade_dtype dtype);
LADE_API DLDataType lade_dtype_dlpack(enum lade_dtype dtype);

/*
 * A tensor. The program may read all fields, but may change only the elements. dl.strides is NULL, because the elements
 * are contiguous in C order (the last dimension varies fastest).
 */
struct lade_tensor {
    DLTensor dl; /* the description for DLPack: data, shape, ndim, dtype; the device is the CPU */
    enum lade_dtype dtype;
    int64_t shape[LADE_MAX_DIMS]; /* dl.shape points to this array */
    int refs;                     /* private, atomic */
    void (*release)(void *ctx);   /* private: frees the memory; NULL means lade_free_aligned() */
    void *release_ctx;            /* private */
    bool read_only; /* the program must not change the elements. lade_tensor_map_npy() sets this flag, and views copy
                       the flag. A program may set the flag of a tensor of lade_tensor_wrap() */
};

/*
 * lade_tensor_new() - makes a tensor whose elements are 0. Its memory is aligned to 64 bytes. The tensor has one
 *                     reference, which the caller owns.
 *
 * @ndim   0 .. LADE_MAX_DIMS
 * @shape  @ndim sizes, each >= 0   (copied)
 *
 * Returns NULL if an argument is not allowed, the size overflows, or there is no memory. Any thread.
 */
LADE_API struct lade_tensor *lade_tensor_new(enum lade_dtype dtype, int ndim, const int64_t *shape);

/*
 * lade_tensor_wrap() - makes a tensor that uses the caller's memory at @data. The tensor calls @release(@ctx) when its
 *                      last reference is removed; @release may be NULL.
 *
 * Returns NULL if an argument is not allowed or there is no memory. In this case, @release is not called. Any thread.
 */
LADE_API struct lade_tensor *lade_tensor_wrap(void *data, enum lade_dtype dtype, int ndim, const int64_t *shape,
                                              void (*release)(void *ctx), void *ctx);

/*
 * lade_tensor_ref()   - adds a reference and returns @t.
 * lade_tensor_unref() - removes a reference. When the last reference is removed, the tensor is freed. @t may be NULL.
 *
 * Several threads may call both functions at the same time.
 */
LADE_API struct lade_tensor *lade_tensor_ref(struct lade_tensor *t);
LADE_API void lade_tensor_unref(struct lade_tensor *t);

/*
 * lade_tensor_data()  - returns a pointer to the first element, which is valid as long as the tensor exists.
 * lade_tensor_count() - returns the number of elements, which is the product of the sizes in `shape`; 1 if ndim is 0.
 * lade_tensor_bytes() - returns the size of all elements in bytes.
 */
LADE_API void *lade_tensor_data(const struct lade_tensor *t);
LADE_API int64_t lade_tensor_count(const struct lade_tensor *t);
LADE_API size_t lade_tensor_bytes(const struct lade_tensor *t);

/*
 * lade_tensor_reshape() - makes a view, which is a tensor with the same elements and another shape. The view has a
 *                         reference to @t, so the elements exist as long as the view. One size may be -1; this size is
 *                         then computed from the other sizes. The function works as reshape() in NumPy.
 *
 * Returns a tensor with one reference, which the caller owns. Returns NULL if the number of elements differs, more than
 * one size is -1, or there is no memory. Any thread.
 */
LADE_API struct lade_tensor *lade_tensor_reshape(struct lade_tensor *t, int ndim, const int64_t *shape);

/*
 * lade_tensor_print() - writes the tensor to @f in the format in which NumPy prints an array, and then a line feed. The
 *                       format has nested brackets and aligned columns. If there are more than 1000 elements, the
 *                       middle elements are replaced by "...".
 *
 * Returns LADE_OK, or LADE_EIO if writing to @f failed.
 */
LADE_API int lade_tensor_print(const struct lade_tensor *t, FILE *f);

/*
 * lade_tensor_to_dlpack()           - makes a DLManagedTensor, which is the struct of DLPack 0. Every library with
 *                                     DLPack accepts this struct. Its `strides` are NULL.
 * lade_tensor_to_dlpack_versioned() - makes a DLManagedTensorVersioned, which is the struct of DLPack 1. The struct
 *                                     has strides and the version 1.0. If @t is read_only, the struct has the flag
 *                                     DLPACK_FLAG_BITMASK_READ_ONLY.
 *
 * Another library can use the result. In Python, the first struct is the content of a PyCapsule with the name
 * "dltensor", and the second struct is the content of a capsule with the name "dltensor_versioned". The first struct
 * cannot mark a tensor as read-only, so a program should use the second struct for such tensors.
 *
 * The struct has a reference to @t, and its deleter removes this reference. A tensor without elements keeps its shape,
 * for example (0, 224, 224, 3) for a batch without samples. The `data` of such a tensor is NULL. For the computation of
 * its strides, a size of 0 counts as 1.
 *
 * Both functions return NULL if there is no memory. Any thread.
 */
LADE_API DLManagedTensor *lade_tensor_to_dlpack(struct lade_tensor *t);
LADE_API struct DLManagedTensorVersioned *lade_tensor_to_dlpack_versioned(struct lade_tensor *t);

/*
 * lade_tensor_write_npy() - writes @t to a .npy file of format 1.0 (NumPy Enhancement Proposal 1) in the byte order of
 *                           this machine.
 *
 * The file is written to PATH.tmp, synced to the disk and renamed. So @path has either its old or its new contents at
 * any time.
 *
 * Returns LADE_OK, or LADE_EIO, LADE_EACCES, LADE_ENOENT, LADE_ENOMEM, LADE_ELIMIT (the limit of the file size) or
 * LADE_EBUSY (another process writes the same file) with @path as the subject of @err.
 */
LADE_API int lade_tensor_write_npy(const struct lade_tensor *t, const char *path, struct lade_error *err);

/*
 * A writer of a .npy file. The writer appends rows to the file, so the array can be larger than memory.
 */
typedef struct lade_npy_writer lade_npy_writer;

/*
 * lade_npy_create() - creates PATH.tmp, which lade_npy_finish() renames to @path. Each row has the type @dtype and the
 *                     shape (@shape[1], ..., @shape[@ndim - 1]). @shape[0] is ignored, because the number of rows is
 *                     not known yet. On error, returns NULL and fills @err: LADE_EINVAL (@ndim is not in 1 ..
 *                     LADE_MAX_DIMS, or the dtype is unknown), LADE_EBUSY (another writer has the same path), LADE_EIO,
 *                     LADE_EACCES, LADE_ENOENT or LADE_ENOMEM.
 * lade_npy_append() - appends the rows of the tensor @rows to the file. The dtype and the shape of a row must be the
 *                     same as in lade_npy_create(). Returns LADE_OK, LADE_EINVAL (the shape or dtype is different),
 *                     LADE_EIO or LADE_ELIMIT. After an error the caller must still call lade_npy_finish() or
 *                     lade_npy_abort().
 * lade_npy_finish() - completes the file, renames it to its path and frees the writer. Returns LADE_OK. On error,
 *                     removes PATH.tmp, frees the writer and returns a status such as LADE_EIO.
 * lade_npy_abort()  - removes PATH.tmp and frees the writer. @w may be NULL.
 *
 * Until lade_npy_finish() has returned LADE_OK, an earlier file at the path is unchanged.
 *
 * The subject of an error is the path. Only one thread at a time may use a writer. lade_tensor_map_npy() and
 * numpy.load() can read the file.
 */
LADE_API lade_npy_writer *lade_npy_create(const char *path, enum lade_dtype dtype, int ndim, const int64_t *shape,
                                          struct lade_error *err);
LADE_API int lade_npy_append(lade_npy_writer *w, const struct lade_tensor *rows, struct lade_error *err);
LADE_API int lade_npy_finish(lade_npy_writer *w, struct lade_error *err);
LADE_API void lade_npy_abort(lade_npy_writer *w);

/*
 * lade_tensor_map_npy() - maps a .npy file into memory as a tensor. Only pages that are used are read from the disk.
 *                         The program must not change the elements. The file must not change while the tensor exists:
 *                         if the file becomes shorter, access to the elements may end the process with SIGBUS. A flow
 *                         of lade_flow_from_arrays() reports LADE_EIO in this case, because the flow reads the elements
 *                         with pread(). The function works as numpy.load(path, mmap_mode="r") in Python.
 *
 * Returns a tensor with one reference, which the caller owns. On error, returns NULL and fills @err; the subject is
 * @path. The statuses are
 *     LADE_EFORMAT       this is not a .npy file, the header is malformed, or the file has more or fewer elements than
 *                        the shape requires
 *     LADE_EUNSUPPORTED  the file has Fortran order, another byte order, a dtype that enum lade_dtype does not contain,
 *                        or more than LADE_MAX_DIMS dimensions; or it is not a regular file
 *     LADE_ENOENT, LADE_EACCES, LADE_EIO, LADE_ENOMEM
 *
 * Any thread.
 */
LADE_API struct lade_tensor *lade_tensor_map_npy(const char *path, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
