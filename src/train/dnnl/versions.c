/*
 * train/dnnl/versions.c - hides the differences between oneDNN 2.x and 3.x. In 2.x, a struct describes an operation,
 * and a primitive descriptor is made from this struct. In 3.x, one call makes the primitive descriptor, and memory
 * descriptors are handles. The first half of this file is for 2.x, and the second half is for 3.x.
 */
#include "train/dnnl/impl.h"

#if DNNL_VERSION_MAJOR < 3

dnnl_status_t lade__dnnl_describe(description *d, int ndim, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_init_by_tag(d, ndim, dims, dnnl_f32, tag);
}

dnnl_status_t lade__dnnl_copy(description *to, description_ref from) {
    *to = *from;
    return dnnl_success;
}

void lade__dnnl_release(description *d) {
    (void)d;
}

dnnl_status_t lade__dnnl_append_relu(dnnl_post_ops_t ops) {
    return dnnl_post_ops_append_eltwise(ops, 1, dnnl_eltwise_relu, 0, 0);
}

dnnl_status_t lade__dnnl_dense(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                               dnnl_prop_kind_t kind, description_ref x, description_ref w, description_ref b,
                               description_ref y) {
    dnnl_inner_product_desc_t d;
    dnnl_status_t s = dnnl_inner_product_forward_desc_init(&d, kind, x, w, b, y);
    return s ? s : dnnl_primitive_desc_create(pd, &d, attributes, e, NULL);
}

dnnl_status_t lade__dnnl_dense_data(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                                    description_ref dx, description_ref w, description_ref dy,
                                    dnnl_primitive_desc_t forward) {
    dnnl_inner_product_desc_t d;
    dnnl_status_t s = dnnl_inner_product_backward_data_desc_init(&d, dx, w, dy);
    return s ? s : dnnl_primitive_desc_create(pd, &d, attributes, e, forward);
}

dnnl_status_t lade__dnnl_dense_weights(dnnl_primitive_desc_t *pd, dnnl_engine_t e,
                                       const_dnnl_primitive_attr_t attributes, description_ref x, description_ref dw,
                                       description_ref db, description_ref dy, dnnl_primitive_desc_t forward) {
    dnnl_inner_product_desc_t d;
    dnnl_status_t s = dnnl_inner_product_backward_weights_desc_init(&d, x, dw, db, dy);
    return s ? s : dnnl_primitive_desc_create(pd, &d, attributes, e, forward);
}

dnnl_status_t lade__dnnl_conv(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                              dnnl_prop_kind_t kind, description_ref x, description_ref w, description_ref b,
                              description_ref y, const struct lade__dnnl_window *v) {
    dnnl_convolution_desc_t d;
    dnnl_status_t s = dnnl_convolution_forward_desc_init(&d, kind, dnnl_convolution_direct, x, w, b, y, v->stride,
                                                         v->before, v->after);
    return s ? s : dnnl_primitive_desc_create(pd, &d, attributes, e, NULL);
}

dnnl_status_t lade__dnnl_conv_data(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                                   description_ref dx, description_ref w, description_ref dy,
                                   const struct lade__dnnl_window *v, dnnl_primitive_desc_t forward) {
    dnnl_convolution_desc_t d;
    dnnl_status_t s = dnnl_convolution_backward_data_desc_init(&d, dnnl_convolution_direct, dx, w, dy, v->stride,
                                                               v->before, v->after);
    return s ? s : dnnl_primitive_desc_create(pd, &d, attributes, e, forward);
}

dnnl_status_t lade__dnnl_conv_weights(dnnl_primitive_desc_t *pd, dnnl_engine_t e,
                                      const_dnnl_primitive_attr_t attributes, description_ref x, description_ref dw,
                                      description_ref db, description_ref dy, const struct lade__dnnl_window *v,
                                      dnnl_primitive_desc_t forward) {
    dnnl_convolution_desc_t d;
    dnnl_status_t s = dnnl_convolution_backward_weights_desc_init(&d, dnnl_convolution_direct, x, dw, db, dy, v->stride,
                                                                  v->before, v->after);
    return s ? s : dnnl_primitive_desc_create(pd, &d, attributes, e, forward);
}

dnnl_status_t lade__dnnl_pool(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                              dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm, description_ref x, description_ref y,
                              const struct lade__dnnl_window *v) {
    dnnl_pooling_desc_t d;
    dnnl_status_t s =
        dnnl_pooling_forward_desc_init(&d, kind, algorithm, x, y, v->stride, v->size, v->before, v->after);
    return s ? s : dnnl_primitive_desc_create(pd, &d, attributes, e, NULL);
}

dnnl_status_t lade__dnnl_pool_data(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                                   dnnl_alg_kind_t algorithm, description_ref dx, description_ref dy,
                                   const struct lade__dnnl_window *v, dnnl_primitive_desc_t forward) {
    dnnl_pooling_desc_t d;
    dnnl_status_t s = dnnl_pooling_backward_desc_init(&d, algorithm, dx, dy, v->stride, v->size, v->before, v->after);
    return s ? s : dnnl_primitive_desc_create(pd, &d, attributes, e, forward);
}

dnnl_status_t lade__dnnl_eltwise(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                                 dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm, description_ref x) {
    dnnl_eltwise_desc_t d;
    dnnl_status_t s = dnnl_eltwise_forward_desc_init(&d, kind, algorithm, x, 0, 0);
    return s ? s : dnnl_primitive_desc_create(pd, &d, attributes, e, NULL);
}

dnnl_status_t lade__dnnl_eltwise_data(dnnl_primitive_desc_t *pd, dnnl_engine_t e,
                                      const_dnnl_primitive_attr_t attributes, dnnl_alg_kind_t algorithm,
                                      description_ref x, dnnl_primitive_desc_t forward) {
    dnnl_eltwise_desc_t d;
    dnnl_status_t s = dnnl_eltwise_backward_desc_init(&d, algorithm, x, x, 0, 0);
    return s ? s : dnnl_primitive_desc_create(pd, &d, attributes, e, forward);
}

#else

static const dnnl_dims_t no_dilation = {0};

dnnl_status_t lade__dnnl_describe(description *d, int ndim, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_create_with_tag(d, ndim, dims, dnnl_f32, tag);
}

dnnl_status_t lade__dnnl_copy(description *to, description_ref from) {
    return dnnl_memory_desc_clone(to, from);
}

void lade__dnnl_release(description *d) {
    if (*d)
        dnnl_memory_desc_destroy(*d);
}

dnnl_status_t lade__dnnl_append_relu(dnnl_post_ops_t ops) {
    return dnnl_post_ops_append_eltwise(ops, dnnl_eltwise_relu, 0, 0);
}

dnnl_status_t lade__dnnl_dense(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                               dnnl_prop_kind_t kind, description_ref x, description_ref w, description_ref b,
                               description_ref y) {
    return dnnl_inner_product_forward_primitive_desc_create(pd, e, kind, x, w, b, y, attributes);
}

dnnl_status_t lade__dnnl_dense_data(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                                    description_ref dx, description_ref w, description_ref dy,
                                    dnnl_primitive_desc_t forward) {
    return dnnl_inner_product_backward_data_primitive_desc_create(pd, e, dx, w, dy, forward, attributes);
}

dnnl_status_t lade__dnnl_dense_weights(dnnl_primitive_desc_t *pd, dnnl_engine_t e,
                                       const_dnnl_primitive_attr_t attributes, description_ref x, description_ref dw,
                                       description_ref db, description_ref dy, dnnl_primitive_desc_t forward) {
    return dnnl_inner_product_backward_weights_primitive_desc_create(pd, e, x, dw, db, dy, forward, attributes);
}

dnnl_status_t lade__dnnl_conv(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                              dnnl_prop_kind_t kind, description_ref x, description_ref w, description_ref b,
                              description_ref y, const struct lade__dnnl_window *v) {
    return dnnl_convolution_forward_primitive_desc_create(pd, e, kind, dnnl_convolution_direct, x, w, b, y, v->stride,
                                                          no_dilation, v->before, v->after, attributes);
}

dnnl_status_t lade__dnnl_conv_data(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                                   description_ref dx, description_ref w, description_ref dy,
                                   const struct lade__dnnl_window *v, dnnl_primitive_desc_t forward) {
    return dnnl_convolution_backward_data_primitive_desc_create(pd, e, dnnl_convolution_direct, dx, w, dy, v->stride,
                                                                no_dilation, v->before, v->after, forward, attributes);
}

dnnl_status_t lade__dnnl_conv_weights(dnnl_primitive_desc_t *pd, dnnl_engine_t e,
                                      const_dnnl_primitive_attr_t attributes, description_ref x, description_ref dw,
                                      description_ref db, description_ref dy, const struct lade__dnnl_window *v,
                                      dnnl_primitive_desc_t forward) {
    return dnnl_convolution_backward_weights_primitive_desc_create(pd, e, dnnl_convolution_direct, x, dw, db, dy,
                                                                   v->stride, no_dilation, v->before, v->after, forward,
                                                                   attributes);
}

dnnl_status_t lade__dnnl_pool(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                              dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm, description_ref x, description_ref y,
                              const struct lade__dnnl_window *v) {
    return dnnl_pooling_forward_primitive_desc_create(pd, e, kind, algorithm, x, y, v->stride, v->size, no_dilation,
                                                      v->before, v->after, attributes);
}

dnnl_status_t lade__dnnl_pool_data(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                                   dnnl_alg_kind_t algorithm, description_ref dx, description_ref dy,
                                   const struct lade__dnnl_window *v, dnnl_primitive_desc_t forward) {
    return dnnl_pooling_backward_primitive_desc_create(pd, e, algorithm, dx, dy, v->stride, v->size, no_dilation,
                                                       v->before, v->after, forward, attributes);
}

dnnl_status_t lade__dnnl_eltwise(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                                 dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm, description_ref x) {
    return dnnl_eltwise_forward_primitive_desc_create(pd, e, kind, algorithm, x, x, 0, 0, attributes);
}

dnnl_status_t lade__dnnl_eltwise_data(dnnl_primitive_desc_t *pd, dnnl_engine_t e,
                                      const_dnnl_primitive_attr_t attributes, dnnl_alg_kind_t algorithm,
                                      description_ref x, dnnl_primitive_desc_t forward) {
    return dnnl_eltwise_backward_primitive_desc_create(pd, e, algorithm, x, x, x, 0, 0, forward, attributes);
}

#endif
