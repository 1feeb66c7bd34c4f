/*
 * train/fit/run.c - runs the loop over steps and epochs, with validation and checkpoints at the end of each epoch. The
 * run computes a step only when the consumer asks for the next report. Only the source prefetches. So the run has
 * nothing to undo when the consumer stops.
 */
#include "train/fit/run.h"

#include <math.h>

#include "base/sys.h"
#include "train/net/net.h"

/* ---- Learning rate ----------------------------------------------------------------------------------------------- */

int64_t lade__run_updates_per_epoch(const struct lade__run *r) {
    return r->metrics.steps / r->accumulate + (r->metrics.steps % r->accumulate != 0);
}

void lade__run_set_lr(struct lade__run *r) {
    struct lade_metrics *m = &r->metrics;
    int64_t per_epoch = lade__run_updates_per_epoch(r);
    int64_t done = m->step == m->steps ? per_epoch : m->step / r->accumulate;
    r->lr_factor = lade__schedule_factor(&r->schedule, m->epoch * per_epoch + done);
    m->lr = r->yielded_lr = r->base_lr * r->lr_factor;
}

/* If the consumer has changed metrics.lr, uses the new value as the learning rate. */
static int read_lr(struct lade__run *r, struct lade_error *err) {
    double lr = r->metrics.lr;
    if (lr == r->yielded_lr)
        return LADE_OK;
    int status = lade__learning_rate_check(lr, err);
    if (status < 0)
        return status;
    r->base_lr = r->lr_factor > 0 ? lr / r->lr_factor : lr;
    r->yielded_lr = lr;
    r->unsaved = true;
    return LADE_OK;
}

/* ---- The end of an epoch ----------------------------------------------------------------------------------------- */

static void begin_epoch(struct lade__run *r, int epoch) {
    struct lade_metrics *m = &r->metrics;
    *m = (struct lade_metrics){.epoch = epoch, .epochs = m->epochs, .steps = m->steps};
    r->sums = (struct lade__loss_sums){0};
    r->samples_before = 0;
    lade__run_set_lr(r);
}

static void fill_metrics(struct lade__run *r) {
    struct lade_metrics *m = &r->metrics;
    struct lade_score score = lade__loss_sums_score(&r->sums);
    m->samples = score.samples;
    m->loss = score.loss;
    m->accuracy = score.accuracy;
    m->val_loss = m->val_accuracy = (double)NAN;
    m->images_per_s = m->seconds > 0 ? (double)(score.samples - r->samples_before) / m->seconds : 0;
}

static int save(struct lade__run *r, struct lade_error *err) {
    r->unsaved = false; /* also on error, so that lade__run_end() does not try to save again */
    return r->options.checkpoint ? lade__run_save(r, err) : LADE_OK;
}

static int validate(struct lade__run *r, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    struct lade__loss_sums sums = {0};
    int status = lade__net_evaluate_source(r->net, &r->options.validation, r->validation_steps, &sums, err);
    if (status < 0)
        return status;
    if (!isfinite(sums.loss))
        return lade_error_set_subject(err, LADE_ENUMERIC, "validation",
                                      "the validation loss is %g after epoch %d, at a learning rate of %g; lower the "
                                      "learning rate, or check the samples of the validation",
                                      sums.loss, m->epoch, m->last_lr);
    struct lade_score score = lade__loss_sums_score(&sums);
    m->val_loss = score.loss;
    m->val_accuracy = score.accuracy;
    return LADE_OK;
}

/*
 * Runs the validation. If the validation fails (for example, because a file is invalid) or the user interrupts it, the
 * trained epoch must not be lost. In this case, the checkpoint is written with the state before the validation, and a
 * resumed run begins with the validation.
 */
static int validate_or_save(struct lade__run *r, struct lade_error *err) {
    struct lade_error second = {0};
    char *before = NULL;
    int status = r->options.checkpoint ? lade__run_state(r, &before, err) : LADE_OK;
    if (status == LADE_OK)
        status = validate(r, err);
    if (status < 0 && status != LADE_ENUMERIC && before && lade__run_write(r, before, &second) < 0)
        lade_unhandled(&second);
    lade_free(before);
    return status;
}

static int end_epoch(struct lade__run *r, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    bool validation = r->options.validation.next != NULL;
    fill_metrics(r);
    int status = validation ? validate_or_save(r, err) : LADE_OK;
    if (status < 0)
        return status;
    m->epoch_end = true;
    lade__schedule_end_epoch(&r->schedule, validation ? m->val_loss : m->loss);
    lade__run_set_lr(r);
    status = lade__history_add(&r->history, m, err);
    return status < 0 ? status : save(r, err);
}

/* ---- The loop ---------------------------------------------------------------------------------------------------- */

static int step(struct lade__run *r, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    struct lade_batch *batch = NULL;
    double begin = lade__sys_clock();
    int status = r->source.next(r->source.ctx, &batch, err);
    double received = lade__sys_clock();
    if (status < 0)
        return status;
    m->last_lr = m->lr;
    status = lade__run_train_on_batch(r, batch, m->step + 1 == m->steps, err);
    lade_batch_unref(batch);
    if (status < 0)
        return status;
    r->unsaved = true;
    m->step++;
    m->wait_seconds += received - begin;
    m->seconds += lade__sys_clock() - begin;
    lade__run_set_lr(r);
    return LADE_OK;
}

/* Returns true if the number of finished steps is a multiple of @every. Always returns false if @every is 0. */
static bool is_due(const struct lade__run *r, int64_t every) {
    return every > 0 && r->metrics.step % every == 0;
}

static int resume(struct lade__run *r, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    int status = read_lr(r, err);
    if (status == LADE_OK && m->epoch_end)
        begin_epoch(r, m->epoch + 1);
    if (status == LADE_OK && m->epoch >= m->epochs)
        return 0;
    while (status == LADE_OK) {
        if (m->step < m->steps) /* false if the validation of this epoch was interrupted */
            status = step(r, err);
        if (status < 0)
            break;
        if (m->step == m->steps) {
            status = end_epoch(r, err);
            return status < 0 ? status : 1;
        }
        if (is_due(r, r->options.checkpoint_every))
            status = save(r, err);
        if (status == LADE_OK && is_due(r, r->options.yield_every)) {
            fill_metrics(r);
            return 1;
        }
    }
    return status;
}

int lade__run_resume(struct lade__run *r, struct lade_error *err) {
    if (r->replay_at < r->replay_end) {
        r->replayed = r->history.epochs[r->replay_at++]; /* a copy, because the consumer may write to it */
        r->report = &r->replayed;
        return 1;
    }
    r->report = &r->metrics;
    int status = resume(r, err);
    if (status < 0) {
        r->metrics.lr = r->yielded_lr; /* an invalid learning rate is reported only once */
        r->unsaved = false;            /* a failed run must not replace the last good checkpoint */
    }
    return status;
}

void lade__run_end(struct lade__run *r) {
    struct lade_error lr_error = {0}, err = {0};
    if (r->net && read_lr(r, &lr_error) < 0) /* the consumer stored an invalid value and then closed the generator */
        lade_unhandled(&lr_error);
    if (r->net && r->unsaved && save(r, &err) < 0)
        lade_unhandled(&err);
    lade__optimizer_release(&r->optimizer);
    lade__history_release(&r->history);
    lade_free_aligned(r->pending);
    r->pending = NULL;
}

/* ---- The generator ----------------------------------------------------------------------------------------------- */

lade_generator_static(struct lade_metrics *, fit, lade_net *, net, struct lade_source, source, struct lade_fit_options,
                      options) {
    struct lade_error err = {0};
    lade_cleanup(lade__run_end) struct lade__run run = {0};
    int status = lade__run_begin(&run, net, &source, &options, &err);
    if (status == LADE_OK)
        while ((status = lade__run_resume(&run, &err)) > 0)
            lade_yield(run.report);
    if (status < 0)
        lade_fail_with(&err);
}

lade_gen_owned(struct lade_metrics *)
    lade_fit(lade_net *net, struct lade_source source, const struct lade_fit_options *options) {
    return fit(net, source, options ? *options : (struct lade_fit_options){0});
}
