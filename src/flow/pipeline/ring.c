/*
 * Manages the slots of a flow. The ring has few slots, and each batch uses one slot, so the memory is limited. If the
 * consumer keeps references to the batches of all slots, the ring grows once, to twice its size. If the consumer also
 * keeps references to the batches of the new slots, the flow returns LADE_EBUSY. The flow does not wait in this case,
 * because only the consumer itself could release a batch.
 *
 * If the option `held` is "grow", the ring grows each time that the consumer references all batches. While the ring has
 * more than max_size slots, each slot that is returned is freed.
 */
#include "flow/pipeline/ring.h"

#include <limits.h>

#include "base/sys.h"

/* ---- Slots ------------------------------------------------------------------------------------------------------- */

void lade__slot_free(struct lade__slot *slot) {
    lade_free_aligned(slot->x);
    lade_free(slot->y);
    lade_free(slot->weights);
    lade_free(slot->saved);
    lade_free(slot->indices);
    lade_free(slot->failures);
    lade__flow_plan_free(slot->plan);
    lade_free(slot);
}

enum { LARGE = 4 << 20 };

static struct lade__slot *slot_new(struct lade__ring *ring) {
    const struct lade__batch_layout *l = &ring->layout;
    struct lade__slot *slot = lade_calloc(1, sizeof *slot);

    if (!slot)
        return NULL;
    slot->ring = ring;
    slot->x = lade_alloc_aligned(l->row_bytes * (size_t)l->rows);
    slot->y = lade_calloc((size_t)(l->rows * l->columns), sizeof *slot->y);
    slot->indices = lade_calloc((size_t)l->rows * 2, sizeof *slot->indices);
    slot->weights = l->weighted ? lade_calloc((size_t)l->rows, sizeof *slot->weights) : NULL;
    if (slot->x && l->row_bytes * (size_t)l->rows >= LARGE) /* large pages cause fewer TLB misses */
        lade__sys_large_pages(slot->x, l->row_bytes * (size_t)l->rows);
    slot->saved = l->saved_bytes ? lade_calloc((size_t)l->rows, l->saved_bytes) : NULL;
    if (slot->x && slot->y && slot->indices && (slot->weights || !l->weighted) && (slot->saved || !l->saved_bytes)) {
        slot->positions = slot->indices + l->rows;
        return slot;
    }
    lade__slot_free(slot);
    return NULL;
}

size_t lade__ring_slot_bytes(const struct lade__batch_layout *l) {
    return (size_t)l->rows *
           (l->row_bytes + l->saved_bytes + (size_t)(l->columns + l->weighted) * sizeof(float) + 2 * sizeof(int64_t));
}

int lade__ring_no_memory(const struct lade__ring *ring, struct lade_error *err) {
    return lade_error_set_subject(err, LADE_ENOMEM, "batch_size",
                                  "no memory for a batch of %lld samples (%zu bytes): use a smaller batch_size or "
                                  "target_size",
                                  (long long)ring->layout.rows, lade__ring_slot_bytes(&ring->layout));
}

/* ---- The ring ---------------------------------------------------------------------------------------------------- */

static void put_free(struct lade__ring *ring, struct lade__slot *slot) {
    slot->failure_count = 0;
    slot->failures_lost = slot->orphan = false;
    slot->next = ring->free;
    ring->free = slot;
}

static void link_slot(struct lade__ring *ring, struct lade__slot *slot) {
    slot->in_ring = ring->all;
    ring->all = slot; /* a single store: if another thread forks the process now, the list of the child is valid */
}

static void unlink_slot(struct lade__ring *ring, const struct lade__slot *slot) {
    struct lade__slot **p = &ring->all;

    while (*p != slot)
        p = &(*p)->in_ring;
    *p = slot->in_ring;
}

/* This function is called in a child process after fork(). The threads that made or read batches do not exist here, so
   each slot without references is free. */
static void renew(void *ctx) {
    struct lade__ring *ring = ctx;

    ring->free = NULL;
    ring->used = 0;
    ring->size = 0;
    for (struct lade__slot *slot = ring->all; slot; slot = slot->in_ring) {
        bool referenced = __atomic_load_n(&slot->references, __ATOMIC_RELAXED) > 0;
        ring->used += referenced;
        ring->size += !slot->extra;
        if (!referenced)
            put_free(ring, slot);
    }
}

struct lade__ring *lade__ring_new(const struct lade__batch_layout *layout) {
    struct lade__ring *ring = lade_calloc(1, sizeof *ring);

    if (!ring)
        return NULL;
    ring->layout = *layout;
    ring->depth = lade__ring_depth(layout);
    ring->max_size = 2 * ring->depth;
    ring->limit = INT_MAX;
    if (lade__monitor_init(&ring->monitor, renew, ring) == LADE_OK)
        return ring;
    lade_free(ring);
    return NULL;
}

static void ring_free(struct lade__ring *ring) {
    while (ring->all) { /* the list is empty, except in a child process */
        struct lade__slot *slot = ring->all;
        ring->all = slot->in_ring;
        lade__slot_free(slot);
    }
    lade__monitor_release(&ring->monitor);
    lade_free(ring);
}

void lade__ring_close(struct lade__ring *ring) {
    if (!ring)
        return;
    lade__monitor_enter(&ring->monitor);
    ring->closed = true;
    struct lade__slot *slot = ring->free;
    bool last = ring->used == 0;
    ring->free = NULL;
    for (const struct lade__slot *gone = slot; gone; gone = gone->next)
        unlink_slot(ring, gone);
    lade__monitor_leave(&ring->monitor);
    while (slot) {
        struct lade__slot *next = slot->next;
        lade__slot_free(slot);
        slot = next;
    }
    if (last)
        ring_free(ring);
}

int lade__ring_depth(const struct lade__batch_layout *layout) {
    size_t fit = 40000000 / (lade__ring_slot_bytes(layout) + 1);

    return fit < 2 ? 2 : fit > 8 ? 8 : (int)fit;
}

int lade__ring_grow(struct lade__ring *ring, struct lade_error *err) {
    int made = 0, most = ring->unlimited ? ring->limit : ring->max_size;

    lade__monitor_enter(&ring->monitor);
    int size = ring->size; /* any thread that returns a slot may reduce ring->size */
    lade__monitor_leave(&ring->monitor);
    if (size >= ring->max_size && !ring->unlimited)
        return lade_error_set(err, LADE_EBUSY,
                              "all %d batches of the flow are still referenced: release some with lade_batch_unref() "
                              "before the next batch, copy the data that you keep, or set the option held to "
                              "LADE_HELD_GROW",
                              size);
    if (size >= most)
        return lade_error_set_subject(
            err, LADE_ENOMEM, "memory_limit",
            "all %d batches that fit into memory_limit are still referenced: release some, or "
            "raise memory_limit",
            size);
    for (; made < ring->depth && size + made < most; made++) {
        struct lade__slot *slot = slot_new(ring);
        if (!slot)
            break;
        lade__monitor_enter(&ring->monitor);
        link_slot(ring, slot);
        put_free(ring, slot);
        ring->size++;
        lade__monitor_leave(&ring->monitor);
    }
    lade__monitor_enter(&ring->monitor);
    lade__monitor_wake(&ring->monitor, LADE__RING_WORK);
    lade__monitor_leave(&ring->monitor);
    return made ? LADE_OK : lade__ring_no_memory(ring, err);
}

struct lade__slot *lade__ring_take(struct lade__ring *ring) {
    struct lade__slot *slot = ring->free;

    if (slot) {
        struct lade__flow_plan *plan = slot->plan;
        slot->plan = NULL; /* cleared first, because another thread may call fork() before the plan is freed */
        ring->free = slot->next;
        slot->next = NULL;
        ring->used++;
        lade__flow_plan_free(plan);
    }
    return slot;
}

struct lade__slot *lade__ring_extra(struct lade__ring *ring, struct lade_error *err) {
    struct lade__slot *slot = slot_new(ring);

    if (!slot) {
        lade__ring_no_memory(ring, err);
        return NULL;
    }
    slot->extra = true;
    lade__monitor_enter(&ring->monitor);
    link_slot(ring, slot);
    ring->used++;
    lade__monitor_leave(&ring->monitor);
    return slot;
}

bool lade__ring_put(struct lade__slot *slot) {
    struct lade__ring *ring = slot->ring;
    bool keep = !slot->extra && !ring->closed && ring->size <= ring->max_size;

    ring->used--;
    if (keep) {
        put_free(ring, slot);
        lade__monitor_wake(&ring->monitor, LADE__RING_WORK);
        return true;
    }
    ring->size -= !slot->extra;
    unlink_slot(ring, slot);
    return false;
}

void lade__ring_give(struct lade__slot *slot) {
    struct lade__ring *ring = slot->ring;

    lade__monitor_enter(&ring->monitor);
    bool kept = lade__ring_put(slot);
    bool last = ring->used == 0 && ring->closed;
    lade__monitor_leave(&ring->monitor);
    if (!kept)
        lade__slot_free(slot);
    if (last)
        ring_free(ring);
}

void lade__ring_cancel(struct lade__ring *ring, bool canceled) {
    lade__monitor_enter(&ring->monitor);
    __atomic_store_n(&ring->canceled, canceled, __ATOMIC_RELAXED);
    lade__monitor_wake(&ring->monitor, LADE__RING_WORK);
    lade__monitor_wake(&ring->monitor, LADE__RING_DONE);
    lade__monitor_leave(&ring->monitor);
}
