/*
 * training_options.h - defines the struct in which the options of training are stored.
 */
#ifndef LADE_CLI_OPTION_TRAINING_OPTIONS_H
#define LADE_CLI_OPTION_TRAINING_OPTIONS_H

#include <lade/train.h>

struct training_options {
    enum lade_loss loss;
    struct lade_optimizer optimizer;
    struct lade_schedule schedule;
    int64_t accumulate;
    bool full_batch;
    float clipvalue, global_clipnorm, label_smoothing;
    const char *const *class_weight; /* the words of --class-weight, or NULL */
    float *weights;                  /* array of the weight of each class; or NULL */
};

#endif
