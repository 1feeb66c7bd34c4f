/*
 * lade/batch.h - where streams and training meet: a batch of samples, and a source of batches. A flow makes them, a
 * net eats them, and neither knows of the other.
 */
#ifndef LADE_BATCH_H
#define LADE_BATCH_H

#include <lade/base.h>
#include <lade/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * One batch. Reference counted; its memory usually belongs to a ring and goes back there with the last reference.
 */
struct lade_batch {
    struct lade_tensor *x; /* (n, H, W, C) or (n, C, H, W), float32 or uint8; for other sources any (n, ...) */
    struct lade_tensor *y; /* (n, classes) categorical, (n, 1) binary or sparse, (n, columns) raw, float32; x for class
                              mode input, NULL for none */
    struct lade_tensor *sample_weight; /* (n) float32: how much each row counts, see enum lade_loss; NULL: all alike */
    const int64_t *indices;            /* (n) which sample of the source each row is, 0 .. samples-1 */
    int64_t n;     /* rows; the last batch of an epoch may be short, and one of invalid files may have none */
    int64_t epoch; /* from 0 */
    int64_t step;  /* the batch within its epoch, from 0 */
    int refs;      /* private, atomic */
    void (*release)(struct lade_batch *, void *); /* private: called with the last reference */
    void *release_ctx;                            /* private */
};

/*
 * lade_batch_ref()   - keep a batch past the next resume of the generator it came from; returns @b.
 * lade_batch_unref() - give a reference back. NULL is fine.
 *
 * Any thread, also at the same time.
 */
LADE_API struct lade_batch *lade_batch_ref(struct lade_batch *b);
LADE_API void lade_batch_unref(struct lade_batch *b);

/*
 * A source of batches, endless: after the last step of epoch e comes step 0 of epoch e + 1. Passed by value; the calls
 * are made by one thread at a time.
 */
struct lade_source {
    /* *out = the next batch, with a reference that the caller gives back. LADE_OK, or a status with @err filled. */
    int (*next)(void *ctx, struct lade_batch **out, struct lade_error *err);
    /* Where the stream stands, as text (JSON): *out is the caller's, to lade_free(). Right after `next` returned batch
       k it describes the stream that goes on with batch k + 1. */
    int (*state_get)(void *ctx, char **out, struct lade_error *err);
    /* Go on from a state; LADE_EMISMATCH with the option or class that differs. */
    int (*state_set)(void *ctx, const char *state, struct lade_error *err);
    /* What sample @index is called (its file), for messages: to @buffer of @size bytes, with a zero; returns the length
       of the whole name, as snprintf. NULL: samples have numbers only. */
    int64_t (*sample_name)(void *ctx, int64_t index, char *buffer, size_t size);
    /* Release what the source holds. Once. NULL: nothing to do. */
    void (*close)(void *ctx);
    void *ctx;
    int64_t steps;                       /* batches in an epoch */
    int64_t samples;                     /* samples in an epoch */
    int64_t classes;                     /* columns of a categorical y; 1 for binary; 0 where there are no labels */
    int sample_ndim;                     /* 3 for images */
    int64_t sample_shape[LADE_MAX_DIMS]; /* of one row of x: (H, W, C) or (C, H, W) */
    const char *const *class_names;      /* `classes` strings (2 for binary), borrowed from the source; or NULL */
    const char *preprocessing;           /* how samples are made, for a net to keep: UTF-8, borrowed; or NULL */
};

#ifdef __cplusplus
}
#endif
#endif
