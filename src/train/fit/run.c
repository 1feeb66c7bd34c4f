/*
 * train/fit/run.c - runs the loop over steps and epochs, with validation and checkpoints at the end of each epoch. The
 * run computes a step only when the consumer requests the next item. Only the source computes in advance. For this
 * reason, nothing must be undone when the consumer stops.
 */
#include "train/fit/run.h"

#include <inttypes.h>
#include <math.h>

#include "base/monitor.h"
#include "base/sys.h"
#include "train/net/net.h"

/* ---- Learning rate ----------------------------------------------------------------------------------------------- */

void lade__run_set_lr(lade_fit_run *r) {
    lade__trainer_refresh_lr(&r->trainer);
    r->metrics.lr = r->yielded_lr = r->trainer.lr;
}

/* If the consumer has changed metrics.lr, uses the new value as the learning rate. */
static int read_lr(lade_fit_run *r, struct lade_error *err) {
    double lr = r->metrics.lr;
    if (lr == r->yielded_lr)
        return LADE_OK;
    int status = lade_trainer_set_lr(&r->trainer, lr, err);
    if (status < 0)
        return status;
    lade__run_set_lr(r);
    r->unsaved = true;
    return LADE_OK;
}

/* ---- The end of an epoch ----------------------------------------------------------------------------------------- */

static void begin_epoch(lade_fit_run *r, int epoch) {
    struct lade_metrics *m = &r->metrics;
    *m = (struct lade_metrics){.epoch = epoch,
                               .epochs = m->epochs,
                               .steps = m->steps,
                               .best_epoch = m->best_epoch,
                               .resumed_lr = m->resumed_lr};
    r->sums = (struct lade__loss_sums){0};
    r->samples_before = 0;
    lade__run_set_lr(r);
}

static void fill_metrics(lade_fit_run *r) {
    struct lade_metrics *m = &r->metrics;
    struct lade_score score = lade__loss_sums_score(&r->sums);
    m->samples = score.samples;
    m->loss = score.loss;
    m->accuracy = score.accuracy;
    m->val_loss = m->val_accuracy = (double)NAN;
    m->images_per_s = m->seconds > 0 ? (double)(score.samples - r->samples_before) / m->seconds : 0;
}

static int save(lade_fit_run *r, struct lade_error *err) {
    r->unsaved = false; /* even if an error follows, so that lade_fit_close() does not save again */
    if (!r->options.checkpoint)
        return LADE_OK;
    int status = lade__trainer_check(&r->trainer, err);
    return status < 0 ? status : lade__run_save(r, err);
}

static int validate(lade_fit_run *r, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    struct lade__loss_sums sums = {0};
    int status = lade__net_evaluate_source(r->trainer.net, &r->options.validation, r->validation_steps, &sums, err);
    if (status < 0)
        return status;
    if (!isfinite(sums.loss))
        return lade_error_set_subject(err, LADE_ENUMERIC, "validation",
                                      "the validation loss is %g after epoch %d, at a learning rate of %g; lower the "
                                      "learning rate, or check the samples of the validation",
                                      sums.loss, m->epoch + 1, m->last_lr);
    struct lade_score score = lade__loss_sums_score(&sums);
    m->val_loss = score.loss;
    m->val_accuracy = score.accuracy;
    return LADE_OK;
}

/*
 * Runs the validation. The trained epoch must not be lost if the validation fails (for example, because a file is
 * invalid) or if the user interrupts the validation. In these cases, the checkpoint is written with the state before
 * the validation, and a resumed run begins with the validation.
 */
static int validate_or_save(lade_fit_run *r, struct lade_error *err) {
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

static int end_epoch(lade_fit_run *r, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    bool validation = r->options.validation.next != NULL;
    fill_metrics(r);
    int status = validation ? validate_or_save(r, err) : LADE_OK;
    if (status < 0)
        return status;
    m->epoch_end = true;
    lade_trainer_end_epoch(&r->trainer, validation ? m->val_loss : m->loss);
    lade__run_set_lr(r);
    status = lade__history_add(&r->history, m, err);
    if (status < 0)
        return status;
    lade__best_end_epoch(r);
    return save(r, err);
}

/* ---- The loop ---------------------------------------------------------------------------------------------------- */

/* Copies the error @why of the trainer to @err. If the cause is a number that is not finite, also adds the position of
   the run and the names of samples to the message. */
static int pass_on(const lade_fit_run *r, int status, const struct lade_error *why, const struct lade_batch *b,
                   struct lade_error *err) {
    const struct lade_metrics *m = &r->metrics;
    char where[96];
    if (status != LADE_ENUMERIC)
        return lade_error_set_subject(err, status, why->subject, "%s", why->message);
    snprintf(where, sizeof where, "epoch %d, step %" PRId64 " of %" PRId64, m->epoch + 1, m->step + 1, m->steps);
    return lade__numeric_error(why->message, where, m->lr, b, &r->source, err);
}

/* Makes an update. If the options contain a function `reduce`, this function is called after the gradient is complete
   and before the parameters change. */
static int update(lade_fit_run *r, struct lade_error *err) {
    const struct lade_fit_options *o = &r->options;
    int status = o->reduce ? lade__trainer_complete(&r->trainer, err) : LADE_OK;
    if (status == LADE_OK && o->reduce)
        status = o->reduce(o->reduce_ctx, &r->trainer, err);
    return status < 0 ? status : lade__trainer_update(&r->trainer, err);
}

static int train_on_batch(lade_fit_run *r, const struct lade_batch *b, struct lade_error *err) {
    struct lade__loss_sums sums;
    struct lade_error why = {0};
    bool last = r->metrics.step + 1 == r->metrics.steps;
    int status = lade__trainer_backward(&r->trainer, b, &sums, &why);
    if (status == LADE_OK) {
        lade__loss_sums_add(&r->sums, &sums);
        if (last || r->trainer.batches == r->trainer.accumulate)
            status = update(r, &why);
    }
    return status < 0 ? pass_on(r, status, &why, b, err) : LADE_OK;
}

static int step(lade_fit_run *r, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    struct lade_batch *batch = NULL;
    double begin = lade__sys_clock();
    int status = lade__net_canceled(r->trainer.net, err);
    if (status == LADE_OK)
        status = r->source.next(r->source.ctx, &batch, err);
    double received = lade__sys_clock();
    if (status < 0) {
        r->between_steps = true;
        return status;
    }
    m->last_lr = m->lr;
    r->best.is_current = false;
    status = train_on_batch(r, batch, err);
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
static bool is_due(const lade_fit_run *r, int64_t every) {
    return every > 0 && r->metrics.step % every == 0;
}

/* Runs steps until the next item. Returns 1 if there is an item, 0 if the run is finished, or a status with @err. */
static int run_to_report(lade_fit_run *r, struct lade_error *err) {
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

/* ---- The public functions ---------------------------------------------------------------------------------------- */

lade_fit_run *lade_fit_new(lade_net *net, const struct lade_source *source, const struct lade_fit_options *options,
                           struct lade_error *err) {
    LADE__DEFER_CANCEL;
    const struct lade_fit_options none = {0};
    lade_fit_run *r = lade_alloc(sizeof *r);
    if (!r) {
        lade_error_set(err, LADE_ENOMEM, "no memory for a training run");
        return NULL;
    }
    if (lade__run_begin(r, net, source, options ? options : &none, err) == LADE_OK)
        return r;
    lade__run_release(r);
    lade_free(r);
    return NULL;
}

int lade_fit_next(lade_fit_run *r, struct lade_metrics **out, struct lade_error *err) {
    LADE__DEFER_CANCEL;
    *out = NULL;
    if (r->failed)
        return lade_error_set(err, LADE_ESTATE, "the training run has ended with an error; close it");
    if (r->replay_at < r->replay_end) {
        r->replayed = r->history.epochs[r->replay_at++]; /* a copy, because the consumer may write to it */
        r->replayed.resumed_lr = r->metrics.resumed_lr;
        *out = &r->replayed;
        return LADE_OK;
    }
    r->between_steps = false;
    int status = lade__trainer_check(&r->trainer, err);
    if (status == LADE_OK)
        status = run_to_report(r, err);
    if (status > 0)
        *out = &r->metrics;
    if (status >= 0)
        return LADE_OK;
    if (status == LADE_ECANCELED && r->between_steps)
        return status;             /* the run can continue, and lade_fit_close() may write a checkpoint */
    r->metrics.lr = r->yielded_lr; /* an invalid learning rate is reported only once */
    r->unsaved = false;            /* a failed run must not replace the last good checkpoint */
    r->failed = true;
    return status;
}

int lade_fit_close(lade_fit_run *r, struct lade_error *err) {
    LADE__DEFER_CANCEL;
    struct lade_error save_error = {0};
    if (!r)
        return LADE_OK;
    int status = read_lr(r, err); /* fails if the consumer has stored an invalid learning rate after the last item */
    int saved = r->unsaved ? save(r, &save_error) : LADE_OK;
    if (lade__trainer_check(&r->trainer, NULL) == LADE_OK)
        lade__best_restore(r);
    lade__run_release(r);
    lade_free(r);
    if (saved < 0 && status < 0)
        lade_unhandled(&save_error);
    else if (saved < 0)
        status = lade_error_set_subject(err, saved, save_error.subject, "%s", save_error.message);
    return status;
}

/* ---- The generator ----------------------------------------------------------------------------------------------- */

static void close_run(lade_fit_run **r) {
    struct lade_error err = {0};
    if (lade_fit_close(*r, &err) < 0)
        lade_unhandled(&err);
}

lade_generator_static(struct lade_metrics *, fit, lade_net *, net, struct lade_source, source, struct lade_fit_options,
                      options) {
    struct lade_error err = {0};
    struct lade_metrics *m = NULL;
    lade_cleanup(close_run) lade_fit_run *run = lade_fit_new(net, &source, &options, &err);
    while (run && lade_fit_next(run, &m, &err) == LADE_OK && m)
        lade_yield(m);
    if (err.code)
        lade_fail_with(&err);
}

lade_gen_owned(struct lade_metrics *)
    lade_fit(lade_net *net, struct lade_source source, const struct lade_fit_options *options) {
    return fit(net, source, options ? *options : (struct lade_fit_options){0});
}
