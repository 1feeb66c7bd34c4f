/*
 * source.h - opens the source of a stream, which is a directory of class folders, a list in a CSV file, or an array in
 * a .npy file.
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

/* The options of sources. Their values are stored in a struct source. */
extern const struct opt source_options[];

/* The positional argument SOURCE. */
#define SOURCE_ARGUMENT(source)                                                                             \
    {                                                                                                       \
        "SOURCE", "directory with one folder of images for each class, .csv list of images, or .npy array", \
            &(source)->path                                                                                 \
    }

/* Opens a stream. On error, prints a message, stores the exit code in *@code and returns NULL. */
lade_flow *source_open(const struct source *source, const struct lade_flow_options *options, int *code);

/*
 * source_peek() - opens a stream without standardisation, only to read the properties of the source. Prints nothing.
 *                 Returns NULL on error, and also if the source is a pipe, because a pipe can be read only once. The
 *                 caller must free the stream with lade_flow_free().
 * source_warn_other_classes() - prints a warning if @source has classes that are not classes of @flow. Images of such
 *                 classes are not in @flow. @options are the options of @flow. A pipe is not checked.
 * source_file() - returns the path of the file of sample @i of @flow, or NULL if the source is an array. The caller must
 *                 free() the string.
 */
lade_flow *source_peek(const struct source *source, const struct lade_flow_options *options);
void source_warn_other_classes(const struct source *source, const struct lade_flow_options *options,
                               const lade_flow *flow);
char *source_file(const struct source *source, const lade_flow *flow, int64_t i);

/*
 * source_watch() - makes a signal cancel @flow. source_open() also calls this function. Returns @flow, which may be
 *                  NULL.
 * source_close() - frees a flow that is watched. After a signal, waits at most 20 ms for the threads of the flow. If a
 *                  thread is then still waiting for a file, the flow is not freed. @flow may be NULL.
 */
lade_flow *source_watch(lade_flow *flow);
void source_close(lade_flow *flow);

#endif
