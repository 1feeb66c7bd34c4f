/*
 * Statistics of all samples in one pass, by the threads and the steps that make the stream. Each sample becomes a few
 * sums on the thread that decodes it, those of the samples are joined in the order of the listing: the numbers are the
 * same for any number of workers.
 */
#include <math.h>
#include <string.h>

#include "flow/statistics/stats.h"
#include "flow/flow_impl.h"
#include "flow/statistics/whitening.h"

/* Of one channel: how many values, their mean, the sum of the squares of their distances from it. */
struct moments {
    double count, mean, squares;
};

struct fit {
    lade_flow *flow;
    lade_flow twin; /* makes samples as the flow does, in order and up to the featurewise steps */
    float **room;   /* a sample for each worker; NULL: they stay in their slots, to be whitened */
    struct moments all[4];
    struct lade__whiten *whiten; /* NULL: no zca_whitening */
    int64_t images;
};

/* ---- A sample ---------------------------------------------------------------------------------------------------- */

static int channels_of(const struct fit *fit) {
    return lade_color_mode_channels(fit->flow->options.color_mode);
}

static struct moments moments_of(const float *x, size_t count, size_t apart) {
    struct moments m = {.count = (double)count};
    for (size_t i = 0; i < count; i++)
        m.mean += (double)x[i * apart];
    m.mean /= m.count;
    for (size_t i = 0; i < count; i++) {
        double off = (double)x[i * apart] - m.mean;
        m.squares += off * off;
    }
    return m;
}

/* Chan, Golub, LeVeque: two sets of values as one. */
static void join(struct moments *all, const struct moments *more) {
    double count = all->count + more->count, off = more->mean - all->mean;
    all->squares += more->squares + off * off * (all->count * more->count / count);
    all->mean += off * (more->count / count);
    all->count = count;
}

static void measure(const struct fit *fit, const float *x, struct moments out[4]) {
    const int *size = fit->flow->options.target_size;
    size_t channels = (size_t)channels_of(fit), pixels = (size_t)size[0] * (size_t)size[1];
    bool first = fit->flow->options.data_format == LADE_CHANNELS_FIRST;
    for (size_t c = 0; c < channels; c++)
        out[c] = moments_of(x + (first ? c * pixels : c), pixels, first ? 1 : channels);
}

/* ---- The job ----------------------------------------------------------------------------------------------------- */

static void plan(void *ctx, struct lade__slot *slot) {
    lade__flow_plan(&((struct fit *)ctx)->twin, slot);
}

/* Row @row of @slot is the moments of its channels; with whitening, the sample itself. */
static int make(void *ctx, int worker, const struct lade__slot *slot, int64_t row, struct lade_flow_counters *counters,
                struct lade__failure *failure) {
    struct fit *fit = ctx;
    if (fit->whiten)
        return lade__sample_make(&fit->twin, worker, slot, row, counters, failure);
    struct lade__slot one = {.ring = slot->ring, /* its only row is where the sample goes; what other threads change of
                                                    @slot is not copied */
                             .x = (unsigned char *)fit->room[worker],
                             .indices = slot->indices + row,
                             .positions = slot->positions + row,
                             .epoch = slot->epoch,
                             .step = slot->step,
                             .first = slot->first + row,
                             .rows = slot->rows,
                             .order = slot->order};
    int status = lade__sample_make(&fit->twin, worker, &one, 0, counters, failure);
    if (status == LADE_OK)
        measure(fit, fit->room[worker],
                (struct moments *)(void *)(slot->x + (size_t)row * slot->ring->layout.row_bytes));
    return status;
}

/* ---- The pass ---------------------------------------------------------------------------------------------------- */

static void take_rows(struct fit *fit, const struct lade__slot *slot, int64_t rows) {
    struct moments own[4];
    for (int64_t row = 0; row < rows; row++) {
        const void *x = slot->x + (size_t)row * slot->ring->layout.row_bytes;
        const struct moments *moments = x;
        if (fit->whiten) {
            measure(fit, x, own);
            moments = own;
        }
        for (int c = 0; c < channels_of(fit); c++)
            join(&fit->all[c], &moments[c]);
    }
    if (fit->whiten)
        lade__whiten_add(fit->whiten, (const float *)(const void *)slot->x, rows);
    fit->images += rows;
}

static int run(struct fit *fit, struct lade__workers *workers, struct lade_error *err) {
    int64_t steps = lade__shard_steps(&fit->twin.shard), rows;
    struct lade__slot *slot;
    for (int64_t step = 0; step < steps; step++) {
        int status = lade__workers_next(workers, &slot, err);
        if (status < 0)
            return status;
        status = lade__flow_sift(fit->flow, slot, &rows, err);
        if (status == LADE_OK)
            take_rows(fit, slot, rows);
        lade__ring_give(slot);
        if (status < 0)
            return status;
    }
    if (!fit->images)
        return lade_error_set(err, LADE_EINVAL, "%s: no good image to make statistics of", fit->flow->samples.source);
    return LADE_OK;
}

static int pass(struct fit *fit, struct lade__ring *ring, struct lade_error *err) {
    int count = fit->flow->options.workers;
    struct lade__job job = {fit, lade__shard_steps(&fit->twin.shard), plan, make};
    struct lade__workers *workers = lade__workers_new(ring, count, &job, err);
    if (!workers)
        return err->code;
    lade__workers_seek(workers, 0, 0);
    int status = run(fit, workers, err);
    lade__workers_free(workers);
    return status;
}

static int keep(struct fit *fit, struct lade_error *err) {
    float rescale = fit->flow->output.rescale;
    struct lade_stats stats = {
        .channels = channels_of(fit), .images = fit->images, .rescale = rescale != 0 ? rescale : 1};
    float *matrix = NULL;
    int status = LADE_OK;
    for (int c = 0; c < stats.channels; c++) {
        stats.mean[c] = fit->all[c].mean;
        stats.std[c] = sqrt(fit->all[c].squares / fit->all[c].count);
    }
    if (fit->whiten) {
        status = lade__whiten_matrix(fit->whiten, stats.mean, &matrix, err);
        stats.zca = matrix;
        stats.zca_values = lade__whiten_values(fit->whiten);
    }
    if (status == LADE_OK && (status = lade__flow_use_stats(fit->flow, &stats)) < 0)
        lade_error_set(err, status, "no memory for the statistics");
    lade_free(matrix);
    return status;
}

/* ---- Beginning and end ------------------------------------------------------------------------------------------- */

static void release(struct fit *fit, struct lade__ring *ring) {
    for (int i = 0; fit->room && i < fit->flow->options.workers; i++)
        lade_free(fit->room[i]);
    lade_free(fit->room);
    lade__whiten_free(fit->whiten);
    lade__flow_free_benches(&fit->twin);
    lade__ring_close(ring);
}

static int make_room(struct fit *fit) {
    int workers = fit->flow->options.workers;
    fit->room = lade_calloc((size_t)workers, sizeof *fit->room);
    for (int i = 0; fit->room && i < workers; i++)
        if (!(fit->room[i] = lade_alloc(fit->flow->layout.row_bytes)))
            return LADE_ENOMEM;
    return fit->room ? LADE_OK : LADE_ENOMEM;
}

/* A flow that makes the same samples, one after the other and without what comes later. */
static void set_twin(struct fit *fit) {
    lade_flow *twin = &fit->twin;
    memcpy(twin, fit->flow, sizeof *twin); /* what it points to is the flow's, and only read */
    twin->benches = NULL;
    twin->augment = (struct lade_augment){0};
    twin->output.featurewise_center = twin->output.featurewise_std_normalization = twin->output.zca_whitening = false;
    twin->options.order = LADE_ORDER_SORTED;
    twin->options.class_mode = LADE_CLASS_NONE;
    if (twin->options.crop == LADE_CROP_RANDOM)
        twin->options.crop = LADE_CROP_NONE; /* all of the image, since any of it may come */
    if (twin->options.on_error == LADE_ERROR_REPLACE)
        twin->options.on_error = LADE_ERROR_SKIP;
    twin->shard.rank = 0;
    twin->shard.world = 1;
    twin->layout.columns = 0;
    twin->layout.saved_bytes = 0;
    twin->saving = (struct lade__saving){0};
    twin->layout.y_is_x = twin->layout.weighted = false;
    twin->layout.rows = lade__shard_rows(&twin->shard);
}

static int set_up(struct fit *fit, struct lade__ring **ring) {
    const lade_flow *flow = fit->flow;
    struct lade__layout layout = fit->twin.layout;
    double epsilon = flow->options.zca_epsilon;
    if (flow->options.zca_whitening) {
        fit->whiten =
            lade__whiten_new((int)(flow->layout.row_bytes / sizeof(float)), channels_of(fit), flow->options.data_format,
                             epsilon == LADE_OFF ? 0
                             : epsilon == 0      ? 1e-6
                                                 : epsilon);
        if (!fit->whiten)
            return LADE_ENOMEM;
    } else {
        layout.shape[0] = layout.shape[1] = 1;
        layout.row_bytes = 4 * sizeof(struct moments);
        layout.shape[2] = (int64_t)(layout.row_bytes / sizeof(float));
        if (make_room(fit) < 0)
            return LADE_ENOMEM;
    }
    *ring = lade__ring_new(&layout);
    return *ring ? lade__flow_make_benches(&fit->twin) : LADE_ENOMEM;
}

int lade_flow_fit(lade_flow *flow, struct lade_error *err) {
    struct lade_error own = {0};
    struct lade__ring *ring = NULL;

    err = err ? err : &own;
    pthread_mutex_lock(&flow->starting);
    bool begun = flow->workers != NULL;
    pthread_mutex_unlock(&flow->starting);
    if (begun)
        return lade_error_set(
            err, LADE_ESTATE,
            "the stream of %s has begun: call lade_flow_fit() before its first batch, or give `stats`",
            flow->samples.source);
    if (flow->output.uint8)
        return lade_error_set(err, LADE_EINVAL, "lade_flow_fit() needs dtype float32: so do the steps it is for");
    struct fit *fit = lade_calloc(1, sizeof *fit);
    if (!fit)
        return lade_error_set(err, LADE_ENOMEM, "no memory for statistics");
    fit->flow = flow;
    set_twin(fit);
    int status = set_up(fit, &ring);
    if (status < 0)
        lade_error_set(err, status, "no memory for statistics of images of %lld bytes",
                       (long long)flow->layout.row_bytes);
    if (status == LADE_OK)
        status = pass(fit, ring, err);
    if (status == LADE_OK)
        status = keep(fit, err);
    release(fit, ring);
    lade_free(fit);
    return status;
}

const struct lade_stats *lade_flow_stats(const lade_flow *flow) {
    return flow->stats;
}
