/*
 * From a finished slot to the batch that the consumer gets: what becomes of rows that could not be made, and where the
 * stream stands afterwards. All decisions fall here, on the consumer's side and in the order of the stream; the threads
 * only note what happened to each row, so that no race can change an outcome.
 */
#include <stdlib.h>

#include "flow/flow_impl.h"

static int by_row(const void *a, const void *b) {
    const struct lade__failure *f = a, *g = b;
    return (f->row > g->row) - (f->row < g->row);
}

/* The failure that ends the stream whatever the policy says, or under LADE_ERROR_FAIL any: the first by row. */
static const struct lade__failure *deadly(const lade_flow *flow, const struct lade__slot *slot) {
    for (int64_t i = 0; i < slot->failure_count; i++)
        if (flow->options.on_error == LADE_ERROR_FAIL || slot->failures[i].fatal)
            return &slot->failures[i];
    return NULL;
}

static int report(lade_flow *flow, const struct lade__slot *slot, const struct lade__failure *failure,
                  struct lade_error *err) {
    int64_t bad = 0, max = flow->options.max_bad, samples = flow->samples.count;
    double rate = flow->options.max_bad_rate;

    if (lade__report_add(&flow->report, failure->sample, slot->epoch, slot->step, &failure->error, &bad) < 0)
        return lade_error_set(err, LADE_ENOMEM, "no memory to keep the list of invalid files");
    if (max && bad > max)
        return lade_error_set(err, LADE_ELIMIT,
                              "%lld invalid files, more than max_bad allows (%lld); the last one: %.700s",
                              (long long)bad, (long long)max, failure->error.message);
    if (rate > 0 && (double)bad > rate * (double)samples)
        return lade_error_set(err, LADE_ELIMIT,
                              "%lld invalid files of %lld, more than max_bad_rate allows (%g); the last one: %.700s",
                              (long long)bad, (long long)samples, rate, failure->error.message);
    return LADE_OK;
}

int lade__flow_sift(lade_flow *flow, struct lade__slot *slot, int64_t *rows, struct lade_error *err) {
    const struct lade__failure *f;

    *rows = slot->rows;
    if (slot->failures_lost)
        return lade_error_set(err, LADE_ENOMEM, "no memory to keep what is wrong with a file");
    if (!slot->failure_count)
        return LADE_OK;
    qsort(slot->failures, (size_t)slot->failure_count, sizeof *slot->failures, by_row);
    if ((f = deadly(flow, slot)))
        return lade_error_set(err, f->error.code, "%s", f->error.message);
    for (int64_t i = 0; i < slot->failure_count; i++) {
        int status = report(flow, slot, &slot->failures[i], err);
        if (status < 0)
            return status;
    }
    for (int64_t i = slot->failure_count; i-- > 0;) /* from behind: the rows of the others stay where they are */
        if (!slot->failures[i].replaced)
            lade__slot_drop_row(slot, slot->failures[i].row, (*rows)--);
    return LADE_OK;
}

/* Takes the slot over. */
static int hand_out(lade_flow *flow, struct lade__slot *slot, struct lade_batch **out, struct lade_error *err) {
    int64_t rows;
    int status = lade__flow_sift(flow, slot, &rows, err);

    if (status == LADE_OK && flow->saving.directory)
        status = lade__saving_write(&flow->saving, slot, rows, err);
    if (status < 0) {
        lade__ring_give(slot);
        return status;
    }
    status = lade__slot_deliver(slot, rows, out, err);
    if (status == LADE_OK)
        __atomic_fetch_add(&flow->batches, 1, __ATOMIC_RELAXED);
    return status;
}

int lade__flow_deliver(lade_flow *flow, struct lade_batch **out, struct lade_error *err) {
    if (flow->closed) /* a generator that outlives its flow */
        return lade_error_set(err, LADE_ESTATE, "the stream was closed by lade_flow_free(): make a new one");
    struct lade__workers *workers = lade__flow_start(flow, err);
    struct lade__slot *slot;

    if (!workers)
        return err->code;
    int status = lade__workers_next(workers, &slot, err);
    if (status < 0)
        return status; /* nothing was taken: the stream stands where it stood */
    status = hand_out(flow, slot, out, err);
    if (status < 0) {
        lade__workers_seek(workers, flow->epoch, flow->step); /* asked again, it tries this batch again */
        return status;
    }
    if (++flow->step == lade__shard_steps(&flow->shard)) {
        flow->epoch++;
        flow->step = 0;
    }
    return LADE_OK;
}

int lade_flow_batch(lade_flow *flow, int64_t epoch, int64_t step, struct lade_batch **out, struct lade_error *err) {
    struct lade_error own = {0};
    int64_t steps = lade__shard_steps(&flow->shard);

    err = err ? err : &own;
    if (epoch < 0 || epoch > UINT32_MAX)
        return lade_error_set(err, LADE_EINVAL, "epoch is %lld: 0 to 4294967295 are possible", (long long)epoch);
    if (step < 0 || step >= steps)
        return lade_error_set(err, LADE_EINVAL, "step is %lld: this stream has batches 0 to %lld in an epoch",
                              (long long)step, (long long)steps - 1);
    struct lade__workers *workers = lade__flow_start(flow, err);
    struct lade__slot *slot = workers ? lade__ring_extra(flow->ring, err) : NULL;
    if (!slot)
        return err->code;
    slot->epoch = epoch;
    slot->step = step;
    lade__workers_do(workers, slot);
    return hand_out(flow, slot, out, err);
}
