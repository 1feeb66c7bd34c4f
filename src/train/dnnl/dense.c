/*
 * train/dnnl/dense_conv.c - makes the kernels of dense layers and convolutions, which have weights and a bias.
 */
#include "train/dnnl/impl.h"

/* The memory layouts of a layer with weights. If a layout has the tag dnnl_format_tag_any, oneDNN chooses the layout.
   */
struct weighted {
    description x, w, b;                    /* layouts of the caller's arrays */
    description any_x, any_w, any_y;        /* layouts that the primitives use */
    const struct lade__dnnl_window *window; /* NULL: a dense layer */
};

static void weighted_release(struct weighted *v) {
    lade__dnnl_release(&v->x);
    lade__dnnl_release(&v->w);
    lade__dnnl_release(&v->b);
    lade__dnnl_release(&v->any_x);
    lade__dnnl_release(&v->any_w);
    lade__dnnl_release(&v->any_y);
}

static dnnl_status_t weighted_forward(struct lade__kernel *k, const struct weighted *v, enum lade__kernel_mode mode,
                                      bool relu, dnnl_primitive_desc_t *pd) {
    dnnl_engine_t e = k->engine->engine;
    const_dnnl_primitive_attr_t attributes = relu ? k->engine->with_relu : k->engine->attributes;
    description_ref x = DESCRIPTION_REF(v->any_x), w = DESCRIPTION_REF(v->any_w), b = DESCRIPTION_REF(v->b),
                    y = DESCRIPTION_REF(v->any_y);
    return v->window ? lade__dnnl_conv(pd, e, attributes, lade__dnnl_prop_kind(mode), x, w, b, y, v->window)
                     : lade__dnnl_dense(pd, e, attributes, lade__dnnl_prop_kind(mode), x, w, b, y);
}

static dnnl_status_t add_weights_gradient(struct lade__kernel *k, const struct weighted *v,
                                          dnnl_primitive_desc_t forward) {
    dnnl_engine_t e = k->engine->engine;
    description_ref x = dnnl_primitive_desc_query_md(forward, dnnl_query_src_md, 0);
    description_ref w = DESCRIPTION_REF(v->any_w), b = DESCRIPTION_REF(v->b), y = DESCRIPTION_REF(k->y.d);
    dnnl_primitive_desc_t pd;
    dnnl_status_t s = v->window ? lade__dnnl_conv_weights(&pd, e, k->engine->attributes, x, w, b, y, v->window, forward)
                                : lade__dnnl_dense_weights(&pd, e, k->engine->attributes, x, w, b, y, forward);
    return s ? s
             : lade__dnnl_add(
                   k, &k->backward, pd,
                   (struct lade__dnnl_binding[]){{DNNL_ARG_SRC, LADE__X, false, DESCRIPTION_REF(v->x)},
                                                 {DNNL_ARG_DIFF_DST, LADE__DY, false, y},
                                                 {DNNL_ARG_DIFF_WEIGHTS, LADE__DW, true, DESCRIPTION_REF(v->w)},
                                                 {DNNL_ARG_DIFF_BIAS, LADE__DB, true, b},
                                                 {0}});
}

static dnnl_status_t add_input_gradient(struct lade__kernel *k, const struct weighted *v,
                                        dnnl_primitive_desc_t forward) {
    dnnl_engine_t e = k->engine->engine;
    description_ref x = dnnl_primitive_desc_query_md(forward, dnnl_query_src_md, 0);
    description_ref w = DESCRIPTION_REF(v->any_w), y = DESCRIPTION_REF(k->y.d);
    dnnl_primitive_desc_t pd;
    dnnl_status_t s = v->window ? lade__dnnl_conv_data(&pd, e, k->engine->attributes, x, w, y, v->window, forward)
                                : lade__dnnl_dense_data(&pd, e, k->engine->attributes, x, w, y, forward);
    return s ? s
             : lade__dnnl_add(k, &k->backward, pd,
                              (struct lade__dnnl_binding[]){{DNNL_ARG_DIFF_DST, LADE__DY, false, y},
                                                            {DNNL_ARG_WEIGHTS, LADE__W, false, DESCRIPTION_REF(v->w)},
                                                            {DNNL_ARG_DIFF_SRC, LADE__DX, true, DESCRIPTION_REF(v->x)},
                                                            {0}});
}

static dnnl_status_t weighted_init(struct lade__kernel *k, const struct weighted *v, enum lade__kernel_mode mode,
                                   bool relu) {
    dnnl_primitive_desc_t pd, hint = NULL;
    dnnl_status_t s = weighted_forward(k, v, mode, relu, &pd);
    if (s)
        return s;
    s = lade__dnnl_copy(&k->y.d, dnnl_primitive_desc_query_md(pd, dnnl_query_dst_md, 0));
    if (!s)
        s = dnnl_primitive_desc_clone(&hint, pd);
    if (!s)
        s = lade__dnnl_add(k, &k->forward, pd,
                           (struct lade__dnnl_binding[]){{DNNL_ARG_SRC, LADE__X, false, DESCRIPTION_REF(v->x)},
                                                         {DNNL_ARG_WEIGHTS, LADE__W, false, DESCRIPTION_REF(v->w)},
                                                         {DNNL_ARG_BIAS, LADE__B, false, DESCRIPTION_REF(v->b)},
                                                         {DNNL_ARG_DST, LADE__Y, true, NULL},
                                                         {0}});
    else
        dnnl_primitive_desc_destroy(pd);
    if (!s && mode != LADE__INFERENCE)
        s = add_weights_gradient(k, v, hint);
    if (!s && mode == LADE__TRAINING)
        s = add_input_gradient(k, v, hint);
    if (hint)
        dnnl_primitive_desc_destroy(hint);
    return s;
}

int lade__dense_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, int64_t inputs, int64_t outputs,
                       bool relu, enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err) {
    struct lade__kernel *k = lade__dnnl_kernel_new(e, &(struct lade__extent){.n = x->extent.n, .channels = outputs});
    struct weighted v = {0};
    dnnl_dims_t xs = {x->extent.n, inputs}, ws = {outputs, inputs}, bs = {outputs}, ys = {x->extent.n, outputs};
    dnnl_status_t s = k ? dnnl_success : dnnl_out_of_memory;
    int before = lade__dnnl_swap_threads(e, e->threads);
    if (!s)
        s = lade__dnnl_describe(&v.x, 2, xs, dnnl_ab);
    if (!s)
        s = lade__dnnl_describe(&v.any_x, 2, xs, dnnl_ab);
    if (!s)
        s = lade__dnnl_describe(&v.w, 2, ws, dnnl_ab);
    if (!s)
        s = lade__dnnl_describe(&v.any_w, 2, ws, dnnl_ab);
    if (!s)
        s = lade__dnnl_describe(&v.b, 1, bs, dnnl_a);
    if (!s)
        s = lade__dnnl_describe(&v.any_y, 2, ys, dnnl_ab);
    if (!s)
        s = weighted_init(k, &v, mode, relu);
    lade__dnnl_swap_threads(e, before);
    weighted_release(&v);
    return lade__dnnl_kernel_done(k, s, "a dense layer", out, err);
}

int lade__conv_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, const struct lade__extent *y,
                      const struct lade__window *window, bool relu, enum lade__kernel_mode mode,
                      struct lade__kernel **out, struct lade_error *err) {
    struct lade__kernel *k = lade__dnnl_kernel_new(e, y);
    const struct lade__dnnl_window w = lade__dnnl_window(window);
    struct weighted v = {.window = &w};
    const struct lade__extent *from = &x->extent;
    int64_t g = window->groups, inputs = from->channels / g, outputs = y->channels / g;
    bool grouped = g > 1; /* oneDNN needs one more dimension for groups; the order in memory is the same */
    dnnl_dims_t xs = {from->n, from->channels, from->height, from->width}, bs = {y->channels};
    dnnl_dims_t ys = {y->n, y->channels, y->height, y->width};
    dnnl_dims_t ws = {g, outputs, inputs, w.size[0], w.size[1]};
    const int64_t *ws_used = grouped ? ws : ws + 1;
    dnnl_status_t s = k ? lade__dnnl_copy(&v.x, DESCRIPTION_REF(x->d)) : dnnl_out_of_memory;
    int before = lade__dnnl_swap_threads(e, e->threads);
    if (!s)
        s = lade__dnnl_describe(&v.any_x, 4, xs, dnnl_format_tag_any);
    if (!s)
        s = lade__dnnl_describe(&v.w, 4 + grouped, ws_used, grouped ? dnnl_abcde : dnnl_abcd);
    if (!s)
        s = lade__dnnl_describe(&v.any_w, 4 + grouped, ws_used, dnnl_format_tag_any);
    if (!s)
        s = lade__dnnl_describe(&v.b, 1, bs, dnnl_a);
    if (!s)
        s = lade__dnnl_describe(&v.any_y, 4, ys, dnnl_format_tag_any);
    if (!s)
        s = weighted_init(k, &v, mode, relu);
    lade__dnnl_swap_threads(e, before);
    weighted_release(&v);
    return lade__dnnl_kernel_done(k, s, "a convolution", out, err);
}
