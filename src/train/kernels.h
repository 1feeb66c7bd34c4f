/*
 * train/kernels.h - what the rest of src/train knows of the library that computes: an engine, and kernels, each the
 * work of one layer for one batch size. In our own terms, so that oneDNN and its versions are the business of one file,
 * dnnl_adapter.c.
 */
#ifndef LADE_SRC_TRAIN_KERNELS_H
#define LADE_SRC_TRAIN_KERNELS_H

#include <stdbool.h>

#include <lade/base.h>

/*
 * Where kernels run: the CPU, and scratch memory that all kernels of the engine share. One thread at a time uses an
 * engine and its kernels; which one may change.
 */
struct lade__engine;

/*
 * lade__engine_new() - an engine. LADE_OK; LADE_ENOMEM or LADE_ERUNTIME with @err.
 *
 * lade__engine_set_threads() - how many threads the kernels made from now on use inside; 1 at first. It takes effect
 * where oneDNN is built with OpenMP (Debian, conda, the wheels): the number is set for each call, and the caller's own
 * setting put back afterwards. Other builds of oneDNN see to their threads themselves.
 */
int lade__engine_new(struct lade__engine **out, struct lade_error *err);
void lade__engine_free(struct lade__engine *e); /* after its kernels; NULL is fine */
void lade__engine_set_threads(struct lade__engine *e, int threads);

/*
 * The arrays a kernel works on: float32, rows of a batch one after the other. Which of them a kernel uses is said where
 * it is made; the others may be NULL.
 */
enum lade__operand { LADE__X, LADE__Y, LADE__W, LADE__B, LADE__DX, LADE__DY, LADE__DW, LADE__DB, LADE__OPERANDS };

struct lade__arrays {
    float *at[LADE__OPERANDS];
};

/*
 * What a kernel is made for; only what is needed is made.
 */
enum lade__pass {
    LADE__PREDICT,    /* forward only */
    LADE__TRAIN,      /* forward and backward */
    LADE__TRAIN_FIRST /* the same, but nothing before this layer learns: no gradient of its input */
};

struct lade__kernel;

/*
 * lade__dense_kernel() - y = x w' + b.  x (n, inputs), w (outputs, inputs), b (outputs), y (n, outputs).
 *     backward: dx = dy w, dw = dy' x, db = the sum of dy's rows.  Overwritten, not added to.
 *
 * lade__relu_kernel() - y = max(0, x), each of (count); y may be x.
 *     backward: dx = dy where y > 0, else 0.  Uses y, not x; dx may be dy.
 *
 * lade__logsoftmax_kernel() - y = x - log(sum of exp(x)) over each row, x and y (n, columns); y may be x.
 *     backward: dx = dy - exp(y) * (sum of dy over the row).  dx may be dy.
 *
 * Layouts are plain. Where oneDNN's gemm does the work (AVX2 and below) it asks for no other: given the choice it takes
 * the weights transposed, which measured slower forward and the same backward. A layer for which blocked layouts pay
 * (convolution) brings the layout of its operands with it.
 *
 * Return LADE_OK with a kernel the caller frees; LADE_ENOMEM or LADE_ERUNTIME with @err. Costs up to milliseconds (code
 * is generated) and some 30 KB of stack: see plan.c.
 */
int lade__dense_kernel(struct lade__engine *e, int64_t n, int64_t inputs, int64_t outputs, enum lade__pass pass,
                       struct lade__kernel **out, struct lade_error *err);
int lade__relu_kernel(struct lade__engine *e, int64_t count, enum lade__pass pass, struct lade__kernel **out,
                      struct lade_error *err);
int lade__logsoftmax_kernel(struct lade__engine *e, int64_t n, int64_t columns, enum lade__pass pass,
                            struct lade__kernel **out, struct lade_error *err);

/*
 * lade__kernel_forward(), lade__kernel_backward() - run it; done when they return. Some 12 KB of stack.
 *
 * Return LADE_OK or LADE_ERUNTIME with @err.
 */
int lade__kernel_forward(struct lade__kernel *k, const struct lade__arrays *a, struct lade_error *err);
int lade__kernel_backward(struct lade__kernel *k, const struct lade__arrays *a, struct lade_error *err);
void lade__kernel_free(struct lade__kernel *k); /* NULL is fine */

#endif
