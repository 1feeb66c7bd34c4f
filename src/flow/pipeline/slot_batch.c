/*
 * Makes the batch of a slot. The batch and each of its tensors hold a reference to the slot. The slot is returned to
 * the ring when the last reference is released.
 */
#include "flow/pipeline/ring.h"

#include <string.h>

static void release_reference(void *ctx) {
    struct lade__slot *slot = ctx;

    lade__monitor_renew(&slot->ring->monitor); /* before the release, because renew() frees slots without references */
    if (__atomic_sub_fetch(&slot->references, 1, __ATOMIC_ACQ_REL) == 0)
        lade__ring_give(slot);
}

static void release_batch(struct lade_batch *batch, void *ctx) {
    lade_tensor_unref(batch->x);
    lade_tensor_unref(batch->y);
    lade_tensor_unref(batch->sample_weight);
    release_reference(ctx);
}

/* Returns a tensor that uses the memory @data and holds a reference to the slot. Returns NULL if out of memory. */
static struct lade_tensor *make_tensor(struct lade__slot *slot, void *data, enum lade_dtype dtype, int ndim,
                                       const int64_t *shape) {
    struct lade_tensor *t = lade_tensor_wrap(data, dtype, ndim, shape, release_reference, slot);

    slot->references += t != NULL;
    return t;
}

void lade__slot_drop_row(struct lade__slot *slot, int64_t row, int64_t rows) {
    const struct lade__batch_layout *l = &slot->ring->layout;
    size_t after = (size_t)(rows - row - 1), columns = (size_t)l->columns;
    unsigned char *x = slot->x + (size_t)row * l->row_bytes;
    float *y = slot->y + (size_t)row * columns;

    memmove(x, x + l->row_bytes, after * l->row_bytes);
    memmove(y, y + columns, after * columns * sizeof *y);
    if (l->saved_bytes)
        memmove(slot->saved + (size_t)row * l->saved_bytes, slot->saved + (size_t)(row + 1) * l->saved_bytes,
                after * l->saved_bytes);
    if (l->weighted)
        memmove(slot->weights + row, slot->weights + row + 1, after * sizeof *slot->weights);
    memmove(slot->indices + row, slot->indices + row + 1, after * sizeof *slot->indices);
    memmove(slot->positions + row, slot->positions + row + 1, after * sizeof *slot->positions);
}

int lade__slot_deliver(struct lade__slot *slot, int64_t rows, struct lade_batch **out, struct lade_error *err) {
    const struct lade__batch_layout *l = &slot->ring->layout;
    struct lade__ring *ring = slot->ring;
    int64_t x_shape[4] = {rows, l->shape[0], l->shape[1], l->shape[2]}, y_shape[2] = {rows, l->columns};
    struct lade_batch *b = &slot->batch;

    *b = (struct lade_batch){.indices = slot->indices, .n = rows, .epoch = slot->epoch, .step = slot->step, .refs = 1};
    b->release = release_batch;
    b->release_ctx = slot;
    slot->references = 1;
    b->x = make_tensor(slot, slot->x, l->dtype, 4, x_shape);
    if (l->columns)
        b->y = make_tensor(slot, slot->y, LADE_FLOAT32, 2, y_shape);
    else if (l->y_is_x && b->x)
        b->y = lade_tensor_ref(b->x);
    if (l->weighted)
        b->sample_weight = make_tensor(slot, slot->weights, LADE_FLOAT32, 1, &rows);
    if (!b->x || (l->columns && !b->y) || (l->weighted && !b->sample_weight)) {
        lade_batch_unref(b);
        return lade__ring_no_memory(ring, err);
    }
    *out = b;
    return LADE_OK;
}

const struct lade__slot *lade__slot_of(const struct lade_batch *batch) {
    return batch->release == release_batch ? (const struct lade__slot *)batch : NULL;
}
