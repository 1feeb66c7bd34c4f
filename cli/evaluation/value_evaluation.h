/*
 * value_evaluation.h - tests a net that predicts several labels or numbers for each image. evaluation.h tests nets that
 * predict one class.
 */
#ifndef LADE_CLI_EVALUATION_VALUE_EVALUATION_H
#define LADE_CLI_EVALUATION_VALUE_EVALUATION_H

#include <stdbool.h>
#include <stdint.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "evaluation/net.h"
#include "evaluation/scores.h"
#include "option/source.h"
#include "report/json.h"

/* The loss of an image, by which the images are sorted. */
struct value_loss {
    int64_t row;
    double loss;
};

struct value_evaluation {
    /* The caller sets these fields. All pointers are borrowed. */
    lade_net *net;
    const struct source *source;            /* the source of the stream */
    const struct lade_flow_options *stream; /* the options of the stream */
    lade_flow *flow;          /* the stream, as in struct evaluation. Its labels are the outputs of the net */
    const char *const *names; /* array with the name of each output; NULL means numbers from 0 */
    const char *progress;     /* name of the progress line; NULL means that there is no progress line */

    /* value_evaluation_run() sets these fields. Rows are images, and columns are outputs of the net. */
    enum net_task task;
    int64_t columns, count, capacity;
    int64_t *samples;          /* number of the sample of each row */
    float *truths, *values;    /* true labels and predictions */
    struct value_loss *losses; /* one loss for each row, the highest first */
    int64_t exact;             /* number of rows whose labels are all correct; only if the task is labels */
    char **numbers;            /* names of the outputs if @names is NULL */
    double seconds;
};

/* The metrics of all images. A metric that the task does not have is NaN. */
struct value_metrics {
    double loss;                   /* mean loss of the images */
    double accuracy;               /* fraction of all labels that are predicted correctly */
    double exact;                  /* fraction of the images whose labels are all predicted correctly */
    double mean_average_precision; /* mean over the labels that at least one image has */
    double mae, r2;                /* means over the outputs */
};

/*
 * Predicts the images of one epoch. Returns EXIT_OK if at least one image was predicted, or EXIT_INTERRUPTED after a
 * signal. On error, prints a message and returns EXIT_FAILED. The caller must call value_evaluation_release() in all
 * cases.
 */
int value_evaluation_run(struct value_evaluation *e);
void value_evaluation_release(struct value_evaluation *e);

/* Returns the metrics. */
struct value_metrics value_metrics(const struct value_evaluation *e);

/* Returns the true values and the predictions of output number @j. The result points into @e. */
struct score_column value_column(const struct value_evaluation *e, int64_t j);

/*
 * value_print()       - prints a table of the outputs, and the metrics
 * value_put_metrics() - adds the metrics to @object, and "per_label" or "per_output" with the metrics of each output
 * value_print_images()- begins a JSON object and prints its first member, an array of images with the highest loss
 *                       first. For labels, the member is "mistakes" and has the images with a wrong label. For
 *                       numbers, the member is "errors" and has all images. json_print_end() completes the object
 * value_draw()        - draws a contact sheet of the first images in this array. On error, prints a message and
 *                       returns false
 */
void value_print(const struct value_evaluation *e);
void value_put_metrics(json_t *object, const struct value_evaluation *e);
void value_print_images(const struct value_evaluation *e);
bool value_draw(const struct value_evaluation *e, const char *path, const char *title);

#endif
