/*
 * train/net.h - what a net holds, and its three passes: forward, loss, backward. Kernels are made once for each batch
 * size (the last batch of an epoch is short) and kept; memory for what flows through the net is one block, as large as
 * the largest batch so far needs.
 */
#ifndef LADE_SRC_TRAIN_NET_H
#define LADE_SRC_TRAIN_NET_H

#include "train/design.h"
#include "train/kernels.h"
#include "train/loss.h"

/*
 * The kernels for one batch size.
 */
struct lade__plan {
    int64_t n;
    bool training;
    uint64_t used;                 /* when, in uses of the net; the plan not used for longest gives way */
    struct lade__kernel **kernels; /* one for each layer; NULL where nothing is computed */
    struct lade__kernel *softmax;  /* or NULL, where the loss needs none */
};

#define LADE__PLANS 8

struct lade_net {
    struct lade_net_info info;
    struct lade__design design;
    struct lade__engine *engine;
    float *values;    /* the block of all parameters, design.block_floats long */
    float *gradients; /* likewise; NULL before the first backward pass */

    struct lade__plan *plans[LADE__PLANS];
    uint64_t uses;

    /* What flows through: one block, for up to `rows` samples. */
    float *flow;
    int64_t rows;
    bool rows_training;
    float *input;       /* samples that had to be converted */
    float **own_output; /* of each layer; NULL: its output lies where its input does */
    float **output;     /* of each layer, since the last forward pass */
    float *answers;     /* logsoftmax of the last output */
    float *gradient[2]; /* with respect to outputs, taking turns */
};

/*
 * lade__net_assemble() - a net of a design, whose members it takes over also on failure; parameters are 0.
 * lade__net_draw() - initial parameters, as lade_net_new() says.
 */
int lade__net_assemble(struct lade__design *design, const char *spec, const struct lade_net_options *options,
                       lade_net **out, struct lade_error *err);
void lade__net_draw(lade_net *net);

/* "0.weight": a parameter's name in files and messages. Returns @name. */
#define LADE__PARAMETER_NAME 32
char *lade__parameter_name(const struct lade__parameter *p, char *name);

/* Can a file hold it? Its header is JSON, and so UTF-8. */
bool lade__is_utf8(const char *text);

/*
 * lade__net_reserve() - memory for batches of @n samples. lade__net_plan() - the kernels for them, kept by the net.
 *
 * Return LADE_OK, LADE_ENOMEM or LADE_ERUNTIME with @err.
 */
int lade__net_reserve(lade_net *net, int64_t n, bool training, struct lade_error *err);
int lade__net_plan(lade_net *net, int64_t n, bool training, struct lade__plan **out, struct lade_error *err);
void lade__plan_free(struct lade__plan *p, int layers); /* NULL is fine */

/*
 * lade__net_check_input() - are @x samples of this net's shape?
 *
 * Returns LADE_OK or LADE_EINVAL with @err naming what differs.
 */
int lade__net_check_input(const lade_net *net, const struct lade_tensor *x, struct lade_error *err);

/*
 * lade__net_answer() - forward pass for @n samples of @x, which is checked, from @first on; n is 1 or more.
 * *answers (n, outputs) is what the loss and predictions begin with: logsoftmax of the outputs, or the outputs. It is
 * the net's and lives until its next pass.
 *
 * lade__net_learn() - forward, loss, backward for a batch of one sample or more: adds to @t, overwrites net->gradients.
 * Where the loss is not finite nothing goes backward; the caller sees it in @t.
 *
 * lade__net_test() - forward and loss for a batch, which may be empty: adds to @t.
 *
 * Return LADE_OK; LADE_EINVAL (the batch does not fit), LADE_ELIMIT, LADE_ENOMEM, LADE_ERUNTIME with @err.
 */
int lade__net_answer(lade_net *net, const struct lade_tensor *x, int64_t first, int64_t n, float **answers,
                     struct lade_error *err);
int lade__net_learn(lade_net *net, const struct lade_batch *b, struct lade__tally *t, struct lade_error *err);
int lade__net_test(lade_net *net, const struct lade_batch *b, struct lade__tally *t, struct lade_error *err);

/*
 * lade__source_check() - does what @source says of itself fit the net? *steps, if 0, becomes the source's.
 *
 * Returns LADE_OK or LADE_EINVAL with @err naming what differs; @what is "source" or "validation".
 */
int lade__source_check(const lade_net *net, const struct lade_source *source, const char *what, int64_t *steps,
                       struct lade_error *err);

#endif
