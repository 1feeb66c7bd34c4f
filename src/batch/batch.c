/*
 * Batches count references like tensors do; where the last one goes is the maker's business (a ring takes the slot
 * back), so there is nothing to construct here.
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
