/*
 * Declares struct lade_flow, which contains all stages of a flow. Only files in this folder use the struct. A stage
 * uses only the headers of the stages before it:
 *
 *   source/samples.h          the samples: bytes, names, classes, labels   statistics/   mean, deviation, ZCA matrix
 *   order/split.h             selects the samples of the subset            option/       options and their checks
 *   order/sampler.h           selects the samples of a batch and their order
 *   pipeline/sample_maker.h   reads, decodes and augments one sample
 *   pipeline/workers.h        makes many samples at the same time, in the memory of pipeline/ring.h
 *   pipeline/delivery.h       handles invalid files and delivers batches
 */
#ifndef LADE_SRC_FLOW_FLOW_IMPL_H
#define LADE_SRC_FLOW_FLOW_IMPL_H

#include "flow/order/balance.h"
#include "flow/pipeline/delivery.h"
#include "flow/pipeline/sample_maker.h"
#include "flow/pipeline/workers.h"

struct lade_flow {
    /* The options with their defaults, except the defaults for which saved states contain 0: these fields are 0. The
       pointers point to memory of the flow. */
    struct lade_flow_options options;
    struct lade_flow_options complete_options; /* the options with all defaults, for lade_flow_options_get() */
    char *preprocessing;                       /* the result of lade_flow_preprocessing() */
    double *class_weights;                     /* options.class_weights, or NULL */
    struct lade_stats *stats;                  /* options.stats, or NULL */

    struct lade__samples samples;
    struct lade__balance balance; /* only for LADE_ORDER_BALANCED */
    struct lade__sampler sampler;
    struct lade__sample_maker maker;
    struct lade__ring *ring;
    struct lade__delivery delivery;
    pthread_mutex_t starting;      /* guards workers and maker.buffers until they are set */
    struct lade__workers *workers; /* NULL until the first batch is made */

    int64_t epoch, step; /* the position: the batch that is delivered next */
    int reading;         /* 1 while a generator of batches or lade_flow_next() is active; atomic */
    int references;      /* number of references: one of the owner, one of an active generator; atomic */
    bool closed;         /* lade_flow_free() was called, and only this struct is not freed yet */
};

/*
 * lade__flow_new()       - makes a flow of @samples, which then belong to the flow. @options must be resolved; their
 *                          pointers are borrowed for the call. On an error, releases @samples, fills @err and returns
 *                          NULL.
 * lade__flow_unref()     - releases a reference. When no reference is left, frees the struct.
 * lade__flow_use_stats() - replaces the statistics by a copy of @stats, which may be NULL. Returns LADE_OK or
 *                          LADE_ENOMEM.
 * lade__flow_start()     - returns the workers. The first call starts them. On an error, fills @err and returns NULL.
 */
lade_flow *lade__flow_new(struct lade__samples *samples, const struct lade_flow_options *options,
                          struct lade_error *err);
void lade__flow_unref(lade_flow *flow);
int lade__flow_use_stats(lade_flow *flow, const struct lade_stats *stats);
struct lade__workers *lade__flow_start(lade_flow *flow, struct lade_error *err);

/* Returns true if the label of a sample is its class. */
static inline bool lade__labels_are_classes(enum lade_class_mode mode) {
    return mode == LADE_CLASS_CATEGORICAL || mode == LADE_CLASS_BINARY || mode == LADE_CLASS_SPARSE;
}

#endif
