/*
 * train/net/spec.h - a net as its specification says it: layers, shapes, parameters and where each lies. Nothing here is
 * larger than the specification itself, so that a file of unknown origin can be checked against it before any memory is
 * taken for parameters.
 */
#ifndef LADE_SRC_TRAIN_NET_SPEC_H
#define LADE_SRC_TRAIN_NET_SPEC_H

#include <lade/base.h>
#include <lade/tensor.h>

#include "train/dnnl/kernels.h"

/*
 * The shape of one sample somewhere in the net.
 */
struct lade__shape {
    int ndim;
    int64_t size[LADE_MAX_DIMS];
};

int64_t lade__shape_count(const struct lade__shape *s);
bool lade__shape_equal(const struct lade__shape *a, const struct lade__shape *b);

/* "32x32x3"; at most LADE__SHAPE_TEXT bytes with the final zero. Returns @text. */
#define LADE__SHAPE_TEXT (LADE_MAX_DIMS * 21)
char *lade__shape_text(const struct lade__shape *s, char *text);

/*
 * An array of numbers that belongs to a layer. All of a net lie in one block, each at a multiple of 64 bytes: first
 * those that are learnt, so that an optimiser goes through them in one pass; then those that a layer keeps itself.
 */
struct lade__parameter {
    int layer;                  /* whose it is, from 0 */
    const char *name;           /* "weight", "bias", "running_mean": PyTorch's names */
    enum lade__operand operand; /* which array of the kernel it is; its gradient is the one for LADE__DW, LADE__DB */
    struct lade__shape shape;
    int64_t fan_in; /* how many inputs an output of the layer has: the scale of the initial values; 0: */
    float initial;  /* all numbers begin so */
    bool is_buffer; /* not learnt */
    size_t offset;  /* in the block, in floats */
};

struct lade__layer;
struct lade__op;

/*
 * A kind of layer: one row of the table in layers.c, which is all that has to be written for another kind that a kernel
 * computes.
 */
struct lade__layer_kind {
    const char *word;
    const char *usage; /* "dense N"; for messages */
    /* What follows the word, a letter each: N outputs, K size of a window, P a share; then in any order s same or
       valid, t stride N, g groups N. */
    const char *grammar;
    enum lade__computed_by {
        LADE__BY_KERNEL,
        LADE__IDENTITY, /* its output is its input */
        LADE__DROPOUT,  /* dropout.c */
        LADE__NORM      /* norm.c */
    } computed_by;
    bool plain;          /* its input must lie plain */
    bool in_place;       /* its output may lie where its input does */
    bool needs_output;   /* the backward pass looks at its output */
    bool fuses_relu;     /* its kernel can do the relu that follows */
    bool is_relu;        /* and this is that relu */
    int parameter_count; /* how many arrays it has */

    /* Sets l->out (and l->window) and checks what was given against l->in. LADE_OK, or LADE_EINVAL, LADE_ELIMIT with
       the words of what is wrong. */
    int (*shape)(struct lade__layer *l, struct lade_error *err);
    /* Describes parameter @i of the layer; all but `layer` and `offset`. NULL: it has none. */
    void (*parameter)(const struct lade__layer *l, int i, struct lade__parameter *p);
    /* Makes its kernel for an input that lies as @x. @relu: see fuses_relu and lade__activation_kernel(). */
    int (*kernel)(const struct lade__layer *l, struct lade__engine *e, const struct lade__dnnl_layout *x, bool relu,
                  enum lade__kernel_mode pass, struct lade__kernel **out, struct lade_error *err);
};

const struct lade__layer_kind *lade__layer_kind_find(const char *word, size_t length);
/* "dense N, relu, flatten": every usage, for messages. Returns @text. */
char *lade__layer_kinds_usage(char *text, size_t size);

struct lade__layer {
    const struct lade__layer_kind *kind;
    size_t at, length;    /* its words in the specification */
    int64_t outputs;      /* N */
    int64_t size, stride; /* K; 0: not given */
    int64_t groups;       /* 1 at least */
    bool same;            /* padded so that the output is as large as the input, divided by the stride */
    double rate;          /* P */
    bool channels_first;  /* pictures are (C, H, W), not (H, W, C) */
    struct lade__shape in, out;
    struct lade__window window;
    int first_parameter; /* in the design's list */
};

/* How @n samples of a shape flow. Only three dimensions make a picture. */
struct lade__extent lade__shape_extent(const struct lade__shape *s, bool channels_first, int64_t n);

struct lade__spec {
    struct lade__shape in, out;
    struct lade__layer *layers;
    int layer_count;
    struct lade__parameter *parameters;
    int parameter_count;
    int64_t trainable_count; /* that are learnt, in all */
    size_t block_floats;     /* size of the block that holds them */
    size_t trainable_floats; /* its beginning: what is learnt */
    int first_trainable;     /* the first layer with parameters; layer_count: none */
};

/*
 * lade__spec_expand() - a copy of @spec, where that is "mlp N" or "cnn N" the layers that it stands for; the caller's
 * to lade_free(). NULL: no memory, or N is no number (with @err).
 *
 * lade__spec_init() - read a specification (the grammar is lade_net_new()'s) for samples of shape @in.
 *
 * Returns LADE_OK; LADE_EINVAL, LADE_ELIMIT with @err naming the layer; LADE_ENOMEM. After a failure there is nothing
 * to release.
 */
char *lade__spec_expand(const char *spec, struct lade_error *err);
int lade__spec_init(struct lade__spec *d, const char *spec, const struct lade__shape *in, bool channels_first,
                    struct lade_error *err);
void lade__spec_release(struct lade__spec *d); /* {0} is fine */

#endif
