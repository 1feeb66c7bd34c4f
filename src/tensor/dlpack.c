/*
 * Exports tensors by DLPack. The managed tensor holds a reference to the tensor. Its deleter removes this reference, so
 * the memory exists until the other library calls the deleter.
 */
#include <lade/tensor.h>

static void delete_managed(DLManagedTensor *managed) {
    lade_tensor_unref(managed->manager_ctx);
    lade_free(managed);
}

DLManagedTensor *lade_tensor_to_dlpack(struct lade_tensor *t) {
    DLManagedTensor *managed = lade_alloc(sizeof *managed);
    if (managed)
        *managed = (DLManagedTensor){.dl_tensor = t->dl,
                                     .manager_ctx = lade_tensor_ref(t),
                                     .deleter = delete_managed}; /* the shape is not copied: it is stored in t */
    return managed;
}
