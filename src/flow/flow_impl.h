/*
 * Declares struct lade_flow, which contains all stages of a flow. Only files in this folder use the struct. A stage
 * uses only the headers of the stages above it in this list:
 *
 *   option/, statistics/      options and their checks; mean, deviation and ZCA matrix
 *   source/samples.h          the samples: bytes, names, classes, labels
 *   order/split.h             selects the samples of the subset
 *   order/sampler.h           selects the samples of a batch and their order
 *   pipeline/sample_maker.h   reads, decodes and augments one sample
 *   pipeline/workers.h        makes many samples at the same time, in the memory of pipeline/ring.h
 *   pipeline/delivery.h       handles invalid files and delivers batches
 */
#ifndef LADE_SRC_FLOW_FLOW_IMPL_H
#define LADE_SRC_FLOW_FLOW_IMPL_H

#include "flow/order/balance.h"
#include "flow/order/weighted.h"
#include "flow/pipeline/delivery.h"
#include "flow/pipeline/sample_maker.h"
#include "flow/pipeline/workers.h"

/* The kind of call that takes batches from the flow now. There is at most one such call at a time. */
enum lade__reader { LADE__READER_NONE, LADE__READER_GENERATOR, LADE__READER_FUNCTION };

struct lade__fit;

struct lade_flow {
    /* The options with their defaults. Saved states contain 0 for the defaults of some options (state_keeps_zero in
       option/option_table.h). These options keep the value 0 here. All pointers point to memory of the flow. */
    struct lade_flow_options options;
    struct lade_flow_options complete_options; /* the options with all defaults, for lade_flow_options_get() */
    char *preprocessing;                       /* the result of lade_flow_preprocessing() */
    double *class_weights;                     /* options.class_weights, or NULL */
    struct lade_stats *stats;                  /* options.stats, or NULL */
    struct lade_tensor *zca;                   /* the matrix of `stats`, or NULL */

    struct lade__samples samples;
    struct lade__balance balance;   /* only for LADE_ORDER_BALANCED */
    struct lade__weighted weighted; /* only for LADE_ORDER_WEIGHTED */
    struct lade__sampler sampler;
    struct lade__sample_maker maker;
    struct lade__ring *ring;
    struct lade__delivery delivery;
    struct lade__monitor starting; /* only one thread starts the workers */
    struct lade__monitor monitor;  /* guards workers, fit, reader and canceled */
    struct lade__workers *workers; /* NULL until the workers start */
    struct lade__fit *fit;         /* set while lade_flow_fit() runs, and after it was canceled; otherwise NULL */
    enum lade__reader reader;
    bool canceled; /* lade_flow_cancel() was called; atomic */

    int64_t epoch, step; /* the position: the batch that is delivered next */
    int references;      /* 1 until lade_flow_free(), plus 1 while a generator or a call takes batches; atomic */
    bool closed;         /* lade_flow_free() was called and has freed everything except this struct */
};

/*
 * lade__flow_new()       - makes a flow of @samples, which then belong to the flow. @options must come from
 *                          lade__options_resolve(). The memory to which the options point must be valid during the
 *                          call. On an error, releases @samples, fills @err and returns NULL.
 * lade__flow_unref()     - releases a reference. When no reference is left, frees the struct.
 * lade__flow_describe()  - sets flow->preprocessing. Returns LADE_OK or LADE_ENOMEM with @err.
 * lade__flow_use_stats() - replaces the statistics by a copy of @stats, which may be NULL. Returns LADE_OK or
 *                          LADE_ENOMEM.
 * lade__flow_set_upright() - sets whether images are turned upright. The flow must not have workers. Returns LADE_OK or
 *                            LADE_ENOMEM.
 * lade__flow_start()     - returns the workers. If this process has no workers yet, for example after fork(), starts
 *                          them first. On an error, or if the flow was canceled, fills @err and returns NULL.
 * lade__flow_workers()   - returns the workers, or NULL if this process has not started workers.
 */
lade_flow *lade__flow_new(struct lade__samples *samples, const struct lade_flow_options *options,
                          struct lade_error *err);
void lade__flow_unref(lade_flow *flow);
int lade__flow_describe(lade_flow *flow, struct lade_error *err);
int lade__flow_use_stats(lade_flow *flow, const struct lade_stats *stats);
int lade__flow_set_upright(lade_flow *flow, bool upright, struct lade_error *err);
struct lade__workers *lade__flow_start(lade_flow *flow, struct lade_error *err);
struct lade__workers *lade__flow_workers(lade_flow *flow);

/*
 * lade__flow_canceled() - returns LADE_OK, or LADE_ECANCELED with @err filled if the flow was canceled.
 * lade__fit_free()      - waits for the workers of lade_flow_fit() and frees its memory. NULL is allowed.
 * lade__fit_cancel()    - requests that the workers of lade_flow_fit() stop. Does not wait for them.
 * lade__fit_idle()      - waits until no worker of lade_flow_fit() makes a sample, and returns the result of
 *                         lade__workers_idle(). Returns LADE_OK in a child process after fork(), where these workers do
 *                         not exist.
 */
int lade__flow_canceled(const lade_flow *flow, struct lade_error *err);
void lade__fit_free(struct lade__fit *fit);
void lade__fit_cancel(struct lade__fit *fit);
int lade__fit_idle(struct lade__fit *fit, const struct timespec *deadline, struct lade_error *err);

/* Returns true if the label of a sample is its class. */
static inline bool lade__labels_are_classes(enum lade_class_mode mode) {
    return mode == LADE_CLASS_CATEGORICAL || mode == LADE_CLASS_BINARY || mode == LADE_CLASS_SPARSE;
}

#endif
