/*
 * train/net/join.c - joins the outputs of branches.
 */
#include "train/net/join.h"

#include <string.h>

#include "train/net/vector.h"

#define TOGETHER (4 * LADE__VEC_FLOATS)

/* Adds the inputs at positions @i .. @i + TOGETHER - 1. All inputs are read before @y is written, because @y may be an
   input. */
static inline void sum_together(const struct lade__op *op, size_t i, float *y) {
    lade__vec sum[4];
    for (int k = 0; k < 4; k++)
        sum[k] = *(const lade__vec_unaligned *)(op->inputs[0].x + i + k * LADE__VEC_FLOATS);
    for (int j = 1; j < op->input_count; j++)
        for (int k = 0; k < 4; k++)
            sum[k] += *(const lade__vec_unaligned *)(op->inputs[j].x + i + k * LADE__VEC_FLOATS);
    for (int k = 0; k < 4; k++) {
        if (op->fused_relu)
            sum[k] = lade__vec_choose((lade__vec_mask)(sum[k] > 0), sum[k], lade__vec_of(0));
        *(lade__vec_unaligned *)(y + i + k * LADE__VEC_FLOATS) = sum[k];
    }
}

void lade__join_sum(const struct lade__op *op, size_t floats, float *y) {
    size_t i = 0;
    for (; i + TOGETHER <= floats; i += TOGETHER)
        sum_together(op, i, y);
    for (; i < floats; i++) {
        float sum = op->inputs[0].x[i];
        for (int j = 1; j < op->input_count; j++)
            sum += op->inputs[j].x[i];
        y[i] = op->fused_relu && !(sum > 0) ? 0 : sum;
    }
}

void lade__join_add(const float *a, const float *b, size_t floats, float *sum) {
    for (size_t i = 0; i < floats; i += LADE__VEC_FLOATS)
        *(lade__vec *)(sum + i) = *(const lade__vec *)(a + i) + *(const lade__vec *)(b + i);
}

void lade__join_scatter(const struct lade__rows *rows, const float *x, float *y) {
    for (int64_t i = 0; i < rows->count; i++)
        memcpy(y + rows->first + i * rows->stride, x + i * rows->length, (size_t)rows->length * sizeof *x);
}

void lade__join_gather(const struct lade__rows *rows, const float *y, float *x) {
    for (int64_t i = 0; i < rows->count; i++)
        memcpy(x + i * rows->length, y + rows->first + i * rows->stride, (size_t)rows->length * sizeof *x);
}
