/*
 * train/dnnl/impl.h - contains the declarations that the files of this folder share. Other folders include kernels.h
 * only.
 */
#ifndef LADE_SRC_TRAIN_DNNL_IMPL_H
#define LADE_SRC_TRAIN_DNNL_IMPL_H

#include "train/dnnl/kernels.h"

#include <oneapi/dnnl/dnnl.h>

/* ---- versions.c: the differences between oneDNN 2.x and 3.x ------------------------------------------------------ */

/* A memory descriptor, which is a struct in oneDNN 2.x and a handle in oneDNN 3.x. The owner of a description must
   release it. A function that does not own a description takes a description_ref. */
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
void lade__dnnl_release(description *d); /* {0} is allowed */

/*
 * A lade__dnnl_window is a window that moves over an image. Its fields have the same meaning as the fields of struct
 * lade__window. A window has no dilation.
 *
 * Each function below except lade__dnnl_append_relu() makes a primitive descriptor. @attributes must be `attributes` or
 * `with_relu` of the engine.
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

/* ---- engine.c ---------------------------------------------------------------------------------------------------- */

struct lade__engine {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    dnnl_primitive_attr_t attributes, with_relu;
    char *scratch;
    size_t scratch_size;
    int threads;              /* number of threads for each kernel that is made from now on */
    int (*get_threads)(void); /* functions of OpenMP that get and set the number of threads; or NULL */
    void (*set_threads)(int);
};

/*
 * lade__dnnl_fail()         - fills @err for a status of oneDNN, and returns the enum lade_status. @what names the
 *                             kernel in messages, for example "a dense layer".
 * lade__dnnl_swap_threads() - sets the number of threads for the next calls of oneDNN. Returns the previous number.
 * lade__dnnl_reserve()      - enlarges the scratch memory to @size bytes or more.
 */
int lade__dnnl_fail(struct lade_error *err, dnnl_status_t status, const char *what);
int lade__dnnl_swap_threads(const struct lade__engine *e, int threads);
dnnl_status_t lade__dnnl_reserve(struct lade__engine *e, size_t size);

/* ---- program.c: sequences of primitives ---------------------------------------------------------------------------
   */

struct lade__dnnl_layout {
    description d;
    struct lade__extent extent;
};

#define LADE__DNNL_ARGUMENTS  6
#define LADE__DNNL_PRIMITIVES 10 /* two primitives, and four reorders for each of them */

/* The memory of an argument that is not an array of the caller. */
enum lade__dnnl_place {
    LADE__DNNL_SCRATCH = LADE__OPERANDS, /* scratch memory of the primitive */
    LADE__DNNL_COPY,                     /* a copy of an operand in another layout, in scratch memory */
    LADE__DNNL_WORKSPACE                 /* memory that the forward pass writes for the backward pass */
};

struct lade__dnnl_primitive {
    dnnl_primitive_t handle;
    int count;
    dnnl_exec_arg_t arguments[LADE__DNNL_ARGUMENTS];
    int places[LADE__DNNL_ARGUMENTS];     /* place of each argument: enum lade__operand or lade__dnnl_place */
    size_t offsets[LADE__DNNL_ARGUMENTS]; /* offset of each LADE__DNNL_COPY in the scratch memory, in bytes */
};

struct lade__dnnl_program {
    int count;
    struct lade__dnnl_primitive primitives[LADE__DNNL_PRIMITIVES];
};

struct lade__kernel {
    struct lade__engine *engine;
    int threads; /* number of threads for which the kernel was made */
    struct lade__dnnl_layout y;
    struct lade__dnnl_program forward, backward;
    size_t copies;            /* bytes of scratch memory for copies of operands */
    size_t primitive_scratch; /* bytes of scratch memory for the primitives; this memory follows the copies */
    void *workspace;
};

/* The operations of a layer with weights. */
enum lade__dnnl_operation { LADE__DNNL_FORWARD, LADE__DNNL_WEIGHTS_GRADIENT, LADE__DNNL_INPUT_GRADIENT };

/* One argument of a primitive and its array. The last element of a list has argument 0. */
struct lade__dnnl_binding {
    int argument, place;
    bool written;
    description_ref layout; /* layout of the array; NULL: the layout that the primitive has chosen */
};

/*
 * lade__dnnl_add() - appends a primitive to @p, and destroys @pd, even on error. If the primitive needs another layout
 * of an array, also appends a reorder. The reorder is before the primitive if the primitive reads the array, and after
 * the primitive if the primitive writes the array. Returns dnnl_runtime_error if the program is full.
 *
 * lade__dnnl_add_operation() - does the same for an operation of a layer with weights. @layouts has the layouts of x, y, w
 * and b, which are also the layouts of their gradients.
 *
 * lade__dnnl_add_reorder() - appends a reorder, which is a primitive that copies an array to another layout. If one of
 * the places is LADE__DNNL_COPY, @copy is the offset of this copy in the scratch memory.
 */
dnnl_status_t lade__dnnl_add(struct lade__kernel *k, struct lade__dnnl_program *p, dnnl_primitive_desc_t pd,
                             const struct lade__dnnl_binding *bindings);
dnnl_status_t lade__dnnl_add_operation(struct lade__kernel *k, enum lade__dnnl_operation operation,
                                       dnnl_primitive_desc_t pd, const description_ref layouts[4]);
dnnl_status_t lade__dnnl_add_reorder(struct lade__kernel *k, struct lade__dnnl_program *p, description_ref from,
                                     int from_place, description_ref to, int to_place, size_t copy);

/* ---- conv.c ------------------------------------------------------------------------------------------------------ */

/* Returns the speed of the implementation that oneDNN has chosen, which follows from the name of the implementation.
   0: a reference implementation; 1: an implementation that copies the windows to a matrix and multiplies matrices;
   2: an implementation for this operation. */
int lade__dnnl_rank(const_dnnl_primitive_desc_t pd);

/* ---- kernels.c --------------------------------------------------------------------------------------------------- */

/*
 * lade__dnnl_kernel_new()  - makes a kernel without primitives. Returns NULL if there is no memory.
 * lade__dnnl_kernel_done() - completes a kernel. If @status is dnnl_success, reserves scratch memory and stores the
 *                            kernel in *out. Otherwise, frees the kernel. Returns LADE_OK, or a status with @err. @what
 *                            names the kernel in messages, for example "a dense layer".
 * lade__dnnl_prop_kind()   - converts @mode to oneDNN's prop_kind.
 * lade__dnnl_window()      - converts @w to oneDNN's types.
 */
struct lade__kernel *lade__dnnl_kernel_new(struct lade__engine *e, const struct lade__extent *y);
int lade__dnnl_kernel_done(struct lade__kernel *k, dnnl_status_t status, const char *what, struct lade__kernel **out,
                           struct lade_error *err);
dnnl_prop_kind_t lade__dnnl_prop_kind(enum lade__kernel_mode mode);
struct lade__dnnl_window lade__dnnl_window(const struct lade__window *w);

#endif
