/*
 * train/dnnl/kernels.h - declares the interface to oneDNN for the other folders of src/train: engines, memory layouts,
 * and kernels. Each kernel computes one layer for one batch size. This file uses no name of oneDNN, so that
 * only the files of this folder depend on oneDNN and its versions.
 */
#ifndef LADE_SRC_TRAIN_DNNL_KERNELS_H
#define LADE_SRC_TRAIN_DNNL_KERNELS_H

#include <signal.h>
#include <stdbool.h>

#include <lade/base.h>

/*
 * A CPU engine, and scratch memory for all kernels of this engine. One thread at a time may use an engine and its
 * kernels.
 */
struct lade__engine;

/*
 * lade__engine_new()         - makes an engine. Returns LADE_OK; LADE_ENOMEM or LADE_ERUNTIME with @err.
 *
 * lade__engine_free()        - frees an engine. The caller must have freed all kernels of the engine. NULL is allowed.
 *
 * lade__engine_set_threads() - sets the number of threads that work inside each kernel that is made after this call.
 *                              The initial number is 1. The number can be changed only if oneDNN uses OpenMP (Debian,
 *                              conda, the Python wheels). Each call of a kernel sets OpenMP's number of threads, and
 *                              restores the old number at the end.
 *
 * lade__engine_version()     - writes the version of oneDNN and the CPU's instruction sets to @text, for example
 *                              "oneDNN 2.6.3, isa 0x7ef". The last bits of results depend on these two values.
 *                              Returns @text.
 */
int lade__engine_new(struct lade__engine **out, struct lade_error *err);
void lade__engine_free(struct lade__engine *e);
void lade__engine_set_threads(struct lade__engine *e, int threads);
#define LADE__ENGINE_VERSION 64
char *lade__engine_version(char text[LADE__ENGINE_VERSION]);

/*
 * lade__dnnl_block_signals()   - in the calling thread, blocks all signals except SIGSEGV, SIGBUS, SIGFPE and SIGILL.
 *                                Stores the previous signal mask in *before. A thread that has not blocked all signals
 *                                must call this function before it runs kernels. The reason is that in oneDNN before
 *                                3.12, some kernels for matrix products store an address of the heap in the stack
 *                                pointer. A signal handler would then overwrite the heap.
 * lade__dnnl_restore_signals() - restores the signal mask of the calling thread.
 */
void lade__dnnl_block_signals(sigset_t *before);
void lade__dnnl_restore_signals(const sigset_t *before);

/* ---- Memory layouts ---------------------------------------------------------------------------------------------- */

/*
 * A layout is the order in memory of the values between two layers. The values are n samples with several
 * features, or n images. In the plain layout, the samples are stored one after the other, and an image is (H, W, C) or
 * (C, H, W). A kernel may choose another layout for its output, for example channels in blocks of 8 or 16. The next
 * kernel reads this layout.
 */
struct lade__dnnl_layout;

struct lade__extent {
    int64_t n, channels, height, width;
    bool is_image;       /* true: images; false: (n, channels) */
    bool channels_first; /* an image in the plain layout is (C, H, W) */
};

/*
 * lade__dnnl_layout_new()      - makes the plain layout. Returns LADE_OK; LADE_ENOMEM, LADE_ERUNTIME with @err.
 * lade__dnnl_layout_blocked()  - makes the layout of images with channels in blocks of @block, which is 4, 8 or 16.
 *                                Returns the same statuses.
 * lade__dnnl_layout_free()     - frees a layout. NULL is allowed.
 * lade__dnnl_layout_is_plain() - returns true if the layout is plain.
 * lade__dnnl_layout_block()    - returns the number of channels in a block; 0: the channels are not in blocks.
 * lade__dnnl_layout_equal()    - returns true if both layouts have the same extent and order.
 * lade__dnnl_layout_floats()   - returns the size in memory in floats, with the padding of blocks.
 */
int lade__dnnl_layout_new(const struct lade__extent *extent, struct lade__dnnl_layout **out, struct lade_error *err);
int lade__dnnl_layout_blocked(const struct lade__extent *extent, int64_t block, struct lade__dnnl_layout **out,
                              struct lade_error *err);
void lade__dnnl_layout_free(struct lade__dnnl_layout *l);
bool lade__dnnl_layout_is_plain(const struct lade__dnnl_layout *l);
int64_t lade__dnnl_layout_block(const struct lade__dnnl_layout *l);
bool lade__dnnl_layout_equal(const struct lade__dnnl_layout *a, const struct lade__dnnl_layout *b);
const struct lade__extent *lade__dnnl_layout_extent(const struct lade__dnnl_layout *l);
size_t lade__dnnl_layout_floats(const struct lade__dnnl_layout *l);

/*
 * Describes a layout by nested loops that visit the values in the order of memory: for (n) for (block) for (place) for
 * (i < inner). A place is a position in the image. The channel of a value is block * inner + i.
 */
struct lade__loops {
    int64_t n, blocks, places, inner;
};

/* Stores the loops of a layout in *out. Returns false if the layout has no such loops. */
bool lade__dnnl_layout_loops(const struct lade__dnnl_layout *l, struct lade__loops *out);

/* ---- Kernels ----------------------------------------------------------------------------------------------------- */

/*
 * The float32 arrays of a kernel are x (input), y (output), w (weights), b (bias), and the gradients of these four
 * arrays. A kernel needs the arrays that are in its formula below. The other arrays may be NULL.
 */
enum lade__operand { LADE__X, LADE__Y, LADE__W, LADE__B, LADE__DX, LADE__DY, LADE__DW, LADE__DB, LADE__OPERANDS };

struct lade__arrays {
    float *at[LADE__OPERANDS];
};

/*
 * The mode decides which functions of a kernel may be called.
 */
enum lade__kernel_mode {
    LADE__INFERENCE,     /* forward */
    LADE__TRAINING,      /* forward and backward */
    LADE__TRAINING_NO_DX /* forward and backward without dx, because no layer before this one has parameters */
};

/* A window that moves over an image. In each array, the height comes first. */
struct lade__window {
    int64_t size[2], stride[2];
    int64_t before[2], after[2]; /* padding: rows and columns before and after the image */
    int64_t groups;
};

enum lade__activation { LADE__RELU, LADE__TANH, LADE__SIGMOID };

struct lade__kernel;

/*
 * Each function makes a kernel for an input with the layout @x, and chooses the layout of the output. The function uses
 * @x only during the call. dx has the layout of x, and dy has the layout of y. Weights are in PyTorch's order. The
 * backward pass overwrites the gradients.
 *
 * lade__dense_kernel() - y = x w' + b, where x is plain (n, inputs), w is (outputs, inputs), b is (outputs), and y is
 *     plain (n, outputs).
 *     Backward: dx = dy w, dw = dy' x, db = the sum of the rows of dy.
 *
 * lade__conv_kernel() - y = convolution of x with w, plus b. @y is the extent of the output. w is (channels of y,
 *     channels of x / groups, height of the window, width of the window). The layouts are chosen so that no operation
 *     uses a reference implementation of oneDNN if oneDNN has a faster implementation, see conv.c.
 *
 * lade__pool_kernel() - y = the maximum of each window. If @average is true, y = the mean of each window without
 *      the padding.
 *     The forward pass stores the positions of the maxima for the backward pass.
 *
 * lade__activation_kernel() - y = f(x). y may be x, and dx may be dy. The backward pass reads y, not x.
 *     If @fused is true, the kernel has only a backward pass, because another kernel computes the forward pass (see
 *     @relu).
 *
 * lade__reorder_kernel() - y = x in the layout @to, which has the extent of @x. If @to is NULL, the layout is plain.
 *
 * If @relu is true, the forward pass also computes y = max(0, y). An activation kernel computes the backward pass of
 * this relu.
 *
 * The weights of a dense layer always have the plain layout. The reason is that on CPUs without AVX-512, oneDNN
 * computes a dense layer with its matrix multiplication (gemm). If oneDNN could choose the layout, it would transpose
 * the weights. This would make the forward pass slower, and would not make the backward pass faster.
 *
 * Return LADE_OK; LADE_ENOMEM or LADE_ERUNTIME with @err. The caller must free the kernel. A call needs about 30 KB of
 * stack. A call takes up to several milliseconds, because oneDNN generates code.
 */
int lade__dense_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, int64_t inputs, int64_t outputs,
                       bool relu, enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err);
int lade__conv_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, const struct lade__extent *y,
                      const struct lade__window *window, bool relu, enum lade__kernel_mode mode,
                      struct lade__kernel **out, struct lade_error *err);
int lade__pool_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, const struct lade__extent *y,
                      const struct lade__window *window, bool average, enum lade__kernel_mode mode,
                      struct lade__kernel **out, struct lade_error *err);
int lade__activation_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, enum lade__activation activation,
                            bool fused, enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err);
int lade__reorder_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, const struct lade__dnnl_layout *to,
                         enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err);

/* Returns the layout of the output, which belongs to the kernel. */
const struct lade__dnnl_layout *lade__kernel_output(const struct lade__kernel *k);

/*
 * lade__kernel_forward(), lade__kernel_backward() - run a kernel and return when it is finished. A call needs about 12
 * KB of stack.
 * lade__kernel_free() - frees a kernel. NULL is allowed.
 *
 * Return LADE_OK or LADE_ERUNTIME with @err.
 */
int lade__kernel_forward(struct lade__kernel *k, const struct lade__arrays *a, struct lade_error *err);
int lade__kernel_backward(struct lade__kernel *k, const struct lade__arrays *a, struct lade_error *err);
void lade__kernel_free(struct lade__kernel *k);

#endif
