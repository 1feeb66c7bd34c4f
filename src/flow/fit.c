/*
 * Computes the statistics of all samples in one pass. The worker that makes a sample also computes its moments. The
 * moments of all samples are added in the order of the file list, so the results do not depend on the number of
 * workers.
 */
#include <math.h>
#include <string.h>

#include "flow/flow_impl.h"
#include "flow/statistics/stats.h"
#include "flow/statistics/whitening.h"

/* The moments of one channel: the number of values, their mean, and the sum of the squared differences from the
   mean. */
struct moments {
    double count, mean, squares;
};

struct fit {
    lade_flow *flow;
    /* A copy of the flow's sample maker and its settings, but with sorted samples and without the featurewise steps. */
    struct lade_flow_options options;
    struct lade__sampler sampler;
    struct lade__sample_maker maker;
    float **samples; /* one sample for each worker; NULL with zca_whitening, which needs the samples in their slots */
    struct moments all[4];
    struct lade__whitening *whitening; /* NULL: no zca_whitening */
    int64_t images;
};

/* ---- A sample ---------------------------------------------------------------------------------------------------- */

static struct moments moments_of(const float *x, size_t count, size_t stride) {
    struct moments m = {.count = (double)count};

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
static void add_moments(struct moments *all, const struct moments *more) {
    double count = all->count + more->count, difference = more->mean - all->mean;

    all->squares += more->squares + difference * difference * (all->count * more->count / count);
    all->mean += difference * (more->count / count);
    all->count = count;
}

static void compute_moments(const struct fit *fit, const float *x, struct moments out[4]) {
    const int *size = fit->options.target_size;
    size_t channels = (size_t)lade__sample_settings_channels(&fit->maker.settings),
           pixels = (size_t)size[0] * (size_t)size[1];
    bool first = fit->options.data_format == LADE_CHANNELS_FIRST;

    for (size_t c = 0; c < channels; c++)
        out[c] = moments_of(x + (first ? c * pixels : c), pixels, first ? 1 : channels);
}

/* ---- The job ----------------------------------------------------------------------------------------------------- */

static void plan(void *ctx, struct lade__slot *slot) {
    lade__sample_maker_plan(&((struct fit *)ctx)->maker, slot);
}

/* Makes a sample. With zca_whitening, stores the sample in row @row of @slot. Otherwise stores the moments of its
   channels there. */
static int make(void *ctx, int worker, const struct lade__slot *slot, int64_t row, struct lade_flow_counters *counters,
                struct lade__failure *failure) {
    struct fit *fit = ctx;

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
                        (struct moments *)(void *)(slot->x + (size_t)row * slot->ring->layout.row_bytes));
    return status;
}

/* ---- The pass ---------------------------------------------------------------------------------------------------- */

static void add_rows(struct fit *fit, const struct lade__slot *slot, int64_t rows) {
    struct moments own[4];

    for (int64_t row = 0; row < rows; row++) {
        const void *x = slot->x + (size_t)row * slot->ring->layout.row_bytes;
        const struct moments *moments = x;
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

static int add_epoch(struct fit *fit, struct lade__workers *workers, struct lade_error *err) {
    int64_t steps = lade__sampler_steps(&fit->sampler), rows;
    struct lade__slot *slot;

    for (int64_t step = 0; step < steps; step++) {
        int status = lade__workers_next(workers, &slot, err);
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

static int run(struct fit *fit, struct lade__ring *ring, struct lade_error *err) {
    struct lade__flow_job job = {fit, lade__sampler_steps(&fit->sampler), plan, make};
    struct lade__workers *workers = lade__workers_new(ring, fit->options.workers, &job, err);

    if (!workers)
        return err->code;
    lade__workers_seek(workers, 0, 0);
    int status = add_epoch(fit, workers, err);
    lade__workers_free(workers);
    return status;
}

static int store_result(struct fit *fit, struct lade_error *err) {
    float rescale = fit->maker.settings.output.rescale;
    struct lade_stats stats = {.channels = lade__sample_settings_channels(&fit->maker.settings),
                               .images = fit->images,
                               .rescale = rescale != 0 ? rescale : 1};
    float *matrix = NULL;
    int status = LADE_OK;

    for (int c = 0; c < stats.channels; c++) {
        stats.mean[c] = fit->all[c].mean;
        stats.std[c] = sqrt(fit->all[c].squares / fit->all[c].count);
    }
    if (fit->whitening) {
        status = lade__whitening_matrix(fit->whitening, stats.mean, &matrix, err);
        stats.zca = matrix;
        stats.zca_values = lade__whitening_values(fit->whitening);
    }
    if (status == LADE_OK && (status = lade__flow_use_stats(fit->flow, &stats)) < 0)
        lade_error_set(err, status, "no memory for the statistics");
    lade_free(matrix);
    return status;
}

/* ---- Setting up -------------------------------------------------------------------------------------------------- */

static void release(struct fit *fit, struct lade__ring *ring) {
    for (int i = 0; fit->samples && i < fit->options.workers; i++)
        lade_free(fit->samples[i]);
    lade_free(fit->samples);
    lade__whitening_free(fit->whitening);
    lade__sample_maker_release(&fit->maker);
    lade__ring_close(ring);
}

static void set_maker(struct fit *fit) {
    const lade_flow *flow = fit->flow;
    struct lade__sample_maker *m = &fit->maker;
    struct lade__sample_settings *settings = &m->settings;

    fit->options = flow->options;
    fit->options.order = LADE_ORDER_SORTED;
    fit->options.class_mode = LADE_CLASS_NONE;
    if (fit->options.crop == LADE_CROP_RANDOM)
        fit->options.crop = LADE_CROP_NONE; /* the statistics are computed from whole images */
    if (fit->options.on_error == LADE_ERROR_REPLACE)
        fit->options.on_error = LADE_ERROR_SKIP;
    fit->sampler = flow->sampler;
    fit->sampler.order = LADE_ORDER_SORTED;
    fit->sampler.rank = 0;
    fit->sampler.world = 1;
    *m = flow->maker;
    m->saved_images = NULL;
    m->buffers = NULL;
    settings->options = &fit->options;
    settings->sampler = &fit->sampler;
    settings->augment = (struct lade_augment){0};
    settings->output.featurewise_center = settings->output.featurewise_std_normalization = false;
    settings->output.zca_whitening = false;
    settings->layout.columns = 0;
    settings->layout.saved_bytes = 0;
    settings->layout.y_is_x = settings->layout.weighted = false;
    settings->layout.rows = lade__sampler_max_rows(&fit->sampler);
}

static int make_samples(struct fit *fit) {
    int workers = fit->options.workers;

    fit->samples = lade_calloc((size_t)workers, sizeof *fit->samples);
    for (int i = 0; fit->samples && i < workers; i++)
        if (!(fit->samples[i] = lade_alloc(fit->maker.settings.layout.row_bytes)))
            return LADE_ENOMEM;
    return fit->samples ? LADE_OK : LADE_ENOMEM;
}

static int make_whitening(struct fit *fit) {
    double epsilon = fit->options.zca_epsilon == 0 ? 1e-6 : fit->options.zca_epsilon;

    fit->whitening = lade__whitening_new((int)(fit->maker.settings.layout.row_bytes / sizeof(float)),
                                         lade__sample_settings_channels(&fit->maker.settings), fit->options.data_format,
                                         epsilon == LADE_OFF ? 0 : epsilon);
    return fit->whitening ? LADE_OK : LADE_ENOMEM;
}

static int no_memory(const struct fit *fit, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "no memory for statistics of images of %zu bytes",
                          fit->maker.settings.layout.row_bytes);
}

static int set_up(struct fit *fit, struct lade__ring **ring, struct lade_error *err) {
    struct lade__batch_layout layout = fit->maker.settings.layout;

    if (fit->options.zca_whitening) {
        if (make_whitening(fit) < 0)
            return no_memory(fit, err);
    } else {
        layout.shape[0] = layout.shape[1] = 1;
        layout.row_bytes = 4 * sizeof(struct moments);
        layout.shape[2] = (int64_t)(layout.row_bytes / sizeof(float));
        if (make_samples(fit) < 0)
            return no_memory(fit, err);
    }
    *ring = lade__ring_new(&layout);
    return *ring ? lade__sample_maker_start(&fit->maker, err) : no_memory(fit, err);
}

int lade_flow_fit(lade_flow *flow, struct lade_error *err) {
    struct lade_error own = {0};
    struct lade__ring *ring = NULL;

    err = err ? err : &own;
    pthread_mutex_lock(&flow->starting);
    bool started = flow->workers != NULL;
    pthread_mutex_unlock(&flow->starting);
    if (started)
        return lade_error_set(
            err, LADE_ESTATE,
            "batches of the flow of %s were already read: call lade_flow_fit() before the first batch, "
            "or set `stats`",
            flow->samples.source);
    if (flow->maker.settings.output.uint8)
        return lade_error_set_subject(err, LADE_EINVAL, "dtype",
                                      "lade_flow_fit() needs dtype float32, like the steps that use the statistics");
    struct fit *fit = lade_calloc(1, sizeof *fit);
    if (!fit)
        return lade_error_set(err, LADE_ENOMEM, "no memory for statistics");
    fit->flow = flow;
    set_maker(fit);
    int status = set_up(fit, &ring, err);
    if (status == LADE_OK)
        status = run(fit, ring, err);
    if (status == LADE_OK)
        status = store_result(fit, err);
    release(fit, ring);
    lade_free(fit);
    return status;
}

const struct lade_stats *lade_flow_stats(const lade_flow *flow) {
    return flow->stats;
}
