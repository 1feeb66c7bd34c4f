/*
 * source.h - what a stream is made of, by what its path leads to: a directory of class folders, a list in a CSV file,
 * or an array in a .npy file.
 */
#ifndef LADE_CLI_OPTION_SOURCE_H
#define LADE_CLI_OPTION_SOURCE_H

#include <lade/flow.h>

#include "option/opt.h"

struct source {
    const char *path;
    const char *x_col, *const *y_col, *weight_col, *directory, *label_separator; /* of lists */
    const char *labels, *weights;                                                /* of arrays */
};

/* The options of it, for a list of struct opt_group; they fill a struct source. */
extern const struct opt source_options[];

/* The argument of commands that take any source. */
#define SOURCE_ARGUMENT(source)                                                                            \
    {                                                                                                      \
        "SOURCE", "a directory with one folder of images per class, a .csv list of them, or a .npy array", \
            &(source)->path                                                                                \
    }

/*
 * source_open() - the stream, with its message said. NULL: *@code is how the program ends.
 */
lade_flow *source_open(const struct source *source, const struct lade_flow_options *options, int *code);

#endif
