/*
 * train/spec/layer.h - defines a layer of a net, the kinds of layers, and the parameters of layers.
 */
#ifndef LADE_SRC_TRAIN_SPEC_LAYER_H
#define LADE_SRC_TRAIN_SPEC_LAYER_H

#include "train/dnnl/kernels.h"
#include "train/spec/shape.h"

/*
 * A parameter is an array of numbers that belongs to a layer. The optimizer changes weights and biases. The layer
 * itself changes buffers (PyTorch's word), for example running means. All parameters of a net are in one block of
 * memory, and each parameter begins at a multiple of 64 bytes. The trainable parameters come first, so that an update
 * is one pass over the beginning of the block.
 */
struct lade__parameter {
    const char *path;           /* path of the layer in names, for example "0" */
    const char *name;           /* PyTorch's name: "weight", "bias", "running_mean" */
    enum lade__operand operand; /* the operand of the kernel: LADE__W (its gradient is LADE__DW) or LADE__B (its
                                   gradient is LADE__DB) */
    struct lade__shape shape;
    int64_t fan_in; /* number of inputs of each output; sets the range of the random initial values; 0: all values are
                       `initial` */
    float initial;  /* the initial value if fan_in is 0 */
    bool is_buffer; /* not trainable */
    size_t offset;  /* offset in the block, in floats */
};

/* The path of a layer is its position in the specification. The path of a layer in a branch is the path of residual or
   concat, the number of the branch, and the position in the branch, for example "1.0.2". All numbers begin with 0. */
#define LADE__MAX_DEPTH 16 /* largest number of residual and concat layers around a layer */
#define LADE__PATH      (10 * LADE__MAX_DEPTH + 8)

/* Writes the name of the parameter in files and messages, for example "0.weight", to @name. Returns @name. */
#define LADE__PARAMETER_NAME (LADE__PATH + 16)
static inline char *lade__parameter_name(const struct lade__parameter *p, char name[LADE__PARAMETER_NAME]) {
    snprintf(name, LADE__PARAMETER_NAME, "%s.%s", p->path, p->name);
    return name;
}

struct lade__layer;

/* In place of the index of a layer or op, this value means the samples of the batch. */
#define LADE__SAMPLES (-1)

/*
 * A kind of layer is one row of the table in layers.c. To add a kind that a oneDNN kernel computes, only a row is
 * necessary.
 */
struct lade__layer_kind {
    const char *word;
    const char *usage; /* the syntax for messages, for example "dense N" */
    /* One letter for each argument. An upper case letter is a required argument: N is the number of outputs, K is the
       window size, P is the dropout rate. Required arguments must be in this order. A lower case letter is an optional
       argument: s is "same" or "valid", t is "stride N", g is "groups N". Optional arguments may be in any order. */
    const char *grammar;
    enum lade__computed_by {
        LADE__BY_KERNEL,
        LADE__IDENTITY, /* the output is the input; only the shape differs */
        LADE__DROPOUT,  /* computed by dropout.c */
        LADE__NORM,     /* computed by norm.c */
        LADE__SUM,      /* the sum of the inputs; computed by join.c */
        LADE__CONCAT    /* the channels of all inputs; computed by join.c */
    } computed_by;
    bool plain;        /* the input must have the plain layout */
    bool in_place;     /* the output may overwrite an input */
    bool needs_input;  /* the backward pass reads the input */
    bool needs_output; /* the backward pass reads the output */
    bool fuses_relu;   /* the kernel can compute a relu that follows the layer */
    bool is_relu;      /* the layer is a relu, which the kernel of the layer before may compute */
    bool adds_input;   /* if the layer has a single branch, the input of the layer is a second branch */
    int parameter_count;

    /* Checks the arguments, and computes l->out (and l->window) from l->in and the arguments. Returns LADE_OK;
       LADE_EINVAL or LADE_ELIMIT with @err, whose message does not name the layer. */
    int (*shape)(struct lade__layer *l, struct lade_error *err);
    /* For a layer with branches: changes l->out so that it includes the output of one more branch with the shape
       @branch. Returns LADE_OK, LADE_EINVAL (the shapes do not fit, see `join_rule`) or LADE_ELIMIT. NULL: the layer
       has no branches. */
    int (*join)(struct lade__layer *l, const struct lade__shape *branch);
    const char *join_rule;
    /* Fills in parameter @i of the layer, except `path` and `offset`. NULL: the layer has no parameters. */
    void (*parameter)(const struct lade__layer *l, int i, struct lade__parameter *p);
    /* Makes the kernel for an input with the layout @x. For a layer with fuses_relu, @relu means that the kernel also
       computes the relu. For a layer with is_relu, @relu means that the kernel of the layer before computes the forward
       pass. */
    int (*kernel)(const struct lade__layer *l, struct lade__engine *e, const struct lade__dnnl_layout *x, bool relu,
                  enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err);
};

/* Returns the kind called @word, or NULL. */
const struct lade__layer_kind *lade__layer_kind_find(const char *word, size_t length);
/* Writes the syntax of all kinds, "dense N, conv N K ...", to @text for a message. Returns @text. */
char *lade__layer_kinds_usage(char *text, size_t size);

struct lade__layer {
    const struct lade__layer_kind *kind;
    size_t at, length;    /* offset and length of the layer's text in the specification */
    const char *path;     /* the string belongs to the struct lade__spec */
    int64_t outputs;      /* the argument N */
    int64_t size, stride; /* the argument K, and the stride; 0: the specification has no stride */
    int64_t groups;       /* 1 or more */
    bool same;            /* the input is padded; output size = input size divided by the stride, rounded up */
    double rate;          /* the argument P */
    bool channels_first;  /* images are (C, H, W), not (H, W, C) */
    const int *inputs;    /* indices of the layers that compute the inputs, or LADE__SAMPLES */
    int input_count;
    int use_count; /* number of layers that have the output as an input */
    struct lade__shape in, out;
    struct lade__window window;
    int first_parameter; /* index in lade__spec.parameters */
};

/* Returns the extent of @n samples of a shape. Samples with three dimensions are images. */
static inline struct lade__extent lade__shape_extent(const struct lade__shape *s, bool channels_first, int64_t n) {
    if (s->ndim != 3)
        return (struct lade__extent){.n = n, .channels = lade__shape_count(s)};
    int c = channels_first ? 0 : 2, h = channels_first ? 1 : 0;
    return (struct lade__extent){n, s->size[c], s->size[h], s->size[h + 1], true, channels_first};
}

#endif
