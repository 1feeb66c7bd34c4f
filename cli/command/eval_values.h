/*
 * eval_values.h - the part of lade eval for nets that predict several labels or numbers.
 */
#ifndef LADE_CLI_COMMAND_EVAL_VALUES_H
#define LADE_CLI_COMMAND_EVAL_VALUES_H

#include <stdbool.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "option/source.h"

struct eval_values {
    lade_net *net;
    const char *net_path;
    struct source *source;            /* y_col is set to the labels of the net if the command line has no columns */
    struct lade_flow_options *stream; /* prepared for the net */
    const char *confusion, *mistakes; /* paths of the plots; or NULL */
    bool json;
};

/* Tests the net and prints the results. Returns an exit code. On error, prints a message. */
int eval_values(struct eval_values *e);

#endif
