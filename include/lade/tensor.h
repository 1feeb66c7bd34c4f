/*
 * lade/tensor.h - N-dimensional arrays: a reference-counted block of memory behind a DLPack DLTensor, so that NumPy,
 * PyTorch, JAX and C see the same bytes without a copy.
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
 * The most dimensions of a tensor.
 */
#define LADE_MAX_DIMS 8

/*
 * The element types, as (DLPack code, bits) packed in one number; the names are NumPy's.
 */
enum lade_dtype {
    LADE_FLOAT32 = 0, /* zero is the default of every option that asks for a dtype */
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
 * lade_dtype_size() - bytes of one element.                                       0 for an unknown dtype
 * lade_dtype_name() - NumPy's name, "float32"; a static string.                    "unknown" for an unknown dtype
 * lade_dtype_dlpack() - the DLDataType, one lane.                                  bits 0 for an unknown dtype
 */
LADE_API size_t lade_dtype_size(enum lade_dtype dtype);
LADE_API const char *lade_dtype_name(enum lade_dtype dtype);
LADE_API DLDataType lade_dtype_dlpack(enum lade_dtype dtype);

/*
 * A tensor. Read its fields freely; change only the elements. dl.strides is NULL: the elements are compact, the last
 * dimension varying fastest (C order).
 */
struct lade_tensor {
    DLTensor dl; /* dl.data, dl.shape, dl.ndim, dl.dtype; on the CPU */
    enum lade_dtype dtype;
    int64_t shape[LADE_MAX_DIMS]; /* what dl.shape points to */
    int refs;                     /* private, atomic */
    void (*release)(void *ctx);   /* private: what gives the memory back; NULL: lade_free_aligned */
    void *release_ctx;            /* private */
};

/*
 * lade_tensor_new() - a tensor of zeros, aligned to 64 bytes, with one reference, which the caller owns.
 *
 * @ndim   0 .. LADE_MAX_DIMS
 * @shape  @ndim sizes, each >= 0   (copied)
 *
 * Returns NULL for a wrong argument, a size that overflows, or no memory. Any thread.
 */
LADE_API struct lade_tensor *lade_tensor_new(enum lade_dtype dtype, int ndim, const int64_t *shape);

/*
 * lade_tensor_wrap() - a tensor over memory of yours. With the last reference @release(@ctx) is called (NULL: nothing).
 *
 * Returns NULL for a wrong argument or no memory; then @release is not called and the memory stays yours. Any thread.
 */
LADE_API struct lade_tensor *lade_tensor_wrap(void *data, enum lade_dtype dtype, int ndim, const int64_t *shape,
                                              void (*release)(void *ctx), void *ctx);

/*
 * lade_tensor_ref()   - one reference more; returns @t.
 * lade_tensor_unref() - one reference less; the last one frees. NULL is fine.
 *
 * Any thread, also at the same time.
 */
LADE_API struct lade_tensor *lade_tensor_ref(struct lade_tensor *t);
LADE_API void lade_tensor_unref(struct lade_tensor *t);

/*
 * lade_tensor_data()  - the first element (borrowed: it lives as long as the tensor).
 * lade_tensor_count() - the number of elements, the product of the shape; 1 for ndim 0.
 * lade_tensor_bytes() - the number of bytes they take.
 */
LADE_API void *lade_tensor_data(const struct lade_tensor *t);
LADE_API int64_t lade_tensor_count(const struct lade_tensor *t);
LADE_API size_t lade_tensor_bytes(const struct lade_tensor *t);

/*
 * lade_tensor_reshape() - a view with another shape over the same elements, which it keeps alive; NumPy's reshape.
 * One size may be -1: it is computed.
 *
 * Returns a tensor with one reference that the caller owns, or NULL: the number of elements differs, more than one -1,
 * or no memory. Any thread.
 */
LADE_API struct lade_tensor *lade_tensor_reshape(struct lade_tensor *t, int ndim, const int64_t *shape);

/*
 * lade_tensor_print() - write the tensor as NumPy prints it (nested brackets, columns aligned, "..." in the middle of
 * more than 1000 elements), and a line feed.
 *
 * Returns LADE_OK or LADE_EIO (@f failed).
 */
LADE_API int lade_tensor_print(const struct lade_tensor *t, FILE *f);

/*
 * lade_tensor_to_dlpack() - hand a tensor to another library. Takes a reference of its own, given back when the other
 * side calls the deleter.
 *
 * Returns NULL where there is no memory. Any thread.
 */
LADE_API DLManagedTensor *lade_tensor_to_dlpack(struct lade_tensor *t);

/*
 * lade_tensor_write_npy() - write a .npy file, format 1.0 (NumPy Enhancement Proposal 1), in the byte order of
 * this machine, which the file names.
 *
 * Returns LADE_OK, or LADE_EIO / LADE_EACCES / LADE_ENOENT with @err naming the path; a partial file is removed.
 */
LADE_API int lade_tensor_write_npy(const struct lade_tensor *t, const char *path, struct lade_error *err);

/*
 * A .npy file that grows row by row, for arrays larger than memory.
 */
typedef struct lade_npy_writer lade_npy_writer;

/*
 * lade_npy_create() - begin a file; @shape[0] is not looked at. NULL with @err: LADE_EINVAL (@ndim is not 1 ..
 *                     LADE_MAX_DIMS, an unknown dtype), LADE_EIO, LADE_EACCES, LADE_ENOENT, LADE_ENOMEM.
 * lade_npy_append() - write the rows of @rows, a tensor of that dtype and shape but for its first size. LADE_OK,
 *                     LADE_EINVAL (another shape or dtype), LADE_EIO or LADE_ELIMIT; the writer stays.
 * lade_npy_finish() - complete the file and free the writer, whatever is returned. LADE_OK, or LADE_EIO and the like:
 *                     the file is removed.
 * lade_npy_abort()  - give up: the file is removed, the writer freed. NULL is fine.
 *
 * One thread at a time per writer. The file is one that lade_tensor_map_npy() and numpy.load() read.
 */
LADE_API lade_npy_writer *lade_npy_create(const char *path, enum lade_dtype dtype, int ndim, const int64_t *shape,
                                          struct lade_error *err);
LADE_API int lade_npy_append(lade_npy_writer *w, const struct lade_tensor *rows, struct lade_error *err);
LADE_API int lade_npy_finish(lade_npy_writer *w, struct lade_error *err);
LADE_API void lade_npy_abort(lade_npy_writer *w);

/*
 * lade_tensor_map_npy() - a .npy file as a tensor: mapped into memory, so that only what is looked at is read, and
 * never more than the system has room for. The elements are for reading; the file must stay as it is while the tensor
 * lives (whoever cuts it short ends the process). Python: numpy.load(path, mmap_mode="r").
 *
 * Returns a tensor with one reference that the caller owns, or NULL with @err naming the path and the cause:
 * LADE_EFORMAT (no .npy file, a malformed header, more or fewer elements than its shape says), LADE_EUNSUPPORTED
 * (Fortran's order, the byte order of another machine, a dtype that enum lade_dtype does not have, more than
 * LADE_MAX_DIMS dimensions, no regular file), LADE_ENOENT, LADE_EACCES, LADE_EIO, LADE_ENOMEM. Any thread.
 */
LADE_API struct lade_tensor *lade_tensor_map_npy(const char *path, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
