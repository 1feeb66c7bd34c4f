/*
 * Exports tensors as structs of DLPack. DLPack 0 and DLPack 1 have different structs, and this file can make each of
 * them. Each struct holds a reference to the tensor. The deleter of the struct removes this reference, so the memory of
 * the tensor exists until the library that received the struct calls the deleter.
 */
#include <lade/tensor.h>

/* The managed tensor must be the first member, because its deleter frees the whole struct. */
struct versioned {
    DLManagedTensorVersioned managed;
    int64_t strides[LADE_MAX_DIMS];
};

/* Returns the description of @t. The shape is not copied, because the managed tensor holds a reference to @t. */
static DLTensor description(const struct lade_tensor *t) {
    DLTensor dl = t->dl;
    if (lade_tensor_bytes(t) == 0)
        dl.data = NULL; /* as the specification of DLPack requires for a tensor without elements */
    return dl;
}

static void delete_managed(DLManagedTensor *managed) {
    lade_tensor_unref(managed->manager_ctx);
    lade_free(managed);
}

DLManagedTensor *lade_tensor_to_dlpack(struct lade_tensor *t) {
    DLManagedTensor *managed = lade_alloc(sizeof *managed);
    if (managed)
        *managed = (DLManagedTensor){
            .dl_tensor = description(t), .manager_ctx = lade_tensor_ref(t), .deleter = delete_managed};
    return managed;
}

static void delete_versioned(DLManagedTensorVersioned *managed) {
    lade_tensor_unref(managed->manager_ctx);
    lade_free(managed);
}

struct DLManagedTensorVersioned *lade_tensor_to_dlpack_versioned(struct lade_tensor *t) {
    struct versioned *v = lade_calloc(1, sizeof *v);
    if (!v)
        return NULL;
    v->managed = (DLManagedTensorVersioned){.version = {1, 0},
                                            .manager_ctx = lade_tensor_ref(t),
                                            .deleter = delete_versioned,
                                            .flags = t->read_only ? DLPACK_FLAG_BITMASK_READ_ONLY : 0,
                                            .dl_tensor = description(t)};
    int64_t stride = 1;
    for (int i = t->dl.ndim - 1; i >= 0; i--) {
        v->strides[i] = stride;
        if (__builtin_mul_overflow(stride, t->shape[i] ? t->shape[i] : 1, &stride))
            stride = 1; /* only the strides of a tensor without elements can overflow, and such strides are not used */
    }
    v->managed.dl_tensor.strides = v->strides;
    return &v->managed;
}
