/*
 * Delivers the batches of a flow by a generator, by a function call and as a source for training. The flow, not the
 * generator, stores the position (epoch and step). Therefore a generator can be closed at any time, and the next
 * generator continues at the same position.
 */
#include "flow/flow_impl.h"

/* ---- The next batch, and the batch of a given step --------------------------------------------------------------- */

/* Delivers the next batch. The caller must make sure that no other thread takes batches from the flow. */
static int deliver_next(lade_flow *flow, const struct timespec *deadline, struct lade_batch **out,
                        struct lade_error *err) {
    LADE__DEFER_CANCEL;
    if (flow->closed) /* a generator was resumed after its flow was freed */
        return lade_error_set(err, LADE_ESTATE, "the flow was closed by lade_flow_free(): make a new flow");
    struct lade__workers *workers = lade__flow_start(flow, err);
    struct lade__slot *slot;

    if (!workers)
        return err->code;
    int status = lade__workers_next(workers, deadline, &slot, err);
    if (status < 0)
        return status; /* no slot was taken, so the position does not change */
    bool planned = slot->plan;
    status = lade__delivery_make_batch(&flow->delivery, slot, out, err);
    if (planned)
        return status; /* the batch of a plan does not change the position of the flow */
    if (status < 0) {
        lade__workers_seek(workers, flow->epoch, flow->step); /* the next call makes this batch again */
        return status;
    }
    if (++flow->step == lade__sampler_steps(&flow->sampler)) {
        flow->epoch++;
        flow->step = 0;
    }
    return LADE_OK;
}

int lade_flow_batch(lade_flow *flow, int64_t epoch, int64_t step, struct lade_batch **out, struct lade_error *err) {
    LADE__DEFER_CANCEL;
    struct lade_error own = {0};
    int64_t steps = lade__sampler_steps(&flow->sampler);

    err = err ? err : &own;
    if (epoch < 0 || epoch > UINT32_MAX)
        return lade_error_set_subject(err, LADE_EINVAL, "epoch", "epoch is %lld: it must be 0 to 4294967295",
                                      (long long)epoch);
    if (step < 0 || step >= steps)
        return lade_error_set_subject(err, LADE_EINVAL, "step",
                                      "step is %lld: an epoch of this flow has the batches 0 to %lld", (long long)step,
                                      (long long)steps - 1);
    struct lade__workers *workers = lade__flow_start(flow, err);
    struct lade__slot *slot = workers ? lade__ring_extra(flow->ring, err) : NULL;
    if (!slot)
        return err->code;
    slot->epoch = epoch;
    slot->step = step;
    if (lade__workers_do(workers, slot, err) < 0)
        return err->code;
    return lade__delivery_make_batch(&flow->delivery, slot, out, err);
}

/* ---- The generator ----------------------------------------------------------------------------------------------- */

/* Marks @flow as being read and returns @flow. If @flow is already being read, fills @err and returns NULL. */
static lade_flow *begin_reading(lade_flow *flow, enum lade__reader reader, struct lade_error *err) {
    lade__monitor_enter(&flow->monitor);
    bool free = flow->reader == LADE__READER_NONE;
    if (free)
        flow->reader = reader;
    lade__monitor_leave(&flow->monitor);
    if (free) {
        __atomic_fetch_add(&flow->references, 1, __ATOMIC_RELAXED);
        return flow;
    }
    lade_error_set(err, LADE_ESTATE,
                   "another generator or thread reads the flow of %s: close that generator first (lade_gen_free)",
                   flow->samples.source);
    return NULL;
}

static void end_reading(lade_flow **flow) {
    if (!*flow)
        return;
    lade__monitor_enter(&(*flow)->monitor);
    (*flow)->reader = LADE__READER_NONE;
    lade__monitor_leave(&(*flow)->monitor);
    lade__flow_unref(*flow);
}

static void unref(struct lade_batch **batch) {
    lade_batch_unref(*batch);
}

lade_generator(struct lade_batch *, lade_flow_batches, lade_flow *, flow)
{
    struct lade_error err = {0};
    lade_cleanup(end_reading) lade_flow *reading = begin_reading(flow, LADE__READER_GENERATOR, &err);

    if (!reading)
        lade_fail_with(&err);
    for (;;) {
        lade_cleanup(unref) struct lade_batch *batch = NULL;
        if (deliver_next(flow, NULL, &batch, &err) < 0)
            lade_fail_with(&err);
        lade_yield(batch);
    }
}

/* ---- The function ------------------------------------------------------------------------------------------------ */

int lade_flow_next_until(lade_flow *flow, const struct timespec *deadline, struct lade_batch **out,
                         struct lade_error *err) {
    LADE__DEFER_CANCEL;
    struct lade_error own = {0};

    err = err ? err : &own;
    if (lade__deadline_check(deadline, err) < 0)
        return err->code;
    lade_cleanup(end_reading) lade_flow *reading = begin_reading(flow, LADE__READER_FUNCTION, err);
    return reading ? deliver_next(flow, deadline, out, err) : err->code;
}

int lade_flow_next(lade_flow *flow, struct lade_batch **out, struct lade_error *err) {
    return lade_flow_next_until(flow, NULL, out, err);
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
        .classes = mode == LADE_CLASS_SPARSE ? flow->samples.class_count : flow->maker.settings.layout.columns,
        .sample_ndim = 3,
        .class_names = lade__labels_are_classes(mode) ? lade_flow_class_names(flow) : NULL,
        .preprocessing = flow->preprocessing,
        .preprocessing_values = flow->zca,
    };

    lade_flow_sample_shape(flow, source.sample_shape);
    return source;
}
