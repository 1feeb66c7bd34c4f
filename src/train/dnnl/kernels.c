/*
 * train/dnnl/kernels.c - makes the kernels of layers without weights. Also contains the functions that all kernels use.
 */
#include "train/dnnl/impl.h"

dnnl_prop_kind_t lade__dnnl_prop_kind(enum lade__kernel_mode mode) {
    return mode == LADE__INFERENCE ? dnnl_forward_inference : dnnl_forward_training;
}

struct lade__kernel *lade__dnnl_kernel_new(struct lade__engine *e, const struct lade__extent *y) {
    struct lade__kernel *k = lade_calloc(1, sizeof *k);
    if (k)
        *k = (struct lade__kernel){.engine = e, .threads = e->threads, .y = {.extent = *y}};
    return k;
}

int lade__dnnl_kernel_done(struct lade__kernel *k, dnnl_status_t status, const char *what, struct lade__kernel **out,
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

struct lade__dnnl_window lade__dnnl_window(const struct lade__window *w) {
    struct lade__dnnl_window v = {{0}, {0}, {0}, {0}};
    for (int i = 0; i < 2; i++) {
        v.size[i] = w->size[i];
        v.stride[i] = w->stride[i];
        v.before[i] = w->before[i];
        v.after[i] = w->after[i];
    }
    return v;
}

/* ---- Pooling ----------------------------------------------------------------------------------------------------- */

static dnnl_status_t pool_init(struct lade__kernel *k, const struct lade__dnnl_layout *x, description_ref any_y,
                               const struct lade__dnnl_window *w, dnnl_alg_kind_t algorithm,
                               enum lade__kernel_mode mode) {
    dnnl_engine_t e = k->engine->engine;
    const_dnnl_primitive_attr_t attributes = k->engine->attributes;
    description_ref from = DESCRIPTION_REF(x->d);
    dnnl_primitive_desc_t pd, back = NULL;
    dnnl_status_t s = lade__dnnl_pool(&pd, e, attributes, lade__dnnl_prop_kind(mode), algorithm, from, any_y, w);
    if (s)
        return s;
    s = lade__dnnl_copy(&k->y.d, dnnl_primitive_desc_query_md(pd, dnnl_query_dst_md, 0));
    description_ref workspace = dnnl_primitive_desc_query_md(pd, dnnl_query_workspace_md, 0);
    size_t size = workspace ? dnnl_memory_desc_get_size(workspace) : 0;
    if (!s && size > 0 && !(k->workspace = lade_alloc_aligned(size)))
        s = dnnl_out_of_memory;
    if (!s && mode == LADE__TRAINING)
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
                      const struct lade__window *window, bool average, enum lade__kernel_mode mode,
                      struct lade__kernel **out, struct lade_error *err) {
    struct lade__kernel *k = lade__dnnl_kernel_new(e, y);
    const struct lade__dnnl_window w = lade__dnnl_window(window);
    description any_y = {0};
    dnnl_status_t s =
        k ? lade__dnnl_describe(&any_y, 4, (dnnl_dims_t){y->n, y->channels, y->height, y->width}, dnnl_format_tag_any)
          : dnnl_out_of_memory;
    int before = lade__dnnl_swap_threads(e, e->threads);
    if (!s)
        s = pool_init(k, x, DESCRIPTION_REF(any_y), &w, average ? dnnl_pooling_avg_exclude_padding : dnnl_pooling_max,
                      mode);
    lade__dnnl_swap_threads(e, before);
    lade__dnnl_release(&any_y);
    return lade__dnnl_kernel_done(k, s, "a pooling layer", out, err);
}

/* ---- Activations and changes of layout --------------------------------------------------------------------------- */

static const dnnl_alg_kind_t activations[] = {[LADE__RELU] = dnnl_eltwise_relu_use_dst_for_bwd,
                                              [LADE__TANH] = dnnl_eltwise_tanh_use_dst_for_bwd,
                                              [LADE__SIGMOID] = dnnl_eltwise_logistic_use_dst_for_bwd};

static dnnl_status_t eltwise_init(struct lade__kernel *k, const struct lade__dnnl_layout *x,
                                  enum lade__activation activation, bool fused, enum lade__kernel_mode mode) {
    dnnl_engine_t e = k->engine->engine;
    const_dnnl_primitive_attr_t attributes = k->engine->attributes;
    description_ref layout = DESCRIPTION_REF(x->d);
    dnnl_primitive_desc_t pd, back = NULL;
    dnnl_status_t s = lade__dnnl_copy(&k->y.d, layout);
    if (!s)
        s = lade__dnnl_eltwise(&pd, e, attributes, lade__dnnl_prop_kind(mode), activations[activation], layout);
    if (s)
        return s;
    if (mode == LADE__TRAINING)
        s = lade__dnnl_eltwise_data(&back, e, attributes, activations[activation], layout, pd);
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
                            bool fused, enum lade__kernel_mode mode, struct lade__kernel **out,
                            struct lade_error *err) {
    struct lade__kernel *k = lade__dnnl_kernel_new(e, &x->extent);
    int before = lade__dnnl_swap_threads(e, e->threads);
    dnnl_status_t s = k ? eltwise_init(k, x, activation, fused, mode) : dnnl_out_of_memory;
    lade__dnnl_swap_threads(e, before);
    return lade__dnnl_kernel_done(k, s, "an activation", out, err);
}

int lade__reorder_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, const struct lade__dnnl_layout *to,
                         enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err) {
    struct lade__dnnl_layout *plain = NULL;
    *out = NULL;
    int status = to ? LADE_OK : lade__dnnl_layout_new(&x->extent, &plain, err);
    if (status < 0)
        return status;
    struct lade__kernel *k = lade__dnnl_kernel_new(e, &x->extent);
    int before = lade__dnnl_swap_threads(e, e->threads);
    dnnl_status_t s = k ? lade__dnnl_copy(&k->y.d, DESCRIPTION_REF((to ? to : plain)->d)) : dnnl_out_of_memory;
    if (!s)
        s = lade__dnnl_add_reorder(k, &k->forward, DESCRIPTION_REF(x->d), LADE__X, DESCRIPTION_REF(k->y.d), LADE__Y, 0);
    if (!s && mode == LADE__TRAINING)
        s = lade__dnnl_add_reorder(k, &k->backward, DESCRIPTION_REF(k->y.d), LADE__DY, DESCRIPTION_REF(x->d), LADE__DX,
                                   0);
    lade__dnnl_swap_threads(e, before);
    lade__dnnl_layout_free(plain);
    return lade__dnnl_kernel_done(k, s, "a change of layout", out, err);
}
