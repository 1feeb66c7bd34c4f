/*
 * train/fit/schedule.h - computes the learning rate of each update.
 */
#ifndef LADE_SRC_TRAIN_FIT_SCHEDULE_H
#define LADE_SRC_TRAIN_FIT_SCHEDULE_H

#include <lade/train.h>

struct lade__schedule {
    struct lade_schedule options; /* all defaults are filled in */
    int64_t updates, per_epoch;   /* number of updates in the run, and in an epoch */

    /* LADE_PLATEAU only */
    double factor, best; /* best: the lowest loss so far */
    int64_t bad_epochs;  /* number of epochs since the last improvement of best or the last change of the factor */
};

/*
 * lade__schedule_init() - checks @options for a run of @updates updates. Returns LADE_OK, or LADE_EINVAL with @err.
 *
 * lade__schedule_rate() - returns the learning rate for update number @update of the run, counted from 0. @lr is the
 * learning rate without the schedule.
 *
 * lade__schedule_end_epoch() - adjusts the factor of LADE_PLATEAU after an epoch with this loss.
 */
int lade__schedule_init(struct lade__schedule *s, const struct lade_schedule *options, int64_t updates,
                        int64_t per_epoch, struct lade_error *err);
double lade__schedule_rate(const struct lade__schedule *s, double lr, int64_t update);
void lade__schedule_end_epoch(struct lade__schedule *s, double lr, double loss);

#endif
