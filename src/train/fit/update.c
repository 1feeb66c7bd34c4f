/*
 * train/fit/update.c - from a batch to a step of the optimiser. Mostly the gradient is added up, clipped and followed in
 * one pass over the parameters, as much at a time as stays in the cache; a norm to clip by, or batches to wait for,
 * take a pass of their own before.
 */
#include "train/fit/update.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "train/net/net.h"
#include "base/text.h"
#include "train/net/vector.h"

#define FLOATS_TOGETHER 4096
#define SAMPLES_NAMED   4 /* samples of a bad batch that the message names */

static const char gradient[] = "the gradient is not finite";

/* ---- Numbers that are none --------------------------------------------------------------------------------------- */

/* The first row of a batch with a number that is not finite; b->n: none. */
static int64_t first_bad_row(const struct lade_batch *b) {
    int64_t i = 0, size = lade_tensor_count(b->x) / b->n;
    while (i < b->n && (b->x->dtype != LADE_FLOAT32 ||
                        lade__all_finite((const float *)lade_tensor_data(b->x) + i * size, (size_t)size)))
        i++;
    return i;
}

/* What row @i of a batch is called: its file, where the source can tell; else its number. */
static const char *name_row(const struct lade__run *r, const struct lade_batch *b, int64_t i,
                            char quoted[LADE__QUOTED]) {
    char name[256];
    int64_t sample = b->indices ? b->indices[i] : i;
    if (!b->indices || !r->source.sample_name || r->source.sample_name(r->source.ctx, sample, name, sizeof name) < 0)
        snprintf(name, sizeof name, "%" PRId64, sample);
    return lade__quote(name, strlen(name), quoted);
}

static void write_advice(const struct lade__run *r, const struct lade_batch *b, char *text, size_t size) {
    char quoted[LADE__QUOTED];
    int64_t bad_row = first_bad_row(b), named = b->indices && bad_row == b->n ? b->n : 0;
    if (bad_row < b->n)
        snprintf(text, size, "sample %s holds a number that is not finite", name_row(r, b, bad_row, quoted));
    else
        snprintf(text, size, "lower the learning rate, or look at the samples of that batch");
    for (int64_t i = 0; i < named && i <= SAMPLES_NAMED; i++) {
        size_t length = strlen(text);
        snprintf(text + length, size - length, "%s%s", i ? ", " : ": ",
                 i < SAMPLES_NAMED ? name_row(r, b, i, quoted) : "...");
    }
}

/* @what: "the loss is nan". */
static int not_finite(const struct lade__run *r, const struct lade_batch *b, const char *what, struct lade_error *err) {
    const struct lade_metrics *m = &r->metrics;
    char advice[128 + (SAMPLES_NAMED + 1) * LADE__QUOTED];
    write_advice(r, b, advice, sizeof advice);
    return lade_error_set(err, LADE_ENUMERIC,
                          "%s in epoch %d, step %" PRId64 " of %" PRId64 ", at a learning rate of %g; %s", what,
                          m->epoch, m->step + 1, m->steps, m->lr, advice);
}

/* ---- Passes over the gradient ------------------------------------------------------------------------------------ */

struct update {
    struct lade__run *r;
    struct lade__update numbers;
    float weight;          /* what the gradient of this batch is multiplied by when it is added to the pending ones */
    float mean_scale;      /* and these, to become the gradient of a mean */
    double *squares;       /* of each piece */
    bool not_finite_found; /* the gradient is not finite, or a parameter after the step */
};

/* The gradient of this batch, into lanes[0]. */
static void sum_gradients(const struct update *d, size_t begin, size_t end) {
    lade__net_sum_gradients(d->r->net, begin, end);
}

static void note_finite(struct update *d, bool finite) {
    if (!finite)
        __atomic_store_n(&d->not_finite_found, true, __ATOMIC_RELAXED);
}

/* This batch to those that are pending. */
static void accumulate(void *ctx, size_t begin, size_t end) {
    struct update *d = ctx;
    float *pending = d->r->pending, *g = d->r->net->replicas[0].gradients;
    lade__vec sum = lade__vec_of(0);
    sum_gradients(d, begin, end);
    for (size_t i = begin; i < end; i += LADE__VEC_FLOATS) {
        *(lade__vec *)(pending + i) += d->weight * *(const lade__vec *)(g + i);
        sum += *(const lade__vec *)(pending + i);
    }
    note_finite(d, lade__vec_finite(sum, pending + begin, end - begin));
}

/* What is pending becomes the gradient. */
static void take_accumulated(const struct update *d, size_t begin, size_t end) {
    float *pending = d->r->pending, *g = d->r->net->replicas[0].gradients;
    for (size_t i = begin; i < end; i += LADE__VEC_FLOATS) {
        *(lade__vec *)(g + i) = d->mean_scale * *(const lade__vec *)(pending + i);
        *(lade__vec *)(pending + i) = lade__vec_of(0);
    }
}

static void make_gradient(const struct update *d, size_t begin, size_t end) {
    if (d->r->pending)
        take_accumulated(d, begin, end);
    else
        sum_gradients(d, begin, end);
}

/* The sum of some squares; in float, which is twice as fast, where that is large enough for it. */
static double sum_of_squares(const float *g, size_t count) {
    lade__vec sums = lade__vec_of(0);
    double sum = 0;
    for (size_t i = 0; i < count; i += LADE__VEC_FLOATS)
        sums += *(const lade__vec *)(g + i) * *(const lade__vec *)(g + i);
    for (int i = 0; i < LADE__VEC_FLOATS; i++)
        sum += (double)sums[i];
    if (isfinite(sum))
        return sum;
    sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)g[i] * (double)g[i];
    return sum;
}

static void measure_norm(void *ctx, size_t begin, size_t end) {
    struct update *d = ctx;
    const float *g = d->r->net->replicas[0].gradients;
    make_gradient(d, begin, end);
    double sum = 0;
    for (size_t at = begin; at < end; at += FLOATS_TOGETHER) {
        size_t next = end - at < FLOATS_TOGETHER ? end : at + FLOATS_TOGETHER;
        sum += sum_of_squares(g + at, next - at);
    }
    note_finite(d, isfinite(sum));
    d->squares[begin / FLOATS_TOGETHER] = sum; /* pieces are larger than that */
}

static void apply_update(void *ctx, size_t begin, size_t end) {
    struct update *d = ctx;
    bool measured = d->squares != NULL, finite = true;
    for (size_t at = begin, next; at < end && finite; at = next) {
        next = end - at < FLOATS_TOGETHER ? end : at + FLOATS_TOGETHER;
        if (!measured)
            make_gradient(d, at, next);
        finite = lade__optimizer_apply(&d->r->optimizer, &d->numbers, d->r->net->values,
                                       d->r->net->replicas[0].gradients, at, next);
    }
    note_finite(d, finite);
}

/* torch.nn.utils.clip_grad_norm_: what the gradient is multiplied by, so that its norm is at most @most. */
static int clip_by_norm(struct update *d, double max_norm, float *scale, struct lade_error *err) {
    size_t count = d->r->net->spec.trainable_floats / FLOATS_TOGETHER + 1;
    double sum = 0;
    d->squares = lade_calloc(count, sizeof *d->squares);
    if (!d->squares)
        return lade_error_set(err, LADE_ENOMEM, "no memory to clip gradients");
    lade__net_for_each_piece(d->r->net, measure_norm, d);
    for (size_t i = 0; i < count; i++)
        sum += d->squares[i];
    *scale = (float)fmin(1, max_norm / (sqrt(sum) + 1e-6));
    return LADE_OK;
}

/* ---- A step ------------------------------------------------------------------------------------------------------ */

static int make_update(struct lade__run *r, const struct lade_batch *b, struct lade_error *err) {
    const struct lade_fit_options *o = &r->options;
    struct update d = {.r = r, .mean_scale = (float)(1 / r->pending_weight)};
    float scale = 1;
    int status = o->global_clipnorm > 0 ? clip_by_norm(&d, (double)o->global_clipnorm, &scale, err) : LADE_OK;
    if (status < 0)
        return status;
    if (!d.not_finite_found) {
        d.numbers =
            lade__optimizer_begin(&r->optimizer, r->metrics.lr, scale, o->clipvalue > 0 ? o->clipvalue : INFINITY);
        lade__net_for_each_piece(r->net, apply_update, &d);
    }
    lade_free(d.squares);
    if (d.not_finite_found)
        return not_finite(r, b,
                          lade__all_finite(r->net->replicas[0].gradients, r->net->spec.trainable_floats)
                              ? "a parameter is not finite after the step"
                              : gradient,
                          err);
    r->pending_batches = 0;
    r->pending_weight = 0;
    return LADE_OK;
}

int lade__run_train_on_batch(struct lade__run *r, const struct lade_batch *b, bool last, struct lade_error *err) {
    struct lade__loss_sums sums = {0};
    if (b->n > 0) {
        int status = lade__net_compute_gradients(r->net, b, &r->loss, &sums, err);
        if (status < 0)
            return status;
        if (!isfinite(sums.loss)) {
            char what[32];
            snprintf(what, sizeof what, "the loss is %g", sums.loss);
            return not_finite(r, b, what, err);
        }
        if (r->pending && sums.weight > 0) {
            struct update d = {.r = r, .weight = (float)sums.weight};
            lade__net_for_each_piece(r->net, accumulate, &d);
            if (d.not_finite_found)
                return not_finite(r, b, gradient, err);
        }
        lade__loss_sums_add(&r->sums, &sums);
        r->pending_weight += sums.weight;
    }
    r->pending_batches++;
    if (!last && r->pending_batches < r->accumulate)
        return LADE_OK;
    if (r->pending_weight > 0)
        return make_update(r, b, err);
    r->pending_batches = 0;
    return LADE_OK;
}
