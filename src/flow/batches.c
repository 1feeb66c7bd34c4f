/*
 * The faces of the stream: a generator, a plain call, a source for training. The stream's state is in the flow, not in
 * the generator's frame, so a generator may be closed at any time and the next one goes on where it was.
 */
#include "flow/flow_impl.h"

/* ---- The generator ----------------------------------------------------------------------------------------------- */

static lade_flow *enter(lade_flow *flow, struct lade_error *err) {
    if (!__atomic_exchange_n(&flow->live, 1, __ATOMIC_ACQUIRE)) {
        __atomic_fetch_add(&flow->refs, 1, __ATOMIC_RELAXED);
        return flow;
    }
    lade_error_set(err, LADE_ESTATE,
                   "the stream of %s is being read by another generator of batches: close that one "
                   "first (lade_gen_free)",
                   flow->samples.source);
    return NULL;
}

static void leave(lade_flow **flow) {
    if (!*flow)
        return;
    __atomic_store_n(&(*flow)->live, 0, __ATOMIC_RELEASE);
    lade__flow_unref(*flow);
}

static void unref(struct lade_batch **batch) {
    lade_batch_unref(*batch);
}

lade_generator(struct lade_batch *, lade_flow_batches, lade_flow *, flow)
{
    struct lade_error err = {0};
    lade_cleanup(leave) lade_flow *entered = enter(flow, &err);

    if (!entered)
        lade_fail_with(&err);
    for (;;) {
        lade_cleanup(unref) struct lade_batch *batch = NULL;
        if (lade__flow_deliver(flow, &batch, &err) < 0)
            lade_fail_with(&err);
        lade_yield(batch);
    }
}

/* ---- The plain call ---------------------------------------------------------------------------------------------- */

int lade_flow_next(lade_flow *flow, struct lade_batch **out, struct lade_error *err) {
    struct lade_error own = {0};

    err = err ? err : &own;
    lade_cleanup(leave) lade_flow *entered = enter(flow, err);
    return entered ? lade__flow_deliver(flow, out, err) : err->code;
}

/* ---- The source -------------------------------------------------------------------------------------------------- */

static int source_next(void *flow, struct lade_batch **out, struct lade_error *err) {
    return lade_flow_next(flow, out, err);
}

static int source_state_get(void *flow, char **out, struct lade_error *err) {
    return lade_flow_state(flow, out, err);
}

static int source_state_set(void *flow, const char *state, struct lade_error *err) {
    return lade_flow_resume(flow, state, err);
}

static int64_t source_sample_name(void *flow, int64_t index, char *buffer, size_t size) {
    return lade_flow_filename(flow, index, buffer, size);
}

struct lade_source lade_flow_source(lade_flow *flow) {
    enum lade_class_mode mode = flow->options.class_mode;
    struct lade_source source = {
        .next = source_next,
        .state_get = source_state_get,
        .state_set = source_state_set,
        .sample_name = source_sample_name,
        .ctx = flow,
        .steps = lade_flow_steps(flow),
        .samples = lade_flow_samples(flow),
        .classes = mode == LADE_CLASS_SPARSE ? flow->samples.class_count : flow->layout.columns,
        .sample_ndim = 3,
        .class_names = lade__labelled_by_class(mode) ? lade_flow_class_names(flow) : NULL,
        .preprocessing = flow->preprocessing,
    };

    lade_flow_sample_shape(flow, source.sample_shape);
    return source;
}
