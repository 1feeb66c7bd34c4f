/*
 * train/net/shard_join.c - makes the ops of residual and concat. All branches must have the same layout. If a kernel
 * has chosen a layout with blocks of channels for the output of a branch, the other branches also get this layout,
 * because the next convolution probably needs this layout.
 */
#include "train/net/shard.h"

/* Returns the layout of the first input whose layout is not plain, or NULL. */
static const struct lade__dnnl_layout *chosen_layout(const struct lade__op_builder *b, const int *from, int count) {
    for (int i = 0; i < count; i++)
        if (!lade__dnnl_layout_is_plain(lade__op_builder_layout(b, from[i])))
            return lade__op_builder_layout(b, from[i]);
    return NULL;
}

/* ---- residual ---------------------------------------------------------------------------------------------------- */

int lade__op_builder_prepare_sum(struct lade__op_builder *b, int *from, int count, struct lade_error *err) {
    const struct lade__dnnl_layout *layout = chosen_layout(b, from, count);
    int status = LADE_OK;
    for (int i = 0; i < count && status == LADE_OK; i++)
        status = lade__op_builder_reorder(b, &from[i], layout, err);
    return status;
}

/* ---- concat ------------------------------------------------------------------------------------------------------ */

/* Returns the number of channels in a block for the output, or 0 for the plain layout. Each input except the last one
   must consist of whole blocks. */
static int64_t find_block(const struct lade__op_builder *b, const int *from, int count) {
    const struct lade__dnnl_layout *layout = chosen_layout(b, from, count);
    int64_t block = layout ? lade__dnnl_layout_block(layout) : 0;
    for (int i = 0; i < count - 1 && block > 0; i++)
        if (lade__dnnl_layout_extent(lade__op_builder_layout(b, from[i]))->channels % block)
            return 0;
    return block;
}

static int make_layout(const struct lade__extent *extent, int64_t block, struct lade__dnnl_layout **out,
                       struct lade_error *err) {
    return block > 0 ? lade__dnnl_layout_blocked(extent, block, out, err) : lade__dnnl_layout_new(extent, out, err);
}

int lade__op_builder_prepare_concat(struct lade__op_builder *b, int *from, int count, struct lade__dnnl_layout **out,
                                    struct lade_error *err) {
    int64_t block = find_block(b, from, count);
    struct lade__extent all = *lade__dnnl_layout_extent(lade__op_builder_layout(b, from[0]));
    all.channels = 0;
    for (int i = 0; i < count; i++) {
        const struct lade__extent *extent = lade__dnnl_layout_extent(lade__op_builder_layout(b, from[i]));
        struct lade__dnnl_layout *layout;
        all.channels += extent->channels;
        int status = make_layout(extent, block, &layout, err);
        if (status == LADE_OK)
            status = lade__op_builder_reorder(b, &from[i], layout, err);
        lade__dnnl_layout_free(layout);
        if (status < 0)
            return status;
    }
    return make_layout(&all, block, out, err);
}

int lade__op_builder_set_rows(const struct lade__op_builder *b, struct lade__op *op, struct lade_error *err) {
    struct lade__loops all, one;
    int64_t first = 0;
    bool known = lade__dnnl_layout_loops(op->layout, &all);
    bool interleaved = all.blocks == 1; /* the channels of one pixel are next to each other */
    for (int i = 0; i < op->input_count && known; i++) {
        struct lade__rows *rows = &op->inputs[i].rows;
        known = lade__dnnl_layout_loops(lade__op_builder_layout(b, op->inputs[i].from), &one);
        *rows = interleaved ? (struct lade__rows){one.n * one.places, one.inner, first, all.inner}
                            : (struct lade__rows){one.n, one.blocks * one.places * one.inner, first,
                                                  all.blocks * all.places * all.inner};
        first += rows->length;
    }
    return known ? LADE_OK : lade_error_set(err, LADE_ERUNTIME, "net: a concat has an unknown memory layout");
}
