/*
 * train/net/shard.c - makes the ops of a shard. Each op needs the layouts of the outputs that it reads, so the ops are
 * made in the order of the layers. If a layer needs another layout, there is one more op, which changes the layout.
 */
#include "train/net/plan.h"

void lade__batch_shard_release(struct lade__batch_shard *s) {
    for (int i = 0; i < s->op_count; i++) {
        lade__kernel_free(s->ops[i].kernel);
        lade__dnnl_layout_free(s->ops[i].own_layout);
    }
    lade_free(s->ops);
    lade_free(s->inputs);
    lade_free(s->buffers);
    lade__kernel_free(s->softmax);
    lade__dnnl_layout_free(s->x);
}

struct builder {
    const struct lade__spec *spec;
    struct lade__engine *engine;
    struct lade__batch_shard *shard;
    bool training;
    int *op_of; /* for each layer: index of the op that computes its output */
};

static const struct lade__dnnl_layout *layout_of(const struct builder *b, int op) {
    return op == LADE__SAMPLES ? b->shard->x : b->shard->ops[op].layout;
}

/* Appends an op with @count inputs, which the caller sets. */
static struct lade__op *add_op(struct builder *b, const struct lade__layer *l, int count) {
    struct lade__batch_shard *s = b->shard;
    struct lade__op *op = &s->ops[s->op_count++];
    *op = (struct lade__op){.layer = l, .inputs = s->inputs + s->input_count, .input_count = count};
    s->input_count += count;
    return op;
}

static void set_input(const struct builder *b, struct lade__op *op, int input, int from) {
    op->inputs[input].from = from;
    op->inputs[input].has_gradient = from != LADE__SAMPLES && b->shard->ops[from].has_gradient;
    op->has_gradient = op->has_gradient || op->inputs[input].has_gradient;
}

static enum lade__kernel_mode mode_of(const struct builder *b, const struct lade__op *op) {
    return !b->training ? LADE__INFERENCE : op->inputs[0].has_gradient ? LADE__TRAINING : LADE__TRAINING_NO_DX;
}

/* If the layout of the output of op *from is not plain, adds an op that converts the output to the plain layout, and
   sets *from to the index of this op. */
static int add_reorder(struct builder *b, int *from, struct lade_error *err) {
    if (lade__dnnl_layout_is_plain(layout_of(b, *from)))
        return LADE_OK;
    struct lade__op *op = add_op(b, NULL, 1);
    set_input(b, op, 0, *from);
    int status = lade__reorder_kernel(b->engine, layout_of(b, *from), mode_of(b, op), &op->kernel, err);
    if (status < 0)
        return status;
    op->layout = lade__kernel_output(op->kernel);
    *from = b->shard->op_count - 1;
    return LADE_OK;
}

/* If the output of layer @l has one dimension, but the layout of op *from is the layout of an image, changes the layout
   to (n, count). No data moves, except if the layout of the image is not plain. */
static int make_flat(struct builder *b, const struct lade__layer *l, int *from, struct lade_error *err) {
    if (l->out.ndim == 3 || !lade__dnnl_layout_extent(layout_of(b, *from))->is_image)
        return LADE_OK;
    int status = add_reorder(b, from, err);
    if (status < 0)
        return status;
    struct lade__op *op = &b->shard->ops[*from];
    struct lade__extent flat = lade__shape_extent(&l->out, false, b->shard->n);
    status = lade__dnnl_layout_new(&flat, &op->own_layout, err);
    op->layout = op->own_layout;
    return status;
}

/* Returns true if the only use of the output of layer @i is a relu that the kernel of layer @i can compute. */
static bool can_fuse_relu(const struct lade__spec *s, int i) {
    if (i == LADE__SAMPLES || !s->layers[i].kind->fuses_relu || s->layers[i].use_count != 1)
        return false;
    const struct lade__layer *next = &s->layers[i + 1];
    return next->kind->is_relu && next->inputs[0] == i;
}

static int make_kernel(struct builder *b, int i, struct lade__op *op, struct lade_error *err) {
    const struct lade__layer *l = op->layer;
    bool relu = can_fuse_relu(b->spec, l->kind->is_relu ? l->inputs[0] : i);
    op->is_identity = l->kind->is_relu && relu;
    op->layout = layout_of(b, op->inputs[0].from);
    if (op->is_identity && !b->training)
        return LADE_OK;
    int status = l->kind->kernel(l, b->engine, op->layout, relu, mode_of(b, op), &op->kernel, err);
    if (status == LADE_OK)
        op->layout = lade__kernel_output(op->kernel);
    return status;
}

static int make_norm(struct builder *b, int i, struct lade__op *op, struct lade_error *err) {
    op->layout = layout_of(b, op->inputs[0].from);
    return lade__dnnl_layout_loops(op->layout, &op->loops)
               ? LADE_OK
               : lade_error_set(err, LADE_ERUNTIME,
                                "net: the input of layer %d has a memory layout that batchnorm does not support; move "
                                "the batchnorm, or use another version of oneDNN",
                                i);
}

static int add_layer(struct builder *b, int i, struct lade_error *err) {
    const struct lade__layer *l = &b->spec->layers[i];
    int from = l->inputs[0] == LADE__SAMPLES ? LADE__SAMPLES : b->op_of[l->inputs[0]];
    int status = l->kind->plain ? add_reorder(b, &from, err) : LADE_OK;
    if (status < 0)
        return status;
    struct lade__op *op = add_op(b, l, 1);
    set_input(b, op, 0, from);
    op->has_gradient = b->training && (op->has_gradient || l->kind->parameter_count > 0);
    switch (l->kind->computed_by) {
    case LADE__BY_KERNEL:
        status = make_kernel(b, i, op, err);
        break;
    case LADE__NORM:
        status = make_norm(b, i, op, err);
        break;
    case LADE__IDENTITY:
    case LADE__DROPOUT:
        op->layout = layout_of(b, from);
        op->is_identity = l->kind->computed_by == LADE__IDENTITY || !b->training;
        break;
    }
    b->op_of[i] = b->shard->op_count - 1;
    return status == LADE_OK ? make_flat(b, l, &b->op_of[i], err) : status;
}

static int add_layers(struct builder *b, struct lade_error *err) {
    struct lade__batch_shard *shard = b->shard;
    const struct lade__spec *s = b->spec;
    size_t layers = (size_t)s->layer_count, inputs = 0;
    for (int i = 0; i < s->layer_count; i++)
        inputs += (size_t)s->layers[i].input_count;
    /* A change of layout before each input, after each layer, and at the end. */
    size_t changes = inputs + layers + 1;
    shard->ops = lade_calloc(layers + changes, sizeof *shard->ops);
    shard->inputs = lade_calloc(inputs + changes, sizeof *shard->inputs);
    lade_cleanup(lade_freep) int *op_of = lade_calloc(layers, sizeof *op_of);
    if (!shard->ops || !shard->inputs || !op_of)
        return lade_error_set(err, LADE_ENOMEM, "net: no memory for the plan of a batch");
    b->op_of = op_of;
    for (int i = 0; i < s->layer_count; i++) {
        int status = add_layer(b, i, err);
        if (status < 0)
            return status;
    }
    return add_reorder(b, &op_of[s->layer_count - 1], err);
}

int lade__batch_shard_init(struct lade__batch_shard *shard, const struct lade__plan_config *config, bool training,
                           struct lade__engine *engine, struct lade_error *err) {
    const struct lade__spec *s = config->spec;
    struct builder b = {.spec = s, .engine = engine, .shard = shard, .training = training};
    struct lade__extent in = lade__shape_extent(&s->in, s->channels_first, shard->n);
    int64_t outputs = lade__shape_count(&s->out);
    int status = lade__dnnl_layout_new(&in, &shard->x, err);
    if (status == LADE_OK)
        status = add_layers(&b, err);
    if (status == LADE_OK)
        status = lade__batch_shard_place(shard, outputs, training, err);
    if (status == LADE_OK && lade__loss_kind(config->loss)->log_softmax)
        status = lade__logsoftmax_kernel(engine, shard->n, outputs, training ? LADE__TRAINING : LADE__INFERENCE,
                                         &shard->softmax, err);
    return status;
}
