/*
 * train/design.h - a net as its specification says it: layers, shapes, parameters and where each lies. Nothing here is
 * larger than the specification itself, so that a file of unknown origin can be checked against it before any memory is
 * taken for parameters.
 */
#ifndef LADE_SRC_TRAIN_DESIGN_H
#define LADE_SRC_TRAIN_DESIGN_H

#include <lade/base.h>
#include <lade/tensor.h>

#include "train/kernels.h"

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
 * An array of numbers that is learnt. All parameters of a net lie in one block, each at a multiple of 64 bytes, so that
 * an optimiser goes through them in one pass.
 */
struct lade__parameter {
    int layer;                  /* whose it is, from 0 */
    const char *name;           /* "weight", "bias": PyTorch's names */
    enum lade__operand operand; /* which array of the kernel it is; its gradient is the one for LADE__DW, LADE__DB */
    struct lade__shape shape;
    int64_t fan_in; /* how many inputs an output of the layer has: the scale of the initial values */
    size_t offset;  /* in the block, in floats */
};

struct lade__layer;

/*
 * A kind of layer: one row of the table in layers.c, which is all that has to be written for another kind.
 */
struct lade__layer_kind {
    const char *word;
    const char *usage;   /* "dense N"; for messages */
    int arguments;       /* how many follow the word */
    bool in_place;       /* its output may lie where its input does */
    int parameter_count; /* how many arrays it learns */

    /* Sets l->out and checks l->argument against l->in. LADE_OK, or LADE_EINVAL with the words of what is wrong. */
    int (*shape)(struct lade__layer *l, struct lade_error *err);
    /* Describes parameter @i of the layer; all but `layer` and `offset`. NULL: it has none. */
    void (*parameter)(const struct lade__layer *l, int i, struct lade__parameter *p);
    /* Makes its kernel. NULL: nothing is computed, the output is the input. */
    int (*kernel)(const struct lade__layer *l, struct lade__engine *e, int64_t n, enum lade__pass pass,
                  struct lade__kernel **out, struct lade_error *err);
};

const struct lade__layer_kind *lade__layer_kind_find(const char *word, size_t length);
/* "dense N, relu, flatten": every usage, for messages. Returns @text. */
char *lade__layer_kinds_usage(char *text, size_t size);

#define LADE__LAYER_ARGUMENTS 4

struct lade__layer {
    const struct lade__layer_kind *kind;
    int64_t argument[LADE__LAYER_ARGUMENTS];
    struct lade__shape in, out;
    int first_parameter; /* in the design's list */
};

struct lade__design {
    struct lade__shape in, out;
    struct lade__layer *layers;
    int layer_count;
    struct lade__parameter *parameters;
    int parameter_count;
    int64_t parameter_numbers; /* that are learnt, in all */
    size_t block_floats;       /* size of the block that holds them */
    int first_learning;        /* the first layer with parameters; layer_count: none */
};

/*
 * lade__design_init() - read a specification (the grammar is lade_net_new()'s) for samples of shape @in.
 *
 * Returns LADE_OK; LADE_EINVAL, LADE_ELIMIT with @err naming the layer; LADE_ENOMEM. After a failure there is nothing
 * to release.
 */
int lade__design_init(struct lade__design *d, const char *spec, const struct lade__shape *in, struct lade_error *err);
void lade__design_release(struct lade__design *d); /* {0} is fine */

#endif
