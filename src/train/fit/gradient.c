/*
 * train/fit/update.c - trains on one batch and updates the parameters. Usually, one pass over the parameters sums,
 * clips and applies the gradient. The pass goes piece by piece, and a piece fits into the cache. Clipping by norm and
 * accumulation need an additional pass before this pass.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "train/fit/run.h"
#include "train/net/net.h"
#include "train/net/vector.h"

#define CACHED_FLOATS 4096
#define SAMPLES_NAMED 4 /* an error message has at most so many names of samples */

static const char gradient_not_finite[] = "the gradient is not finite";

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

/* Returns the index of the first row of a batch that contains NaN or infinity, or b->n if all numbers are finite. */
static int64_t find_bad_row(const struct lade_batch *b) {
    int64_t i = 0, size = lade_tensor_count(b->x) / b->n;
    while (i < b->n && (b->x->dtype != LADE_FLOAT32 ||
                        lade__all_finite((const float *)lade_tensor_data(b->x) + i * size, (size_t)size)))
        i++;
    return i;
}

/* Returns the name of row @i of a batch. The name is the sample's file if the source has names, otherwise the sample's
   number. */
static const char *name_row(const struct lade__run *r, const struct lade_batch *b, int64_t i,
                            char quoted[LADE__QUOTED]) {
    char name[256];
    int64_t sample = b->indices ? b->indices[i] : i;
    if (!b->indices || !r->source.sample_name || r->source.sample_name(r->source.ctx, sample, name, sizeof name) < 0)
        snprintf(name, sizeof name, "%" PRId64, sample);
    return lade__quote(name, strlen(name), quoted);
}

/* Writes advice for the user to @text. The advice contains the name of the invalid sample, or the names of the first
   samples of the batch. */
static void write_advice(const struct lade__run *r, const struct lade_batch *b, char *text, size_t size) {
    char quoted[LADE__QUOTED];
    int64_t bad_row = find_bad_row(b), named = b->indices && bad_row == b->n ? b->n : 0;
    if (bad_row < b->n)
        snprintf(text, size, "sample %s contains a number that is not finite", name_row(r, b, bad_row, quoted));
    else
        snprintf(text, size, "lower the learning rate, or check the samples of this batch");
    for (int64_t i = 0; i < named && i <= SAMPLES_NAMED; i++) {
        size_t length = strlen(text);
        snprintf(text + length, size - length, "%s%s", i ? ", " : ": ",
                 i < SAMPLES_NAMED ? name_row(r, b, i, quoted) : "...");
    }
}

/* Returns LADE_ENUMERIC with @err. @what is the beginning of the message, for example "the loss is nan". */
static int not_finite(const struct lade__run *r, const struct lade_batch *b, const char *what, struct lade_error *err) {
    const struct lade_metrics *m = &r->metrics;
    char advice[128 + (SAMPLES_NAMED + 1) * LADE__QUOTED];
    write_advice(r, b, advice, sizeof advice);
    return lade_error_set(err, LADE_ENUMERIC,
                          "%s in epoch %d, step %" PRId64 " of %" PRId64 ", at a learning rate of %g; %s", what,
                          m->epoch, m->step + 1, m->steps, m->lr, advice);
}

/* ---- Passes over the gradient ------------------------------------------------------------------------------------ */

/* One pass over the block of parameters. Each thread works on its own piece, which is floats @begin .. @end - 1 of the
   block. */
struct pass {
    struct lade__run *r;
    struct lade__update update;
    float batch_weight; /* weight of this batch, whose gradient is added to the pending gradients */
    float mean_scale;   /* 1 / (weight of all pending batches); converts the sum to the gradient of the mean loss */
    double *squares;    /* for each piece, the sum of squares of the gradient; NULL: the norm is not needed */
    bool failed;        /* the gradient, or a parameter after the update, is not finite */
};

static float *gradients_of(const struct pass *p) {
    return p->r->net->replicas[0].gradients;
}

static void check(struct pass *p, bool finite) {
    if (!finite)
        __atomic_store_n(&p->failed, true, __ATOMIC_RELAXED);
}

/* Adds the gradient of this batch to the pending gradients. */
static void accumulate(void *ctx, size_t begin, size_t end) {
    struct pass *p = ctx;
    float *pending = p->r->pending, *g = gradients_of(p);
    lade__vec sum = lade__vec_of(0);
    lade__net_sum_gradients(p->r->net, begin, end);
    for (size_t i = begin; i < end; i += LADE__VEC_FLOATS) {
        *(lade__vec *)(pending + i) += p->batch_weight * *(const lade__vec *)(g + i);
        sum += *(const lade__vec *)(pending + i);
    }
    check(p, lade__vec_finite(sum, pending + begin, end - begin));
}

/* Moves the pending gradients to the gradients of replicas[0]. */
static void take_pending(const struct pass *p, size_t begin, size_t end) {
    float *pending = p->r->pending, *g = gradients_of(p);
    for (size_t i = begin; i < end; i += LADE__VEC_FLOATS) {
        *(lade__vec *)(g + i) = p->mean_scale * *(const lade__vec *)(pending + i);
        *(lade__vec *)(pending + i) = lade__vec_of(0);
    }
}

/* Stores the gradient for the update in the gradients of replicas[0]. */
static void make_gradient(const struct pass *p, size_t begin, size_t end) {
    if (p->r->pending)
        take_pending(p, begin, end);
    else
        lade__net_sum_gradients(p->r->net, begin, end);
}

/* Returns the sum of the squares. Computes in float, which is twice as fast as double. If the sum overflows in float,
   computes it again in double. */
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

/* Makes the gradient of a piece and stores its sum of squares. */
static void measure_norm(void *ctx, size_t begin, size_t end) {
    struct pass *p = ctx;
    make_gradient(p, begin, end);
    double sum = 0;
    for (size_t at = begin; at < end; at += CACHED_FLOATS) {
        size_t next = end - at < CACHED_FLOATS ? end : at + CACHED_FLOATS;
        sum += sum_of_squares(gradients_of(p) + at, next - at);
    }
    check(p, isfinite(sum));
    p->squares[begin / CACHED_FLOATS] = sum; /* no two pieces have the same element */
}

/* Makes the gradient of a piece, unless measure_norm() has already made it, and applies the update. */
static void apply(void *ctx, size_t begin, size_t end) {
    struct pass *p = ctx;
    bool has_gradient = p->squares != NULL, finite = true;
    for (size_t at = begin, next; at < end && finite; at = next) {
        next = end - at < CACHED_FLOATS ? end : at + CACHED_FLOATS;
        if (!has_gradient)
            make_gradient(p, at, next);
        finite = lade__optimizer_apply(&p->r->optimizer, &p->update, p->r->net->values, gradients_of(p), at, next);
    }
    check(p, finite);
}

/* Stores in *scale the factor that limits the norm of the gradient to @max_norm. torch.nn.utils.clip_grad_norm_ uses
   the same factor. */
static int clip_by_norm(struct pass *p, double max_norm, float *scale, struct lade_error *err) {
    size_t count = p->r->net->spec.trainable_floats / CACHED_FLOATS + 1;
    double sum = 0;
    p->squares = lade_calloc(count, sizeof *p->squares);
    if (!p->squares)
        return lade_error_set(err, LADE_ENOMEM, "no memory to clip gradients");
    lade__net_for_each_piece(p->r->net, measure_norm, p);
    for (size_t i = 0; i < count; i++)
        sum += p->squares[i];
    *scale = (float)fmin(1, max_norm / (sqrt(sum) + 1e-6));
    return LADE_OK;
}

/* ---- Batches and updates ----------------------------------------------------------------------------------------- */

static int make_update(struct lade__run *r, const struct lade_batch *b, struct lade_error *err) {
    const struct lade_fit_options *o = &r->options;
    struct pass p = {.r = r, .mean_scale = (float)(1 / r->pending_weight)};
    float scale = 1, limit = o->clipvalue > 0 ? o->clipvalue : INFINITY;
    int status = o->global_clipnorm > 0 ? clip_by_norm(&p, (double)o->global_clipnorm, &scale, err) : LADE_OK;
    if (status < 0)
        return status;
    if (!p.failed) {
        p.update = lade__optimizer_begin(&r->optimizer, r->metrics.lr, scale, limit);
        lade__net_for_each_piece(r->net, apply, &p);
    }
    lade_free(p.squares);
    if (p.failed)
        return not_finite(r, b,
                          lade__all_finite(r->net->replicas[0].gradients, r->net->spec.trainable_floats)
                              ? "a parameter is not finite after the update"
                              : gradient_not_finite,
                          err);
    r->pending_batches = 0;
    r->pending_weight = 0;
    return LADE_OK;
}

/* Computes the gradient of a batch that is not empty. If gradients are accumulated, adds the gradient to the pending
   gradients. */
static int add_gradient(struct lade__run *r, const struct lade_batch *b, struct lade_error *err) {
    struct lade__loss_sums sums = {0};
    int status = lade__net_compute_gradients(r->net, b, &r->loss, &sums, err);
    if (status < 0)
        return status;
    if (!isfinite(sums.loss)) {
        char what[32];
        snprintf(what, sizeof what, "the loss is %g", sums.loss);
        return not_finite(r, b, what, err);
    }
    if (r->pending && sums.weight > 0) {
        struct pass p = {.r = r, .batch_weight = (float)sums.weight};
        lade__net_for_each_piece(r->net, accumulate, &p);
        if (p.failed)
            return not_finite(r, b, gradient_not_finite, err);
    }
    lade__loss_sums_add(&r->sums, &sums);
    r->pending_weight += sums.weight;
    return LADE_OK;
}

int lade__run_train_on_batch(struct lade__run *r, const struct lade_batch *b, bool last, struct lade_error *err) {
    int status = b->n > 0 ? add_gradient(r, b, err) : LADE_OK;
    if (status < 0)
        return status;
    r->pending_batches++;
    if (!last && r->pending_batches < r->accumulate)
        return LADE_OK;
    if (r->pending_weight > 0)
        return make_update(r, b, err);
    r->pending_batches = 0;
    return LADE_OK;
}
