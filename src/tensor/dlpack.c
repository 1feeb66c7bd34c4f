/*
 * DLPack out: the managed tensor holds one reference and gives it back in its deleter, so that the importer may outlive
 * everybody here.
 */
#include <lade/tensor.h>

static void delete_managed(DLManagedTensor *managed) {
    lade_tensor_unref(managed->manager_ctx);
    lade_free(managed);
}

DLManagedTensor *lade_tensor_to_dlpack(struct lade_tensor *t) {
    DLManagedTensor *managed = lade_alloc(sizeof *managed);
    if (managed)
        *managed = (DLManagedTensor){
            .dl_tensor = t->dl, .manager_ctx = lade_tensor_ref(t), .deleter = delete_managed}; /* shape lives in t */
    return managed;
}
