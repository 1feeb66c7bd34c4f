/*
 * train/net/join.c - joins the outputs of branches.
 */
#include "train/net/join.h"

#include <string.h>

#include "train/net/vector.h"

#define BLOCK 256 /* a block of sums stays in the L1 cache */

/* sums += x */
static void add_block(lade__vec sums[BLOCK / LADE__VEC_FLOATS], const float *x) {
    for (size_t i = 0; i < BLOCK / LADE__VEC_FLOATS; i++)
        sums[i] += *(const lade__vec_unaligned *)(x + i * LADE__VEC_FLOATS);
}

/* Stores the sums of one block at position @at of @y. All inputs of the block are read first, because @y may be
   the memory of an input. */
static void sum_block(const struct lade__op *op, size_t at, float *y) {
    lade__vec sums[BLOCK / LADE__VEC_FLOATS];
    memcpy(sums, op->inputs[0].x + at, sizeof sums);
    for (int j = 1; j < op->input_count; j++)
        add_block(sums, op->inputs[j].x + at);
    for (size_t i = 0; i < BLOCK / LADE__VEC_FLOATS && op->fused_relu; i++)
        sums[i] = lade__vec_choose((lade__vec_mask)(sums[i] > 0), sums[i], lade__vec_of(0));
    memcpy(y + at, sums, sizeof sums);
}

void lade__join_sum(const struct lade__op *op, size_t floats, float *y) {
    size_t i = 0;
    for (; i + BLOCK <= floats; i += BLOCK)
        sum_block(op, i, y);
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
