/*
 * Declares the ring, which owns the memory of all batches of a flow. A slot is the memory of one batch. Workers fill a
 * slot, and the consumer gets the slot as a batch. After the consumer has released the batch, workers fill the slot
 * again.
 *
 * A slot is in use as long as the batch or one of its tensors is referenced, for example by another library. When the
 * last reference is released, in any thread, the slot is returned to the ring. Therefore the ring exists until its last
 * slot is returned, even if the flow is freed earlier.
 */
#ifndef LADE_SRC_FLOW_PIPELINE_RING_H
#define LADE_SRC_FLOW_PIPELINE_RING_H

#include <lade/flow.h>

#include "base/monitor.h"
#include "flow/order/plan.h"
#include "flow/order/sampler.h"

/* The memory layout of a batch. */
struct lade__batch_layout {
    enum lade_dtype dtype;
    int64_t shape[3];   /* shape of a row of x */
    size_t row_bytes;   /* size of a row of x in bytes */
    int64_t columns;    /* number of columns of y; 0: y has no memory */
    int64_t rows;       /* largest number of rows */
    bool y_is_x;        /* y is the tensor x */
    bool weighted;      /* samples have weights */
    size_t saved_bytes; /* for save_to_dir: size of the 8-bit copy of a row in bytes; 0: no copy */
};

/* A row for which no sample could be made. */
struct lade__failure {
    int64_t row;
    int64_t sample;
    bool fatal;    /* the file is not the cause, for example if there was no memory; the flow ends with this error */
    bool replaced; /* the row now has another sample */
    struct lade_error error;
};

struct lade__slot {
    struct lade_batch batch; /* must be the first member: a pointer to the batch is a pointer to the slot */
    struct lade__ring *ring;
    struct lade__slot *next;    /* the next slot in the list of free slots, or in the order of delivery */
    struct lade__slot *in_ring; /* the next slot in the list of all slots of the ring */
    struct lade__slot *todo;    /* the next slot in the list of slots with rows that no worker has begun */
    unsigned char *x;           /* (rows, row_bytes) */
    float *y;                   /* (rows, columns) */
    float *weights;             /* (rows), or NULL */
    uint8_t *saved;             /* (rows, saved_bytes), or NULL */
    int64_t *indices;           /* (rows) */
    int64_t *positions;         /* (rows) epoch * samples + position in the epoch */
    int references;             /* number of references to the batch and its tensors; atomic */
    bool extra;                 /* the slot is not part of the ring and is freed when it is returned */
    bool orphan;                /* no consumer waits for the slot; the worker that finishes the slot returns it */

    /* The batch that the workers make. */
    int64_t epoch, step;
    int64_t first, rows; /* the batch has the positions first .. first+rows-1 of the epoch */
    struct lade__epoch_order order;
    struct lade__flow_plan *plan; /* the plan of the batch, which belongs to the slot; NULL: a batch of the epoch */

    /* The progress of the workers, guarded by ring->monitor. */
    int64_t begun;      /* number of rows that workers have begun */
    int64_t unfinished; /* number of rows that are not finished */
    struct lade__failure *failures;
    int64_t failure_count, failure_capacity;
    bool failures_lost; /* a failure was not recorded, because there was no memory */
    bool interrupted;   /* some rows were not made, because the flow was canceled */
};

/* The conditions of the monitor of a ring. */
enum {
    LADE__RING_WORK, /* workers wait for rows to make, for a free slot, or for the request to stop */
    LADE__RING_DONE  /* consumers wait for a finished slot */
};

struct lade__ring {
    struct lade__monitor monitor;
    struct lade__batch_layout layout;
    struct lade__slot *all; /* all slots, also the extra slots, linked by in_ring */
    struct lade__slot *free;
    int64_t used;       /* number of slots that are not free */
    int depth;          /* number of slots at the start */
    int size, max_size; /* number of slots without the extra slots, and its maximum */
    int limit;          /* even an unlimited ring has at most this number of slots */
    bool unlimited;     /* size may exceed max_size; a slot that is returned while size > max_size is freed */
    bool canceled;      /* workers make no rows, and consumers do not wait; atomic */
    bool closed;
};

/*
 * lade__ring_new()   - creates a ring without slots. Returns NULL if out of memory.
 * lade__ring_close() - closes the ring, which is freed when its last slot is returned. NULL is allowed.
 * lade__ring_depth() - returns the number of slots at the start: max(2, min(8, 40 MB / bytes of a batch)).
 * lade__ring_slot_bytes() - returns the number of bytes of a slot.
 * lade__ring_no_memory() - stores the error that a batch does not fit into memory. Returns LADE_ENOMEM.
 * lade__ring_grow()  - makes slots. The first call makes ring->depth slots; lade__ring_new() sets ring->depth to
 *                      lade__ring_depth(). A later call makes ring->depth slots or fewer, so that ring->size does not
 *                      exceed ring->max_size (ring->limit if ring->unlimited is set). Returns LADE_OK, LADE_EBUSY (the
 *                      ring has its maximum size) or LADE_ENOMEM. Only one thread at a time may call the function, and
 *                      the caller must not have entered ring->monitor. Other threads may return slots at the same time.
 * lade__ring_take()  - returns a free slot, or NULL. The caller must have entered ring->monitor.
 * lade__ring_extra() - makes a slot that is not part of the ring. Returns NULL if out of memory.
 * lade__ring_give()  - returns a slot to its ring. The caller must not have entered ring->monitor.
 * lade__ring_put()   - returns a slot to its ring. The caller must have entered ring->monitor, and the ring must not be
 *                      closed. If the function returns false, the caller must free the slot with lade__slot_free().
 * lade__ring_cancel() - sets ring->canceled and wakes all threads.
 */
struct lade__ring *lade__ring_new(const struct lade__batch_layout *layout);
void lade__ring_close(struct lade__ring *ring);
size_t lade__ring_slot_bytes(const struct lade__batch_layout *layout);
int lade__ring_no_memory(const struct lade__ring *ring, struct lade_error *err);
int lade__ring_depth(const struct lade__batch_layout *layout);
int lade__ring_grow(struct lade__ring *ring, struct lade_error *err);
struct lade__slot *lade__ring_take(struct lade__ring *ring);
struct lade__slot *lade__ring_extra(struct lade__ring *ring, struct lade_error *err);
void lade__ring_give(struct lade__slot *slot);
bool lade__ring_put(struct lade__slot *slot);
void lade__ring_cancel(struct lade__ring *ring, bool canceled);

/*
 * lade__slot_drop_row() - removes row @row of the first @rows rows. Each later row moves up by one.
 * lade__slot_deliver()  - sets *out to a batch of the first @rows rows of the slot. The caller owns the only reference
 *                         to the batch. Returns LADE_OK. If there is no memory, puts the slot back into its ring and
 *                         returns LADE_ENOMEM.
 * lade__slot_free()     - frees a slot that is not in a ring any more.
 * lade__slot_of()       - returns the slot of a batch, or NULL if the batch does not come from a flow.
 */
void lade__slot_drop_row(struct lade__slot *slot, int64_t row, int64_t rows);
int lade__slot_deliver(struct lade__slot *slot, int64_t rows, struct lade_batch **out, struct lade_error *err);
void lade__slot_free(struct lade__slot *slot);
const struct lade__slot *lade__slot_of(const struct lade_batch *batch);

#endif
