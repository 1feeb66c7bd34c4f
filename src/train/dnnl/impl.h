/*
 * train/dnnl/impl.h - what the files of the oneDNN adapter share. Nobody else includes it, or oneDNN's own headers.
 */
#ifndef LADE_SRC_TRAIN_DNNL_IMPL_H
#define LADE_SRC_TRAIN_DNNL_IMPL_H

#include "train/dnnl/kernels.h"

#include <oneapi/dnnl/dnnl.h>

/* ---- versions.c: what differs between 2.x and 3.x ----------------------------------------------------------- */

/* A memory descriptor: a struct in 2.x, a handle in 3.x. Released by its owner, passed on as a description_ref. */
typedef dnnl_memory_desc_t description;
#if DNNL_VERSION_MAJOR < 3
typedef const dnnl_memory_desc_t *description_ref;
#define DESCRIPTION_REF(d) (&(d))
#else
typedef const_dnnl_memory_desc_t description_ref;
#define DESCRIPTION_REF(d) (d)
#endif

dnnl_status_t lade__dnnl_describe(description *d, int ndim, const dnnl_dims_t dims, dnnl_format_tag_t tag);
dnnl_status_t lade__dnnl_copy(description *to, description_ref from);
void lade__dnnl_release(description *d); /* {0} is fine */

/*
 * Primitive descriptors, each with user's scratch memory. @attributes: the engine's, with or without a relu. Pictures:
 * strides, size and padding as in oneDNN, no dilation.
 */
struct lade__dnnl_window {
    dnnl_dims_t size, stride, before, after;
};

dnnl_status_t lade__dnnl_append_relu(dnnl_post_ops_t ops);
dnnl_status_t lade__dnnl_dense(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                               dnnl_prop_kind_t kind, description_ref x, description_ref w, description_ref b,
                               description_ref y);
dnnl_status_t lade__dnnl_dense_data(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                                    description_ref dx, description_ref w, description_ref dy,
                                    dnnl_primitive_desc_t forward);
dnnl_status_t lade__dnnl_dense_weights(dnnl_primitive_desc_t *pd, dnnl_engine_t e,
                                       const_dnnl_primitive_attr_t attributes, description_ref x, description_ref dw,
                                       description_ref db, description_ref dy, dnnl_primitive_desc_t forward);
dnnl_status_t lade__dnnl_conv(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                              dnnl_prop_kind_t kind, description_ref x, description_ref w, description_ref b,
                              description_ref y, const struct lade__dnnl_window *window);
dnnl_status_t lade__dnnl_conv_data(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                                   description_ref dx, description_ref w, description_ref dy,
                                   const struct lade__dnnl_window *window, dnnl_primitive_desc_t forward);
dnnl_status_t lade__dnnl_conv_weights(dnnl_primitive_desc_t *pd, dnnl_engine_t e,
                                      const_dnnl_primitive_attr_t attributes, description_ref x, description_ref dw,
                                      description_ref db, description_ref dy, const struct lade__dnnl_window *window,
                                      dnnl_primitive_desc_t forward);
dnnl_status_t lade__dnnl_pool(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                              dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm, description_ref x, description_ref y,
                              const struct lade__dnnl_window *window);
dnnl_status_t lade__dnnl_pool_data(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                                   dnnl_alg_kind_t algorithm, description_ref dx, description_ref dy,
                                   const struct lade__dnnl_window *window, dnnl_primitive_desc_t forward);
dnnl_status_t lade__dnnl_eltwise(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                                 dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm, description_ref x);
dnnl_status_t lade__dnnl_eltwise_data(dnnl_primitive_desc_t *pd, dnnl_engine_t e,
                                      const_dnnl_primitive_attr_t attributes, dnnl_alg_kind_t algorithm,
                                      description_ref x, dnnl_primitive_desc_t forward);
dnnl_status_t lade__dnnl_logsoftmax(dnnl_primitive_desc_t *pd, dnnl_engine_t e, const_dnnl_primitive_attr_t attributes,
                                    dnnl_prop_kind_t kind, description_ref x);
dnnl_status_t lade__dnnl_logsoftmax_data(dnnl_primitive_desc_t *pd, dnnl_engine_t e,
                                         const_dnnl_primitive_attr_t attributes, description_ref x,
                                         dnnl_primitive_desc_t forward);

/* ---- engine.c ----------------------------------------------------------------------------------------------- */

struct lade__engine {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    dnnl_primitive_attr_t attributes, with_relu;
    char *scratch;
    size_t scratch_size;
    int threads;              /* of the kernels made next */
    int (*get_threads)(void); /* OpenMP's, or NULL */
    void (*set_threads)(int);
};

int lade__dnnl_fail(struct lade_error *err, dnnl_status_t status, const char *what);

/*
 * lade__dnnl_swap_threads() - set how many threads what is called next has; returns what to put back.
 * lade__dnnl_reserve()      - so much scratch memory, at least.
 */
int lade__dnnl_swap_threads(const struct lade__engine *e, int threads);
dnnl_status_t lade__dnnl_reserve(struct lade__engine *e, size_t size);

/* ---- program.c: primitives in a row, and what must be laid out anew between them ---------------------------- */

struct lade__dnnl_layout {
    description d;
    struct lade__extent extent;
};

#define LADE__DNNL_ARGUMENTS  6
#define LADE__DNNL_PRIMITIVES 10 /* two primitives, each with four arguments laid out anew */

enum lade__dnnl_place {
    LADE__DNNL_SCRATCH = LADE__OPERANDS, /* a primitive's own scratch memory */
    LADE__DNNL_COPY,                     /* an operand laid out anew, in the engine's scratch memory */
    LADE__DNNL_WORKSPACE                 /* what the forward pass leaves for the backward pass */
};

struct lade__dnnl_primitive {
    dnnl_primitive_t handle;
    int count;
    dnnl_exec_arg_t arguments[LADE__DNNL_ARGUMENTS];
    int places[LADE__DNNL_ARGUMENTS];     /* which array each argument is: enum lade__operand or lade__dnnl_place */
    size_t offsets[LADE__DNNL_ARGUMENTS]; /* of a LADE__DNNL_COPY */
};

struct lade__dnnl_program {
    int count;
    struct lade__dnnl_primitive primitives[LADE__DNNL_PRIMITIVES];
};

struct lade__kernel {
    struct lade__engine *engine;
    int threads; /* made for so many */
    struct lade__dnnl_layout y;
    struct lade__dnnl_program forward, backward;
    size_t copies,
        primitive_scratch; /* bytes of the engine's scratch memory: for copies, and behind them for primitives' own use */
    void *workspace;
};

/* Which array is which of oneDNN's arguments; ends with argument 0. */
struct lade__dnnl_binding {
    int argument, place;
    bool written;
    description_ref layout; /* how the operand lies; NULL: as the primitive wants it */
};

/*
 * lade__dnnl_add() - one more primitive at the end of @p, out of @pd, which is destroyed in any case; operands that do
 * not lie as it wants them are laid out anew before it, or behind it where it writes them. dnnl_runtime_error: there is
 * no room for it.
 */
dnnl_status_t lade__dnnl_add(struct lade__kernel *k, struct lade__dnnl_program *p, dnnl_primitive_desc_t pd,
                             const struct lade__dnnl_binding *bindings);
dnnl_status_t lade__dnnl_add_reorder(struct lade__kernel *k, struct lade__dnnl_program *p, description_ref from,
                                     int from_place, description_ref to, int to_place, size_t copy);

#endif
