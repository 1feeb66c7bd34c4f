/*
 * train/fit/run_begin.c - checks the options of a run, allocates the memory of the run, and restores a checkpoint.
 */
#include <inttypes.h>
#include <math.h>

#include "base/option.h"
#include "base/atomic_file.h"
#include "train/fit/run.h"
#include "train/net/net.h"

/* Checks the counts that lade__trainer_init() does not check. */
static int check_counts(const struct lade_fit_options *o, struct lade_error *err) {
    const struct {
        const char *name;
        int64_t value;
        const char *zero;
    } counts[] = {{"steps_per_epoch", o->steps_per_epoch, "all steps of the source"},
                  {"validation_steps", o->validation_steps, "all steps of the source"},
                  {"yield_every", o->yield_every, "the end of each epoch only"},
                  {"checkpoint_every", o->checkpoint_every, "the end of each epoch only"}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].value < 0)
            return lade_error_set_subject(err, LADE_EINVAL, counts[i].name,
                                          "%s is %" PRId64 "; it must be 1 or more, or 0 for %s", counts[i].name,
                                          counts[i].value, counts[i].zero);
    return LADE_OK;
}

static int check_sources(lade_fit_run *r, const lade_net *net, struct lade_error *err) {
    int status = lade__source_check(net, &r->source, "source", &r->metrics.steps, err);
    if (status == LADE_OK && r->options.validation.next)
        status = lade__source_check(net, &r->options.validation, "validation", &r->validation_steps, err);
    return status;
}

static int check_length(const lade_fit_run *r, struct lade_error *err) {
    int64_t all;
    if (!__builtin_mul_overflow(r->metrics.steps, (int64_t)r->metrics.epochs, &all))
        return LADE_OK;
    return lade_error_set_subject(err, LADE_EINVAL, "epochs",
                                  "%d epochs of %" PRId64
                                  " steps are more than 2^63 steps; reduce epochs or steps_per_epoch",
                                  r->metrics.epochs, r->metrics.steps);
}

/* Returns the number of batches of an update, which is at most the number of steps of an epoch. Values below 1, except
   LADE_FULL_BATCH, are returned unchanged, because lade__trainer_init() replaces 0 and rejects negative values. */
static int64_t batches_of_update(const lade_fit_run *r) {
    int64_t accumulate = r->options.accumulate, steps = r->metrics.steps;
    return accumulate == LADE_FULL_BATCH || accumulate > steps ? steps : accumulate;
}

static int init_trainer(lade_fit_run *r, lade_net *net, struct lade_error *err) {
    const struct lade_fit_options *o = &r->options;
    int64_t steps = r->metrics.steps, accumulate = batches_of_update(r), batches = accumulate > 0 ? accumulate : 1;
    return lade__trainer_init(
        &r->trainer, net,
        &(struct lade_trainer_options){.optimizer = o->optimizer,
                                       .schedule = o->schedule,
                                       .epochs = r->metrics.epochs,
                                       .updates_per_epoch = steps / batches + (steps % batches != 0),
                                       .accumulate = accumulate,
                                       .global_clipnorm = o->global_clipnorm,
                                       .clipvalue = o->clipvalue,
                                       .label_smoothing = o->label_smoothing,
                                       .class_weight = o->class_weight},
        err);
}

int lade__run_begin(lade_fit_run *r, lade_net *net, const struct lade_source *source,
                    const struct lade_fit_options *options, struct lade_error *err) {
    *r = (lade_fit_run){.source = *source, .options = *options, .history.by_loss = options->best_by_loss};
    struct lade_fit_options *o = &r->options;
    struct lade_metrics *m = &r->metrics;
    int status = LADE__RESERVED_CHECK(o, "lade_fit_options", err);
    if (status == LADE_OK)
        status = check_counts(o, err);
    m->epochs = o->epochs ? o->epochs : 1;
    m->resumed_lr = (double)NAN;
    m->steps = o->steps_per_epoch;
    r->validation_steps = o->validation_steps;
    if (status == LADE_OK)
        status = check_sources(r, net, err);
    if (status == LADE_OK)
        status = check_length(r, err);
    if (status == LADE_OK)
        status = init_trainer(r, net, err);
    if (status == LADE_OK)
        status = lade__best_init(r, err);
    if (status == LADE_OK && o->checkpoint)
        status = lade__atomic_probe(o->checkpoint, err);
    if (status == LADE_OK && o->resume)
        status = lade__run_restore(r, err);
    r->samples_before = r->sums.samples;
    r->replay_end = o->replay ? r->history.count : 0;
    if (status == LADE_OK)
        status = lade__net_set_preprocessing(net, source->preprocessing, source->preprocessing_values, err);
    if (status == LADE_OK)
        lade__run_set_lr(r);
    return status;
}

void lade__run_release(lade_fit_run *r) {
    lade__best_release(r);
    lade__trainer_release(&r->trainer);
    lade__history_release(&r->history);
}
