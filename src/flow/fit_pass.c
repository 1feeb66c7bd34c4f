/*
 * Computes the moments (number, mean and squared differences) of all samples in one pass. Normally, the worker that
 * makes a sample also computes its moments. With zca_whitening, the thread that called lade_flow_fit() computes the
 * moments. In both cases, the thread that called lade_flow_fit() adds up the moments of all samples in the order of the
 * file list, so the results do not depend on the number of workers.
 */
#include "flow/fit_impl.h"

/* ---- A sample ---------------------------------------------------------------------------------------------------- */

static struct lade__moments moments_of(const float *x, size_t count, size_t stride) {
    struct lade__moments m = {.count = (double)count};

    for (size_t i = 0; i < count; i++)
        m.mean += (double)x[i * stride];
    m.mean /= m.count;
    for (size_t i = 0; i < count; i++) {
        double difference = (double)x[i * stride] - m.mean;
        m.squares += difference * difference;
    }
    return m;
}

/* Adds the moments @more to @all, by the formula of Chan, Golub and LeVeque. */
static void add_moments(struct lade__moments *all, const struct lade__moments *more) {
    double count = all->count + more->count, difference = more->mean - all->mean;

    all->squares += more->squares + difference * difference * (all->count * more->count / count);
    all->mean += difference * (more->count / count);
    all->count = count;
}

static void compute_moments(const struct lade__fit *fit, const float *x, struct lade__moments out[4]) {
    const int *size = fit->options.target_size;
    size_t channels = (size_t)lade__sample_settings_channels(&fit->maker.settings),
           pixels = (size_t)size[0] * (size_t)size[1];
    bool first = fit->options.data_format == LADE_CHANNELS_FIRST;

    for (size_t c = 0; c < channels; c++)
        out[c] = moments_of(x + (first ? c * pixels : c), pixels, first ? 1 : channels);
}

/* ---- The job ----------------------------------------------------------------------------------------------------- */

static void prepare(void *ctx, struct lade__slot *slot) {
    lade__sample_maker_prepare(&((struct lade__fit *)ctx)->maker, slot);
}

/* Makes a sample. With zca_whitening, stores the sample in row @row of @slot. Otherwise, stores the moments of the
   sample's channels in that row. */
static int make(void *ctx, int worker, const struct lade__slot *slot, int64_t row, struct lade_flow_counters *counters,
                struct lade__failure *failure) {
    struct lade__fit *fit = ctx;

    if (fit->whitening)
        return lade__sample_maker_make(&fit->maker, worker, slot, row, counters, failure);
    /* `one` is a slot whose only row is the sample of this worker. Fields that other threads change are not copied. */
    struct lade__slot one = {.ring = slot->ring,
                             .x = (unsigned char *)fit->samples[worker],
                             .indices = slot->indices + row,
                             .positions = slot->positions + row,
                             .epoch = slot->epoch,
                             .step = slot->step,
                             .first = slot->first + row,
                             .rows = slot->rows,
                             .order = slot->order};
    int status = lade__sample_maker_make(&fit->maker, worker, &one, 0, counters, failure);
    if (status == LADE_OK)
        compute_moments(fit, fit->samples[worker],
                        (struct lade__moments *)(void *)(slot->x + (size_t)row * slot->ring->layout.row_bytes));
    return status;
}

/* ---- The pass ---------------------------------------------------------------------------------------------------- */

static void add_rows(struct lade__fit *fit, const struct lade__slot *slot, int64_t rows) {
    struct lade__moments own[4];

    for (int64_t row = 0; row < rows; row++) {
        const void *x = slot->x + (size_t)row * slot->ring->layout.row_bytes;
        const struct lade__moments *moments = x;
        if (fit->whitening) {
            compute_moments(fit, x, own);
            moments = own;
        }
        for (int c = 0; c < lade__sample_settings_channels(&fit->maker.settings); c++)
            add_moments(&fit->all[c], &moments[c]);
    }
    if (fit->whitening)
        lade__whitening_add(fit->whitening, (const float *)(const void *)slot->x, rows);
    fit->images += rows;
}

static int add_epoch(struct lade__fit *fit, struct lade_error *err) {
    int64_t steps = lade__sampler_steps(&fit->sampler), rows;
    struct lade__slot *slot;

    for (int64_t step = 0; step < steps; step++) {
        int status = lade__workers_next(fit->workers, NULL, &slot, err);
        if (status < 0)
            return status;
        status = lade__delivery_drop_invalid(&fit->flow->delivery, slot, &rows, err);
        if (status == LADE_OK)
            add_rows(fit, slot, rows);
        lade__ring_give(slot);
        if (status < 0)
            return status;
    }
    if (!fit->images)
        return lade_error_set_subject(err, LADE_EINVAL, fit->flow->samples.source,
                                      "%s: there is no valid image for the statistics", fit->flow->samples.source);
    return LADE_OK;
}

int lade__fit_run(struct lade__fit *fit, struct lade_error *err) {
    struct lade__flow_job job = {fit, lade__sampler_steps(&fit->sampler), prepare, make};

    fit->workers = lade__workers_new(fit->ring, fit->options.workers, &job, err);
    if (!fit->workers)
        return err->code;
    return add_epoch(fit, err);
}
