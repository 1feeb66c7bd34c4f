/*
 * train/net/labels.c - checks all labels and sample weights of a batch before the batch is used.
 */
#include "train/net/loss.h"

#include <inttypes.h>
#include <math.h>

static int64_t sample_at(const struct lade_batch *b, int64_t row) {
    return b->indices ? b->indices[row] : row;
}

static int check_weights(const struct lade_batch *b, struct lade_error *err) {
    const struct lade_tensor *t = b->sample_weight;
    if (!t)
        return LADE_OK;
    if (t->dtype != LADE_FLOAT32 || t->dl.ndim != 1 || t->shape[0] != b->n)
        return lade_error_set_subject(err, LADE_EINVAL, "sample_weight", "sample_weight must be float32 of shape (n)");
    const float *w = lade_tensor_data(t);
    for (int64_t i = 0; i < b->n; i++)
        if (!(w[i] >= 0 && isfinite(w[i])))
            return lade_error_set_subject(err, LADE_EINVAL, "sample_weight",
                                          "sample_weight: sample %" PRId64
                                          " has the weight %g; a weight must be finite and 0 or more",
                                          sample_at(b, i), (double)w[i]);
    return LADE_OK;
}

static bool is_class(float label, int64_t outputs) {
    return label >= 0 && label < (float)outputs && label == floorf(label);
}

/* Returns a message if @label is invalid, otherwise NULL. If @sparse is true, the label is the index of a class. */
static const char *label_problem(float label, const struct lade__loss_kind *kind, bool sparse, int64_t outputs) {
    if (sparse)
        return is_class(label, outputs) ? NULL
                                        : "a class must be a whole number from 0 to the net's number of outputs - 1";
    if (kind->has_classes)
        return label >= 0 && label <= 1 ? NULL : "it must be between 0 and 1";
    return isfinite(label) ? NULL : "it must be finite";
}

int lade__labels_check(enum lade_loss loss, int64_t outputs, const struct lade_batch *b, struct lade_error *err) {
    const struct lade__loss_kind *kind = lade__loss_kind(loss);
    const struct lade_tensor *t = b->y;
    if (!t)
        return lade_error_set_subject(err, LADE_EINVAL, "class_mode",
                                      "the source has no labels; choose a class mode other than none");
    if (t->dtype != LADE_FLOAT32 || t->dl.ndim != 2 || t->shape[0] != b->n)
        return lade_error_set_subject(err, LADE_EINVAL, "y", "labels must be float32 of shape (n, columns)");
    int64_t columns = t->shape[1];
    bool sparse = kind->is_softmax && columns == 1 && outputs > 1;
    if (!sparse && columns != outputs)
        return lade_error_set_subject(err, LADE_EINVAL, "y",
                                      "the labels have %" PRId64 " columns, but the net has %" PRId64
                                      " outputs; the last layer must have one output for each class",
                                      columns, outputs);
    const float *y = lade_tensor_data(t);
    for (int64_t i = 0; i < b->n * columns; i++) {
        const char *problem = label_problem(y[i], kind, sparse, outputs);
        if (problem)
            return lade_error_set_subject(err, LADE_EINVAL, "y", "labels: sample %" PRId64 " has the label %g; %s",
                                          sample_at(b, i / columns), (double)y[i], problem);
    }
    return check_weights(b, err);
}

struct lade__loss_labels lade__labels_of(const struct lade_batch *b, int64_t first, int64_t n) {
    int64_t columns = b->y->shape[1];
    return (struct lade__loss_labels){
        (const float *)lade_tensor_data(b->y) + first * columns,
        b->sample_weight ? (const float *)lade_tensor_data(b->sample_weight) + first : NULL, n, columns};
}
