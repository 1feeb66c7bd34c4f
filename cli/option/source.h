/*
 * source.h - the source of a stream: a directory of class folders, a list in a CSV file, or an array in a .npy file.
 */
#ifndef LADE_CLI_OPTION_SOURCE_H
#define LADE_CLI_OPTION_SOURCE_H

#include <lade/flow.h>

#include "option/opt.h"

struct source {
    const char *path;
    const char *x_col, *const *y_col, *weight_col, *directory, *label_separator; /* options of lists */
    const char *labels, *weights;                                                /* options of arrays */
};

/* The options of sources, which fill a struct source. */
extern const struct opt source_options[];

/* The argument SOURCE. */
#define SOURCE_ARGUMENT(source)                                                                             \
    {                                                                                                       \
        "SOURCE", "directory with one folder of images for each class, .csv list of images, or .npy array", \
            &(source)->path                                                                                 \
    }

/* Opens a stream. Returns NULL after a message, with the exit code in *@code. */
lade_flow *source_open(const struct source *source, const struct lade_flow_options *options, int *code);

#endif
