/*
 * training.h - how a net is trained: the options of lade train that are those of lade_fit(), by its names.
 */
#ifndef LADE_CLI_OPTION_TRAINING_H
#define LADE_CLI_OPTION_TRAINING_H

#include <lade/flow.h>
#include <lade/train.h>

#include "option/opt.h"

struct descent {
    struct lade_optimizer optimizer;
    struct lade_schedule schedule;
    int64_t accumulate;
    bool full_batch;
    float clipvalue, global_clipnorm, label_smoothing;
    const char *const *class_weight; /* words */
    float *weights;                  /* of the classes: descent_weigh() */
};

extern const struct opt descent_options[];

/* Fills in what depends on the optimiser. EXIT_OK, or EXIT_USAGE after a message: options that exclude each other. */
int descent_check(struct descent *d);

/* Class weights for the classes of @flow: as given, or balanced. EXIT_OK, or EXIT_USAGE after a message. */
int descent_weigh(struct descent *d, const lade_flow *flow);

/* The same for lade_fit(). */
void descent_apply(const struct descent *d, struct lade_fit_options *fit);

/* "adam, lr 0.001, cosine"; a string to free(). */
char *descent_words(const struct descent *d);

void descent_release(struct descent *d);

#endif
