/*
 * train/fit/run_begin.c - checks the options of a run, allocates the memory of the run, and restores a checkpoint.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "train/file/atomic_file.h"
#include "train/fit/run.h"
#include "train/net/net.h"

static int check_counts(const struct lade_fit_options *o, struct lade_error *err) {
    const struct {
        const char *name;
        int64_t value;
        const char *zero;
    } counts[] = {{"epochs", o->epochs, "1"},
                  {"steps_per_epoch", o->steps_per_epoch, "all steps of the source"},
                  {"validation_steps", o->validation_steps, "all steps of the source"},
                  {"yield_every", o->yield_every, "the end of each epoch only"},
                  {"checkpoint_every", o->checkpoint_every, "the end of each epoch only"},
                  {"accumulate", o->accumulate == LADE_FULL_BATCH ? 0 : o->accumulate, "1"}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].value < 0)
            return lade_error_set_subject(err, LADE_EINVAL, counts[i].name,
                                          "%s is %" PRId64 "; it must be 1 or more, or 0 for %s", counts[i].name,
                                          counts[i].value, counts[i].zero);
    return LADE_OK;
}

static int check_limits(const struct lade_fit_options *o, struct lade_error *err) {
    const struct {
        const char *name;
        float value;
    } limits[] = {{"clipvalue", o->clipvalue}, {"global_clipnorm", o->global_clipnorm}};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (!(limits[i].value >= 0 && isfinite(limits[i].value)))
            return lade_error_set_subject(err, LADE_EINVAL, limits[i].name,
                                          "%s is %g; it must be finite and above 0, or 0 for no limit", limits[i].name,
                                          (double)limits[i].value);
    return LADE_OK;
}

static int check_class_weight(const float *weights, int64_t classes, struct lade_error *err) {
    double sum = 0;
    for (int64_t i = 0; i < classes; i++) {
        if (!(weights[i] >= 0 && isfinite(weights[i])))
            return lade_error_set_subject(err, LADE_EINVAL, "class_weight",
                                          "class_weight: the weight of class %" PRId64
                                          " is %g; it must be finite and 0 or more",
                                          i, (double)weights[i]);
        sum += (double)weights[i];
    }
    if (sum == 0)
        return lade_error_set_subject(err, LADE_EINVAL, "class_weight",
                                      "class_weight: all weights are 0; at least one weight must be above 0");
    return LADE_OK;
}

static int check_loss_options(const struct lade_fit_options *o, const struct lade_net_info *info,
                              struct lade_error *err) {
    if (!(o->label_smoothing >= 0 && o->label_smoothing < 1))
        return lade_error_set_subject(err, LADE_EINVAL, "label_smoothing",
                                      "label_smoothing is %g; it must be 0 or more and below 1",
                                      (double)o->label_smoothing);
    const char *given = o->class_weight ? "class_weight" : o->label_smoothing != 0 ? "label_smoothing" : NULL;
    if (given && !lade__loss_kind(info->loss)->has_classes)
        return lade_error_set_subject(err, LADE_EINVAL, given, "%s: the loss %s has no classes; remove this option",
                                      given, lade_loss_name(info->loss));
    return o->class_weight ? check_class_weight(o->class_weight, lade__class_count(info->outputs), err) : LADE_OK;
}

static int check_options(const struct lade_fit_options *o, const struct lade_net_info *info, struct lade_error *err) {
    int status = check_counts(o, err);
    if (status == LADE_OK)
        status = check_limits(o, err);
    return status == LADE_OK ? check_loss_options(o, info, err) : status;
}

static int check_sources(struct lade__run *r, struct lade_error *err) {
    int status = lade__source_check(r->net, &r->source, "source", &r->metrics.steps, err);
    if (status == LADE_OK && r->options.validation.next)
        status = lade__source_check(r->net, &r->options.validation, "validation", &r->validation_steps, err);
    return status;
}

static int check_length(const struct lade__run *r, struct lade_error *err) {
    int64_t all;
    if (!__builtin_mul_overflow(r->metrics.steps, (int64_t)r->metrics.epochs, &all))
        return LADE_OK;
    return lade_error_set_subject(err, LADE_EINVAL, "epochs",
                                  "%d epochs of %" PRId64
                                  " steps are more than 2^63 steps; reduce epochs or steps_per_epoch",
                                  r->metrics.epochs, r->metrics.steps);
}

static int allocate_pending(struct lade__run *r, struct lade_error *err) {
    size_t floats = r->net->spec.trainable_floats;
    if (r->accumulate == 1)
        return LADE_OK;
    r->pending = lade_alloc_aligned(floats * sizeof *r->pending);
    if (!r->pending)
        return lade_error_set(err, LADE_ENOMEM, "no memory to accumulate gradients");
    memset(r->pending, 0, floats * sizeof *r->pending);
    return LADE_OK;
}

/* Initialises the optimizer and the schedule, and allocates the memory for accumulated gradients. */
static int set_up(struct lade__run *r, struct lade_error *err) {
    const struct lade_fit_options *o = &r->options;
    const struct lade__spec *spec = &r->net->spec;
    int64_t updates = lade__run_updates_per_epoch(r);
    r->loss = (struct lade__loss_config){r->net->info.loss, r->net->info.outputs, (double)o->label_smoothing,
                                         o->class_weight};
    int status = lade__optimizer_init(&r->optimizer, &o->optimizer, spec->trainable_floats, err);
    if (status == LADE_OK)
        status = lade__schedule_init(&r->schedule, &o->schedule, r->metrics.epochs * updates, updates, err);
    if (status == LADE_OK)
        status = allocate_pending(r, err);
    r->base_lr = (double)r->optimizer.options.lr;
    return status;
}

int lade__run_begin(struct lade__run *r, lade_net *net, const struct lade_source *source,
                    const struct lade_fit_options *options, struct lade_error *err) {
    *r = (struct lade__run){.net = net, .source = *source, .options = *options};
    struct lade_fit_options *o = &r->options;
    struct lade_metrics *m = &r->metrics;
    int status = check_options(o, &net->info, err);
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
    if (status == LADE_OK)
        status = set_up(r, err);
    if (status == LADE_OK && o->checkpoint)
        status = lade__atomic_probe(o->checkpoint, err);
    if (status == LADE_OK && o->resume)
        status = lade__run_restore(r, err);
    r->samples_before = r->sums.samples;
    r->replay_end = o->replay ? r->history.count : 0;
    if (status == LADE_OK)
        status = lade__net_set_preprocessing(net, source->preprocessing, err);
    if (status == LADE_OK)
        lade__run_set_lr(r);
    return status;
}
