/*
 * train/net/loss.h - computes the loss functions, their gradients and their predictions, and checks labels. Losses are
 * summed in double, sample by sample, so that the sums do not depend on the batch size.
 */
#ifndef LADE_SRC_TRAIN_NET_LOSS_H
#define LADE_SRC_TRAIN_NET_LOSS_H

#include <lade/batch.h>
#include <lade/train.h>

/* Returns the number of classes of a net with @outputs outputs. A net with one output has two classes. */
static inline int64_t lade__class_count(int64_t outputs) {
    return outputs == 1 ? 2 : outputs;
}

/*
 * The loss function and its options. In an evaluation, all options are 0.
 */
struct lade__loss_config {
    enum lade_loss loss;
    int64_t outputs;
    double label_smoothing;
    const float *class_weight; /* array of lade__class_count(outputs) weights; NULL: each weight is 1 */
};

struct lade__loss_labels;
struct lade__loss_sums;

/*
 * A loss function is one row of the table in loss.c.
 */
struct lade__loss_kind {
    const char *name;
    bool is_softmax;  /* the outputs are the logits of a softmax, and a label may be the index of a class */
    bool has_classes; /* true: labels are probabilities, 0 .. 1; false: labels are any finite numbers */
    /* Adds the losses and the number of correct predictions to @t. @scale is 1 / (weight of the batch). */
    void (*compute)(const struct lade__loss_config *c, const float *logits, const struct lade__loss_labels *l,
                    double scale, struct lade__loss_sums *t, float *gradient);
    void (*predict)(const float *logits, int64_t k, float *out); /* converts the @k outputs of one sample */
};

/*
 * Sums over all samples so far.
 */
struct lade__loss_sums {
    int64_t samples;
    double weight;  /* sum of the weights of the samples; lade__loss_weight() computes it */
    double loss;    /* weighted sum of the losses */
    double correct; /* number of correct predictions; if a net has N binary outputs, each correct output counts 1/N */
};

void lade__loss_sums_add(struct lade__loss_sums *t, const struct lade__loss_sums *more);

/* Returns the mean loss and the accuracy. The loss is NaN if the weight is 0. The accuracy is NaN if there are no
   samples. */
struct lade_score lade__loss_sums_score(const struct lade__loss_sums *t);

/*
 * lade__loss_kind() - returns the row of a loss. LADE_LOSS_AUTO is not allowed.
 *
 * lade__loss_weight() - returns the sum of the weights of some samples, including class weights. The mean loss of a
 * batch is the sum of the losses divided by this sum.
 *
 * lade__loss_compute() - adds the losses of some samples to @t. If @gradient is not NULL, stores the gradient of the
 * mean loss of the batch with respect to @logits in @gradient. @weight is lade__loss_weight() of the whole batch.
 * @logits is (n, outputs), the outputs of the net.
 *
 * lade__loss_predict() - converts the outputs of @n samples to predictions. For cross-entropies, predictions are
 * probabilities; otherwise, predictions are the outputs.
 */
const struct lade__loss_kind *lade__loss_kind(enum lade_loss loss);
double lade__loss_weight(const struct lade__loss_config *c, const struct lade__loss_labels *l);
void lade__loss_compute(const struct lade__loss_config *c, const float *logits, const struct lade__loss_labels *l,
                        double weight, struct lade__loss_sums *t, float *gradient);
void lade__loss_predict(enum lade_loss loss, const float *logits, int64_t n, int64_t outputs, float *out);

/* ---- labels.c ---------------------------------------------------------------------------------------------------- */

/*
 * lade__labels_check() - checks all labels and sample weights of @b for a net with @outputs outputs.
 *
 * Returns LADE_OK or LADE_EINVAL with @err, which names the sample.
 */
int lade__labels_check(enum lade_loss loss, int64_t outputs, const struct lade_batch *b, struct lade_error *err);

/*
 * Labels and weights of some samples of a batch that was checked. The memory belongs to the batch.
 */
struct lade__loss_labels {
    const float *y;       /* (n, columns) */
    const float *weights; /* (n); NULL: each weight is 1 */
    int64_t n, columns;
};

/* Returns the labels and weights of samples @first .. @first + @n - 1 of @b. */
struct lade__loss_labels lade__labels_of(const struct lade_batch *b, int64_t first, int64_t n);

#endif
