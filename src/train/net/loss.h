/*
 * train/net/loss.h - loss functions: the labels they accept, their value, their gradient, and their predictions. Losses
 * are summed in double, sample by sample, so that the sums do not depend on the batch size.
 */
#ifndef LADE_SRC_TRAIN_NET_LOSS_H
#define LADE_SRC_TRAIN_NET_LOSS_H

#include <lade/batch.h>
#include <lade/train.h>

/* Returns the number of classes of a net with @outputs outputs: a single output distinguishes two classes. */
static inline int64_t lade__class_count(int64_t outputs) {
    return outputs == 1 ? 2 : outputs;
}

/*
 * The loss function and its options. An evaluation sets none of the options.
 */
struct lade__loss_config {
    enum lade_loss loss;
    int64_t outputs;
    double label_smoothing;
    const float *class_weight; /* lade__class_count(outputs) numbers; NULL: 1 each */
};

struct lade__loss_labels;
struct lade__loss_sums;

/*
 * A loss function: one row of the table in loss.c.
 */
struct lade__loss_kind {
    const char *name;
    bool log_softmax; /* the loss is computed from the log-softmax of the outputs, and accepts one class per sample */
    bool has_classes; /* labels are probabilities, 0 .. 1; otherwise any finite numbers */
    /* Adds the losses and the correct predictions of samples to @t. @scale is 1 / weight of the batch. */
    void (*compute)(const struct lade__loss_config *c, const float *logits, const struct lade__loss_labels *l,
                    double scale, struct lade__loss_sums *t, float *gradient);
    float (*predict)(float logit);
};

/*
 * Sums over all samples so far.
 */
struct lade__loss_sums {
    int64_t samples;
    double weight;  /* sum of the sample weights; the number of samples, if they have no weights */
    double loss;    /* weighted sum of the losses */
    double correct; /* number of correct predictions; a sample with several binary outputs counts in fractions */
};

void lade__loss_sums_add(struct lade__loss_sums *t, const struct lade__loss_sums *more);

/* Returns mean loss and accuracy; NaN if there are no samples. */
struct lade_score lade__loss_sums_score(const struct lade__loss_sums *t);

/*
 * lade__loss_kind() - returns the row of a loss, which is not LADE_LOSS_AUTO.
 *
 * lade__loss_weight() - returns the sum of the weights of some samples, including class weights. The gradient of the
 * mean loss of a batch is divided by this sum.
 *
 * lade__loss_compute() - adds the losses of some samples to @t. If @gradient is not NULL, writes the gradient of the
 * mean loss of a batch, whose samples together weigh @weight, with respect to @logits.
 * @logits: the outputs of the net, (n, outputs); for LADE_SOFTMAX_CROSS_ENTROPY their log-softmax
 *
 * lade__loss_predict() - converts @count such numbers to predictions: probabilities, or the outputs themselves.
 */
const struct lade__loss_kind *lade__loss_kind(enum lade_loss loss);
double lade__loss_weight(const struct lade__loss_config *c, const struct lade__loss_labels *l);
void lade__loss_compute(const struct lade__loss_config *c, const float *logits, const struct lade__loss_labels *l,
                        double weight, struct lade__loss_sums *t, float *gradient);
void lade__loss_predict(enum lade_loss loss, const float *logits, int64_t count, float *out);

/* ---- labels.c ---------------------------------------------------------------------------------------------------- */

/*
 * lade__labels_check() - checks all labels and sample weights of @b for a net with @outputs outputs.
 *
 * Returns LADE_OK or LADE_EINVAL with @err, which names the sample.
 */
int lade__labels_check(enum lade_loss loss, int64_t outputs, const struct lade_batch *b, struct lade_error *err);

/*
 * Labels and weights of some samples of a batch that was checked. The memory is the batch's.
 */
struct lade__loss_labels {
    const float *y;       /* (n, columns) */
    const float *weights; /* (n); NULL: 1 each */
    int64_t n, columns;
};

/* Returns the labels and weights of samples @first .. @first + @n - 1 of @b. */
struct lade__loss_labels lade__labels_of(const struct lade_batch *b, int64_t first, int64_t n);

#endif
