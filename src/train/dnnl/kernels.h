/*
 * train/dnnl/kernels.h - what the rest of src/train knows of the library that computes: an engine, layouts, and kernels,
 * each the work of one layer for one batch size. In our own terms, so that oneDNN and its versions are the business of
 * the files of this folder.
 */
#ifndef LADE_SRC_TRAIN_DNNL_KERNELS_H
#define LADE_SRC_TRAIN_DNNL_KERNELS_H

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
 *
 * lade__engine_version() - "oneDNN 2.6.3, isa 0x7ef": what the last bits of a result depend on. Returns @text.
 */
int lade__engine_new(struct lade__engine **out, struct lade_error *err);
void lade__engine_free(struct lade__engine *e); /* after its kernels; NULL is fine */
void lade__engine_set_threads(struct lade__engine *e, int threads);
#define LADE__ENGINE_VERSION 64
char *lade__engine_version(char *text);

/* ---- Layouts ----------------------------------------------------------------------------------------------------- */

/*
 * How what flows between two layers lies in memory: n samples of some features, or of pictures. A plain one is as the
 * caller knows it: samples one after the other, a picture as (H, W, C) or (C, H, W). Kernels choose others for what
 * they make (channels in blocks of 8 or 16), and the next kernel takes it as it is.
 */
struct lade__dnnl_layout;

struct lade__extent {
    int64_t n, channels, height, width;
    bool is_image;       /* otherwise (n, channels) */
    bool channels_first; /* the plain order of a picture */
};

/* lade__dnnl_layout_new() - the plain one. LADE_OK with a layout the caller frees; LADE_ENOMEM, LADE_ERUNTIME with @err. */
int lade__dnnl_layout_new(const struct lade__extent *extent, struct lade__dnnl_layout **out, struct lade_error *err);
void lade__dnnl_layout_free(struct lade__dnnl_layout *l); /* NULL is fine */
bool lade__dnnl_layout_is_plain(const struct lade__dnnl_layout *l);
const struct lade__extent *lade__dnnl_layout_extent(const struct lade__dnnl_layout *l);
size_t lade__dnnl_layout_floats(const struct lade__dnnl_layout *l); /* memory it takes: blocks may be padded */

/*
 * A layout as loops: for (n) for (block) for (place) for (i < inner), in the order of memory; channel block * inner +
 * i.
 */
struct lade__loops {
    int64_t n, blocks, places, inner;
};

/* lade__dnnl_layout_loops() - false: it cannot be seen so. */
bool lade__dnnl_layout_loops(const struct lade__dnnl_layout *l, struct lade__loops *out);

/* ---- Kernels ----------------------------------------------------------------------------------------------------- */

/*
 * The arrays a kernel works on, float32. Which of them a kernel uses is said where it is made; the others may be NULL.
 */
enum lade__operand { LADE__X, LADE__Y, LADE__W, LADE__B, LADE__DX, LADE__DY, LADE__DW, LADE__DB, LADE__OPERANDS };

struct lade__arrays {
    float *at[LADE__OPERANDS];
};

/*
 * What a kernel is made for; only what is needed is made.
 */
enum lade__kernel_mode {
    LADE__INFERENCE,     /* forward only */
    LADE__TRAINING,      /* forward and backward */
    LADE__TRAINING_NO_DX /* the same, but nothing before this layer learns: no gradient of its input */
};

/* A window that moves over a picture: height first. */
struct lade__window {
    int64_t size[2], stride[2], before[2], after[2]; /* before, after: rows and columns outside the picture */
    int64_t groups;
};

enum lade__activation { LADE__RELU, LADE__TANH, LADE__SIGMOID };

struct lade__kernel;

/*
 * Each takes @x, the layout of its input (borrowed for the call), and makes one for its output. dx lies as x, dy as y;
 * weights are plain, as PyTorch has them; gradients are overwritten, not added to.
 *
 * lade__dense_kernel() - y = x w' + b.  x plain (n, inputs), w (outputs, inputs), b (outputs), y plain (n, outputs).
 *     backward: dx = dy w, dw = dy' x, db = the sum of dy's rows.
 *
 * lade__conv_kernel() - y = x convolved with w, plus b.  w (channels of y, channels of x / groups, height, width of the
 *     window). @y: what comes out.
 *
 * lade__pool_kernel() - y = the largest (average: the mean of those inside the picture) in each window.
 *     Keeps where the largest was, for the backward pass that follows.
 *
 * lade__activation_kernel() - y = f(x); y may be x, dx may be dy. backward uses y, not x.
 *     @done: the forward pass is somebody else's (@relu of a kernel before); only the backward pass is made.
 *
 * lade__reorder_kernel() - y = x, plain.
 *
 * lade__logsoftmax_kernel() - y = x - log(sum of exp(x)) over each row, x and y plain (n, columns); y may be x.
 *     backward: dx = dy - exp(y) * (sum of dy over the row).  dx may be dy.
 *
 * @relu: y = max(0, y) in the same go; the gradient of that is the business of a map kernel.
 *
 * Where oneDNN's gemm does the work of a dense layer (AVX2 and below) it asks for no layout of weights but the plain
 * one: given the choice it takes them transposed, which measured slower forward and the same backward.
 *
 * Return LADE_OK with a kernel the caller frees; LADE_ENOMEM or LADE_ERUNTIME with @err. Costs up to milliseconds (code
 * is generated) and some 30 KB of stack: see plan.c.
 */
int lade__dense_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, int64_t inputs, int64_t outputs,
                       bool relu, enum lade__kernel_mode pass, struct lade__kernel **out, struct lade_error *err);
int lade__conv_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, const struct lade__extent *y,
                      const struct lade__window *window, bool relu, enum lade__kernel_mode pass,
                      struct lade__kernel **out, struct lade_error *err);
int lade__pool_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, const struct lade__extent *y,
                      const struct lade__window *window, bool average, enum lade__kernel_mode pass,
                      struct lade__kernel **out, struct lade_error *err);
int lade__activation_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, enum lade__activation map,
                            bool done, enum lade__kernel_mode pass, struct lade__kernel **out, struct lade_error *err);
int lade__reorder_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, enum lade__kernel_mode pass,
                         struct lade__kernel **out, struct lade_error *err);
int lade__logsoftmax_kernel(struct lade__engine *e, int64_t n, int64_t columns, enum lade__kernel_mode pass,
                            struct lade__kernel **out, struct lade_error *err);

/* The layout of what a kernel makes; the kernel's. */
const struct lade__dnnl_layout *lade__kernel_output(const struct lade__kernel *k);

/*
 * lade__kernel_forward(), lade__kernel_backward() - run it; done when they return. Some 12 KB of stack.
 *
 * Return LADE_OK or LADE_ERUNTIME with @err.
 */
int lade__kernel_forward(struct lade__kernel *k, const struct lade__arrays *a, struct lade_error *err);
int lade__kernel_backward(struct lade__kernel *k, const struct lade__arrays *a, struct lade_error *err);
void lade__kernel_free(struct lade__kernel *k); /* NULL is fine */

#endif
