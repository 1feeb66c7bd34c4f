/*
 * evaluation.h - a net tested on a stream, image by image: what it takes for what, and where it is wrong and sure of it.
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
    double probability; /* of the predicted, as the net says */
};

struct evaluation {
    lade_net *net;
    const struct source *source; /* the stream's   (borrowed, all of them) */
    const struct lade_flow_options *stream;
    lade_flow *flow; /* in order, not augmented, at the beginning of an epoch */
    int classes;     /* that the net tells apart */
    const char *const *names;
    const int *truths; /* which of these each class of the flow is; NULL: they are the same */

    struct confusion confusion;
    struct mistake worst[MISTAKES_KEPT]; /* the most confident first */
    int worst_count;
    double loss; /* a sum over the images */
    double seconds;
};

/*
 * evaluation_run() - one epoch of @e->flow through the net. Returns EXIT_OK with at least one image counted, EXIT_FAILED
 * after a message, or EXIT_INTERRUPTED. evaluation_release() in any case.
 */
int evaluation_run(struct evaluation *e);
void evaluation_release(struct evaluation *e);

/* The matrix and the contact sheet of the worst mistakes, each where its path is not NULL; false after a message.
   @title says which net and which images. */
bool evaluation_draw(const struct evaluation *e, const char *matrix, const char *mistakes, const char *title);

/* The worst mistakes as an array [{path, class, predicted, probability}]. */
json_t *evaluation_mistakes_json(const struct evaluation *e);

#endif
