/*
 * training.h - how a net is trained: the options of lade train that are those of lade_fit(), by its names.
 */
#ifndef LADE_CLI_OPTION_TRAINING_H
#define LADE_CLI_OPTION_TRAINING_H

#include <lade/flow.h>
#include <lade/train.h>

#include "option/opt.h"

struct training_options {
    struct lade_optimizer optimizer;
    struct lade_schedule schedule;
    int64_t accumulate;
    bool full_batch;
    float clipvalue, global_clipnorm, label_smoothing;
    const char *const *class_weight; /* words */
    float *weights;                  /* of the classes: training_options_set_class_weights() */
};

extern const struct opt training_option_table[];

/* Fills in what depends on the optimiser. EXIT_OK, or EXIT_USAGE after a message: options that exclude each other. */
int training_options_check(struct training_options *d);

/* Class weights for the classes of @flow: as given, or balanced. EXIT_OK, or EXIT_USAGE after a message. */
int training_options_set_class_weights(struct training_options *d, const lade_flow *flow);

/* The same for lade_fit(). */
void training_options_apply(const struct training_options *d, struct lade_fit_options *fit);

/* "adam, lr 0.001, cosine"; a string to free(). */
char *training_options_text(const struct training_options *d);

void training_options_release(struct training_options *d);

#endif
