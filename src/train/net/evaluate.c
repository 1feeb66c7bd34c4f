/*
 * train/net/evaluate.c - computes the predictions for any number of samples, and the score of a source of batches.
 */
#include <inttypes.h>

#include "train/net/net.h"

#define SAMPLES_TOGETHER 256 /* lade_net_predict() computes at most 256 samples at a time, to save memory */

int lade_net_predict(lade_net *net, const struct lade_tensor *x, float *out, struct lade_error *err) {
    int status = lade__net_check_input(net, x, err);
    int64_t n = status == LADE_OK ? x->shape[0] : 0;
    for (int64_t first = 0; first < n && status == LADE_OK; first += SAMPLES_TOGETHER) {
        int64_t count = n - first < SAMPLES_TOGETHER ? n - first : SAMPLES_TOGETHER;
        status = lade__net_forward(net, x, first, count, out + first * net->info.outputs, err);
    }
    return status;
}

int lade__source_check(const lade_net *net, const struct lade_source *source, const char *what, int64_t *steps,
                       struct lade_error *err) {
    const struct lade_net_info *info = &net->info;
    struct lade__shape shape = {.ndim = source->sample_ndim < LADE_MAX_DIMS ? source->sample_ndim : LADE_MAX_DIMS};
    for (int i = 0; i < shape.ndim; i++)
        shape.size[i] = source->sample_shape[i];
    if (!lade__shape_equal(&shape, &net->spec.in)) {
        char have[LADE__SHAPE_TEXT], want[LADE__SHAPE_TEXT];
        return lade_error_set_subject(err, LADE_EINVAL, what, "%s: its samples are %s, but the net was made for %s",
                                      what, lade__shape_text(&shape, have), lade__shape_text(&net->spec.in, want));
    }
    if (source->classes == 0)
        return lade_error_set_subject(err, LADE_EINVAL, what,
                                      "%s: the source has no labels; choose a class mode other than none", what);
    if (source->classes != info->outputs)
        return lade_error_set_subject(err, LADE_EINVAL, what,
                                      "%s: the source has %" PRId64 " classes, but the net has %" PRId64
                                      " outputs; the last layer of the net must be \"dense %" PRId64 "\"",
                                      what, source->classes, info->outputs, source->classes);
    if (*steps == 0)
        *steps = source->steps;
    if (*steps < 1)
        return lade_error_set_subject(err, LADE_EINVAL, what,
                                      "%s: an epoch has %" PRId64 " steps; it must have at least one", what, *steps);
    return LADE_OK;
}

int lade__net_evaluate_source(lade_net *net, const struct lade_source *source, int64_t steps, struct lade__loss_sums *t,
                              struct lade_error *err) {
    for (int64_t i = 0; i < steps; i++) {
        struct lade_batch *batch = NULL;
        int status = source->next(source->ctx, &batch, err);
        if (status < 0)
            return status;
        status = lade__net_evaluate_batch(net, batch, t, err);
        lade_batch_unref(batch);
        if (status < 0)
            return status;
    }
    return LADE_OK;
}

int lade_net_evaluate(lade_net *net, struct lade_source source, int64_t steps, struct lade_score *out,
                      struct lade_error *err) {
    struct lade__loss_sums sums = {0};
    int status = lade__source_check(net, &source, "source", &steps, err);
    if (status == LADE_OK)
        status = lade__net_evaluate_source(net, &source, steps, &sums, err);
    if (status == LADE_OK)
        *out = lade__loss_sums_score(&sums);
    return status;
}
