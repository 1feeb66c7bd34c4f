/*
 * The flow itself: everything that lade_flow_from_directory() makes, each stage in a file of its own.
 *
 *   walk.c, directory.c  files of a directory, as generators      scan.c       the same, packed
 *   samples.c         what there is of each sample              flow.c       a stream of them
 *   split.c           which of them                             order.c      in which order (permutation.c, balance.c)
 *   shard.c           who gets which                            sample.c     read, decode, augment one of them
 *   workers.c         many at a time, delivered in order        ring.c       the memory they go into
 *   delivery.c        what happens to bad ones; position        error_report.c     the list of bad ones
 *   saved_images.c    samples as pictures, to look at
 *   batches.c         the stream as a generator                 state.c      stop and resume
 *   fit.c             statistics of all samples (whitening.c)      stats.c      as a file
 *   info.c            what it is and what it did
 */
#ifndef LADE_FLOW_FLOW_IMPL_H
#define LADE_FLOW_FLOW_IMPL_H

#include "base/sys.h"
#include "flow/order/balance.h"
#include "flow/pipeline/error_report.h"
#include "flow/pipeline/ring.h"
#include "flow/source/samples.h"
#include "flow/pipeline/saved_images.h"
#include "flow/order/shard.h"
#include "flow/pipeline/workers.h"

/* What a thread keeps from one sample to the next. */
struct lade__bench {
    lade_decoder *decoder;
    struct lade__bytes file;
    char path[4096];
};

struct lade_flow {
    struct lade_flow_options options; /* defaults filled in; what it points to is the flow's */
    struct lade__samples samples;
    double *class_weights;        /* what options.class_weights points to; or NULL */
    struct lade__balance balance; /* LADE_ORDER_BALANCED */
    struct lade__saving saving;   /* save_to_dir */
    struct lade__shard shard;
    struct lade__layout layout;
    struct lade_decode_options decode;
    struct lade_augment augment;
    struct lade_output output;
    struct lade_stats *stats; /* own; NULL: none */
    char *preprocessing;      /* what becomes of an image, as text */
    bool finishes;            /* something comes between augmentation and rescale */

    struct lade__ring *ring;
    struct lade__report report;
    pthread_mutex_t starting;      /* guards the two below until they are there */
    struct lade__workers *workers; /* NULL until the first batch is asked for */
    struct lade__bench *benches;   /* one per worker */
    int ahead; /* how many more samples to look ahead from, see read_ahead(); atomic, but a few more or less are no
                  matter */

    int64_t epoch, step; /* the batch that is delivered next */
    int64_t batches;     /* delivered; atomic */
    int live;            /* a generator of batches is; atomic */
    int refs;            /* the owner and the live generator, which may be freed in any order; atomic */
    bool closed;         /* lade_flow_free() was called: nothing but this struct is left */
};

/*
 * lade__flow_new()     - a flow of @samples, which it takes over, with resolved @options, whose pointers are borrowed
 * for the call. NULL with @err, and @samples released. lade__labelled_by_class() - is a label of this mode a class?
 * lade__flow_unref()   - one reference less; the last one frees the struct.
 * lade__flow_describe_preprocessing() - fills in flow->preprocessing; LADE_OK or LADE_ENOMEM.
 * lade__flow_use_stats() - from now on with a copy of these; NULL: without. LADE_OK or LADE_ENOMEM.
 * lade__flow_make_benches() - one for each worker; LADE_OK or LADE_ENOMEM. lade__flow_free_benches() - none is fine.
 * lade__flow_start()   - the workers, made if there are none yet; NULL with @err.
 * lade__flow_plan(), lade__sample_make() - what the workers do: see struct lade__job; ctx is the flow.
 * lade__flow_sift()    - report the bad rows of a finished slot and leave them out; *rows is what remains.
 * lade__flow_deliver() - the next batch of the stream, as lade_flow_next(), without asking who else is at it.
 */
lade_flow *lade__flow_new(struct lade__samples *samples, const struct lade_flow_options *options,
                          struct lade_error *err);
static inline bool lade__labelled_by_class(enum lade_class_mode mode) {
    return mode == LADE_CLASS_CATEGORICAL || mode == LADE_CLASS_BINARY || mode == LADE_CLASS_SPARSE;
}
void lade__flow_unref(lade_flow *flow);
int lade__flow_describe_preprocessing(lade_flow *flow, struct lade_error *err);
int lade__flow_make_benches(lade_flow *flow);
void lade__flow_free_benches(lade_flow *flow);
int lade__flow_use_stats(lade_flow *flow, const struct lade_stats *stats);
struct lade__workers *lade__flow_start(lade_flow *flow, struct lade_error *err);
void lade__flow_plan(void *ctx, struct lade__slot *slot);
int lade__sample_make(void *ctx, int worker, const struct lade__slot *slot, int64_t row,
                      struct lade_flow_counters *counters, struct lade__failure *failure);
int lade__flow_sift(lade_flow *flow, struct lade__slot *slot, int64_t *rows, struct lade_error *err);
int lade__flow_deliver(lade_flow *flow, struct lade_batch **out, struct lade_error *err);

#endif
