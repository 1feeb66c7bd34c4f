/*
 * evaluation.h - tests a net on the images of a stream. The results are the confusion matrix, the loss, other
 * metrics, and the mistakes.
 */
#ifndef LADE_CLI_EVALUATION_EVALUATION_H
#define LADE_CLI_EVALUATION_EVALUATION_H

#include <stdbool.h>
#include <stdint.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "evaluation/confusion.h"
#include "evaluation/metrics.h"
#include "evaluation/sample_sheet.h"
#include "option/source.h"
#include "report/json.h"

enum { MISTAKES_DRAWN = SAMPLES_DRAWN };

struct mistake {
    int64_t sample;
    int truth, predicted;
    double probability; /* probability of the predicted class */
};

struct evaluation {
    /* The caller sets these fields. All pointers are borrowed. */
    lade_net *net;
    const struct source *source;            /* the source of the stream */
    const struct lade_flow_options *stream; /* the options of the stream */
    lade_flow *flow;                        /* the stream, without shuffling and augmentation, at the beginning of an
                                               epoch */
    int classes;                            /* number of classes of the net */
    const char *const *names;               /* array with the name of each class */
    const int *truths; /* for each class of the stream, its index in the net; NULL means that the indices are equal */

    /* evaluation_run() sets these fields. */
    struct confusion confusion;
    struct metrics metrics;
    struct mistake *mistakes; /* all mistakes, the highest confidence first */
    int64_t mistake_count, mistake_capacity;
    double loss; /* sum of the losses of all images */
    double seconds;
};

/*
 * Predicts the images of one epoch. Returns EXIT_OK if at least one image was counted, or EXIT_INTERRUPTED after a
 * signal. On error, prints a message and returns EXIT_FAILED. The caller must call evaluation_release() in all cases.
 */
int evaluation_run(struct evaluation *e);
void evaluation_release(struct evaluation *e);

/*
 * Draws the confusion matrix to the file @matrix, and a contact sheet of the mistakes with the highest confidence to
 * the file @mistakes. If a path is NULL, the plot is not drawn. On error, prints a message and returns false.
 */
bool evaluation_draw(const struct evaluation *e, const char *matrix, const char *mistakes, const char *title);

/* Begins a JSON object and prints its first member "mistakes", an array of {path, class, predicted, probability}.
   json_print_end() completes the object. */
void evaluation_print_mistakes(const struct evaluation *e);

/* evaluation_put_metrics() adds the accuracy, the loss and the other metrics to @object. evaluation_print_metrics()
   prints the same metrics as text. Both functions sort e->metrics.scores. */
void evaluation_put_metrics(json_t *object, struct evaluation *e);
void evaluation_print_metrics(struct evaluation *e);

#endif
