/*
 * training.h - reads the options of lade train that become options of lade_fit().
 */
#ifndef LADE_CLI_OPTION_TRAINING_H
#define LADE_CLI_OPTION_TRAINING_H

#include <lade/flow.h>
#include <lade/train.h>

#include "option/opt.h"
#include "option/training_options.h"

/* Returns the table of these options. Their values are stored in a struct training_options. */
const struct opt *training_option_table(void);

/*
 * training_options_check()             - checks that the options do not contradict each other, and sets the default
 *                                        momentum
 * training_options_set_class_weights() - sets the weights for the classes of @flow
 *
 * Return EXIT_OK. On error, print a message and return EXIT_USAGE.
 */
int training_options_check(struct training_options *t);
int training_options_set_class_weights(struct training_options *t, const lade_flow *flow);

/* Stores the options in @fit. The class weights in @fit are borrowed from @t. */
void training_options_apply(const struct training_options *t, struct lade_fit_options *fit);

/* Returns a text such as "adam, lr 0.001, cosine". The caller must free() the string. */
char *training_options_text(const struct training_options *t);

void training_options_release(struct training_options *t);

#endif
