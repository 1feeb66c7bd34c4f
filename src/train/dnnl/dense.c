/*
 * train/dnnl/dense.c - makes the kernels of dense layers. All arrays have the plain layout, see kernels.h.
 */
#include "train/dnnl/impl.h"

struct dense {
    description x, w, b, y; /* the layouts of the arrays */
    enum lade__kernel_mode mode;
    bool relu;
};

/* Makes the descriptor of an operation. @forward is the descriptor of the forward pass, or NULL for the forward pass. */
static dnnl_status_t describe_operation(struct lade__kernel *k, const struct dense *d,
                                        enum lade__dnnl_operation operation, dnnl_primitive_desc_t forward,
                                        dnnl_primitive_desc_t *pd) {
    const struct lade__engine *e = k->engine;
    description_ref x = DESCRIPTION_REF(d->x), w = DESCRIPTION_REF(d->w), b = DESCRIPTION_REF(d->b),
                    y = DESCRIPTION_REF(d->y);
    switch (operation) {
    case LADE__DNNL_FORWARD:
        return lade__dnnl_dense(pd, e->engine, d->relu ? e->with_relu : e->attributes, lade__dnnl_prop_kind(d->mode), x,
                                w, b, y);
    case LADE__DNNL_INPUT_GRADIENT:
        return lade__dnnl_dense_data(pd, e->engine, e->attributes, x, w, y, forward);
    case LADE__DNNL_WEIGHTS_GRADIENT:
        break;
    }
    return lade__dnnl_dense_weights(pd, e->engine, e->attributes, x, w, b, y, forward);
}

static dnnl_status_t add(struct lade__kernel *k, const struct dense *d, enum lade__dnnl_operation operation,
                         dnnl_primitive_desc_t forward, dnnl_primitive_desc_t *copy) {
    const description_ref layouts[] = {DESCRIPTION_REF(d->x), DESCRIPTION_REF(d->y), DESCRIPTION_REF(d->w),
                                       DESCRIPTION_REF(d->b)};
    dnnl_primitive_desc_t pd;
    dnnl_status_t s = describe_operation(k, d, operation, forward, &pd);
    if (s)
        return s;
    s = copy ? dnnl_primitive_desc_clone(copy, pd) : dnnl_success;
    if (!s)
        return lade__dnnl_add_operation(k, operation, pd, layouts);
    dnnl_primitive_desc_destroy(pd);
    return s;
}

static dnnl_status_t add_all(struct lade__kernel *k, const struct dense *d) {
    dnnl_primitive_desc_t forward = NULL;
    dnnl_status_t s = lade__dnnl_copy(&k->y.d, DESCRIPTION_REF(d->y));
    if (!s)
        s = add(k, d, LADE__DNNL_FORWARD, NULL, &forward);
    if (!s && d->mode != LADE__INFERENCE)
        s = add(k, d, LADE__DNNL_WEIGHTS_GRADIENT, forward, NULL);
    if (!s && d->mode == LADE__TRAINING)
        s = add(k, d, LADE__DNNL_INPUT_GRADIENT, forward, NULL);
    if (forward)
        dnnl_primitive_desc_destroy(forward);
    return s;
}

int lade__dense_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, int64_t inputs, int64_t outputs,
                       bool relu, enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err) {
    struct lade__kernel *k = lade__dnnl_kernel_new(e, &(struct lade__extent){.n = x->extent.n, .channels = outputs});
    struct dense d = {.mode = mode, .relu = relu};
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
        s = add_all(k, &d);
    lade__dnnl_swap_threads(e, before);
    lade__dnnl_release(&d.x);
    lade__dnnl_release(&d.w);
    lade__dnnl_release(&d.b);
    lade__dnnl_release(&d.y);
    return lade__dnnl_kernel_done(k, s, "a dense layer", out, err);
}
