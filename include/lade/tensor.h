/*
 * lade/tensor.h - N-dimensional arrays. A tensor is a reference-counted block of memory that is described by a DLPack
 * DLTensor, so that NumPy, PyTorch, JAX and C can use the same memory without a copy.
 *
 *     struct lade_tensor *t = lade_tensor_new(LADE_FLOAT32, 3, (int64_t[]){2, 3, 4});
 *     float *v = lade_tensor_data(t);
 *     v[0] = 1;
 *     lade_tensor_unref(t);
 */
#ifndef LADE_TENSOR_H
#define LADE_TENSOR_H

#include <dlpack/dlpack.h>
#include <lade/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The largest number of dimensions of a tensor.
 */
#define LADE_MAX_DIMS 8

/*
 * The element types. Their names are those of NumPy.
 */
enum lade_dtype {
    LADE_FLOAT32 = 0, /* 0, so that it is the default of every dtype option */
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
 * lade_dtype_size()   - the size of one element in bytes; 0 for an unknown dtype.
 * lade_dtype_name()   - the name in NumPy, "float32", as a static string; "unknown" for an unknown dtype.
 * lade_dtype_dlpack() - the DLDataType with one lane; its bits are 0 for an unknown dtype.
 */
LADE_API size_t lade_dtype_size(enum lade_dtype dtype);
LADE_API const char *lade_dtype_name(enum lade_dtype dtype);
LADE_API DLDataType lade_dtype_dlpack(enum lade_dtype dtype);

/*
 * A tensor. All fields may be read; only the elements may be changed. dl.strides is NULL, because the elements are
 * contiguous in C order (the last dimension varies fastest).
 */
struct lade_tensor {
    DLTensor dl; /* dl.data, dl.shape, dl.ndim, dl.dtype; on the CPU */
    enum lade_dtype dtype;
    int64_t shape[LADE_MAX_DIMS]; /* dl.shape points to it */
    int refs;                     /* private, atomic */
    void (*release)(void *ctx);   /* private: frees the memory; NULL means lade_free_aligned() */
    void *release_ctx;            /* private */
};

/*
 * lade_tensor_new() - makes a tensor of zeros, aligned to 64 bytes, with one reference, which the caller owns.
 *
 * @ndim   0 .. LADE_MAX_DIMS
 * @shape  @ndim sizes, each >= 0   (copied)
 *
 * Returns NULL if an argument is not allowed, the size overflows, or there is no memory. Any thread.
 */
LADE_API struct lade_tensor *lade_tensor_new(enum lade_dtype dtype, int ndim, const int64_t *shape);

/*
 * lade_tensor_wrap() - makes a tensor that uses the caller's memory at @data. @release(@ctx) is called when the last
 * reference is removed; @release may be NULL.
 *
 * Returns NULL if an argument is not allowed or there is no memory; then @release is not called. Any thread.
 */
LADE_API struct lade_tensor *lade_tensor_wrap(void *data, enum lade_dtype dtype, int ndim, const int64_t *shape,
                                              void (*release)(void *ctx), void *ctx);

/*
 * lade_tensor_ref()   - adds a reference and returns @t.
 * lade_tensor_unref() - removes a reference. The last one frees the tensor. @t may be NULL.
 *
 * Any thread, also at the same time.
 */
LADE_API struct lade_tensor *lade_tensor_ref(struct lade_tensor *t);
LADE_API void lade_tensor_unref(struct lade_tensor *t);

/*
 * lade_tensor_data()  - the first element. Borrowed; valid as long as the tensor.
 * lade_tensor_count() - the number of elements, which is the product of the shape; 1 if ndim is 0.
 * lade_tensor_bytes() - the size of all elements in bytes.
 */
LADE_API void *lade_tensor_data(const struct lade_tensor *t);
LADE_API int64_t lade_tensor_count(const struct lade_tensor *t);
LADE_API size_t lade_tensor_bytes(const struct lade_tensor *t);

/*
 * lade_tensor_reshape() - makes a view of the same elements with another shape. The view keeps the elements alive.
 * NumPy's reshape(). One size may be -1; it is computed from the others.
 *
 * Returns a tensor with one reference, which the caller owns. Returns NULL if the number of elements differs, more than
 * one size is -1, or there is no memory. Any thread.
 */
LADE_API struct lade_tensor *lade_tensor_reshape(struct lade_tensor *t, int ndim, const int64_t *shape);

/*
 * lade_tensor_print() - writes the tensor as NumPy prints it: nested brackets, aligned columns, "..." in the middle if
 * there are more than 1000 elements; then a line feed.
 *
 * Returns LADE_OK, or LADE_EIO if writing to @f failed.
 */
LADE_API int lade_tensor_print(const struct lade_tensor *t, FILE *f);

/*
 * lade_tensor_to_dlpack() - makes a DLManagedTensor, which another library can use. It holds a reference to @t, which
 * its deleter removes.
 *
 * Returns NULL if there is no memory. Any thread.
 */
LADE_API DLManagedTensor *lade_tensor_to_dlpack(struct lade_tensor *t);

/*
 * lade_tensor_write_npy() - writes a .npy file of format 1.0 (NumPy Enhancement Proposal 1) in the byte order of this
 * machine.
 *
 * Returns LADE_OK, or LADE_EIO, LADE_EACCES or LADE_ENOENT with @path as the subject of @err. After an error an
 * incomplete file is removed.
 */
LADE_API int lade_tensor_write_npy(const struct lade_tensor *t, const char *path, struct lade_error *err);

/*
 * Writes a .npy file row by row, for arrays that do not fit in memory.
 */
typedef struct lade_npy_writer lade_npy_writer;

/*
 * lade_npy_create() - creates a file for rows of @dtype and @shape[1..]; @shape[0] is ignored. Returns NULL with @err:
 *                     LADE_EINVAL (@ndim is not in 1 .. LADE_MAX_DIMS, or the dtype is unknown), LADE_EIO, LADE_EACCES,
 *                     LADE_ENOENT or LADE_ENOMEM.
 * lade_npy_append() - writes the rows of @rows, a tensor that has the same dtype and shape except for the first size.
 *                     Returns LADE_OK, LADE_EINVAL (another shape or dtype), LADE_EIO or LADE_ELIMIT. After an error the
 *                     writer still exists.
 * lade_npy_finish() - completes the file and frees the writer in every case. Returns LADE_OK, or a status such as
 *                     LADE_EIO; then the file is removed.
 * lade_npy_abort()  - removes the file and frees the writer. @w may be NULL.
 *
 * The subject of an error is the path. One thread at a time may use a writer. lade_tensor_map_npy() and numpy.load()
 * read the file.
 */
LADE_API lade_npy_writer *lade_npy_create(const char *path, enum lade_dtype dtype, int ndim, const int64_t *shape,
                                          struct lade_error *err);
LADE_API int lade_npy_append(lade_npy_writer *w, const struct lade_tensor *rows, struct lade_error *err);
LADE_API int lade_npy_finish(lade_npy_writer *w, struct lade_error *err);
LADE_API void lade_npy_abort(lade_npy_writer *w);

/*
 * lade_tensor_map_npy() - maps a .npy file into memory as a tensor, so that only the parts that are used are read. The
 * elements must not be changed, and the file must not change while the tensor exists: if it becomes shorter, the
 * process may be ended by SIGBUS. Python: numpy.load(path, mmap_mode="r").
 *
 * Returns a tensor with one reference, which the caller owns; or NULL with @path as the subject of @err. The statuses
 * are
 *     LADE_EFORMAT       not a .npy file, a malformed header, or more or fewer elements than the shape says
 *     LADE_EUNSUPPORTED  Fortran order, another byte order, a dtype that enum lade_dtype lacks, more than LADE_MAX_DIMS
 *                        dimensions, or not a regular file
 *     LADE_ENOENT, LADE_EACCES, LADE_EIO, LADE_ENOMEM
 *
 * Any thread.
 */
LADE_API struct lade_tensor *lade_tensor_map_npy(const char *path, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
