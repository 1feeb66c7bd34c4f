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
#include "train/net/quote.h"
#include "train/net/vector.h"

#define FLOATS_TOGETHER 4096
#define SAMPLES_NAMED   4 /* samples of a bad batch that the message names */

static const char gradient[] = "the gradient is not finite";

/* ---- Numbers that are none --------------------------------------------------------------------------------------- */

/* The first row of a batch with a number that is not finite; b->n: none. */
static int64_t spoilt_row(const struct lade_batch *b) {
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

static void advise(const struct lade__run *r, const struct lade_batch *b, char *text, size_t size) {
    char quoted[LADE__QUOTED];
    int64_t spoilt = spoilt_row(b), named = b->indices && spoilt == b->n ? b->n : 0;
    if (spoilt < b->n)
        snprintf(text, size, "sample %s holds a number that is not finite", name_row(r, b, spoilt, quoted));
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
    advise(r, b, advice, sizeof advice);
    return lade_error_set(err, LADE_ENUMERIC,
                          "%s in epoch %d, step %" PRId64 " of %" PRId64 ", at a learning rate of %g; %s", what,
                          m->epoch, m->step + 1, m->steps, m->lr, advice);
}

/* ---- Passes over the gradient ------------------------------------------------------------------------------------ */

struct descent {
    struct lade__run *r;
    struct lade__optimizer_rates rates;
    float share;     /* what the gradient of this batch is multiplied by when it is added to the pending ones */
    float whole;     /* and these, to become the gradient of a mean */
    double *squares; /* of each piece */
    bool broken;     /* the gradient is not finite, or a parameter after the step */
};

/* The gradient of this batch, into lanes[0]. */
static void add_up(const struct descent *d, size_t begin, size_t end) {
    lade__net_add_gradients(d->r->net, begin, end);
}

static void note(struct descent *d, bool finite) {
    if (!finite)
        __atomic_store_n(&d->broken, true, __ATOMIC_RELAXED);
}

/* This batch to those that are pending. */
static void wait_for_more(void *ctx, size_t begin, size_t end) {
    struct descent *d = ctx;
    float *pending = d->r->pending, *g = d->r->net->lanes[0].gradients;
    lade__lanes sum = lade__lanes_of(0);
    add_up(d, begin, end);
    for (size_t i = begin; i < end; i += LADE__LANES) {
        *(lade__lanes *)(pending + i) += d->share * *(const lade__lanes *)(g + i);
        sum += *(const lade__lanes *)(pending + i);
    }
    note(d, lade__lanes_finite(sum, pending + begin, end - begin));
}

/* What is pending becomes the gradient. */
static void wait_no_more(const struct descent *d, size_t begin, size_t end) {
    float *pending = d->r->pending, *g = d->r->net->lanes[0].gradients;
    for (size_t i = begin; i < end; i += LADE__LANES) {
        *(lade__lanes *)(g + i) = d->whole * *(const lade__lanes *)(pending + i);
        *(lade__lanes *)(pending + i) = lade__lanes_of(0);
    }
}

static void complete(const struct descent *d, size_t begin, size_t end) {
    if (d->r->pending)
        wait_no_more(d, begin, end);
    else
        add_up(d, begin, end);
}

/* The sum of some squares; in float, which is twice as fast, where that is large enough for it. */
static double sum_of_squares(const float *g, size_t count) {
    lade__lanes sums = lade__lanes_of(0);
    double sum = 0;
    for (size_t i = 0; i < count; i += LADE__LANES)
        sums += *(const lade__lanes *)(g + i) * *(const lade__lanes *)(g + i);
    for (int i = 0; i < LADE__LANES; i++)
        sum += (double)sums[i];
    if (isfinite(sum))
        return sum;
    sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)g[i] * (double)g[i];
    return sum;
}

static void measure(void *ctx, size_t begin, size_t end) {
    struct descent *d = ctx;
    const float *g = d->r->net->lanes[0].gradients;
    complete(d, begin, end);
    double sum = 0;
    for (size_t at = begin; at < end; at += FLOATS_TOGETHER) {
        size_t next = end - at < FLOATS_TOGETHER ? end : at + FLOATS_TOGETHER;
        sum += sum_of_squares(g + at, next - at);
    }
    note(d, isfinite(sum));
    d->squares[begin / FLOATS_TOGETHER] = sum; /* pieces are larger than that */
}

static void follow(void *ctx, size_t begin, size_t end) {
    struct descent *d = ctx;
    bool measured = d->squares != NULL, finite = true;
    for (size_t at = begin, next; at < end && finite; at = next) {
        next = end - at < FLOATS_TOGETHER ? end : at + FLOATS_TOGETHER;
        if (!measured)
            complete(d, at, next);
        finite = lade__optimizer_follow(&d->r->optimizer, &d->rates, d->r->net->values, d->r->net->lanes[0].gradients,
                                        at, next);
    }
    note(d, finite);
}

/* torch.nn.utils.clip_grad_norm_: what the gradient is multiplied by, so that its norm is at most @most. */
static int clip_by_norm(struct descent *d, double most, float *scale, struct lade_error *err) {
    size_t count = d->r->net->design.learnt_floats / FLOATS_TOGETHER + 1;
    double sum = 0;
    d->squares = lade_calloc(count, sizeof *d->squares);
    if (!d->squares)
        return lade_error_set(err, LADE_ENOMEM, "no memory to clip gradients");
    lade__net_each_piece(d->r->net, measure, d);
    for (size_t i = 0; i < count; i++)
        sum += d->squares[i];
    *scale = (float)fmin(1, most / (sqrt(sum) + 1e-6));
    return LADE_OK;
}

/* ---- A step ------------------------------------------------------------------------------------------------------ */

static int make_step(struct lade__run *r, const struct lade_batch *b, struct lade_error *err) {
    const struct lade_fit_options *o = &r->options;
    struct descent d = {.r = r, .whole = (float)(1 / r->pending_weight)};
    struct lade__optimizer_step step = {r->metrics.lr, 1, o->clipvalue > 0 ? o->clipvalue : INFINITY};
    int status = o->global_clipnorm > 0 ? clip_by_norm(&d, (double)o->global_clipnorm, &step.scale, err) : LADE_OK;
    if (status < 0)
        return status;
    if (!d.broken) {
        d.rates = lade__optimizer_begin(&r->optimizer, &step);
        lade__net_each_piece(r->net, follow, &d);
    }
    lade_free(d.squares);
    if (d.broken)
        return not_finite(r, b,
                          lade__all_finite(r->net->lanes[0].gradients, r->net->design.learnt_floats)
                              ? "a parameter is not finite after the step"
                              : gradient,
                          err);
    r->pending_batches = 0;
    r->pending_weight = 0;
    return LADE_OK;
}

int lade__descend(struct lade__run *r, const struct lade_batch *b, bool last, struct lade_error *err) {
    struct lade__tally tally = {0};
    if (b->n > 0) {
        int status = lade__net_learn(r->net, b, &r->goal, &tally, err);
        if (status < 0)
            return status;
        if (!isfinite(tally.loss)) {
            char what[32];
            snprintf(what, sizeof what, "the loss is %g", tally.loss);
            return not_finite(r, b, what, err);
        }
        if (r->pending && tally.weight > 0) {
            struct descent d = {.r = r, .share = (float)tally.weight};
            lade__net_each_piece(r->net, wait_for_more, &d);
            if (d.broken)
                return not_finite(r, b, gradient, err);
        }
        lade__tally_add(&r->tally, &tally);
        r->pending_weight += tally.weight;
    }
    r->pending_batches++;
    if (!last && r->pending_batches < r->accumulate)
        return LADE_OK;
    if (r->pending_weight > 0)
        return make_step(r, b, err);
    r->pending_batches = 0;
    return LADE_OK;
}
