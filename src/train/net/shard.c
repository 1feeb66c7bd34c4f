/*
 * train/net/shard.c - makes the ops of a shard. Each op needs the layouts of the outputs that it reads, so the ops are
 * made in the order of the layers. If a layer needs another layout, there is one more op, which changes the layout.
 */
#include "train/net/shard.h"

void lade__batch_shard_release(struct lade__batch_shard *s) {
    for (int i = 0; i < s->op_count; i++) {
        lade__kernel_free(s->ops[i].kernel);
        lade__dnnl_layout_free(s->ops[i].own_layout);
    }
    lade_free(s->ops);
    lade_free(s->inputs);
    lade_free(s->buffers);
    lade__dnnl_layout_free(s->x);
}

const struct lade__dnnl_layout *lade__op_builder_layout(const struct lade__op_builder *b, int op) {
    return op == LADE__SAMPLES ? b->shard->x : b->shard->ops[op].layout;
}

/* Appends an op with @count inputs. The caller must set the inputs. */
static struct lade__op *add_op(struct lade__op_builder *b, const struct lade__layer *l, int count) {
    struct lade__batch_shard *s = b->shard;
    struct lade__op *op = &s->ops[s->op_count++];
    *op = (struct lade__op){.layer = l, .inputs = s->inputs + s->input_count, .input_count = count};
    s->input_count += count;
    return op;
}

static void set_input(const struct lade__op_builder *b, struct lade__op *op, int input, int from) {
    op->inputs[input].from = from;
    op->inputs[input].has_gradient = from != LADE__SAMPLES && b->shard->ops[from].has_gradient;
    op->has_gradient = op->has_gradient || op->inputs[input].has_gradient;
}

static enum lade__kernel_mode mode_of(const struct lade__op_builder *b, const struct lade__op *op) {
    return !b->training ? LADE__INFERENCE : op->inputs[0].has_gradient ? LADE__TRAINING : LADE__TRAINING_NO_DX;
}

int lade__op_builder_reorder(struct lade__op_builder *b, int *from, const struct lade__dnnl_layout *to,
                             struct lade_error *err) {
    const struct lade__dnnl_layout *layout = lade__op_builder_layout(b, *from);
    if (to ? lade__dnnl_layout_equal(layout, to) : lade__dnnl_layout_is_plain(layout))
        return LADE_OK;
    struct lade__op *op = add_op(b, NULL, 1);
    set_input(b, op, 0, *from);
    int status = lade__reorder_kernel(b->engine, layout, to, mode_of(b, op), &op->kernel, err);
    if (status < 0)
        return status;
    op->layout = lade__kernel_output(op->kernel);
    *from = b->shard->op_count - 1;
    return LADE_OK;
}

/* If the output of layer @l has one dimension, but the layout of op *from is the layout of an image, changes the layout
   to (n, count). No data moves, except if the layout of the image is not plain. */
static int make_flat(struct lade__op_builder *b, const struct lade__layer *l, int *from, struct lade_error *err) {
    if (l->out.ndim == 3 || !lade__dnnl_layout_extent(lade__op_builder_layout(b, *from))->is_image)
        return LADE_OK;
    int status = lade__op_builder_reorder(b, from, NULL, err);
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

static int make_kernel(struct lade__op_builder *b, int i, struct lade__op *op, struct lade_error *err) {
    const struct lade__layer *l = op->layer;
    bool relu = can_fuse_relu(b->spec, l->kind->is_relu ? l->inputs[0] : i);
    op->is_identity = l->kind->is_relu && relu;
    op->layout = lade__op_builder_layout(b, op->inputs[0].from);
    const struct lade__layer *before = l->inputs[0] == LADE__SAMPLES ? NULL : &b->spec->layers[l->inputs[0]];
    if (op->is_identity && (!b->training || before->kind->computed_by == LADE__NORM))
        return LADE_OK; /* a batchnorm also computes the backward pass of the relu */
    int status = l->kind->kernel(l, b->engine, op->layout, relu, mode_of(b, op), &op->kernel, err);
    if (status == LADE_OK)
        op->layout = lade__kernel_output(op->kernel);
    return status;
}

static int make_norm(struct lade__op_builder *b, int i, struct lade__op *op, struct lade_error *err) {
    op->fused_relu = can_fuse_relu(b->spec, i);
    op->layout = lade__op_builder_layout(b, op->inputs[0].from);
    return lade__dnnl_layout_loops(op->layout, &op->loops)
               ? LADE_OK
               : lade_error_set(err, LADE_ERUNTIME,
                                "net: the input of layer %s has a memory layout that batchnorm does not support; move "
                                "the batchnorm, or use another version of oneDNN",
                                op->layer->path);
}

/* Changes the layouts of the inputs of layer @l to the layouts that the layer needs. Makes the layout of the output if
   the layer is a concat. */
static int prepare_inputs(struct lade__op_builder *b, const struct lade__layer *l, int *from,
                          struct lade__dnnl_layout **layout, struct lade_error *err) {
    if (l->kind->computed_by == LADE__SUM)
        return lade__op_builder_prepare_sum(b, from, l->input_count, err);
    if (l->kind->computed_by == LADE__CONCAT)
        return lade__op_builder_prepare_concat(b, from, l->input_count, layout, err);
    return l->kind->plain ? lade__op_builder_reorder(b, from, NULL, err) : LADE_OK;
}

/* Makes everything that the op of layer @i needs. The inputs of the op must be set. */
static int complete_op(struct lade__op_builder *b, int i, struct lade__op *op, struct lade_error *err) {
    switch (op->layer->kind->computed_by) {
    case LADE__BY_KERNEL:
        return make_kernel(b, i, op, err);
    case LADE__NORM:
        return make_norm(b, i, op, err);
    case LADE__CONCAT:
        op->layout = op->own_layout;
        return lade__op_builder_set_rows(b, op, err);
    case LADE__SUM:
        op->fused_relu = can_fuse_relu(b->spec, i);
        break;
    case LADE__IDENTITY:
        op->is_identity = true;
        break;
    case LADE__DROPOUT:
        op->is_identity = !b->training;
        break;
    }
    op->layout = lade__op_builder_layout(b, op->inputs[0].from);
    return LADE_OK;
}

static int add_layer(struct lade__op_builder *b, int i, int *from, struct lade_error *err) {
    const struct lade__layer *l = &b->spec->layers[i];
    struct lade__dnnl_layout *layout = NULL;
    for (int j = 0; j < l->input_count; j++)
        from[j] = l->inputs[j] == LADE__SAMPLES ? LADE__SAMPLES : b->op_of[l->inputs[j]];
    int status = prepare_inputs(b, l, from, &layout, err);
    if (status < 0)
        return status;
    struct lade__op *op = add_op(b, l, l->input_count);
    op->own_layout = layout;
    for (int j = 0; j < l->input_count; j++)
        set_input(b, op, j, from[j]);
    op->has_gradient = b->training && (op->has_gradient || l->kind->parameter_count > 0);
    status = complete_op(b, i, op, err);
    b->op_of[i] = b->shard->op_count - 1;
    return status == LADE_OK ? make_flat(b, l, &b->op_of[i], err) : status;
}

static int add_layers(struct lade__op_builder *b, struct lade_error *err) {
    struct lade__batch_shard *shard = b->shard;
    const struct lade__spec *s = b->spec;
    size_t layers = (size_t)s->layer_count, inputs = 0;
    for (int i = 0; i < s->layer_count; i++)
        inputs += (size_t)s->layers[i].input_count;
    /* There may be a change of layout before each input, after each layer, and at the end. */
    size_t changes = inputs + layers + 1;
    shard->ops = lade_calloc(layers + changes, sizeof *shard->ops);
    shard->inputs = lade_calloc(inputs + changes, sizeof *shard->inputs);
    lade_cleanup(lade_freep) int *op_of = lade_calloc(layers + inputs, sizeof *op_of);
    if (!shard->ops || !shard->inputs || !op_of)
        return lade_error_set(err, LADE_ENOMEM, "net: no memory for the plan of a batch");
    b->op_of = op_of;
    for (int i = 0; i < s->layer_count; i++) {
        int status = add_layer(b, i, op_of + layers, err);
        if (status < 0)
            return status;
    }
    return lade__op_builder_reorder(b, &op_of[s->layer_count - 1], NULL, err);
}

int lade__batch_shard_init(struct lade__batch_shard *shard, const struct lade__plan_config *config, bool training,
                           struct lade__engine *engine, struct lade_error *err) {
    const struct lade__spec *s = config->spec;
    struct lade__op_builder b = {.spec = s, .engine = engine, .shard = shard, .training = training};
    struct lade__extent in = lade__shape_extent(&s->in, s->channels_first, shard->n);
    int status = lade__dnnl_layout_new(&in, &shard->x, err);
    if (status == LADE_OK)
        status = add_layers(&b, err);
    if (status == LADE_OK)
        status = lade__batch_shard_place(shard, training, err);
    return status;
}
