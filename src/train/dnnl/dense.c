/*
 * train/dnnl/dense.c - makes the kernels of dense layers. All arrays have the plain layout, see kernels.h.
 */
#include "train/dnnl/impl.h"

/* The layouts of the arrays. */
struct dense {
    description x, w, b, y;
};

static dnnl_status_t add_weights_gradient(struct lade__kernel *k, const struct dense *d,
                                          dnnl_primitive_desc_t forward) {
    description_ref x = DESCRIPTION_REF(d->x), w = DESCRIPTION_REF(d->w), b = DESCRIPTION_REF(d->b),
                    y = DESCRIPTION_REF(d->y);
    dnnl_primitive_desc_t pd;
    dnnl_status_t s = lade__dnnl_dense_weights(&pd, k->engine->engine, k->engine->attributes, x, w, b, y, forward);
    return s ? s
             : lade__dnnl_add(k, &k->backward, pd,
                              (struct lade__dnnl_binding[]){{DNNL_ARG_SRC, LADE__X, false, x},
                                                            {DNNL_ARG_DIFF_DST, LADE__DY, false, y},
                                                            {DNNL_ARG_DIFF_WEIGHTS, LADE__DW, true, w},
                                                            {DNNL_ARG_DIFF_BIAS, LADE__DB, true, b},
                                                            {0}});
}

static dnnl_status_t add_input_gradient(struct lade__kernel *k, const struct dense *d, dnnl_primitive_desc_t forward) {
    description_ref x = DESCRIPTION_REF(d->x), w = DESCRIPTION_REF(d->w), y = DESCRIPTION_REF(d->y);
    dnnl_primitive_desc_t pd;
    dnnl_status_t s = lade__dnnl_dense_data(&pd, k->engine->engine, k->engine->attributes, x, w, y, forward);
    return s ? s
             : lade__dnnl_add(k, &k->backward, pd,
                              (struct lade__dnnl_binding[]){{DNNL_ARG_DIFF_DST, LADE__DY, false, y},
                                                            {DNNL_ARG_WEIGHTS, LADE__W, false, w},
                                                            {DNNL_ARG_DIFF_SRC, LADE__DX, true, x},
                                                            {0}});
}

static dnnl_status_t add_all(struct lade__kernel *k, const struct dense *d, enum lade__kernel_mode mode, bool relu) {
    description_ref x = DESCRIPTION_REF(d->x), w = DESCRIPTION_REF(d->w), b = DESCRIPTION_REF(d->b),
                    y = DESCRIPTION_REF(d->y);
    dnnl_primitive_desc_t pd, hint = NULL;
    dnnl_status_t s = lade__dnnl_dense(&pd, k->engine->engine, relu ? k->engine->with_relu : k->engine->attributes,
                                       lade__dnnl_prop_kind(mode), x, w, b, y);
    if (s)
        return s;
    s = lade__dnnl_copy(&k->y.d, y);
    if (!s)
        s = dnnl_primitive_desc_clone(&hint, pd);
    if (!s)
        s = lade__dnnl_add(k, &k->forward, pd,
                           (struct lade__dnnl_binding[]){{DNNL_ARG_SRC, LADE__X, false, x},
                                                         {DNNL_ARG_WEIGHTS, LADE__W, false, w},
                                                         {DNNL_ARG_BIAS, LADE__B, false, b},
                                                         {DNNL_ARG_DST, LADE__Y, true, y},
                                                         {0}});
    else
        dnnl_primitive_desc_destroy(pd);
    if (!s && mode != LADE__INFERENCE)
        s = add_weights_gradient(k, d, hint);
    if (!s && mode == LADE__TRAINING)
        s = add_input_gradient(k, d, hint);
    if (hint)
        dnnl_primitive_desc_destroy(hint);
    return s;
}

int lade__dense_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, int64_t inputs, int64_t outputs,
                       bool relu, enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err) {
    struct lade__kernel *k = lade__dnnl_kernel_new(e, &(struct lade__extent){.n = x->extent.n, .channels = outputs});
    struct dense d = {0};
    dnnl_status_t s = k ? dnnl_success : dnnl_out_of_memory;
    int before = lade__dnnl_swap_threads(e, e->threads);
    if (!s)
        s = lade__dnnl_describe(&d.x, 2, (dnnl_dims_t){x->extent.n, inputs}, dnnl_ab);
    if (!s)
        s = lade__dnnl_describe(&d.w, 2, (dnnl_dims_t){outputs, inputs}, dnnl_ab);
    if (!s)
        s = lade__dnnl_describe(&d.b, 1, (dnnl_dims_t){outputs}, dnnl_a);
    if (!s)
        s = lade__dnnl_describe(&d.y, 2, (dnnl_dims_t){x->extent.n, outputs}, dnnl_ab);
    if (!s)
        s = add_all(k, &d, mode, relu);
    lade__dnnl_swap_threads(e, before);
    lade__dnnl_release(&d.x);
    lade__dnnl_release(&d.w);
    lade__dnnl_release(&d.b);
    lade__dnnl_release(&d.y);
    return lade__dnnl_kernel_done(k, s, "a dense layer", out, err);
}
