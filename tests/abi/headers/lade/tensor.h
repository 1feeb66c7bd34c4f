#ifndef LADE_TENSOR_H
#define LADE_TENSOR_H
#include <stdbool.h>
#include <lade/base.h>
#include <lade/detail/tensor_dlpack.h>
#ifdef __cplusplus
extern "C" {
#endif
#define LADE_MAX_DIMS 8
enum lade_dtype {
    LADE_FLOAT32 = 0,
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
LADE_API size_t lade_dtype_size(enum lade_dtype dtype);
LADE_API const char *lade_dtype_name(enum lade_dtype dtype);
LADE_API DLDataType lade_dtype_dlpack(enum lade_dtype dtype);
struct lade_tensor {
    DLTensor dl;
    enum lade_dtype dtype;
    int64_t shape[LADE_MAX_DIMS];
    int refs;
    void (*release)(void *ctx);
    void *release_ctx;
    bool read_only;
};
LADE_API struct lade_tensor *lade_tensor_new(enum lade_dtype dtype, int ndim, const int64_t *shape);
LADE_API struct lade_tensor *lade_tensor_wrap(void *data, enum lade_dtype dtype, int ndim, const int64_t *shape,
                                              void (*release)(void *ctx), void *ctx);
LADE_API struct lade_tensor *lade_tensor_ref(struct lade_tensor *t);
LADE_API void lade_tensor_unref(struct lade_tensor *t);
LADE_API void *lade_tensor_data(const struct lade_tensor *t);
LADE_API int64_t lade_tensor_count(const struct lade_tensor *t);
LADE_API size_t lade_tensor_bytes(const struct lade_tensor *t);
LADE_API struct lade_tensor *lade_tensor_reshape(struct lade_tensor *t, int ndim, const int64_t *shape);
LADE_API int lade_tensor_print(const struct lade_tensor *t, FILE *f);
LADE_API DLManagedTensor *lade_tensor_to_dlpack(struct lade_tensor *t);
LADE_API struct DLManagedTensorVersioned *lade_tensor_to_dlpack_versioned(struct lade_tensor *t);
LADE_API int lade_tensor_write_npy(const struct lade_tensor *t, const char *path, struct lade_error *err);
typedef struct lade_npy_writer lade_npy_writer;
LADE_API lade_npy_writer *lade_npy_create(const char *path, enum lade_dtype dtype, int ndim, const int64_t *shape,
                                          struct lade_error *err);
LADE_API int lade_npy_append(lade_npy_writer *w, const struct lade_tensor *rows, struct lade_error *err);
LADE_API int lade_npy_finish(lade_npy_writer *w, struct lade_error *err);
LADE_API void lade_npy_abort(lade_npy_writer *w);
LADE_API struct lade_tensor *lade_tensor_map_npy(const char *path, struct lade_error *err);
#ifdef __cplusplus
}
#endif
#endif
