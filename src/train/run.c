/*
 * train/run.c - the loop: a batch, its gradient, a step; at the end of an epoch the validation and the checkpoint. It
 * computes nothing ahead of its consumer, and a source brings its own prefetching, so that there is nothing to undo
 * when a run is left.
 */
#include "train/run.h"

#include <inttypes.h>
#include <math.h>

#include "base/sys.h"
#include "train/atomic_file.h"
#include "train/net.h"

#define FLOATS_TOGETHER 4096
#define INDICES_NAMED   8 /* samples of a bad batch that the message names */

/* ---- Beginning ----------------------------------------------------------------------------------------------------
 */

static int check_options(const struct lade_fit_options *o, struct lade_error *err) {
    if (o->epochs < 0)
        return lade_error_set(err, LADE_EINVAL, "epochs is %d; it must be 1 or more, or 0 for 1", o->epochs);
    if (o->steps_per_epoch < 0)
        return lade_error_set(err, LADE_EINVAL, "steps_per_epoch is %" PRId64 "; it must be 1 or more, or 0 for all",
                              o->steps_per_epoch);
    if (o->validation_steps < 0)
        return lade_error_set(err, LADE_EINVAL, "validation_steps is %" PRId64 "; it must be 1 or more, or 0 for all",
                              o->validation_steps);
    if (o->yield_every < 0)
        return lade_error_set(err, LADE_EINVAL,
                              "yield_every is %" PRId64 "; it must be 1 or more, or 0 for the ends of epochs",
                              o->yield_every);
    return LADE_OK;
}

int lade__run_begin(struct lade__run *r, lade_net *net, const struct lade_source *source,
                    const struct lade_fit_options *options, struct lade_error *err) {
    *r = (struct lade__run){.net = net, .source = *source, .options = *options};
    struct lade_fit_options *o = &r->options;
    struct lade_metrics *m = &r->metrics;
    int status = check_options(o, err);
    m->steps = o->steps_per_epoch;
    r->validation_steps = o->validation_steps;
    if (status == LADE_OK)
        status = lade__source_check(net, source, "source", &m->steps, err);
    if (status == LADE_OK && o->validation.next)
        status = lade__source_check(net, &o->validation, "validation", &r->validation_steps, err);
    if (status == LADE_OK)
        status = lade__optimizer_init(&r->optimizer, &o->optimizer, net->design.learnt_floats, err);
    if (status == LADE_OK && o->checkpoint)
        status = lade__atomic_probe(o->checkpoint, err);
    m->epochs = o->epochs ? o->epochs : 1;
    m->lr = (double)r->optimizer.options.lr;
    return status;
}

/* ---- A step -------------------------------------------------------------------------------------------------------
 */

static int not_finite(const struct lade__run *r, const struct lade_batch *b, double loss, struct lade_error *err) {
    char samples[INDICES_NAMED * 21 + 8] = "";
    size_t length = 0;
    for (int64_t i = 0; b->indices && i < b->n && i < INDICES_NAMED; i++)
        length +=
            (size_t)snprintf(samples + length, sizeof samples - length, "%s%" PRId64, i ? ", " : "", b->indices[i]);
    if (b->n > INDICES_NAMED && length)
        snprintf(samples + length, sizeof samples - length, ", ...");
    return lade_error_set(
        err, LADE_ENUMERIC,
        "the loss is %g in epoch %d, step %" PRId64 " of %" PRId64 ", at a learning rate of %g; lower "
        "the learning rate, or look at the samples of that batch%s%s",
        loss, r->metrics.epoch, r->metrics.step + 1, r->metrics.steps, r->metrics.lr, length ? ": " : "", samples);
}

/* A piece of the parameters follows its gradient, as much at a time as stays in the cache. */
static void follow(void *ctx, size_t begin, size_t end) {
    const struct lade__run *r = ctx;
    for (size_t at = begin, next; at < end; at = next) {
        next = end - at < FLOATS_TOGETHER ? end : at + FLOATS_TOGETHER;
        lade__net_add_gradients(r->net, at, next);
        lade__optimizer_step(&r->optimizer, r->net->values, r->net->lanes[0].gradients, r->metrics.lr, at, next);
    }
}

static int learn(struct lade__run *r, const struct lade_batch *b, struct lade_error *err) {
    struct lade__tally tally = {0};
    struct lade__goal goal = {.loss = r->net->info.loss, .outputs = r->net->info.outputs};
    int status = lade__net_learn(r->net, b, &goal, &tally, err);
    if (status < 0)
        return status;
    if (!isfinite(tally.loss))
        return not_finite(r, b, tally.loss, err);
    lade__net_each_piece(r->net, follow, r);
    r->tally.samples += tally.samples;
    r->tally.weight += tally.weight;
    r->tally.loss += tally.loss;
    r->tally.correct += tally.correct;
    r->unsaved = true;
    return LADE_OK;
}

static int step(struct lade__run *r, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    struct lade_batch *batch = NULL;
    double begin = lade__sys_clock();
    int status = r->source.next(r->source.ctx, &batch, err);
    double got = lade__sys_clock();
    if (status < 0)
        return status;
    if (batch->n > 0)
        status = learn(r, batch, err);
    lade_batch_unref(batch);
    m->step++;
    m->wait_seconds += got - begin;
    m->seconds += lade__sys_clock() - begin;
    return status;
}

/* ---- Reports ------------------------------------------------------------------------------------------------------
 */

static void begin_epoch(struct lade__run *r, int epoch) {
    struct lade_metrics *m = &r->metrics;
    *m = (struct lade_metrics){.epoch = epoch, .epochs = m->epochs, .steps = m->steps, .lr = m->lr};
    r->tally = (struct lade__tally){0};
}

static void report(struct lade__run *r) {
    struct lade_metrics *m = &r->metrics;
    struct lade_score score = lade__tally_score(&r->tally);
    m->samples = score.samples;
    m->loss = score.loss;
    m->accuracy = score.accuracy;
    m->val_loss = m->val_accuracy = (double)NAN;
    m->images_per_s = m->seconds > 0 ? (double)score.samples / m->seconds : 0;
}

static int save(struct lade__run *r, struct lade_error *err) {
    r->unsaved = false; /* also after a failure: it has been reported, and is not tried again on the way out */
    return r->options.checkpoint ? lade_net_save(r->net, r->options.checkpoint, err) : LADE_OK;
}

static int end_epoch(struct lade__run *r, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    m->epoch_end = true;
    if (r->options.validation.next) {
        struct lade_score score;
        int status = lade_net_evaluate(r->net, r->options.validation, r->validation_steps, &score, err);
        if (status < 0)
            return status;
        m->val_loss = score.loss;
        m->val_accuracy = score.accuracy;
    }
    return save(r, err);
}

/* What the consumer may have done to the metrics since the last report. */
static int take_over(struct lade__run *r, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    if (m->epoch_end)
        begin_epoch(r, m->epoch + 1);
    return lade__learning_rate_check(m->lr, err);
}

int lade__run_resume(struct lade__run *r, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    int status = take_over(r, err);
    if (status == LADE_OK && m->epoch == m->epochs)
        return 0;
    while (status == LADE_OK) {
        status = step(r, err);
        bool end = m->step == m->steps;
        if (status < 0 || !(end || (r->options.yield_every > 0 && m->step % r->options.yield_every == 0)))
            continue;
        report(r);
        status = end ? end_epoch(r, err) : LADE_OK;
        if (status == LADE_OK)
            return 1;
    }
    r->unsaved = false; /* what went wrong must not take the place of the last good checkpoint */
    return status;
}

void lade__run_end(struct lade__run *r) {
    struct lade_error err = {0};
    if (r->unsaved && save(r, &err) < 0)
        lade_unobserved(&err);
    lade__optimizer_release(&r->optimizer);
    r->optimizer = (struct lade__optimizer){0};
}
