/*
 * Counts the references of batches. The code that makes a batch sets `release`, which is called when the last reference
 * is removed. For a batch of a flow, `release` returns the memory to the ring buffer of the flow.
 */
#include <lade/batch.h>

struct lade_batch *lade_batch_ref(struct lade_batch *b) {
    __atomic_fetch_add(&b->refs, 1, __ATOMIC_RELAXED);
    return b;
}

void lade_batch_unref(struct lade_batch *b) {
    if (b && __atomic_sub_fetch(&b->refs, 1, __ATOMIC_ACQ_REL) == 0)
        b->release(b, b->release_ctx);
}
