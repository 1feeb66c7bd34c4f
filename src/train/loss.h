/*
 * train/loss.h - losses: what labels they take, what they add up, their gradient. Sums are double, sample by sample, so
 * that they do not depend on how samples are cut into batches.
 */
#ifndef LADE_SRC_TRAIN_LOSS_H
#define LADE_SRC_TRAIN_LOSS_H

#include <lade/batch.h>
#include <lade/train.h>

/*
 * What has been seen so far.
 */
struct lade__tally {
    int64_t samples;
    double loss;    /* sum over the samples */
    double correct; /* how many were right; a sample of several binary outputs may be right in part */
};

/* Loss and accuracy of what was seen; NaN for nothing. */
struct lade_score lade__tally_score(const struct lade__tally *t);

/* "softmax_cross_entropy": how a loss is called in files and tables; NULL for a number that is none. */
const char *lade__loss_name(enum lade_loss loss);

/*
 * lade__labels_check() - are the labels of @b such as @loss takes for a net of @outputs outputs? Looks at every number.
 *
 * Returns LADE_OK or LADE_EINVAL with @err naming what differs, or the sample.
 */
int lade__labels_check(enum lade_loss loss, int64_t outputs, const struct lade_batch *b, struct lade_error *err);

/*
 * lade__softmax_cross_entropy() - @logp: logsoftmax of the outputs, (n, k). @y: (n, columns), columns k (categorical)
 * or 1 (sparse). Adds to @t; writes the gradient with respect to @logp to @dlogp (n, k), if not NULL: that of the mean
 * loss of @batch samples, of which these are some.
 *
 * lade__binary_cross_entropy() - @z: outputs (n, k), @y (n, k). The gradient is with respect to @z.
 */
void lade__softmax_cross_entropy(const float *logp, const float *y, int64_t n, int64_t k, int64_t columns,
                                 int64_t batch, struct lade__tally *t, float *dlogp);
void lade__binary_cross_entropy(const float *z, const float *y, int64_t n, int64_t k, int64_t batch,
                                struct lade__tally *t, float *dz);

#endif
