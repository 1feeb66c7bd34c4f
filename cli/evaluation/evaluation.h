/*
 * evaluation.h - tests a net on the images of a stream. The results are the confusion matrix, the loss, and the
 * mistakes with the highest confidence.
 */
#ifndef LADE_CLI_EVALUATION_EVALUATION_H
#define LADE_CLI_EVALUATION_EVALUATION_H

#include <stdbool.h>
#include <stdint.h>

#include <lade/flow.h>
#include <lade/train.h>

#include "evaluation/confusion.h"
#include "option/source.h"
#include "report/json.h"

enum { MISTAKES_KEPT = 24 };

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

    /* Results. */
    struct confusion confusion;
    struct mistake mistakes[MISTAKES_KEPT]; /* the highest confidence first */
    int mistake_count;
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
 * Draws the confusion matrix to the file @matrix and the contact sheet of the mistakes to the file @mistakes. If a path
 * is NULL, the plot is not drawn. On error, prints a message and returns false.
 */
bool evaluation_draw(const struct evaluation *e, const char *matrix, const char *mistakes, const char *title);

/* Returns the mistakes as a JSON array [{path, class, predicted, probability}]. */
json_t *evaluation_mistakes_json(const struct evaluation *e);

#endif
