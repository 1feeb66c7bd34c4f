/*
 * train.h - a training run: what was asked for, what it works on, and how it went so far.
 */
#ifndef LADE_CLI_COMMAND_TRAIN_TRAIN_H
#define LADE_CLI_COMMAND_TRAIN_TRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "command/train/observed_source.h"
#include "option/source.h"
#include "option/training.h"

struct train {
    struct source source, validation_source;
    const char *validation, *validation_labels, *net_text, *out, *plot, *confusion, *mistakes;
    int64_t epochs, steps, patience, checkpoint_every;
    int threads;
    enum lade_loss loss;
    float validation_split;
    struct training_options training;
    bool json, resume, allow_different;
    struct lade_flow_options stream, validation_stream; /* of the two streams */

    lade_flow *flow, *validation_flow; /* validation_flow: NULL where there is nothing to test on */
    lade_net *net;
    struct observed_source observed; /* what it is validated on */
    struct lade_metrics *history;    /* one for each epoch that is done */
    int done;
    int64_t validated; /* images of the test at the end of the epoch that goes on */
    bool over;         /* all epochs are done, or it was stopped early */
    double seconds;
    int64_t peak_rss; /* of the training, before anything is drawn */
};

/* While it runs: the lines above the table, a row for each epoch, the progress line, also of the test of an epoch. */
void train_print_head(const struct train *t);
void train_print_epoch(const struct train *t, const struct lade_metrics *m);
void train_start(const struct train *t);
void train_show_step(const struct train *t, const struct lade_metrics *m);
void train_show_validation(const struct train *t);

/*
 * Afterwards, with at least one epoch done: a summary or the JSON object; the curves, false after a message; the other
 * pictures that were asked for, of the held-out images, which returns how the program ends.
 */
void train_report(const struct train *t);
void train_report_json(const struct train *t);
bool train_plot(const struct train *t);
int train_evaluate(const struct train *t);

#endif
