/*
 * train/fit/schedule.c - contains the table of schedules, with one row and one function for each schedule. The factor
 * of the learning rate depends only on the number of the update, so that a resumed run needs no state of the schedule.
 * LADE_PLATEAU is the exception, because its factor depends on the losses so far.
 */
#include "train/fit/schedule.h"

#include <inttypes.h>
#include <math.h>

#include "base/option.h"

/* ---- Factors ----------------------------------------------------------------------------------------------------- */

static double epoch_of(const struct lade__schedule *s, int64_t update) {
    return (double)(update / s->per_epoch);
}

static double constant(const struct lade__schedule *s, int64_t update) {
    (void)s, (void)update;
    return 1;
}

static double step(const struct lade__schedule *s, int64_t update) {
    return pow((double)s->options.factor, floor(epoch_of(s, update) / s->options.epochs));
}

static double exponential(const struct lade__schedule *s, int64_t update) {
    return pow((double)s->options.factor, epoch_of(s, update));
}

static double cosine(const struct lade__schedule *s, int64_t update) {
    double length = (double)(s->updates - s->options.warmup), at = (double)(update - s->options.warmup);
    return at < length ? (1 + cos(M_PI * at / length)) / 2 : 0;
}

static double plateau(const struct lade__schedule *s, int64_t update) {
    (void)update;
    return s->factor;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

#define USES(...) ((const char *const[]){__VA_ARGS__})

static const struct {
    struct lade_schedule_info info;
    double (*factor)(const struct lade__schedule *s, int64_t update); /* the factor after the warmup */
    bool needs_length; /* the factor depends on the number of updates in an epoch */
} kinds[] = {
    [LADE_CONSTANT] = {{"constant", USES(NULL), {LADE_CONSTANT, .epochs = 1, .factor = .1f}}, constant},
    [LADE_STEP] = {{"step", USES("epochs", "factor", NULL), {LADE_STEP, .epochs = 1, .factor = .1f}}, step, true},
    [LADE_EXPONENTIAL] = {{"exponential", USES("factor", NULL), {LADE_EXPONENTIAL, .epochs = 1, .factor = .95f}},
                          exponential,
                          true},
    [LADE_COSINE] = {{"cosine", USES(NULL), {LADE_COSINE, .epochs = 1, .factor = .1f}}, cosine, true},
    [LADE_PLATEAU] = {{"plateau",
                       USES("epochs", "factor", "min_lr", "eps", NULL),
                       {LADE_PLATEAU, .epochs = 10, .factor = .1f, .eps = 1e-8f}},
                      plateau},
};

_Static_assert(sizeof kinds / sizeof *kinds == LADE_SCHEDULE_COUNT, "every schedule has a row");

const struct lade_schedule_info *lade_schedule_info(enum lade_schedule_kind kind) {
    return (int)kind >= 0 && kind < LADE_SCHEDULE_COUNT ? &kinds[kind].info : NULL;
}

/* Checks the limits of LADE_PLATEAU. Other schedules must not have these options. */
static int set_limits(struct lade_schedule *o, const struct lade_schedule_info *info, struct lade_error *err) {
    const struct {
        const char *name;
        float *value;
        float usual;
    } limits[] = {{"schedule.min_lr", &o->min_lr, 0}, {"schedule.eps", &o->eps, info->defaults.eps}};
    for (int i = 0; i < 2; i++) {
        float *value = limits[i].value;
        if (*value != 0 && o->kind != LADE_PLATEAU)
            return lade_error_set_subject(err, LADE_EINVAL, limits[i].name,
                                          "%s is %g, but the schedule %s does not use it", limits[i].name,
                                          (double)*value, info->name);
        *value = *value == 0 ? limits[i].usual : *value == (float)LADE_OFF ? 0 : *value;
        if (!(*value >= 0 && isfinite(*value)))
            return lade_error_set_subject(err, LADE_EINVAL, limits[i].name, "%s is %g; it must be finite and 0 or more",
                                          limits[i].name, (double)*value);
    }
    return LADE_OK;
}

int lade__schedule_init(struct lade__schedule *s, const struct lade_schedule *options, int64_t updates,
                        int64_t per_epoch, struct lade_error *err) {
    *s = (struct lade__schedule){*options, updates, per_epoch, 1, (double)INFINITY, 0};
    struct lade_schedule *o = &s->options;
    const struct lade_schedule_info *info = lade_schedule_info(o->kind);
    if (!info)
        return lade_error_set_subject(err, LADE_EINVAL, "schedule", "schedule: kind is %d; it must be 0 to %d",
                                      (int)o->kind, LADE_SCHEDULE_COUNT - 1);
    if (LADE__RESERVED_CHECK(o, "lade_schedule", err) < 0)
        return LADE_EINVAL;
    if (kinds[o->kind].needs_length && per_epoch == 0)
        return lade_error_set_subject(err, LADE_EINVAL, "updates_per_epoch",
                                      "updates_per_epoch is 0, but the schedule %s needs the number of updates in an "
                                      "epoch",
                                      info->name);
    if (o->warmup < 0)
        return lade_error_set_subject(err, LADE_EINVAL, "warmup",
                                      "schedule: warmup is %" PRId64 "; it must be 0 or more", o->warmup);
    if (o->epochs < 0)
        return lade_error_set_subject(err, LADE_EINVAL, "schedule.epochs",
                                      "schedule: epochs is %d; it must be 1 or more, or 0 for the default (%d)",
                                      o->epochs, info->defaults.epochs);
    if (o->epochs == 0)
        o->epochs = info->defaults.epochs;
    if (o->factor == 0)
        o->factor = info->defaults.factor;
    if (!(o->factor > 0 && o->factor <= 1))
        return lade_error_set_subject(err, LADE_EINVAL, "schedule.factor",
                                      "schedule: factor is %g; it must be above 0 and at most 1", (double)o->factor);
    return set_limits(o, info, err);
}

double lade__schedule_rate(const struct lade__schedule *s, double lr, int64_t update) {
    if (update < s->options.warmup)
        return lr * ((double)(update + 1) / (double)s->options.warmup);
    return fmax(lr * kinds[s->options.kind].factor(s, update), fmin(lr, (double)s->options.min_lr));
}

/* Does the same as torch.optim.lr_scheduler.ReduceLROnPlateau with mode min, a relative threshold of 1e-4 and no
   cooldown. */
void lade__schedule_end_epoch(struct lade__schedule *s, double lr, double loss) {
    if (s->options.kind != LADE_PLATEAU)
        return;
    if (loss < s->best * (1 - 1e-4)) {
        s->best = loss;
        s->bad_epochs = 0;
    } else if (++s->bad_epochs > s->options.epochs) {
        double least = fmin(lr, (double)s->options.min_lr), next = s->factor * (double)s->options.factor;
        if (fmax(lr * s->factor, least) - fmax(lr * next, least) > (double)s->options.eps)
            s->factor = next;
        s->bad_epochs = 0;
    }
}
