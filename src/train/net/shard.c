/*
 * train/net/shard.c - makes the ops of a shard. Outputs are stored one after the other in the activations. A layer such
 * as relu overwrites its input if no backward pass needs the input. Two buffers for the gradients of activations are
 * enough, because the gradient of a layer's output is not needed any more when the gradient of the layer's input is
 * computed.
 */
#include <string.h>

#include "train/net/plan.h"

void lade__batch_shard_release(struct lade__batch_shard *s) {
    for (int i = 0; i < s->op_count; i++) {
        lade__kernel_free(s->ops[i].kernel);
        lade__dnnl_layout_free(s->ops[i].view);
    }
    lade_free(s->ops);
    lade__kernel_free(s->softmax);
    lade__dnnl_layout_free(s->x);
}

/*
 * The state while a shard is built. The ops are made in order, and each op needs the layout of the output of the op
 * before.
 */
struct builder {
    const struct lade__spec *spec;
    struct lade__engine *engine;
    struct lade__batch_shard *shard;
    bool training;
    const struct lade__dnnl_layout *layout; /* layout of the output of the last op */
    bool writable;                          /* the next op may overwrite the output of the last op */
    bool relu_fused;                        /* the kernel of the last op also computes the relu that follows */
    size_t largest;                         /* size of the largest output that has a gradient, in floats */
};

/* Reserves @floats floats in the activations. Returns the offset of the first float. */
static size_t reserve(struct builder *b, size_t floats) {
    size_t at = b->shard->floats;
    b->shard->floats += (floats + 15) / 16 * 16;
    return at;
}

static enum lade__kernel_mode mode_of(const struct builder *b, int layer) {
    return !b->training ? LADE__INFERENCE : layer <= b->spec->first_trainable ? LADE__TRAINING_NO_DX : LADE__TRAINING;
}

/* Chooses the place of the output of an op. All other fields of the op are already set. If @unchanged, the output is
   the input. */
static void place_output(struct builder *b, struct lade__op *op, bool unchanged) {
    struct lade__batch_shard *shard = b->shard;
    const struct lade__layer_kind *kind = op->layer ? op->layer->kind : NULL;
    if (op->kernel)
        b->layout = lade__kernel_output(op->kernel);
    size_t floats = lade__dnnl_layout_floats(b->layout);
    op->in_place = unchanged || (kind && kind->in_place && b->writable);
    if (!op->in_place) {
        op->output = reserve(b, floats);
        b->writable = true;
    }
    b->writable = b->writable && !(kind && kind->needs_output);
    if (shard->first_trainable < shard->op_count && b->largest < floats)
        b->largest = floats;
}

/* If the current layout is not plain, adds an op that converts the output to the plain layout. @layer is the index of
   the layer that needs the plain layout. */
static int add_reorder(struct builder *b, int layer, struct lade_error *err) {
    if (lade__dnnl_layout_is_plain(b->layout))
        return LADE_OK;
    struct lade__op *op = &b->shard->ops[b->shard->op_count++];
    int status = lade__reorder_kernel(b->engine, b->layout, mode_of(b, layer), &op->kernel, err);
    if (status == LADE_OK)
        place_output(b, op, false);
    return status;
}

/* Makes the layout of an image that is read as (n, count). The image must have the plain layout, so that no data
   moves. */
static int make_flat_view(struct builder *b, const struct lade__shape *shape, struct lade__dnnl_layout **view,
                          struct lade_error *err) {
    struct lade__extent flat = lade__shape_extent(shape, false, b->shard->n);
    int status = lade__dnnl_layout_new(&flat, view, err);
    b->layout = *view;
    return status;
}

/* Returns true if a relu follows layer @i and the kernel of layer @i can compute it. */
static bool can_fuse_relu(const struct lade__spec *s, int i) {
    return s->layers[i].kind->fuses_relu && i + 1 < s->layer_count && s->layers[i + 1].kind->is_relu;
}

/* Makes the kernel of layer @i. Sets *unchanged to true for a relu that the kernel of the layer before computes. */
static int make_kernel(struct builder *b, int i, struct lade__op *op, bool *unchanged, struct lade_error *err) {
    const struct lade__layer *l = op->layer;
    bool relu = l->kind->is_relu ? b->relu_fused : can_fuse_relu(b->spec, i);
    *unchanged = l->kind->is_relu && relu;
    b->relu_fused = relu && !*unchanged;
    if (*unchanged && !b->training)
        return LADE_OK;
    return l->kind->kernel(l, b->engine, b->layout, relu, mode_of(b, i), &op->kernel, err);
}

static int make_norm(struct builder *b, int i, struct lade__op *op, struct lade_error *err) {
    if (!lade__dnnl_layout_loops(b->layout, &op->loops))
        return lade_error_set(
            err, LADE_ERUNTIME,
            "net: the input of layer %d has a memory layout that batchnorm does not support; move the "
            "batchnorm, or use another version of oneDNN",
            i + 1);
    op->statistics = reserve(b, LADE__NORM_FLOATS(lade__dnnl_layout_extent(b->layout)->channels));
    return LADE_OK;
}

static int add_layer(struct builder *b, int i, struct lade_error *err) {
    const struct lade__layer *l = &b->spec->layers[i];
    /* The layer needs samples of one dimension, but the input is an image. */
    bool flat = l->in.ndim != 3 && lade__dnnl_layout_extent(b->layout)->is_image;
    int status = l->kind->plain || flat ? add_reorder(b, i, err) : LADE_OK;
    if (status < 0)
        return status;
    struct lade__op *op = &b->shard->ops[b->shard->op_count++];
    op->layer = l;
    if (i == b->spec->first_trainable)
        b->shard->first_trainable = b->shard->op_count - 1;
    if (flat)
        status = make_flat_view(b, &l->in, &op->view, err);
    bool unchanged = l->kind->computed_by == LADE__IDENTITY || (l->kind->computed_by == LADE__DROPOUT && !b->training);
    if (status == LADE_OK && l->kind->computed_by == LADE__BY_KERNEL)
        status = make_kernel(b, i, op, &unchanged, err);
    if (status == LADE_OK && l->kind->computed_by == LADE__NORM)
        status = make_norm(b, i, op, err);
    if (status == LADE_OK)
        place_output(b, op, unchanged);
    return status;
}

int lade__batch_shard_init(struct lade__batch_shard *shard, const struct lade__plan_config *config, bool training,
                           struct lade__engine *engine, struct lade_error *err) {
    const struct lade__spec *s = config->spec;
    struct builder b = {.spec = s, .engine = engine, .shard = shard, .training = training};
    struct lade__extent in = lade__shape_extent(&s->in, s->channels_first, shard->n);
    int64_t outputs = lade__shape_count(&s->out);
    int status = lade__dnnl_layout_new(&in, &shard->x, err);
    if (status < 0)
        return status;
    shard->ops = lade_calloc((size_t)s->layer_count * 2 + 1, sizeof *shard->ops); /* a change of layout before each, and
                                                                                     at the end */
    if (!shard->ops)
        return lade_error_set(err, LADE_ENOMEM, "net: no memory for the plan of a batch");
    b.layout = shard->x;
    shard->first_trainable = INT32_MAX;
    shard->samples = reserve(&b, (size_t)(shard->n * lade__shape_count(&s->in)));
    for (int i = 0; i < s->layer_count && status == LADE_OK; i++)
        status = add_layer(&b, i, err);
    if (status == LADE_OK)
        status = add_reorder(&b, s->layer_count, err);
    shard->log_softmax = reserve(&b, (size_t)(shard->n * outputs));
    for (int i = 0; i < 2 && training; i++)
        shard->gradients[i] = reserve(&b, b.largest);
    if (status == LADE_OK && lade__loss_kind(config->loss)->log_softmax)
        status = lade__logsoftmax_kernel(engine, shard->n, outputs, training ? LADE__TRAINING : LADE__INFERENCE,
                                         &shard->softmax, err);
    return status;
}
