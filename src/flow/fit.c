/*
 * Implements lade_flow_fit(), which computes the statistics of all samples with its own workers.
 *
 * When lade_flow_cancel() is called, one of these workers may be in a slow read or in a slow function of the user.
 * lade_flow_fit() does not wait for the worker. The function returns, and the flow keeps the memory of the computation
 * until all these workers have been joined. The batches of the flow are made by other workers, which start only after
 * the workers of lade_flow_fit() are idle.
 */
#include "flow/fit_impl.h"

#include <math.h>

#include "flow/statistics/stats.h"

static int store_result(struct lade__fit *fit, struct lade_error *err) {
    float rescale = fit->maker.settings.output.rescale;
    struct lade_stats stats = {.channels = lade__sample_settings_channels(&fit->maker.settings),
                               .images = fit->images,
                               .left_out = fit->sampler.samples - fit->images,
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

void lade__fit_free(struct lade__fit *fit) {
    if (!fit)
        return;
    lade__workers_free(fit->workers);
    for (int i = 0; fit->samples && i < fit->options.workers; i++)
        lade_free(fit->samples[i]);
    lade_free(fit->samples);
    lade__whitening_free(fit->whitening);
    lade__sample_maker_release(&fit->maker);
    lade__ring_close(fit->ring);
    lade_free(fit);
}

void lade__fit_cancel(struct lade__fit *fit) {
    lade__ring_cancel(fit->ring, true);
}

int lade__fit_idle(struct lade__fit *fit, const struct timespec *deadline, struct lade_error *err) {
    if (!fit->workers || lade__workers_lost(fit->workers))
        return LADE_OK;
    return lade__workers_idle(fit->workers, deadline, err);
}

static void set_maker(struct lade__fit *fit) {
    const lade_flow *flow = fit->flow;
    struct lade__sample_maker *m = &fit->maker;
    struct lade__sample_settings *settings = &m->settings;

    fit->options = flow->options;
    fit->options.order = LADE_ORDER_SORTED;
    fit->options.class_mode = LADE_CLASS_NONE;
    if (fit->options.crop == LADE_CROP_RANDOM)
        fit->options.crop = LADE_CROP_NONE; /* the statistics are computed from whole images */
    fit->options.mixup_alpha = fit->options.cutmix_alpha = 0;
    if (fit->options.on_error == LADE_ERROR_REPLACE)
        fit->options.on_error = LADE_ERROR_SKIP;
    fit->sampler = flow->sampler;
    fit->sampler.order = LADE_ORDER_SORTED;
    fit->sampler.drop_last = false;
    fit->sampler.rank = 0;
    fit->sampler.world = 1;
    *m = flow->maker;
    m->saved_images = NULL;
    m->buffers = NULL;
    settings->options = &fit->options;
    settings->sampler = &fit->sampler;
    settings->augment = (struct lade_augment){0};
    settings->augments = false;
    settings->unchanged = (struct lade_transform){0};
    settings->output.featurewise_center = settings->output.featurewise_std_normalization = false;
    settings->output.zca_whitening = false;
    settings->layout.columns = 0;
    settings->layout.saved_bytes = 0;
    settings->layout.y_is_x = settings->layout.weighted = false;
    settings->layout.rows = lade__sampler_max_rows(&fit->sampler);
}

static int make_samples(struct lade__fit *fit) {
    int workers = fit->options.workers;

    fit->samples = lade_calloc((size_t)workers, sizeof *fit->samples);
    for (int i = 0; fit->samples && i < workers; i++)
        if (!(fit->samples[i] = lade_alloc(fit->maker.settings.layout.row_bytes)))
            return LADE_ENOMEM;
    return fit->samples ? LADE_OK : LADE_ENOMEM;
}

static int make_whitening(struct lade__fit *fit) {
    double epsilon = fit->options.zca_epsilon == 0 ? 1e-6 : fit->options.zca_epsilon;

    fit->whitening = lade__whitening_new((int)(fit->maker.settings.layout.row_bytes / sizeof(float)),
                                         lade__sample_settings_channels(&fit->maker.settings), fit->options.data_format,
                                         epsilon == LADE_OFF ? 0 : epsilon);
    return fit->whitening ? LADE_OK : LADE_ENOMEM;
}

static int no_memory(const struct lade__fit *fit, struct lade_error *err) {
    return lade_error_set(err, LADE_ENOMEM, "no memory for statistics of images of %zu bytes",
                          fit->maker.settings.layout.row_bytes);
}

static int set_up(struct lade__fit *fit, struct lade_error *err) {
    struct lade__batch_layout layout = fit->maker.settings.layout;

    if (fit->options.zca_whitening) {
        if (make_whitening(fit) < 0)
            return no_memory(fit, err);
    } else {
        layout.shape[0] = layout.shape[1] = 1;
        layout.row_bytes = 4 * sizeof(struct lade__moments);
        layout.shape[2] = (int64_t)(layout.row_bytes / sizeof(float));
        if (make_samples(fit) < 0)
            return no_memory(fit, err);
    }
    fit->ring = lade__ring_new(&layout);
    return fit->ring ? lade__sample_maker_start(&fit->maker, err) : no_memory(fit, err);
}

static struct lade__fit *fit_new(lade_flow *flow, struct lade_error *err) {
    struct lade__fit *fit = lade_calloc(1, sizeof *fit);

    if (!fit) {
        lade_error_set(err, LADE_ENOMEM, "no memory for statistics");
        return NULL;
    }
    fit->flow = flow;
    set_maker(fit);
    if (set_up(fit, err) == LADE_OK)
        return fit;
    lade__fit_free(fit);
    return NULL;
}

/* Checks that a fit can begin. Frees an earlier fit that was canceled. */
static int check(lade_flow *flow, struct lade_error *err) {
    /* The position is also checked, because after fork() the workers may exist only in the parent. */
    bool started = lade__flow_workers(flow) || flow->epoch || flow->step;
    lade__monitor_enter(&flow->monitor);
    struct lade__fit *canceled = flow->fit;
    flow->fit = NULL;
    lade__monitor_leave(&flow->monitor);
    lade__fit_free(canceled);
    if (started)
        return lade_error_set(
            err, LADE_ESTATE,
            "batches of the flow of %s were already read: call lade_flow_fit() before the first batch, "
            "or set `stats`",
            flow->samples.source);
    if (flow->maker.settings.layout.dtype != LADE_FLOAT32)
        return lade_error_set_subject(err, LADE_EINVAL, "dtype",
                                      "lade_flow_fit() needs dtype float32: only float32 samples can use statistics");
    return LADE_OK;
}

/* Stores @fit in its flow, so that lade_flow_cancel() finds it. */
static void publish(struct lade__fit *fit) {
    lade_flow *flow = fit->flow;

    lade__monitor_enter(&flow->monitor);
    flow->fit = fit;
    if (flow->canceled)
        lade__fit_cancel(fit);
    lade__monitor_leave(&flow->monitor);
}

int lade_flow_fit(lade_flow *flow, struct lade_error *err) {
    LADE__DEFER_CANCEL;
    struct lade_error own = {0};

    err = err ? err : &own;
    if (lade__flow_canceled(flow, err) < 0 || check(flow, err) < 0)
        return err->code;
    struct lade__fit *fit = fit_new(flow, err);
    if (!fit)
        return err->code;
    publish(fit);
    int status = lade__fit_run(fit, err);
    if (status == LADE_OK)
        status = store_result(fit, err);
    lade__monitor_enter(&flow->monitor);
    bool keep = flow->canceled; /* lade_flow_free() or the next lade_flow_fit() waits for the workers and frees @fit */
    if (!keep)
        flow->fit = NULL;
    lade__monitor_leave(&flow->monitor);
    if (!keep)
        lade__fit_free(fit);
    return status;
}

const struct lade_stats *lade_flow_stats(const lade_flow *flow) {
    return flow->stats;
}
