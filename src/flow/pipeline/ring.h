/*
 * The ring: the few batches that a stream owns, decoded into, handed out, taken back.
 *
 * A slot is on its way as long as anything of it is referenced: the batch, or one of its two tensors, which may live on
 * in another library. Then it comes back by itself, from whatever thread. The ring outlives its flow for as long as one
 * slot is out.
 */
#ifndef LADE_FLOW_PIPELINE_RING_H
#define LADE_FLOW_PIPELINE_RING_H

#include <lade/flow.h>
#include <pthread.h>

#include "flow/order/order.h"

/* What the memory of a batch looks like. */
struct lade__layout {
    enum lade_dtype dtype;
    int64_t shape[3];   /* of a row of x */
    size_t row_bytes;   /* of x */
    int64_t columns;    /* of y; 0: no y of its own */
    int64_t rows;       /* the most a batch holds */
    bool y_is_x;        /* y is x once more */
    bool weighted;      /* samples have weights */
    size_t saved_bytes; /* of a copy of a row as pixels; 0: none is kept */
};

/* A row that could not be made. */
struct lade__failure {
    int64_t row;
    int64_t sample;
    bool fatal;    /* nothing is wrong with the file: memory or file descriptors ran out */
    bool replaced; /* another sample stands in its row */
    struct lade_error error;
};

struct lade__slot {
    struct lade_batch batch; /* first: a batch of a flow is its slot */
    struct lade__ring *ring;
    struct lade__slot *next; /* in the list it is in: free, or in order of delivery */
    struct lade__slot *todo; /* in the list of those with rows that nobody has begun */
    unsigned char *x;        /* (rows, row_bytes) */
    float *y;                /* (rows, columns) */
    float *weights;          /* (rows), if there are any */
    uint8_t *saved;          /* (rows, saved_bytes), for save_to_dir */
    int64_t *indices;        /* (rows) */
    int64_t *positions;      /* (rows) epoch * samples + position in the epoch */
    int parts;               /* batch and tensors that are referenced, atomic */
    bool extra;              /* not one of the ring: freed when it comes back */

    /* The work on it. What is below the line is guarded by ring->lock. */
    int64_t epoch, step;
    int64_t first, rows; /* positions in the epoch */
    struct lade__order order;
    /* ---- */
    int64_t begun, unfinished; /* rows */
    struct lade__failure *failures;
    int64_t failure_count, failure_room;
    bool failures_lost; /* no memory to keep one */
};

struct lade__ring {
    pthread_mutex_t lock;
    pthread_cond_t work; /* for workers: rows to be made, a slot came back, stop */
    pthread_cond_t done; /* for consumers: a slot is finished */
    struct lade__layout layout;
    struct lade__slot *free;
    int64_t out;    /* slots that are not free */
    int size, most; /* slots of the ring now, and at most */
    bool closed;
};

/*
 * lade__ring_new()   - a ring without slots; NULL: no memory. Give back by lade__ring_close(): the rest happens when
 * the last slot has come back. lade__ring_depth() - how many slots a ring has to begin with: max(2, min(8, 40 MB /
 * batch)). lade__ring_grow()  - with no slots: make the first; else as many again, once. LADE_OK, LADE_EBUSY (it has
 * grown already) or LADE_ENOMEM. Called by the consumer. lade__ring_take()  - a free slot, or NULL; ring->lock is held.
 * lade__ring_extra() - a slot beside those of the ring, or NULL: no memory.
 * lade__ring_give()  - take a slot back; ring->lock is not held.
 */
struct lade__ring *lade__ring_new(const struct lade__layout *layout);
void lade__ring_close(struct lade__ring *ring);
int lade__ring_depth(const struct lade__layout *layout);
int lade__ring_grow(struct lade__ring *ring, struct lade_error *err);
struct lade__slot *lade__ring_take(struct lade__ring *ring);
struct lade__slot *lade__ring_extra(struct lade__ring *ring, struct lade_error *err);
void lade__ring_give(struct lade__slot *slot);

/*
 * lade__slot_drop_row() - leave row @row of @rows out: those behind it move up.
 * lade__slot_deliver()  - make the batch of the slot's first @rows rows. LADE_OK with *out, whose one reference is the
 *                         caller's; or LADE_ENOMEM, and the slot has gone back.
 * lade__slot_of()       - the slot of a batch, or NULL for a batch that no flow made.
 */
void lade__slot_drop_row(struct lade__slot *slot, int64_t row, int64_t rows);
int lade__slot_deliver(struct lade__slot *slot, int64_t rows, struct lade_batch **out, struct lade_error *err);
const struct lade__slot *lade__slot_of(const struct lade_batch *batch);

#endif
