/*
 * train/fit/gradient.c - makes the gradient of one or more batches, and updates the parameters. Usually, one pass over
 * the parameters adds the gradients of all replicas, clips the sum and applies the sum to the parameters. The pass
 * handles one piece of the parameters after another, and a piece fits into the cache. An additional pass comes before
 * this pass in three cases:
 * - The gradient is clipped by norm.
 * - The gradients of several batches are accumulated.
 * - The caller reads the gradient before the update.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "train/fit/trainer.h"
#include "train/net/net.h"
#include "train/net/vector.h"

#define CACHED_FLOATS 4096

static const char gradient_not_finite[] = "the gradient is not finite";

/* ---- Passes over the gradient ------------------------------------------------------------------------------------ */

/* One pass over the block of parameters. Each thread works on its own piece, which is floats @begin .. @end - 1 of the
   block. */
struct pass {
    struct lade_trainer *t;
    struct lade__update update;
    float batch_weight; /* weight of this batch, whose gradient is added to the pending gradients */
    float mean_scale;   /* 1 / (weight of all pending batches); converts the sum to the gradient of the mean loss */
    double *squares;    /* for each piece, the sum of squares of the gradient; NULL: the norm is not needed */
    bool failed;        /* the gradient, or a parameter after the update, is not finite */
};

static float *gradients_of(const struct pass *p) {
    return p->t->net->replicas[0].gradients;
}

static void check(struct pass *p, bool finite) {
    if (!finite)
        __atomic_store_n(&p->failed, true, __ATOMIC_RELAXED);
}

static struct pass pass_of(struct lade_trainer *t) {
    return (struct pass){.t = t, .mean_scale = t->weight > 0 ? (float)(1 / t->weight) : 0};
}

/* Adds the gradient of this batch to the pending gradients, which are the weighted sum of all gradients since the last
   update. */
static void accumulate(void *ctx, size_t begin, size_t end) {
    struct pass *p = ctx;
    float *pending = p->t->pending, *g = gradients_of(p);
    lade__vec sum = lade__vec_of(0);
    lade__net_sum_gradients(p->t->net, begin, end);
    for (size_t i = begin; i < end; i += LADE__VEC_FLOATS) {
        *(lade__vec *)(pending + i) += p->batch_weight * *(const lade__vec *)(g + i);
        sum += *(const lade__vec *)(pending + i);
    }
    check(p, lade__vec_finite(sum, pending + begin, end - begin));
}

/* Moves the pending gradients to the gradients of replicas[0]. */
static void take_pending(const struct pass *p, size_t begin, size_t end) {
    float *pending = p->t->pending, *g = gradients_of(p);
    for (size_t i = begin; i < end; i += LADE__VEC_FLOATS) {
        *(lade__vec *)(g + i) = p->mean_scale * *(const lade__vec *)(pending + i);
        *(lade__vec *)(pending + i) = lade__vec_of(0);
    }
}

/* Stores the gradient for the update in the gradients of replicas[0], unless lade__trainer_complete() has done so. */
static void make_gradient(const struct pass *p, size_t begin, size_t end) {
    if (p->t->is_complete)
        return;
    if (p->t->pending)
        take_pending(p, begin, end);
    else
        lade__net_sum_gradients(p->t->net, begin, end);
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
    p->squares[begin / CACHED_FLOATS] = sum; /* each piece has an element of its own */
}

/* Makes the gradient of a piece, unless measure_norm() has already made it, and applies the update. */
static void apply(void *ctx, size_t begin, size_t end) {
    struct pass *p = ctx;
    bool has_gradient = p->squares != NULL, finite = true;
    for (size_t at = begin, next; at < end && finite; at = next) {
        next = end - at < CACHED_FLOATS ? end : at + CACHED_FLOATS;
        if (!has_gradient)
            make_gradient(p, at, next);
        finite = lade__optimizer_apply(&p->t->optimizer, &p->update, p->t->net->values, gradients_of(p), at, next);
    }
    check(p, finite);
}

/* Stores in *scale the factor that limits the norm of the gradient to @max_norm. torch.nn.utils.clip_grad_norm_ uses
   the same factor. */
static int clip_by_norm(struct pass *p, double max_norm, float *scale, struct lade_error *err) {
    size_t count = p->t->net->spec.trainable_floats / CACHED_FLOATS + 1;
    double sum = 0;
    p->squares = lade_calloc(count, sizeof *p->squares);
    if (!p->squares)
        return lade_error_set(err, LADE_ENOMEM, "no memory to clip gradients");
    lade__net_for_each_piece(p->t->net, measure_norm, p);
    for (size_t i = 0; i < count; i++)
        sum += p->squares[i];
    *scale = (float)fmin(1, max_norm / (sqrt(sum) + 1e-6));
    return LADE_OK;
}

/* ---- Backward ---------------------------------------------------------------------------------------------------- */

void lade__trainer_discard(struct lade_trainer *t) {
    if (t->pending && t->net) /* even if t->batches is 0, because a failed first batch may have changed `pending` */
        memset(t->pending, 0, t->net->spec.trainable_floats * sizeof *t->pending);
    t->batches = 0;
    t->weight = 0;
    t->is_complete = t->is_written = false;
}

/* Discards the gradient if @status is an error other than LADE_EINVAL and LADE_ESTATE. Returns @status. */
static int discard_on_error(struct lade_trainer *t, int status) {
    if (status < 0 && status != LADE_EINVAL && status != LADE_ESTATE)
        lade__trainer_discard(t);
    return status;
}

static int not_finite(const char *what, struct lade_error *err) {
    return lade_error_set(err, LADE_ENUMERIC, "%s", what);
}

/* Computes the gradient of a batch that is not empty. If gradients are accumulated, adds the gradient to the pending
   gradients. */
static int add_gradient(struct lade_trainer *t, const struct lade_batch *b, struct lade__loss_sums *sums,
                        struct lade_error *err) {
    int status = lade__net_compute_gradients(t->net, b, &t->loss, sums, err);
    if (status < 0)
        return status;
    if (!isfinite(sums->loss)) {
        char what[32];
        snprintf(what, sizeof what, "the loss is %g", sums->loss);
        return not_finite(what, err);
    }
    if (t->pending && sums->weight > 0) {
        struct pass p = pass_of(t);
        p.batch_weight = (float)sums->weight;
        lade__net_for_each_piece(t->net, accumulate, &p);
        if (p.failed)
            return not_finite(gradient_not_finite, err);
    }
    t->weight += sums->weight;
    return LADE_OK;
}

int lade__trainer_backward(struct lade_trainer *t, const struct lade_batch *b, struct lade__loss_sums *sums,
                           struct lade_error *err) {
    *sums = (struct lade__loss_sums){0};
    int status = lade__trainer_check(t, err);
    if (status < 0)
        return status;
    if (t->is_complete)
        return lade_error_set(err, LADE_ESTATE,
                              "the gradient is already complete; make an update before the next batch, or discard the "
                              "gradient with lade_trainer_zero_grad()");
    if (t->batches >= t->accumulate)
        return lade_error_set_subject(err, LADE_ESTATE, "accumulate",
                                      "accumulate is %" PRId64 ", so an update must follow after %" PRId64
                                      " batches; call lade_trainer_update(), or raise accumulate",
                                      t->accumulate, t->batches);
    status = b->n > 0 ? add_gradient(t, b, sums, err) : LADE_OK;
    if (status < 0)
        return discard_on_error(t, status);
    struct lade_score score = lade__loss_sums_score(sums);
    t->metrics = (struct lade_trainer_metrics){score.samples, sums->weight, score.loss, score.accuracy};
    t->batches++;
    return LADE_OK;
}

/* ---- Complete ---------------------------------------------------------------------------------------------------- */

/* Checks that there is a gradient, and allocates its memory. The memory does not exist yet if the weights of all
   batches are 0, or if the gradient comes from a checkpoint. */
static int prepare(struct lade_trainer *t, struct lade_error *err) {
    int status = lade__trainer_check(t, err);
    if (status < 0)
        return status;
    if (t->batches == 0)
        return lade_error_set(err, LADE_ESTATE, "there is no gradient; call lade_trainer_backward() first");
    if (!lade__replica_reserve(&t->net->replicas[0], 0, t->net->spec.trainable_floats))
        return lade_error_set(err, LADE_ENOMEM, "no memory for the gradient");
    return LADE_OK;
}

static void make_piece(void *ctx, size_t begin, size_t end) {
    make_gradient(ctx, begin, end);
}

int lade__trainer_complete(struct lade_trainer *t, struct lade_error *err) {
    struct pass p = pass_of(t);
    int status = prepare(t, err);
    if (status < 0 || t->is_complete)
        return discard_on_error(t, status);
    if (t->weight > 0)
        lade__net_for_each_piece(t->net, make_piece, &p);
    else
        memset(gradients_of(&p), 0, t->net->spec.trainable_floats * sizeof(float));
    t->is_complete = true;
    return LADE_OK;
}

/* ---- Update ------------------------------------------------------------------------------------------------------ */

static int apply_gradient(struct lade_trainer *t, struct lade_error *err) {
    struct pass p = pass_of(t);
    float scale = 1, limit = t->options.clipvalue > 0 ? t->options.clipvalue : INFINITY;
    double max_norm = (double)t->options.global_clipnorm;
    int status = max_norm > 0 ? clip_by_norm(&p, max_norm, &scale, err) : LADE_OK;
    if (status < 0)
        return status;
    if (!p.failed) {
        p.update = lade__optimizer_begin(&t->optimizer, t->lr, scale, limit);
        lade__net_for_each_piece(t->net, apply, &p);
    }
    lade_free(p.squares);
    if (!p.failed)
        return LADE_OK;
    return not_finite(lade__all_finite(t->net->replicas[0].gradients, t->net->spec.trainable_floats)
                          ? "a parameter is not finite after the update"
                          : gradient_not_finite,
                      err);
}

int lade__trainer_update(struct lade_trainer *t, struct lade_error *err) {
    int status = prepare(t, err);
    if (status == LADE_OK && (t->weight > 0 || t->is_written))
        status = apply_gradient(t, err);
    if (status < 0)
        return discard_on_error(t, status);
    t->batches = 0; /* the pass has already set the pending gradients to 0 */
    t->weight = 0;
    t->is_complete = t->is_written = false;
    t->scheduled++;
    lade__trainer_refresh_lr(t);
    return LADE_OK;
}
