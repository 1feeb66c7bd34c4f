/*
 * train/net/layer.h - one layer of a net: its kind, its arguments, its shapes and its parameters.
 */
#ifndef LADE_SRC_TRAIN_NET_LAYER_H
#define LADE_SRC_TRAIN_NET_LAYER_H

#include "train/dnnl/kernels.h"
#include "train/net/shape.h"

/*
 * An array of numbers that belongs to a layer: a weight or bias, which the optimizer changes, or a buffer (PyTorch's
 * word), which the layer itself changes. All parameters of a net are in one block, and each begins at a multiple of 64
 * bytes. The trainable ones come first, so that an update is one pass over the beginning of the block.
 */
struct lade__parameter {
    int layer;                  /* index of its layer */
    const char *name;           /* PyTorch's name: "weight", "bias", "running_mean" */
    enum lade__operand operand; /* the operand of the kernel: LADE__W, whose gradient is LADE__DW, or LADE__B and
                                   LADE__DB */
    struct lade__shape shape;
    int64_t fan_in; /* number of inputs of each output, for the range of random initial values; 0: no random values */
    float initial;  /* the initial value if fan_in is 0 */
    bool is_buffer; /* not trainable */
    size_t offset;  /* in the block, in floats */
};

/* Writes the name that the parameter has in files and messages, "0.weight". Returns @name. */
#define LADE__PARAMETER_NAME 32
static inline char *lade__parameter_name(const struct lade__parameter *p, char name[LADE__PARAMETER_NAME]) {
    snprintf(name, LADE__PARAMETER_NAME, "%d.%s", p->layer, p->name);
    return name;
}

struct lade__layer;

/*
 * A kind of layer: one row of the table in layers.c. A kind that a kernel computes needs nothing else.
 */
struct lade__layer_kind {
    const char *word;
    const char *usage; /* "dense N", for messages */
    /* The arguments. Upper case letters stand for required arguments, in this order: N outputs, K window size, P
       dropout rate. Lower case letters stand for optional arguments in any order: s "same" or "valid", t "stride N",
       g "groups N". */
    const char *grammar;
    enum lade__computed_by {
        LADE__BY_KERNEL,
        LADE__IDENTITY, /* the output is the input; only the shape differs */
        LADE__DROPOUT,  /* computed by dropout.c */
        LADE__NORM      /* computed by norm.c */
    } computed_by;
    bool plain;          /* the input must have the plain layout */
    bool in_place;       /* the output may overwrite the input */
    bool needs_output;   /* the backward pass reads the output, so that no later layer may overwrite it */
    bool fuses_relu;     /* the kernel can compute a relu that follows the layer */
    bool is_relu;        /* the layer is that relu */
    int parameter_count; /* number of arrays */

    /* Sets l->out (and l->window) from l->in and the arguments, and checks the arguments. Returns LADE_OK; or
       LADE_EINVAL, LADE_ELIMIT with @err, whose message does not name the layer. */
    int (*shape)(struct lade__layer *l, struct lade_error *err);
    /* Fills in parameter @i of the layer, except `layer` and `offset`. NULL: the layer has no parameters. */
    void (*parameter)(const struct lade__layer *l, int i, struct lade__parameter *p);
    /* Makes the kernel for an input with the layout @x. If the layer fuses_relu, @relu means that its kernel also
       computes the relu; if the layer is_relu, @relu means that the kernel before does so. */
    int (*kernel)(const struct lade__layer *l, struct lade__engine *e, const struct lade__dnnl_layout *x, bool relu,
                  enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err);
};

/* Returns the kind called @word, or NULL. */
const struct lade__layer_kind *lade__layer_kind_find(const char *word, size_t length);
/* Writes the usage of every kind, "dense N, conv N K ...", to @text for a message. Returns @text. */
char *lade__layer_kinds_usage(char *text, size_t size);

struct lade__layer {
    const struct lade__layer_kind *kind;
    size_t at, length;    /* position of the layer's text in the specification */
    int64_t outputs;      /* N */
    int64_t size, stride; /* K; stride is 0 if it was not given */
    int64_t groups;       /* 1 or more */
    bool same;            /* padded so that the output is as large as the input divided by the stride */
    double rate;          /* P */
    bool channels_first;  /* images are (C, H, W), not (H, W, C) */
    struct lade__shape in, out;
    struct lade__window window;
    int first_parameter; /* index in the list of the spec */
};

/* Returns the extent of @n samples of a shape. Samples with three dimensions are images. */
static inline struct lade__extent lade__shape_extent(const struct lade__shape *s, bool channels_first, int64_t n) {
    if (s->ndim != 3)
        return (struct lade__extent){.n = n, .channels = lade__shape_count(s)};
    int c = channels_first ? 0 : 2, h = channels_first ? 1 : 0;
    return (struct lade__extent){n, s->size[c], s->size[h], s->size[h + 1], true, channels_first};
}

#endif
