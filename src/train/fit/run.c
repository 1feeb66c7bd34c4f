/*
 * train/fit/run.c - the loop: a batch, its gradient, a step; at the end of an epoch the validation and the checkpoint. It
 * computes nothing ahead of its consumer, and a source brings its own prefetching, so that there is nothing to undo
 * when a run is left.
 */
#include "train/fit/run.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/sys.h"
#include "train/file/atomic_file.h"
#include "train/fit/update.h"
#include "train/net/net.h"

/* ---- Beginning --------------------------------------------------------------------------------------------------- */

static int check_numbers(const struct lade_fit_options *o, struct lade_error *err) {
    const struct {
        const char *name;
        int64_t value;
        const char *zero;
    } counts[] = {{"epochs", o->epochs, "1"},
                  {"steps_per_epoch", o->steps_per_epoch, "all"},
                  {"validation_steps", o->validation_steps, "all"},
                  {"yield_every", o->yield_every, "the ends of epochs"},
                  {"checkpoint_every", o->checkpoint_every, "the ends of epochs"},
                  {"accumulate", o->accumulate == LADE_FULL_BATCH ? 0 : o->accumulate, "1"}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].value < 0)
            return lade_error_set(err, LADE_EINVAL, "%s is %" PRId64 "; it must be 1 or more, or 0 for %s",
                                  counts[i].name, counts[i].value, counts[i].zero);
    const struct {
        const char *name;
        float value;
    } limits[] = {{"clipvalue", o->clipvalue}, {"global_clipnorm", o->global_clipnorm}};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (!(limits[i].value >= 0 && isfinite(limits[i].value)))
            return lade_error_set(err, LADE_EINVAL, "%s is %g; it must be above 0, and finite, or 0 for no limit",
                                  limits[i].name, (double)limits[i].value);
    return LADE_OK;
}

static int check_loss_options(const struct lade_fit_options *o, const struct lade_net_info *info,
                              struct lade_error *err) {
    int64_t classes = info->outputs == 1 ? 2 : info->outputs;
    if (!(o->label_smoothing >= 0 && o->label_smoothing < 1))
        return lade_error_set(err, LADE_EINVAL, "label_smoothing is %g; it must be 0 or more, and below 1",
                              (double)o->label_smoothing);
    if (info->loss == LADE_MEAN_SQUARED_ERROR && (o->label_smoothing != 0 || o->class_weight))
        return lade_error_set(err, LADE_EINVAL,
                              "%s: the loss is the mean squared error, which has no classes; leave it out",
                              o->class_weight ? "class_weight" : "label_smoothing");
    for (int64_t i = 0; o->class_weight && i < classes; i++)
        if (!(o->class_weight[i] >= 0 && isfinite(o->class_weight[i])))
            return lade_error_set(err, LADE_EINVAL,
                                  "class_weight: that of class %" PRId64 " is %g; it must be 0 or more, "
                                  "and finite",
                                  i, (double)o->class_weight[i]);
    double sum = 0;
    for (int64_t i = 0; o->class_weight && i < classes; i++)
        sum += (double)o->class_weight[i];
    if (o->class_weight && sum == 0)
        return lade_error_set(err, LADE_EINVAL, "class_weight: all are 0, so that no sample counts; raise one");
    return LADE_OK;
}

static int check_sources(struct lade__run *r, struct lade_error *err) {
    int status = lade__source_check(r->net, &r->source, "source", &r->metrics.steps, err);
    if (status == LADE_OK && r->options.validation.next)
        status = lade__source_check(r->net, &r->options.validation, "validation", &r->validation_steps, err);
    return status;
}

/* Steps of the optimiser in an epoch. */
static int64_t updates_per_epoch(const struct lade__run *r) {
    return r->metrics.steps / r->accumulate + (r->metrics.steps % r->accumulate != 0);
}

static int check_length(const struct lade__run *r, struct lade_error *err) {
    int64_t all;
    if (!__builtin_mul_overflow(r->metrics.steps, (int64_t)r->metrics.epochs, &all))
        return LADE_OK;
    return lade_error_set(err, LADE_EINVAL, "%d epochs of %" PRId64 " steps are more than 2^63 steps; take fewer",
                          r->metrics.epochs, r->metrics.steps);
}

/* The learning rate of the next step, where the consumer sees it. */
static void set_lr(struct lade__run *r) {
    struct lade_metrics *m = &r->metrics;
    int64_t per_epoch = updates_per_epoch(r), done = m->step == m->steps ? per_epoch : m->step / r->accumulate;
    r->lr_factor = lade__schedule_factor(&r->schedule, m->epoch * per_epoch + done);
    m->lr = r->yielded_lr = r->base_lr * r->lr_factor;
}

/* The consumer may have written another. */
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

static int allocate_pending(struct lade__run *r, struct lade_error *err) {
    size_t floats = r->net->spec.trainable_floats;
    if (r->accumulate == 1)
        return LADE_OK;
    r->pending = lade_alloc_aligned(floats * sizeof *r->pending);
    if (!r->pending)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the gradients of several batches");
    memset(r->pending, 0, floats * sizeof *r->pending);
    return LADE_OK;
}

int lade__run_begin(struct lade__run *r, lade_net *net, const struct lade_source *source,
                    const struct lade_fit_options *options, struct lade_error *err) {
    *r = (struct lade__run){.net = net, .source = *source, .options = *options};
    struct lade_fit_options *o = &r->options;
    struct lade_metrics *m = &r->metrics;
    int status = check_numbers(o, err);
    if (status == LADE_OK)
        status = check_loss_options(o, &net->info, err);
    m->epochs = o->epochs ? o->epochs : 1;
    m->steps = o->steps_per_epoch;
    r->validation_steps = o->validation_steps;
    if (status == LADE_OK)
        status = check_sources(r, err);
    r->accumulate = o->accumulate == LADE_FULL_BATCH || o->accumulate > m->steps ? m->steps
                    : o->accumulate                                              ? o->accumulate
                                                                                 : 1;
    if (status == LADE_OK)
        status = check_length(r, err);
    r->loss =
        (struct lade__loss_config){net->info.loss, net->info.outputs, (double)o->label_smoothing, o->class_weight};
    if (status == LADE_OK)
        status = lade__optimizer_init(&r->optimizer, &o->optimizer, net->spec.trainable_floats, err);
    if (status == LADE_OK)
        status = lade__schedule_init(&r->schedule, &o->schedule, m->epochs * updates_per_epoch(r), updates_per_epoch(r),
                                     err);
    if (status == LADE_OK)
        status = allocate_pending(r, err);
    if (status == LADE_OK && o->checkpoint)
        status = lade__atomic_probe(o->checkpoint, err);
    r->base_lr = (double)r->optimizer.options.lr;
    if (status == LADE_OK && o->resume)
        status = lade__run_load(r, err);
    r->samples_before = r->sums.samples;
    r->replay_end = o->replay ? r->history.count : 0;
    if (status == LADE_OK)
        status = lade__net_set_preprocessing(net, source->preprocessing, err);
    if (status == LADE_OK)
        set_lr(r);
    return status;
}

/* ---- Reports ----------------------------------------------------------------------------------------------------- */

static void begin_epoch(struct lade__run *r, int epoch) {
    struct lade_metrics *m = &r->metrics;
    *m = (struct lade_metrics){.epoch = epoch, .epochs = m->epochs, .steps = m->steps};
    r->sums = (struct lade__loss_sums){0};
    r->samples_before = 0;
    set_lr(r);
}

static void report(struct lade__run *r) {
    struct lade_metrics *m = &r->metrics;
    struct lade_score score = lade__loss_sums_score(&r->sums);
    m->samples = score.samples;
    m->loss = score.loss;
    m->accuracy = score.accuracy;
    m->val_loss = m->val_accuracy = (double)NAN;
    m->images_per_s = m->seconds > 0 ? (double)(score.samples - r->samples_before) / m->seconds : 0;
}

static int save(struct lade__run *r, struct lade_error *err) {
    r->unsaved = false; /* also after a failure: it has been reported, and is not tried again on the way out */
    return r->options.checkpoint ? lade__run_save(r, err) : LADE_OK;
}

static int validate(struct lade__run *r, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    struct lade__loss_sums sums = {0};
    int status = lade__net_evaluate_source(r->net, &r->options.validation, r->validation_steps, &sums, err);
    if (status < 0)
        return status;
    if (!isfinite(sums.loss))
        return lade_error_set(err, LADE_ENUMERIC,
                              "the loss of the validation is %g after epoch %d, at a learning rate of %g; lower the "
                              "learning rate, or look at the samples of the validation",
                              sums.loss, m->epoch, m->last_lr);
    struct lade_score score = lade__loss_sums_score(&sums);
    m->val_loss = score.loss;
    m->val_accuracy = score.accuracy;
    return LADE_OK;
}

/*
 * A validation that fails - a file that is broken, somebody who does not want to wait for it - must not cost the epoch:
 * the run is saved as it was before, and goes on with the validation when it is resumed.
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
    report(r);
    int status = r->options.validation.next ? validate_or_save(r, err) : LADE_OK;
    if (status < 0)
        return status;
    m->epoch_end = true;
    lade__schedule_end_epoch(&r->schedule, r->options.validation.next ? m->val_loss : m->loss);
    set_lr(r);
    status = lade__history_add(&r->history, m, err);
    return status < 0 ? status : save(r, err);
}

/* ---- The loop ---------------------------------------------------------------------------------------------------- */

static int step(struct lade__run *r, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    struct lade_batch *batch = NULL;
    double begin = lade__sys_clock();
    int status = r->source.next(r->source.ctx, &batch, err);
    double got = lade__sys_clock();
    if (status < 0)
        return status;
    m->last_lr = m->lr;
    status = lade__run_train_on_batch(r, batch, m->step + 1 == m->steps, err);
    lade_batch_unref(batch);
    if (status < 0)
        return status;
    r->unsaved = true;
    m->step++;
    m->wait_seconds += got - begin;
    m->seconds += lade__sys_clock() - begin;
    set_lr(r);
    return LADE_OK;
}

/* Is it time for something that is done every so many steps? 0: never. */
static bool is_time(const struct lade__run *r, int64_t every) {
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
        if (m->step < m->steps) /* not so where it was left between that and its validation */
            status = step(r, err);
        if (status < 0)
            break;
        if (m->step == m->steps) {
            status = end_epoch(r, err);
            return status < 0 ? status : 1;
        }
        if (is_time(r, r->options.checkpoint_every))
            status = save(r, err);
        if (status == LADE_OK && is_time(r, r->options.yield_every)) {
            report(r);
            return 1;
        }
    }
    return status;
}

int lade__run_resume(struct lade__run *r, struct lade_error *err) {
    if (r->replay_at < r->replay_end) {
        r->replayed = r->history.epochs[r->replay_at++]; /* a copy: the consumer may write into it */
        r->report = &r->replayed;
        return 1;
    }
    r->report = &r->metrics;
    int status = resume(r, err);
    if (status < 0) {
        r->metrics.lr = r->yielded_lr; /* a wrong one has been told of */
        r->unsaved = false;            /* what went wrong must not take the place of the last good checkpoint */
    }
    return status;
}

void lade__run_end(struct lade__run *r) {
    struct lade_error wrong = {0}, err = {0};
    if (r->net && read_lr(r, &wrong) < 0) /* written just before the run was left: nobody else would hear of it */
        lade_unhandled(&wrong);
    if (r->net && r->unsaved && save(r, &err) < 0)
        lade_unhandled(&err);
    lade__optimizer_release(&r->optimizer);
    lade__history_release(&r->history);
    lade_free_aligned(r->pending);
    r->pending = NULL;
}
