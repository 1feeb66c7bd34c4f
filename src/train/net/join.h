/*
 * train/net/join.h - joins the outputs of branches. The layer residual adds the outputs, and the layer concat copies
 * the rows of the outputs into one array. These loops read each value once. The memory limits their speed, so a
 * primitive of oneDNN would not be faster.
 */
#ifndef LADE_SRC_TRAIN_NET_JOIN_H
#define LADE_SRC_TRAIN_NET_JOIN_H

#include "train/net/plan.h"

/*
 * lade__join_sum() - stores the sum of all inputs of @op in @y. If op->fused_relu is true, stores 0 for a sum below 0.
 * @y may be one of the inputs. @floats is the size of each input and of @y.
 *
 * lade__join_add() - computes sum = a + b. @sum may be @a or @b. @floats is rounded up to a multiple of 16.
 *
 * lade__join_scatter() - copies the rows of an input, which follow each other in @x, to their places in @y.
 *
 * lade__join_gather() - copies the rows from their places in @y to @x.
 */
void lade__join_sum(const struct lade__op *op, size_t floats, float *y);
void lade__join_add(const float *a, const float *b, size_t floats, float *sum);
void lade__join_scatter(const struct lade__rows *rows, const float *x, float *y);
void lade__join_gather(const struct lade__rows *rows, const float *y, float *x);

#endif
