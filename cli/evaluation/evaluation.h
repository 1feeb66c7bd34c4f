/*
 * evaluation.h - tests a net on the images of a stream: confusion matrix, loss, and the mistakes with the highest
 * confidence.
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
    double probability; /* of the predicted class */
};

struct evaluation {
    /* Set by the caller; all pointers are borrowed. */
    lade_net *net;
    const struct source *source;            /* the source of the stream */
    const struct lade_flow_options *stream; /* the options of the stream */
    lade_flow *flow;                        /* not shuffled, not augmented, and at the beginning of an epoch */
    int classes;                            /* number of classes of the net */
    const char *const *names;               /* (classes) their names */
    const int *truths; /* for each class of the flow the class of the net, or NULL if the classes are the same */

    /* Results. */
    struct confusion confusion;
    struct mistake mistakes[MISTAKES_KEPT]; /* the highest confidence first */
    int mistake_count;
    double loss; /* the sum over all images */
    double seconds;
};

/*
 * Predicts the images of one epoch. Returns EXIT_OK if at least one image was counted, EXIT_FAILED after a message, or
 * EXIT_INTERRUPTED. Call evaluation_release() in each case.
 */
int evaluation_run(struct evaluation *e);
void evaluation_release(struct evaluation *e);

/*
 * Draws the confusion matrix to the file @matrix and the contact sheet of the mistakes to the file @mistakes; a path
 * that is NULL is skipped. Returns false after a message.
 */
bool evaluation_draw(const struct evaluation *e, const char *matrix, const char *mistakes, const char *title);

/* Returns the mistakes as a JSON array [{path, class, predicted, probability}]. */
json_t *evaluation_mistakes_json(const struct evaluation *e);

#endif
