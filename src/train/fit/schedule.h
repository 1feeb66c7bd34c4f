/*
 * train/fit/schedule.h - what the learning rate is multiplied by as a run goes on.
 */
#ifndef LADE_SRC_TRAIN_FIT_SCHEDULE_H
#define LADE_SRC_TRAIN_FIT_SCHEDULE_H

#include <lade/train.h>

struct lade__schedule {
    struct lade_schedule options; /* checked, every default filled in */
    int64_t steps, per_epoch;     /* of the optimiser: in the run, in an epoch */

    /* of LADE_PLATEAU */
    double factor, best; /* best: the lowest loss so far */
    int64_t bad_epochs;  /* since it was lower */
};

/* lade__schedule_init() - check @options for a run of so many steps. LADE_OK, or LADE_EINVAL with @err. */
int lade__schedule_init(struct lade__schedule *s, const struct lade_schedule *options, int64_t steps, int64_t per_epoch,
                        struct lade_error *err);

/* "cosine"; NULL for a number that is none. */
const char *lade__schedule_name(enum lade_schedule_kind kind);

/* lade__schedule_factor() - for step number @step of the run, from 0. Above 0. */
double lade__schedule_factor(const struct lade__schedule *s, int64_t step);

/* lade__schedule_epoch() - an epoch has ended with this loss. */
void lade__schedule_epoch(struct lade__schedule *s, double loss);

#endif
