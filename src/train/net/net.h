/*
 * train/net/net.h - defines the net. A net has a specification, parameters, and the threads and memory to compute a
 * batch. Most files of this folder do not include this file, because they use only single parts of the net.
 */
#ifndef LADE_SRC_TRAIN_NET_NET_H
#define LADE_SRC_TRAIN_NET_NET_H

#include "base/pool.h"
#include "train/net/loss.h"
#include "train/net/plan.h"
#include "train/net/replica.h"
#include "train/spec/spec.h"

#define LADE__MAX_THREADS 1024

/* The description of a parameter, and the text to which info.name points. */
struct lade__named_parameter {
    struct lade_parameter_info info;
    char name[LADE__PARAMETER_NAME];
};

struct lade_net {
    struct lade_net_info info;
    struct lade__spec spec;
    struct lade__named_parameter *named; /* one for each parameter of the spec */
    float *values;                       /* the block of all parameters, of spec.block_floats floats */
    bool finite;                         /* no value has changed since lade__net_check_finite() returned LADE_OK */
    uint64_t clock;                      /* number of batches that the net was trained on; dropout uses it */
    struct lade__pool *pool;
    struct lade__replica *replicas; /* info.threads replicas; each allocates its memory at its first use */
    struct lade__plan_cache plans;
    bool canceled;         /* lade_net_cancel() was called; atomic */
    bool busy;             /* a thread computes with the net or changes its parameters; atomic */
    unsigned forks;        /* the result of lade__forks() when the plans were made */
    int gradient_count;    /* number of replicas that have gradients of the last batch */
    lade_net **trained_by; /* address of the field `net` of the trainer; lade_net_free() sets this field to NULL. NULL:
                              the net has no trainer */
};

/*
 * lade__net_assemble() - makes a net whose parameters are all 0. Moves the contents of @spec to the net. On error,
 * releases @spec. @text is the specification as text.
 *
 * lade__net_initialise() - sets the initial parameters, which the comment of lade_net_new() describes.
 *
 * lade__net_set_preprocessing() - stores copies of @preprocessing and @values. Each argument may be NULL.
 *
 * Functions of type int return LADE_OK; LADE_EINVAL (an option, or text that is not UTF-8) or LADE_ENOMEM with @err.
 */
int lade__net_assemble(struct lade__spec *spec, const char *text, const struct lade_net_options *options,
                       lade_net **out, struct lade_error *err);
void lade__net_initialise(lade_net *net);
int lade__net_set_preprocessing(lade_net *net, const char *preprocessing, const struct lade_tensor *values,
                                struct lade_error *err);

/*
 * The stack that training, predictions and loading a net need, in bytes. Measured on x86-64: 11 KB for training, 13 KB
 * for predictions and 18 KB for loading. oneDNN makes its kernels on another stack, which lade allocates; see plan.c.
 */
#define LADE__NET_STACK ((size_t)24 << 10)

/* ---- cancel.c ---------------------------------------------------------------------------------------------------- */

/*
 * A net is lost if the current process is a child process, and a thread of the parent was computing with the net at the
 * time of the fork.
 *
 * lade__net_begin()      - must be called before each computation. Returns LADE_OK, or LADE_ESTATE with @err if the net
 *                          is lost.
 * lade__net_end()        - must be called after each computation.
 * lade__net_canceled()   - returns LADE_ECANCELED with @err after lade_net_cancel(), otherwise LADE_OK.
 * lade__net_check_fork() - in a child process, prepares the net for its first use. Returns LADE_OK, or LADE_ESTATE with
 *                          @err if the net is lost.
 * lade__net_check_lost() - returns LADE_OK, or LADE_ESTATE with @err if the net is lost.
 * lade__net_lost()       - returns true if the net is lost.
 */
int lade__net_begin(lade_net *net, struct lade_error *err);
void lade__net_end(lade_net *net);
int lade__net_canceled(const lade_net *net, struct lade_error *err);
int lade__net_check_fork(lade_net *net, struct lade_error *err);
int lade__net_check_lost(const lade_net *net, struct lade_error *err);
bool lade__net_lost(const lade_net *net);

/* ---- batch.c ----------------------------------------------------------------------------------------------------- */

/*
 * lade__net_evaluate_batch() - runs the forward pass of a batch, which may be empty, and adds its losses to @t.
 *
 * lade__net_compute_gradients() - runs the forward and the backward pass of a batch of one or more samples, adds the
 * losses to @t, and stores a gradient in each replica. The caller must check that the loss in @t is finite. If the loss
 * is not finite, the gradients are undefined and the buffers of layers (running means) do not change. A batch of weight
 * 0 changes nothing, not even @t.
 *
 * Return LADE_OK; LADE_EINVAL (the batch does not fit), LADE_ENUMERIC (see lade__net_check_finite(); only
 * lade__net_evaluate_batch()), LADE_ELIMIT, LADE_ENOMEM or LADE_ERUNTIME with @err.
 */
int lade__net_evaluate_batch(lade_net *net, const struct lade_batch *b, struct lade__loss_sums *t,
                             struct lade_error *err);
int lade__net_compute_gradients(lade_net *net, const struct lade_batch *b, const struct lade__loss_config *config,
                                struct lade__loss_sums *t, struct lade_error *err);

/*
 * lade__net_sum_gradients() - adds the gradients of all replicas to net->replicas[0].gradients, for floats @begin ..
 * @end - 1. @begin and @end are multiples of 16. After each lade__net_compute_gradients(), the ranges of the calls must
 * cover each float exactly once. The update calls the function for one piece at a time, so that the piece is still in
 * the cache when the optimizer reads it.
 *
 * lade__net_for_each_piece() - divides the trainable part of the block of parameters into pieces and calls @fn for each
 * piece. Several threads call @fn at the same time.
 */
void lade__net_sum_gradients(lade_net *net, size_t begin, size_t end);
void lade__net_for_each_piece(lade_net *net, void (*fn)(void *ctx, size_t begin, size_t end), void *ctx);

/*
 * lade__net_evaluate_source() - calls lade__net_evaluate_batch() for the next @steps batches of @source. The caller
 * must have checked @source with lade__source_check(). Returns LADE_OK, or the first error of
 * lade__net_evaluate_batch() or of the source.
 *
 * lade__source_check() - checks that the samples and labels of @source fit the net. If *steps is 0, sets *steps to the
 * number of steps in an epoch of the source. @what is "source" or "validation", for messages. Returns LADE_OK, or
 * LADE_EINVAL with @err.
 */
int lade__net_evaluate_source(lade_net *net, const struct lade_source *source, int64_t steps, struct lade__loss_sums *t,
                              struct lade_error *err);
int lade__source_check(const lade_net *net, const struct lade_source *source, const char *what, int64_t *steps,
                       struct lade_error *err);

/* ---- parameters.c ------------------------------------------------------------------------------------------------ */

/*
 * lade__net_name_parameters() - fills net->named. Returns LADE_OK or LADE_ENOMEM with @err.
 *
 * lade__net_check_finite() - returns LADE_OK if all parameters and buffers are finite. Otherwise, returns LADE_ENUMERIC
 * with @err, whose subject is the name of a parameter. Such a net may compute a finite loss, because max(0, NaN) is 0.
 *
 * lade__net_find_parameter() - stores the parameter with this name in *out. Checks that the tensor @t is float32 and
 * has the shape of the parameter. Returns LADE_OK, LADE_ENOENT or LADE_EINVAL with @err.
 */
int lade__net_name_parameters(lade_net *net, struct lade_error *err);
int lade__net_check_finite(lade_net *net, struct lade_error *err);
int lade__net_find_parameter(const lade_net *net, const char *name, const struct lade_tensor *t,
                             const struct lade__parameter **out, struct lade_error *err);

#endif
