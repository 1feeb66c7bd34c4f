/*
 * train/fit/schedule.c - learning rates as functions of the step, so that a run which is resumed need not know the steps
 * before; only a plateau has a memory. A rate that somebody writes in mid-run is scaled from there on.
 */
#include "train/fit/schedule.h"

#include <inttypes.h>
#include <math.h>

static const char *const names[] = {[LADE_CONSTANT] = "constant",
                                    [LADE_STEP] = "step",
                                    [LADE_EXPONENTIAL] = "exponential",
                                    [LADE_COSINE] = "cosine",
                                    [LADE_PLATEAU] = "plateau"};

const char *lade__schedule_name(enum lade_schedule_kind kind) {
    return (int)kind >= 0 && kind < LADE_SCHEDULE_COUNT ? names[kind] : NULL;
}

int lade__schedule_init(struct lade__schedule *s, const struct lade_schedule *options, int64_t steps, int64_t per_epoch,
                        struct lade_error *err) {
    *s = (struct lade__schedule){*options, steps, per_epoch, 1, (double)INFINITY, 0};
    struct lade_schedule *o = &s->options;
    if (!lade__schedule_name(o->kind))
        return lade_error_set(err, LADE_EINVAL, "schedule: kind is %d, which is none; LADE_CONSTANT is %d",
                              (int)o->kind, LADE_CONSTANT);
    if (o->warmup < 0)
        return lade_error_set(err, LADE_EINVAL, "schedule: warmup is %" PRId64 "; it must be 0 or more steps",
                              o->warmup);
    if (o->epochs < 0)
        return lade_error_set(err, LADE_EINVAL, "schedule: epochs is %d; it must be 1 or more, or 0 for %s", o->epochs,
                              o->kind == LADE_PLATEAU ? "10" : "1");
    if (o->factor == 0)
        o->factor = o->kind == LADE_EXPONENTIAL ? 0.95f : 0.1f;
    if (!(o->factor > 0 && o->factor <= 1))
        return lade_error_set(err, LADE_EINVAL, "schedule: factor is %g; it must be above 0, and at most 1",
                              (double)o->factor);
    if (o->epochs == 0)
        o->epochs = o->kind == LADE_PLATEAU ? 10 : 1;
    return LADE_OK;
}

double lade__schedule_factor(const struct lade__schedule *s, int64_t step) {
    const struct lade_schedule *o = &s->options;
    double epoch = (double)(step / s->per_epoch);
    if (step < o->warmup)
        return (double)(step + 1) / (double)o->warmup;
    switch (o->kind) {
    case LADE_STEP:
        return pow((double)o->factor, floor(epoch / o->epochs));
    case LADE_EXPONENTIAL:
        return pow((double)o->factor, epoch);
    case LADE_COSINE: {
        double left = (double)(s->steps - o->warmup), at = (double)(step - o->warmup);
        return at < left ? (1 + cos(M_PI * at / left)) / 2 : 1e-12;
    }
    case LADE_PLATEAU:
        return s->factor;
    case LADE_CONSTANT:
    case LADE_SCHEDULE_COUNT:
        break;
    }
    return 1;
}

/* torch.optim.lr_scheduler.ReduceLROnPlateau: mode min, threshold 1e-4 relative, no cooldown. */
void lade__schedule_epoch(struct lade__schedule *s, double loss) {
    if (s->options.kind != LADE_PLATEAU)
        return;
    if (loss < s->best * (1 - 1e-4)) {
        s->best = loss;
        s->bad_epochs = 0;
    } else if (++s->bad_epochs > s->options.epochs) {
        s->factor *= (double)s->options.factor;
        s->bad_epochs = 0;
    }
}
