/*
 * train/net/loss.h - losses: what labels they take, what they add up, their gradient. Sums are double, sample by sample, so
 * that they do not depend on how samples are cut into batches.
 */
#ifndef LADE_SRC_TRAIN_NET_LOSS_H
#define LADE_SRC_TRAIN_NET_LOSS_H

#include <lade/batch.h>
#include <lade/train.h>

/*
 * What is minimised: the loss, and how training bends it. Evaluation uses the loss alone.
 */
struct lade__loss_config {
    enum lade_loss loss;
    int64_t outputs;
    double label_smoothing; /* share of a label that is spread evenly */
    const float *weights;   /* one for each output (2 for a single one); NULL: 1 each */
};

/*
 * What has been seen so far.
 */
struct lade__loss_sums {
    int64_t samples;
    double weight;  /* of the samples: as many as there are, without weights */
    double loss;    /* weighted sum over the samples */
    double correct; /* how many were right; a sample of several binary outputs may be right in part */
};

void lade__loss_sums_add(struct lade__loss_sums *t, const struct lade__loss_sums *more);

/* Loss and accuracy of what was seen; NaN for nothing. */
struct lade_score lade__loss_sums_score(const struct lade__loss_sums *t);

/*
 * lade__labels_check() - are the labels of @b such as @loss takes for a net of @outputs outputs, and its weights, where
 * it has some, numbers to count by? Looks at every number.
 *
 * Returns LADE_OK or LADE_EINVAL with @err naming what differs, or the sample.
 */
int lade__labels_check(enum lade_loss loss, int64_t outputs, const struct lade_batch *b, struct lade_error *err);

/*
 * What some samples of a batch should be, and how much they count; borrowed from the batch, which was checked.
 */
struct lade__labels {
    const float *y;       /* (n, columns) */
    const float *weights; /* (n); NULL: 1 each */
    int64_t n, columns;
};

/* Of @n samples of @b from @first on. */
struct lade__labels lade__labels_of(const struct lade_batch *b, int64_t first, int64_t n);

/*
 * lade__loss_weight() - how much samples weigh together: for those of a batch what the gradient of its mean loss is
 * divided by.
 *
 * lade__loss_compute() - @answers: outputs (n, outputs), for LADE_SOFTMAX_CROSS_ENTROPY their logsoftmax. Adds to @t;
 * writes the gradient with respect to @answers to @gradient, if not NULL: that of the mean loss of samples of @weight
 * in all, of which these are some.
 */
double lade__loss_weight(const struct lade__loss_config *g, const struct lade__labels *l);
void lade__loss_compute(const struct lade__loss_config *g, const float *logits, const struct lade__labels *l,
                        double weight, struct lade__loss_sums *t, float *gradient);

#endif
