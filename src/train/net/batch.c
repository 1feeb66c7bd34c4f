/*
 * train/net/batch.c - runs one or more batches through a net and computes predictions, an evaluation or gradients.
 */
#include <inttypes.h>

#include "base/float_mode.h"
#include "base/monitor.h"
#include "base/option.h"
#include "train/net/net.h"
#include "train/net/pass.h"
#include "train/net/vector.h"

#define SAMPLES_TOGETHER 256    /* lade_net_predict() computes at most 256 samples at a time, to save memory */
#define PIECE_FLOATS     131072 /* for a smaller piece, another thread costs more time than the thread saves */

/* ---- Checks ------------------------------------------------------------------------------------------------------ */

/* Checks that the samples in @x have the shape and a type that the net accepts. Returns LADE_OK or LADE_EINVAL with
   @err. */
static int check_input(const lade_net *net, const struct lade_tensor *x, struct lade_error *err) {
    struct lade__shape given = lade__shape_of(x->dl.ndim - 1, x->shape + 1);
    if (!lade__shape_equal(&given, &net->spec.in)) {
        char have[LADE__SHAPE_TEXT], want[LADE__SHAPE_TEXT];
        if (!given.ndim)
            return lade_error_set_subject(err, LADE_EINVAL, "x", "x has one dimension, but it must be n samples of %s",
                                          lade__shape_text(&net->spec.in, want));
        return lade_error_set_subject(err, LADE_EINVAL, "x", "the samples are %s, but the net was made for %s",
                                      lade__shape_text(&given, have), lade__shape_text(&net->spec.in, want));
    }
    if (x->dtype != LADE_FLOAT32 && x->dtype != LADE_UINT8)
        return lade_error_set_subject(err, LADE_EINVAL, "x", "the samples are %s; a net accepts float32 and uint8",
                                      lade_dtype_name(x->dtype));
    return LADE_OK;
}

static int check_batch(const lade_net *net, const struct lade_batch *b, struct lade_error *err) {
    int status = check_input(net, b->x, err);
    if (status == LADE_OK && b->x->shape[0] != b->n)
        status = lade_error_set_subject(err, LADE_EINVAL, "x",
                                        "n of the batch is %" PRId64 ", but x has %" PRId64 " samples", b->n,
                                        b->x->shape[0]);
    return status < 0 ? status : lade__labels_check(net->info.loss, net->info.outputs, b, err);
}

/* ---- Passes ------------------------------------------------------------------------------------------------------ */

/* Computes a batch of @n samples. Before the call, each caller sets the fields of @p that describe the computation:
   samples, labels, options of the loss, and output. This function sets the other fields. */
static int run(lade_net *net, struct lade__pass *p, int64_t n, bool training, struct lade_error *err) {
    struct lade__plan_config config = {&net->spec, net->info.loss, net->info.threads};
    struct lade__plan *plan = NULL;
    bool finite;
    int status = training ? LADE_OK : lade__net_canceled(net, err); /* a training step is never canceled */
    if (status == LADE_OK)
        status = lade__net_begin(net, err);
    if (status < 0)
        return status;
    if (training)
        net->finite = false; /* a training step changes buffers */
    else
        status = lade__net_check_finite(net, err);
    if (status == LADE_OK)
        status = lade__plan_cache_get(&net->plans, &config, net->replicas, n, training, &plan, err);
    if (status < 0) {
        lade__net_end(net);
        return status;
    }
    p->spec = &net->spec;
    p->values = net->values;
    p->seed = net->info.seed;
    p->clock = net->clock;
    p->pool = net->pool;
    p->replicas = net->replicas;
    p->plan = plan;
    p->loss = net->info.loss;
    p->canceled = training ? NULL : &net->canceled;
    status = lade__pass_run(p, &finite, err);
    lade__net_end(net);
    if (status == LADE_OK && finite && training)
        net->clock++;
    return status;
}

static void add_sums(const struct lade__pass *p, struct lade__loss_sums *t) {
    for (int i = 0; i < p->plan->count; i++)
        lade__loss_sums_add(t, &p->replicas[i].sums);
}

int lade__net_evaluate_batch(lade_net *net, const struct lade_batch *b, struct lade__loss_sums *t,
                             struct lade_error *err) {
    struct lade__loss_config config = {.loss = net->info.loss, .outputs = net->info.outputs};
    struct lade__pass p = {.x = b->x, .b = b, .config = &config};
    if (b->n == 0)
        return LADE_OK;
    int status = check_batch(net, b, err);
    if (status == LADE_OK)
        status = run(net, &p, b->n, false, err);
    if (status == LADE_OK)
        add_sums(&p, t);
    return status;
}

int lade__net_compute_gradients(lade_net *net, const struct lade_batch *b, const struct lade__loss_config *config,
                                struct lade__loss_sums *t, struct lade_error *err) {
    struct lade__pass p = {.x = b->x, .b = b, .config = config};
    int status = check_batch(net, b, err);
    if (status < 0)
        return status;
    struct lade__loss_labels labels = lade__labels_of(b, 0, b->n);
    p.weight = lade__loss_weight(config, &labels);
    if (p.weight == 0)
        return LADE_OK;
    status = run(net, &p, b->n, true, err);
    if (status < 0)
        return status;
    add_sums(&p, t);
    net->gradient_count = p.plan->count;
    return LADE_OK;
}

/* ---- Several batches --------------------------------------------------------------------------------------------- */

int lade_net_predict(lade_net *net, const struct lade_tensor *x, float *out, struct lade_error *err) {
    LADE__DEFER_CANCEL;
    int status = check_input(net, x, err);
    int64_t n = status == LADE_OK ? x->shape[0] : 0;
    for (int64_t first = 0; first < n && status == LADE_OK; first += SAMPLES_TOGETHER) {
        int64_t count = n - first < SAMPLES_TOGETHER ? n - first : SAMPLES_TOGETHER;
        struct lade__pass p = {.x = x, .first = first, .out = out + first * net->info.outputs};
        status = run(net, &p, count, false, err);
    }
    return status;
}

int lade__source_check(const lade_net *net, const struct lade_source *source, const char *what, int64_t *steps,
                       struct lade_error *err) {
    const struct lade_net_info *info = &net->info;
    if (LADE__RESERVED_CHECK(source, "lade_source", err) < 0)
        return LADE_EINVAL;
    int ndim = source->sample_ndim < LADE_MAX_DIMS ? source->sample_ndim : LADE_MAX_DIMS;
    struct lade__shape shape = lade__shape_of(ndim, source->sample_shape);
    if (!lade__shape_equal(&shape, &net->spec.in)) {
        char have[LADE__SHAPE_TEXT], want[LADE__SHAPE_TEXT];
        return lade_error_set_subject(err, LADE_EINVAL, what, "%s: its samples are %s, but the net was made for %s",
                                      what, lade__shape_text(&shape, have), lade__shape_text(&net->spec.in, want));
    }
    if (source->classes == 0)
        return lade_error_set_subject(err, LADE_EINVAL, what,
                                      "%s: the source has no labels; choose a class mode other than none", what);
    if (source->classes != info->outputs)
        return lade_error_set_subject(err, LADE_EINVAL, what,
                                      "%s: the source has %" PRId64 " classes, but the net has %" PRId64
                                      " outputs; the last layer of the net must be \"dense %" PRId64 "\"",
                                      what, source->classes, info->outputs, source->classes);
    if (*steps == 0)
        *steps = source->steps;
    if (*steps < 1)
        return lade_error_set_subject(err, LADE_EINVAL, what,
                                      "%s: an epoch has %" PRId64 " steps; it must have at least one", what, *steps);
    return LADE_OK;
}

int lade__net_evaluate_source(lade_net *net, const struct lade_source *source, int64_t steps, struct lade__loss_sums *t,
                              struct lade_error *err) {
    for (int64_t i = 0; i < steps; i++) {
        struct lade_batch *batch = NULL;
        int status = lade__net_canceled(net, err);
        if (status < 0)
            return status;
        status = source->next(source->ctx, &batch, err);
        if (status < 0)
            return status;
        status = lade__net_evaluate_batch(net, batch, t, err);
        lade_batch_unref(batch);
        if (status < 0)
            return status;
    }
    return LADE_OK;
}

int lade_net_evaluate(lade_net *net, struct lade_source source, int64_t steps, struct lade_score *out,
                      struct lade_error *err) {
    LADE__DEFER_CANCEL;
    struct lade__loss_sums sums = {0};
    int status = lade__source_check(net, &source, "source", &steps, err);
    if (status == LADE_OK)
        status = lade__net_evaluate_source(net, &source, steps, &sums, err);
    if (status == LADE_OK)
        *out = lade__loss_sums_score(&sums);
    return status;
}

/* ---- Gradients --------------------------------------------------------------------------------------------------- */

void lade__net_sum_gradients(lade_net *net, size_t begin, size_t end) {
    float *sum = net->replicas[0].gradients;
    for (int i = 1; i < net->gradient_count; i++) {
        const float *more = net->replicas[i].gradients;
        for (size_t j = begin; j < end; j += LADE__VEC_FLOATS)
            *(lade__vec *)(sum + j) += *(const lade__vec *)(more + j);
    }
}

struct pieces {
    void (*fn)(void *ctx, size_t begin, size_t end);
    void *ctx;
    size_t floats;
    int count;
};

static void run_piece(void *ctx, int i) {
    const struct pieces *p = ctx;
    size_t sixteens = p->floats / 16, count = (size_t)p->count;
    uint64_t before = lade__float_mode_begin();
    p->fn(p->ctx, sixteens * (size_t)i / count * 16, sixteens * (size_t)(i + 1) / count * 16);
    lade__float_mode_end(before);
}

void lade__net_for_each_piece(lade_net *net, void (*fn)(void *ctx, size_t begin, size_t end), void *ctx) {
    struct pieces p = {fn, ctx, net->spec.trainable_floats, 1};
    if (net->info.threads > 1)
        p.count += (int)(p.floats / PIECE_FLOATS);
    __atomic_store_n(&net->busy, true, __ATOMIC_RELEASE);
    net->finite = false;
    lade__pool_run(net->pool, p.count, run_piece, &p);
    lade__net_end(net);
}
