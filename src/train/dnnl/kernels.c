/*
 * train/dnnl/kernels.c - the kernels of kernels.h out of primitives: a function for each kind of layer.
 */
#include "train/dnnl/impl.h"

static dnnl_prop_kind_t prop_kind(enum lade__kernel_mode pass) {
    return pass == LADE__INFERENCE ? dnnl_forward_inference : dnnl_forward_training;
}

static struct lade__kernel *kernel_new(struct lade__engine *e, const struct lade__extent *y) {
    struct lade__kernel *k = lade_calloc(1, sizeof *k);
    if (k)
        *k = (struct lade__kernel){.engine = e, .threads = e->threads, .y = {.extent = *y}};
    return k;
}

/* The common end of making a kernel: gives it out, or frees it and says why. */
static int kernel_done(struct lade__kernel *k, dnnl_status_t status, const char *what, struct lade__kernel **out,
                       struct lade_error *err) {
    *out = NULL;
    if (!status)
        status = lade__dnnl_reserve(k->engine, k->copies + k->primitive_scratch);
    if (status) {
        lade__kernel_free(k);
        return lade__dnnl_fail(err, status, what);
    }
    *out = k;
    return LADE_OK;
}

/* ---- Dense and convolution --------------------------------------------------------------------------------------- */

/* What the two have in common: arrays as they lie, and as the primitives would like them. */
struct weighted {
    description x, w, b;             /* as they lie */
    description any_x, any_w, any_y; /* for primitives to choose; the same as above where there is no choice */
    const struct lade__dnnl_window *window;
};

static void weighted_release(struct weighted *v) {
    lade__dnnl_release(&v->x);
    lade__dnnl_release(&v->w);
    lade__dnnl_release(&v->b);
    lade__dnnl_release(&v->any_x);
    lade__dnnl_release(&v->any_w);
    lade__dnnl_release(&v->any_y);
}

static dnnl_status_t weighted_forward(struct lade__kernel *k, const struct weighted *v, enum lade__kernel_mode pass,
                                      bool relu, dnnl_primitive_desc_t *pd) {
    dnnl_engine_t e = k->engine->engine;
    const_dnnl_primitive_attr_t attributes = relu ? k->engine->with_relu : k->engine->attributes;
    description_ref x = DESCRIPTION_REF(v->any_x), w = DESCRIPTION_REF(v->any_w), b = DESCRIPTION_REF(v->b),
                    y = DESCRIPTION_REF(v->any_y);
    return v->window ? lade__dnnl_conv(pd, e, attributes, prop_kind(pass), x, w, b, y, v->window)
                     : lade__dnnl_dense(pd, e, attributes, prop_kind(pass), x, w, b, y);
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

static dnnl_status_t weighted_init(struct lade__kernel *k, const struct weighted *v, enum lade__kernel_mode pass,
                                   bool relu) {
    dnnl_primitive_desc_t pd, hint = NULL;
    dnnl_status_t s = weighted_forward(k, v, pass, relu, &pd);
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
    if (!s && pass != LADE__INFERENCE)
        s = add_weights_gradient(k, v, hint);
    if (!s && pass == LADE__TRAINING)
        s = add_input_gradient(k, v, hint);
    if (hint)
        dnnl_primitive_desc_destroy(hint);
    return s;
}

int lade__dense_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, int64_t inputs, int64_t outputs,
                       bool relu, enum lade__kernel_mode pass, struct lade__kernel **out, struct lade_error *err) {
    struct lade__kernel *k = kernel_new(e, &(struct lade__extent){.n = x->extent.n, .channels = outputs});
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
        s = weighted_init(k, &v, pass, relu);
    lade__dnnl_swap_threads(e, before);
    weighted_release(&v);
    return kernel_done(k, s, "a dense layer", out, err);
}

static struct lade__dnnl_window dnnl_window(const struct lade__window *w) {
    struct lade__dnnl_window v = {{0}, {0}, {0}, {0}};
    for (int i = 0; i < 2; i++) {
        v.size[i] = w->size[i];
        v.stride[i] = w->stride[i];
        v.before[i] = w->before[i];
        v.after[i] = w->after[i];
    }
    return v;
}

int lade__conv_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, const struct lade__extent *y,
                      const struct lade__window *window, bool relu, enum lade__kernel_mode pass,
                      struct lade__kernel **out, struct lade_error *err) {
    struct lade__kernel *k = kernel_new(e, y);
    const struct lade__dnnl_window w = dnnl_window(window);
    struct weighted v = {.window = &w};
    const struct lade__extent *from = &x->extent;
    int64_t g = window->groups, inputs = from->channels / g, outputs = y->channels / g;
    bool grouped = g > 1; /* oneDNN gives groups a dimension of their own; in memory it is the same */
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
        s = weighted_init(k, &v, pass, relu);
    lade__dnnl_swap_threads(e, before);
    weighted_release(&v);
    return kernel_done(k, s, "a convolution", out, err);
}

/* ---- Pooling ----------------------------------------------------------------------------------------------------- */

static dnnl_status_t pool_init(struct lade__kernel *k, const struct lade__dnnl_layout *x, description_ref any_y,
                               const struct lade__dnnl_window *w, dnnl_alg_kind_t algorithm,
                               enum lade__kernel_mode pass) {
    dnnl_engine_t e = k->engine->engine;
    const_dnnl_primitive_attr_t attributes = k->engine->attributes;
    description_ref from = DESCRIPTION_REF(x->d);
    dnnl_primitive_desc_t pd, back = NULL;
    dnnl_status_t s = lade__dnnl_pool(&pd, e, attributes, prop_kind(pass), algorithm, from, any_y, w);
    if (s)
        return s;
    s = lade__dnnl_copy(&k->y.d, dnnl_primitive_desc_query_md(pd, dnnl_query_dst_md, 0));
    description_ref workspace = dnnl_primitive_desc_query_md(pd, dnnl_query_workspace_md, 0);
    size_t size = workspace ? dnnl_memory_desc_get_size(workspace) : 0;
    if (!s && size > 0 && !(k->workspace = lade_alloc_aligned(size)))
        s = dnnl_out_of_memory;
    if (!s && pass == LADE__TRAINING)
        s = lade__dnnl_pool_data(&back, e, attributes, algorithm, from, DESCRIPTION_REF(k->y.d), w, pd);
    if (s) {
        dnnl_primitive_desc_destroy(pd);
        return s;
    }
    s = lade__dnnl_add(k, &k->forward, pd,
                       (struct lade__dnnl_binding[]){{DNNL_ARG_SRC, LADE__X, false, from},
                                                     {DNNL_ARG_DST, LADE__Y, true, NULL},
                                                     {size ? DNNL_ARG_WORKSPACE : 0, LADE__DNNL_WORKSPACE, true, NULL},
                                                     {0}});
    if (back && !s)
        return lade__dnnl_add(
            k, &k->backward, back,
            (struct lade__dnnl_binding[]){{DNNL_ARG_DIFF_DST, LADE__DY, false, DESCRIPTION_REF(k->y.d)},
                                          {DNNL_ARG_DIFF_SRC, LADE__DX, true, from},
                                          {size ? DNNL_ARG_WORKSPACE : 0, LADE__DNNL_WORKSPACE, false, NULL},
                                          {0}});
    if (back)
        dnnl_primitive_desc_destroy(back);
    return s;
}

int lade__pool_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, const struct lade__extent *y,
                      const struct lade__window *window, bool average, enum lade__kernel_mode pass,
                      struct lade__kernel **out, struct lade_error *err) {
    struct lade__kernel *k = kernel_new(e, y);
    const struct lade__dnnl_window w = dnnl_window(window);
    description any_y = {0};
    dnnl_status_t s =
        k ? lade__dnnl_describe(&any_y, 4, (dnnl_dims_t){y->n, y->channels, y->height, y->width}, dnnl_format_tag_any)
          : dnnl_out_of_memory;
    int before = lade__dnnl_swap_threads(e, e->threads);
    if (!s)
        s = pool_init(k, x, DESCRIPTION_REF(any_y), &w, average ? dnnl_pooling_avg_exclude_padding : dnnl_pooling_max,
                      pass);
    lade__dnnl_swap_threads(e, before);
    lade__dnnl_release(&any_y);
    return kernel_done(k, s, "a pooling layer", out, err);
}

/* ---- Layers whose output lies as their input --------------------------------------------------------------------- */

static const dnnl_alg_kind_t activations[] = {[LADE__RELU] = dnnl_eltwise_relu_use_dst_for_bwd,
                                              [LADE__TANH] = dnnl_eltwise_tanh_use_dst_for_bwd,
                                              [LADE__SIGMOID] = dnnl_eltwise_logistic_use_dst_for_bwd};

/* @map: which, or below 0 for logsoftmax. */
static dnnl_status_t eltwise_init(struct lade__kernel *k, const struct lade__dnnl_layout *x, int activation, bool fused,
                                  enum lade__kernel_mode pass) {
    dnnl_engine_t e = k->engine->engine;
    const_dnnl_primitive_attr_t attributes = k->engine->attributes;
    description_ref layout = DESCRIPTION_REF(x->d);
    dnnl_primitive_desc_t pd, back = NULL;
    dnnl_status_t s = lade__dnnl_copy(&k->y.d, layout);
    if (!s)
        s = activation < 0 ? lade__dnnl_logsoftmax(&pd, e, attributes, prop_kind(pass), layout)
                           : lade__dnnl_eltwise(&pd, e, attributes, prop_kind(pass), activations[activation], layout);
    if (s)
        return s;
    if (pass == LADE__TRAINING)
        s = activation < 0 ? lade__dnnl_logsoftmax_data(&back, e, attributes, layout, pd)
                           : lade__dnnl_eltwise_data(&back, e, attributes, activations[activation], layout, pd);
    if (!s && !fused)
        s = lade__dnnl_add(k, &k->forward, pd,
                           (struct lade__dnnl_binding[]){
                               {DNNL_ARG_SRC, LADE__X, false, layout}, {DNNL_ARG_DST, LADE__Y, true, layout}, {0}});
    else
        dnnl_primitive_desc_destroy(pd);
    if (back && !s)
        return lade__dnnl_add(k, &k->backward, back,
                              (struct lade__dnnl_binding[]){{DNNL_ARG_DST, LADE__Y, false, layout},
                                                            {DNNL_ARG_DIFF_DST, LADE__DY, false, layout},
                                                            {DNNL_ARG_DIFF_SRC, LADE__DX, true, layout},
                                                            {0}});
    if (back)
        dnnl_primitive_desc_destroy(back);
    return s;
}

int lade__activation_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, enum lade__activation activation,
                            bool fused, enum lade__kernel_mode pass, struct lade__kernel **out,
                            struct lade_error *err) {
    struct lade__kernel *k = kernel_new(e, &x->extent);
    int before = lade__dnnl_swap_threads(e, e->threads);
    dnnl_status_t s = k ? eltwise_init(k, x, (int)activation, fused, pass) : dnnl_out_of_memory;
    lade__dnnl_swap_threads(e, before);
    return kernel_done(k, s, "an activation", out, err);
}

int lade__logsoftmax_kernel(struct lade__engine *e, int64_t n, int64_t columns, enum lade__kernel_mode pass,
                            struct lade__kernel **out, struct lade_error *err) {
    struct lade__dnnl_layout *x;
    struct lade__extent extent = {.n = n, .channels = columns};
    *out = NULL;
    int status = lade__dnnl_layout_new(&extent, &x, err);
    if (status < 0)
        return status;
    struct lade__kernel *k = kernel_new(e, &extent);
    int before = lade__dnnl_swap_threads(e, e->threads);
    dnnl_status_t s = k ? eltwise_init(k, x, -1, false, pass) : dnnl_out_of_memory;
    lade__dnnl_swap_threads(e, before);
    lade__dnnl_layout_free(x);
    return kernel_done(k, s, "a softmax", out, err);
}

int lade__reorder_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, enum lade__kernel_mode pass,
                         struct lade__kernel **out, struct lade_error *err) {
    struct lade__dnnl_layout *plain;
    *out = NULL;
    int status = lade__dnnl_layout_new(&x->extent, &plain, err);
    if (status < 0)
        return status;
    struct lade__kernel *k = kernel_new(e, &x->extent);
    int before = lade__dnnl_swap_threads(e, e->threads);
    dnnl_status_t s = k ? lade__dnnl_copy(&k->y.d, DESCRIPTION_REF(plain->d)) : dnnl_out_of_memory;
    if (!s)
        s = lade__dnnl_add_reorder(k, &k->forward, DESCRIPTION_REF(x->d), LADE__X, DESCRIPTION_REF(k->y.d), LADE__Y, 0);
    if (!s && pass == LADE__TRAINING)
        s = lade__dnnl_add_reorder(k, &k->backward, DESCRIPTION_REF(k->y.d), LADE__DY, DESCRIPTION_REF(x->d), LADE__DX,
                                   0);
    lade__dnnl_swap_threads(e, before);
    lade__dnnl_layout_free(plain);
    return kernel_done(k, s, "a change of layout", out, err);
}
