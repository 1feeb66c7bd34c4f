/*
 * train/fit/trainer.c - makes a trainer, and defines the public functions of lade/train/step.h. lade_fit() and these
 * functions call the same functions of gradient.c. Only the messages for a number that is not finite differ. A message
 * of lade_fit() contains the epoch and names of samples, and a message of a trainer contains the number of the update.
 */
#include "train/fit/trainer.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/monitor.h"
#include "base/option.h"
#include "train/net/net.h"

/* ---- Options ----------------------------------------------------------------------------------------------------- */

static int check_counts(const struct lade_trainer_options *o, struct lade_error *err) {
    const struct {
        const char *name;
        int64_t value;
    } counts[] = {{"accumulate", o->accumulate == LADE_FULL_BATCH ? 0 : o->accumulate},
                  {"epochs", o->epochs},
                  {"updates_per_epoch", o->updates_per_epoch}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].value < 0)
            return lade_error_set_subject(err, LADE_EINVAL, counts[i].name,
                                          "%s is %" PRId64 "; it must be 1 or more, or 0 for the default",
                                          counts[i].name, counts[i].value);
    return LADE_OK;
}

static int check_limits(const struct lade_trainer_options *o, struct lade_error *err) {
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

static int check_loss_options(const struct lade_trainer_options *o, const struct lade_net_info *info,
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

/* ---- Making a trainer -------------------------------------------------------------------------------------------- */

static int copy_class_weight(struct lade_trainer *t, struct lade_error *err) {
    size_t size = (size_t)lade__class_count(t->net->info.outputs) * sizeof(float);
    if (!t->options.class_weight)
        return LADE_OK;
    t->class_weight = lade_alloc(size);
    if (!t->class_weight)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the weights of the classes");
    t->options.class_weight = memcpy(t->class_weight, t->options.class_weight, size);
    return LADE_OK;
}

static int allocate_pending(struct lade_trainer *t, struct lade_error *err) {
    size_t size = t->net->spec.trainable_floats * sizeof *t->pending;
    if (t->accumulate == 1)
        return LADE_OK;
    t->pending = lade_alloc_aligned(size);
    if (!t->pending)
        return lade_error_set(err, LADE_ENOMEM, "no memory to accumulate gradients");
    memset(t->pending, 0, size);
    return LADE_OK;
}

/* A net can have only one trainer, because the gradients are stored in the net. */
static int register_with_net(struct lade_trainer *t, struct lade_error *err) {
    if (t->net->trained_by)
        return lade_error_set_subject(err, LADE_ESTATE, "net",
                                      "net: the net is already in training; close the other lade_fit(), or free the "
                                      "other trainer, first");
    t->net->trained_by = &t->net;
    return LADE_OK;
}

static int init_schedule(struct lade_trainer *t, struct lade_error *err) {
    const struct lade_trainer_options *o = &t->options;
    int64_t epochs = o->epochs ? o->epochs : 1, updates;
    if (__builtin_mul_overflow(epochs, o->updates_per_epoch, &updates))
        return lade_error_set_subject(err, LADE_EINVAL, "epochs",
                                      "%" PRId64 " epochs of %" PRId64 " updates are more than 2^63 updates", epochs,
                                      o->updates_per_epoch);
    return lade__schedule_init(&t->schedule, &o->schedule, updates, o->updates_per_epoch, err);
}

int lade__trainer_init(struct lade_trainer *t, lade_net *net, const struct lade_trainer_options *options,
                       struct lade_error *err) {
    *t = (struct lade_trainer){.net = net, .options = *options};
    t->accumulate = options->accumulate == LADE_FULL_BATCH ? INT64_MAX : options->accumulate ? options->accumulate : 1;
    int status = LADE__RESERVED_CHECK(options, "lade_trainer_options", err);
    if (status == LADE_OK)
        status = register_with_net(t, err);
    if (status == LADE_OK)
        status = check_counts(options, err);
    if (status == LADE_OK)
        status = check_limits(options, err);
    if (status == LADE_OK)
        status = check_loss_options(options, &net->info, err);
    if (status == LADE_OK)
        status = copy_class_weight(t, err);
    if (status == LADE_OK)
        status = lade__optimizer_init(&t->optimizer, &options->optimizer, net->spec.trainable_floats, err);
    if (status == LADE_OK)
        status = init_schedule(t, err);
    if (status == LADE_OK)
        status = allocate_pending(t, err);
    t->loss = (struct lade__loss_config){net->info.loss, net->info.outputs, (double)options->label_smoothing,
                                         t->class_weight};
    t->base_lr = (double)t->optimizer.options.lr;
    t->written_lr = (double)NAN;
    if (status == LADE_OK)
        lade__trainer_refresh_lr(t);
    return status;
}

void lade__trainer_release(struct lade_trainer *t) {
    if (t->net && t->net->trained_by == &t->net)
        t->net->trained_by = NULL;
    t->net = NULL;
    lade__optimizer_release(&t->optimizer);
    lade_free(t->class_weight);
    lade_free_aligned(t->pending);
    t->class_weight = t->pending = NULL;
}

int lade__trainer_check(const struct lade_trainer *t, struct lade_error *err) {
    if (t->net)
        return lade__net_check_fork(t->net, err);
    return lade_error_set_subject(err, LADE_ESTATE, "net",
                                  "net: the net was freed; a net must exist longer than its training");
}

lade_trainer *lade_trainer_new(lade_net *net, const struct lade_trainer_options *options, struct lade_error *err) {
    const struct lade_trainer_options none = {0};
    lade_trainer *t = lade_alloc(sizeof *t);
    if (!t) {
        lade_error_set(err, LADE_ENOMEM, "no memory for a trainer");
        return NULL;
    }
    if (lade__trainer_init(t, net, options ? options : &none, err) == LADE_OK)
        return t;
    lade_trainer_free(t);
    return NULL;
}

void lade_trainer_free(lade_trainer *t) {
    if (t)
        lade__trainer_release(t);
    lade_free(t);
}

/* ---- Learning rate ----------------------------------------------------------------------------------------------- */

void lade__trainer_refresh_lr(struct lade_trainer *t) {
    t->lr = isnan(t->written_lr) ? lade__schedule_rate(&t->schedule, t->base_lr, t->scheduled) : t->written_lr;
}

int lade_trainer_set_lr(lade_trainer *t, double lr, struct lade_error *err) {
    bool scheduled = lr == LADE_SCHEDULED_LR;
    int status = scheduled ? LADE_OK : lade__learning_rate_check(lr, err);
    if (status < 0)
        return status;
    t->written_lr = scheduled ? (double)NAN : lr;
    lade__trainer_refresh_lr(t);
    return LADE_OK;
}

void lade_trainer_end_epoch(lade_trainer *t, double loss) {
    lade__schedule_end_epoch(&t->schedule, t->base_lr, loss);
    lade__trainer_refresh_lr(t);
}

/* ---- A step ------------------------------------------------------------------------------------------------------ */

/* Fills *err from the error @why of a function of gradient.c. Returns @status. @b may be NULL. */
static int pass_on(const struct lade_trainer *t, int status, const struct lade_error *why, const struct lade_batch *b,
                   struct lade_error *err) {
    char where[32];
    if (status != LADE_ENUMERIC)
        return status < 0 ? lade_error_set_subject(err, status, why->subject, "%s", why->message) : status;
    snprintf(where, sizeof where, "update %" PRId64, t->scheduled + 1);
    return lade__numeric_error(why->message, where, t->lr, b, NULL, err);
}

int lade_trainer_backward(lade_trainer *t, const struct lade_batch *batch, struct lade_error *err) {
    LADE__DEFER_CANCEL;
    struct lade_error why = {0};
    struct lade__loss_sums sums;
    int status = t->net ? lade__net_canceled(t->net, err) : LADE_OK;
    if (status < 0)
        return status;
    return pass_on(t, lade__trainer_backward(t, batch, &sums, &why), &why, batch, err);
}

int lade_trainer_complete(lade_trainer *t, struct lade_error *err) {
    LADE__DEFER_CANCEL;
    struct lade_error why = {0};
    return pass_on(t, lade__trainer_complete(t, &why), &why, NULL, err);
}

int lade_trainer_update(lade_trainer *t, struct lade_error *err) {
    LADE__DEFER_CANCEL;
    struct lade_error why = {0};
    return pass_on(t, lade__trainer_update(t, &why), &why, NULL, err);
}

void lade_trainer_zero_grad(lade_trainer *t) {
    lade__trainer_discard(t);
}

const struct lade_trainer_metrics *lade_trainer_metrics(lade_trainer *t) {
    struct lade_trainer_metrics *m = &t->metrics;
    m->batches = t->batches;
    m->updates = t->optimizer.updates;
    m->lr = t->lr;
    return m;
}

/* ---- The gradient of a parameter --------------------------------------------------------------------------------- */

/* Stores the address of the gradient of a parameter in *out. @tensor must have the shape of the parameter. */
static int find_gradient(const lade_trainer *t, const char *name, const struct lade_tensor *tensor, float **out,
                         struct lade_error *err) {
    const struct lade__parameter *p;
    int status = lade__trainer_check(t, err);
    if (status == LADE_OK)
        status = lade__net_find_parameter(t->net, name, tensor, &p, err);
    if (status < 0)
        return status;
    if (p->is_buffer)
        return lade_error_set_subject(err, LADE_EINVAL, name, "%s is a buffer, which has no gradient", name);
    if (!t->is_complete)
        return lade_error_set_subject(err, LADE_ESTATE, name,
                                      "%s: the gradient is not complete; call lade_trainer_complete() first", name);
    *out = t->net->replicas[0].gradients + p->offset;
    return LADE_OK;
}

int lade_trainer_get_gradient(const lade_trainer *t, const char *name, struct lade_tensor *out,
                              struct lade_error *err) {
    float *gradient = NULL;
    int status = find_gradient(t, name, out, &gradient, err);
    if (status == LADE_OK)
        memcpy(lade_tensor_data(out), gradient, lade_tensor_bytes(out));
    return status;
}

int lade_trainer_set_gradient(lade_trainer *t, const char *name, const struct lade_tensor *values,
                              struct lade_error *err) {
    float *gradient = NULL;
    int status = find_gradient(t, name, values, &gradient, err);
    if (status < 0)
        return status;
    memcpy(gradient, lade_tensor_data(values), lade_tensor_bytes(values));
    t->is_written = true;
    return LADE_OK;
}
