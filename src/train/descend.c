/*
 * train/descend.c - from a batch to a step of the optimiser. Mostly the gradient is added up, clipped and followed in
 * one pass over the parameters, as much at a time as stays in the cache; a norm to clip by, or batches to wait for,
 * take a pass of their own before.
 */
#include "train/descend.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "train/net.h"
#include "train/vector.h"

#define FLOATS_TOGETHER 4096
#define SAMPLES_NAMED   4 /* samples of a bad batch that the message names */

/* ---- A loss that is no number -------------------------------------------------------------------------------------
 */

/* The name of sample @i of the source: its file, where the source can tell; else its number. */
static size_t name_sample(const struct lade__run *r, int64_t i, char *text, size_t size) {
    if (r->source.sample_name)
        return (size_t)r->source.sample_name(r->source.ctx, i, text, size);
    return (size_t)snprintf(text, size, "%" PRId64, i);
}

static int not_finite(const struct lade__run *r, const struct lade_batch *b, double loss, struct lade_error *err) {
    char samples[600] = "";
    size_t length = 0;
    for (int64_t i = 0; b->indices && i < b->n && i < SAMPLES_NAMED && length < sizeof samples; i++) {
        length += (size_t)snprintf(samples + length, sizeof samples - length, "%s", i ? ", " : ": ");
        if (length < sizeof samples)
            length += name_sample(r, b->indices[i], samples + length, sizeof samples - length);
    }
    return lade_error_set(
        err, LADE_ENUMERIC,
        "the loss is %g in epoch %d, step %" PRId64 " of %" PRId64
        ", at a learning rate of %g; lower the learning rate, or look at the samples of that batch%s%s",
        loss, r->metrics.epoch, r->metrics.step + 1, r->metrics.steps, r->metrics.lr, samples,
        length && b->n > SAMPLES_NAMED ? ", ..." : "");
}

/* ---- Passes over the gradient -------------------------------------------------------------------------------------
 */

struct descent {
    struct lade__run *r;
    struct lade__optimizer_rates rates;
    float share;     /* what the gradient of this batch is multiplied by when it is added to the pending ones */
    float whole;     /* and these, to become the gradient of a mean */
    double *squares; /* of each piece */
    int pieces;
};

/* The gradient of this batch, into lanes[0]. */
static void add_up(const struct descent *d, size_t begin, size_t end) {
    lade__net_add_gradients(d->r->net, begin, end);
}

/* This batch to those that are pending. */
static void wait_for_more(void *ctx, size_t begin, size_t end) {
    const struct descent *d = ctx;
    float *pending = d->r->pending, *g = d->r->net->lanes[0].gradients;
    add_up(d, begin, end);
    for (size_t i = begin; i < end; i += LADE__LANES)
        *(lade__lanes *)(pending + i) += d->share * *(const lade__lanes *)(g + i);
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

static void measure(void *ctx, size_t begin, size_t end) {
    struct descent *d = ctx;
    const float *g = d->r->net->lanes[0].gradients;
    complete(d, begin, end);
    double sum = 0;
    for (size_t at = begin; at < end; at += FLOATS_TOGETHER) {
        size_t next = end - at < FLOATS_TOGETHER ? end : at + FLOATS_TOGETHER;
        lade__lanes sums = lade__lanes_of(0);
        for (size_t i = at; i < next; i += LADE__LANES)
            sums += *(const lade__lanes *)(g + i) * *(const lade__lanes *)(g + i);
        for (int i = 0; i < LADE__LANES; i++)
            sum += (double)sums[i];
    }
    d->squares[begin / FLOATS_TOGETHER] = sum; /* pieces are larger than that */
}

static void follow(void *ctx, size_t begin, size_t end) {
    const struct descent *d = ctx;
    bool measured = d->squares != NULL;
    for (size_t at = begin, next; at < end; at = next) {
        next = end - at < FLOATS_TOGETHER ? end : at + FLOATS_TOGETHER;
        if (!measured)
            complete(d, at, next);
        lade__optimizer_follow(&d->r->optimizer, &d->rates, d->r->net->values, d->r->net->lanes[0].gradients, at, next);
    }
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

/* ---- A step -------------------------------------------------------------------------------------------------------
 */

static int make_step(struct lade__run *r, struct lade_error *err) {
    const struct lade_fit_options *o = &r->options;
    struct descent d = {.r = r, .whole = (float)(1 / r->pending_weight)};
    struct lade__optimizer_step step = {r->metrics.lr, 1, o->clipvalue > 0 ? o->clipvalue : INFINITY};
    int status = o->global_clipnorm > 0 ? clip_by_norm(&d, (double)o->global_clipnorm, &step.scale, err) : LADE_OK;
    if (status < 0)
        return status;
    d.rates = lade__optimizer_begin(&r->optimizer, &step);
    lade__net_each_piece(r->net, follow, &d);
    lade_free(d.squares);
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
        if (!isfinite(tally.loss))
            return not_finite(r, b, tally.loss, err);
        if (r->pending) {
            struct descent d = {.r = r, .share = (float)tally.weight};
            lade__net_each_piece(r->net, wait_for_more, &d);
        }
        lade__tally_add(&r->tally, &tally);
        r->pending_weight += tally.weight;
    }
    r->pending_batches++;
    if (!last && r->pending_batches < r->accumulate)
        return LADE_OK;
    if (r->pending_weight > 0)
        return make_step(r, err);
    r->pending_batches = 0;
    return LADE_OK;
}
