/*
 * train/dnnl_adapter.c - every oneDNN call of lade. oneDNN 2.x describes an operation in a struct and makes a primitive
 * descriptor out of that; 3.x makes it in one call, and its memory descriptors are handles. The functions between
 * "2.x" and "3.x" below differ in this alone; all else is common.
 *
 * A primitive's arrays are given at each run, so one set of primitives serves whatever memory a batch lies in. Scratch
 * memory is ours ("user mode"): oneDNN's own is kept per thread, and must not be used by a generator that moves from
 * one thread to another.
 */
#include "train/kernels.h"

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>

#define MAX_ARGUMENTS 5

struct primitive {
    dnnl_primitive_t handle;
    int count;
    dnnl_exec_arg_t arguments[MAX_ARGUMENTS];
    enum lade__operand operands[MAX_ARGUMENTS]; /* which array each argument is; LADE__OPERANDS: scratch memory */
};

struct lade__kernel {
    struct lade__engine *engine;
    int threads; /* made for so many */
    struct primitive forward;
    struct primitive backward[2]; /* with respect to the input, to the weights; those not needed have no handle */
};

struct lade__engine {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    dnnl_primitive_attr_t attributes;
    void *scratch;
    size_t scratch_size;
    int threads;              /* of the kernels made next */
    int (*get_threads)(void); /* OpenMP's, or NULL */
    void (*set_threads)(int);
};

static int fail(struct lade_error *err, dnnl_status_t status, const char *what) {
    if (status == dnnl_out_of_memory)
        return lade_error_set(err, LADE_ENOMEM, "no memory for %s", what);
    return lade_error_set(err, LADE_ERUNTIME, "oneDNN %d.%d cannot do %s: %s", dnnl_version()->major,
                          dnnl_version()->minor, what, dnnl_status2str(status));
}

/* ---- What differs between versions --------------------------------------------------------------------------------
 */

/* How an array lies in memory: released by its owner, passed on as a layout_ref. */
#if DNNL_VERSION_MAJOR < 3

typedef dnnl_memory_desc_t layout;
typedef const dnnl_memory_desc_t *layout_ref;
#define LAYOUT_REF(l) (&(l))

static dnnl_status_t layout_init(layout *l, int ndim, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_init_by_tag(l, ndim, dims, dnnl_f32, tag);
}

static void layout_release(layout *l) {
    (void)l;
}

static dnnl_status_t dense_forward(dnnl_primitive_desc_t *pd, struct lade__engine *e, dnnl_prop_kind_t kind,
                                   layout_ref x, layout_ref w, layout_ref b, layout_ref y) {
    dnnl_inner_product_desc_t d;
    dnnl_status_t s = dnnl_inner_product_forward_desc_init(&d, kind, x, w, b, y);
    return s ? s : dnnl_primitive_desc_create(pd, &d, e->attributes, e->engine, NULL);
}

static dnnl_status_t dense_backward_data(dnnl_primitive_desc_t *pd, struct lade__engine *e, layout_ref dx, layout_ref w,
                                         layout_ref dy, dnnl_primitive_desc_t forward) {
    dnnl_inner_product_desc_t d;
    dnnl_status_t s = dnnl_inner_product_backward_data_desc_init(&d, dx, w, dy);
    return s ? s : dnnl_primitive_desc_create(pd, &d, e->attributes, e->engine, forward);
}

static dnnl_status_t dense_backward_weights(dnnl_primitive_desc_t *pd, struct lade__engine *e, layout_ref x,
                                            layout_ref dw, layout_ref db, layout_ref dy,
                                            dnnl_primitive_desc_t forward) {
    dnnl_inner_product_desc_t d;
    dnnl_status_t s = dnnl_inner_product_backward_weights_desc_init(&d, x, dw, db, dy);
    return s ? s : dnnl_primitive_desc_create(pd, &d, e->attributes, e->engine, forward);
}

static dnnl_status_t relu_forward(dnnl_primitive_desc_t *pd, struct lade__engine *e, dnnl_prop_kind_t kind,
                                  layout_ref x) {
    dnnl_eltwise_desc_t d;
    dnnl_status_t s = dnnl_eltwise_forward_desc_init(&d, kind, dnnl_eltwise_relu_use_dst_for_bwd, x, 0, 0);
    return s ? s : dnnl_primitive_desc_create(pd, &d, e->attributes, e->engine, NULL);
}

static dnnl_status_t relu_backward(dnnl_primitive_desc_t *pd, struct lade__engine *e, layout_ref x,
                                   dnnl_primitive_desc_t forward) {
    dnnl_eltwise_desc_t d;
    dnnl_status_t s = dnnl_eltwise_backward_desc_init(&d, dnnl_eltwise_relu_use_dst_for_bwd, x, x, 0, 0);
    return s ? s : dnnl_primitive_desc_create(pd, &d, e->attributes, e->engine, forward);
}

static dnnl_status_t logsoftmax_forward(dnnl_primitive_desc_t *pd, struct lade__engine *e, dnnl_prop_kind_t kind,
                                        layout_ref x) {
    dnnl_logsoftmax_desc_t d;
    dnnl_status_t s = dnnl_logsoftmax_forward_desc_init(&d, kind, x, 1);
    return s ? s : dnnl_primitive_desc_create(pd, &d, e->attributes, e->engine, NULL);
}

static dnnl_status_t logsoftmax_backward(dnnl_primitive_desc_t *pd, struct lade__engine *e, layout_ref x,
                                         dnnl_primitive_desc_t forward) {
    dnnl_logsoftmax_desc_t d;
    dnnl_status_t s = dnnl_logsoftmax_backward_desc_init(&d, x, x, 1);
    return s ? s : dnnl_primitive_desc_create(pd, &d, e->attributes, e->engine, forward);
}

#else

typedef dnnl_memory_desc_t layout;
typedef const_dnnl_memory_desc_t layout_ref;
#define LAYOUT_REF(l) (l)

static dnnl_status_t layout_init(layout *l, int ndim, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_create_with_tag(l, ndim, dims, dnnl_f32, tag);
}

static void layout_release(layout *l) {
    if (*l)
        dnnl_memory_desc_destroy(*l);
}

static dnnl_status_t dense_forward(dnnl_primitive_desc_t *pd, struct lade__engine *e, dnnl_prop_kind_t kind,
                                   layout_ref x, layout_ref w, layout_ref b, layout_ref y) {
    return dnnl_inner_product_forward_primitive_desc_create(pd, e->engine, kind, x, w, b, y, e->attributes);
}

static dnnl_status_t dense_backward_data(dnnl_primitive_desc_t *pd, struct lade__engine *e, layout_ref dx, layout_ref w,
                                         layout_ref dy, dnnl_primitive_desc_t forward) {
    return dnnl_inner_product_backward_data_primitive_desc_create(pd, e->engine, dx, w, dy, forward, e->attributes);
}

static dnnl_status_t dense_backward_weights(dnnl_primitive_desc_t *pd, struct lade__engine *e, layout_ref x,
                                            layout_ref dw, layout_ref db, layout_ref dy,
                                            dnnl_primitive_desc_t forward) {
    return dnnl_inner_product_backward_weights_primitive_desc_create(pd, e->engine, x, dw, db, dy, forward,
                                                                     e->attributes);
}

static dnnl_status_t relu_forward(dnnl_primitive_desc_t *pd, struct lade__engine *e, dnnl_prop_kind_t kind,
                                  layout_ref x) {
    return dnnl_eltwise_forward_primitive_desc_create(pd, e->engine, kind, dnnl_eltwise_relu_use_dst_for_bwd, x, x, 0,
                                                      0, e->attributes);
}

static dnnl_status_t relu_backward(dnnl_primitive_desc_t *pd, struct lade__engine *e, layout_ref x,
                                   dnnl_primitive_desc_t forward) {
    return dnnl_eltwise_backward_primitive_desc_create(pd, e->engine, dnnl_eltwise_relu_use_dst_for_bwd, x, x, x, 0, 0,
                                                       forward, e->attributes);
}

static dnnl_status_t logsoftmax_forward(dnnl_primitive_desc_t *pd, struct lade__engine *e, dnnl_prop_kind_t kind,
                                        layout_ref x) {
    return dnnl_softmax_forward_primitive_desc_create(pd, e->engine, kind, dnnl_softmax_log, x, x, 1, e->attributes);
}

static dnnl_status_t logsoftmax_backward(dnnl_primitive_desc_t *pd, struct lade__engine *e, layout_ref x,
                                         dnnl_primitive_desc_t forward) {
    return dnnl_softmax_backward_primitive_desc_create(pd, e->engine, dnnl_softmax_log, x, x, x, 1, forward,
                                                       e->attributes);
}

#endif

/* ---- The engine ---------------------------------------------------------------------------------------------------
 */

/*
 * OpenMP's functions are looked up rather than linked: lade must use the very OpenMP that oneDNN was built with, and
 * linking one of our own choice would bring a second pool of threads into the process. A missing one leaves NULL.
 */
static void find_openmp(struct lade__engine *e) {
    if (dnnl_version()->cpu_runtime != DNNL_RUNTIME_OMP)
        return;
    *(void **)&e->get_threads = dlsym(RTLD_DEFAULT, "omp_get_max_threads");
    *(void **)&e->set_threads = dlsym(RTLD_DEFAULT, "omp_set_num_threads");
    if (!e->get_threads || !e->set_threads)
        e->get_threads = NULL, e->set_threads = NULL;
}

/* Sets how many threads what is called next has; returns what to put back. */
static int swap_threads(const struct lade__engine *e, int threads) {
    int before = e->set_threads ? e->get_threads() : threads;
    if (before != threads)
        e->set_threads(threads);
    return before;
}

void lade__engine_set_threads(struct lade__engine *e, int threads) {
    e->threads = threads;
}

int lade__engine_new(struct lade__engine **out, struct lade_error *err) {
    *out = NULL;
    struct lade__engine *e = lade_calloc(1, sizeof *e);
    if (!e)
        return lade_error_set(err, LADE_ENOMEM, "no memory for a compute engine");
    find_openmp(e);
    e->threads = 1;
    dnnl_status_t s = dnnl_engine_create(&e->engine, dnnl_cpu, 0);
    if (!s)
        s = dnnl_stream_create(&e->stream, e->engine, dnnl_stream_default_flags);
    if (!s)
        s = dnnl_primitive_attr_create(&e->attributes);
    if (!s)
        s = dnnl_primitive_attr_set_scratchpad_mode(e->attributes, dnnl_scratchpad_mode_user);
    if (s) {
        lade__engine_free(e);
        return fail(err, s, "a compute engine");
    }
    *out = e;
    return LADE_OK;
}

void lade__engine_free(struct lade__engine *e) {
    if (!e)
        return;
    if (e->attributes)
        dnnl_primitive_attr_destroy(e->attributes);
    if (e->stream)
        dnnl_stream_destroy(e->stream);
    if (e->engine)
        dnnl_engine_destroy(e->engine);
    lade_free_aligned(e->scratch);
    lade_free(e);
}

static dnnl_status_t scratch_reserve(struct lade__engine *e, size_t size) {
    if (size <= e->scratch_size)
        return dnnl_success;
    void *scratch = lade_alloc_aligned(size);
    if (!scratch)
        return dnnl_out_of_memory;
    lade_free_aligned(e->scratch);
    e->scratch = scratch;
    e->scratch_size = size;
    return dnnl_success;
}

/* ---- Primitives ---------------------------------------------------------------------------------------------------
 */

/* Which array is which of oneDNN's arguments; ends with argument 0. */
struct binding {
    int argument;
    enum lade__operand operand;
};

static dnnl_status_t primitive_bind(struct primitive *p, struct lade__engine *e, layout_ref l, int argument,
                                    enum lade__operand operand) {
    dnnl_status_t s = dnnl_memory_create(&p->arguments[p->count].memory, l, e->engine, DNNL_MEMORY_NONE);
    if (s)
        return s;
    p->arguments[p->count].arg = argument;
    p->operands[p->count] = operand;
    p->count++;
    return dnnl_success;
}

static dnnl_status_t primitive_init(struct primitive *p, struct lade__engine *e, dnnl_primitive_desc_t pd,
                                    const struct binding *bindings) {
    dnnl_status_t s = dnnl_primitive_create(&p->handle, pd);
    for (; !s && bindings->argument; bindings++) {
        layout_ref l = dnnl_primitive_desc_query_md(pd, dnnl_query_exec_arg_md, bindings->argument);
        s = primitive_bind(p, e, l, bindings->argument, bindings->operand);
    }
    if (s)
        return s;
    layout_ref scratch = dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
    size_t size = scratch ? dnnl_memory_desc_get_size(scratch) : 0;
    if (size == 0)
        return dnnl_success;
    s = scratch_reserve(e, size);
    return s ? s : primitive_bind(p, e, scratch, DNNL_ARG_SCRATCHPAD, LADE__OPERANDS);
}

static void primitive_release(struct primitive *p) {
    for (int i = 0; i < p->count; i++)
        dnnl_memory_destroy(p->arguments[i].memory);
    if (p->handle)
        dnnl_primitive_destroy(p->handle);
}

static dnnl_status_t primitive_run(const struct primitive *p, const struct lade__engine *e,
                                   const struct lade__arrays *a) {
    for (int i = 0; i < p->count; i++) {
        void *data = p->operands[i] == LADE__OPERANDS ? e->scratch : a->at[p->operands[i]];
        dnnl_status_t s = dnnl_memory_set_data_handle(p->arguments[i].memory, data);
        if (s)
            return s;
    }
    dnnl_status_t s = dnnl_primitive_execute(p->handle, e->stream, p->count, p->arguments);
    return s ? s : dnnl_stream_wait(e->stream);
}

/* ---- Kernels ------------------------------------------------------------------------------------------------------
 */

static const struct binding dense_forward_bindings[] = {{DNNL_ARG_SRC, LADE__X},
                                                        {DNNL_ARG_WEIGHTS, LADE__W},
                                                        {DNNL_ARG_BIAS, LADE__B},
                                                        {DNNL_ARG_DST, LADE__Y},
                                                        {0, LADE__OPERANDS}};
static const struct binding dense_data_bindings[] = {
    {DNNL_ARG_DIFF_DST, LADE__DY}, {DNNL_ARG_WEIGHTS, LADE__W}, {DNNL_ARG_DIFF_SRC, LADE__DX}, {0, LADE__OPERANDS}};
static const struct binding dense_weights_bindings[] = {{DNNL_ARG_SRC, LADE__X},
                                                        {DNNL_ARG_DIFF_DST, LADE__DY},
                                                        {DNNL_ARG_DIFF_WEIGHTS, LADE__DW},
                                                        {DNNL_ARG_DIFF_BIAS, LADE__DB},
                                                        {0, LADE__OPERANDS}};
static const struct binding map_forward_bindings[] = {
    {DNNL_ARG_SRC, LADE__X}, {DNNL_ARG_DST, LADE__Y}, {0, LADE__OPERANDS}};
static const struct binding map_backward_bindings[] = {
    {DNNL_ARG_DST, LADE__Y}, {DNNL_ARG_DIFF_DST, LADE__DY}, {DNNL_ARG_DIFF_SRC, LADE__DX}, {0, LADE__OPERANDS}};

static dnnl_prop_kind_t prop_kind(enum lade__pass pass) {
    return pass == LADE__PREDICT ? dnnl_forward_inference : dnnl_forward_training;
}

static struct lade__kernel *kernel_new(struct lade__engine *e) {
    struct lade__kernel *k = lade_calloc(1, sizeof *k);
    if (k)
        *k = (struct lade__kernel){.engine = e, .threads = e->threads};
    return k;
}

/* The common end of making a kernel: gives it out, or frees it and says why. */
static int kernel_done(struct lade__kernel *k, dnnl_status_t status, const char *what, struct lade__kernel **out,
                       struct lade_error *err) {
    *out = NULL;
    if (status) {
        lade__kernel_free(k);
        return fail(err, status, what);
    }
    *out = k;
    return LADE_OK;
}

static dnnl_status_t dense_backward_init(struct lade__kernel *k, const layout *x, const layout *w, const layout *b,
                                         const layout *y, enum lade__pass pass, dnnl_primitive_desc_t forward) {
    struct lade__engine *e = k->engine;
    dnnl_primitive_desc_t pd;
    dnnl_status_t s =
        dense_backward_weights(&pd, e, LAYOUT_REF(*x), LAYOUT_REF(*w), LAYOUT_REF(*b), LAYOUT_REF(*y), forward);
    if (s)
        return s;
    s = primitive_init(&k->backward[1], e, pd, dense_weights_bindings);
    dnnl_primitive_desc_destroy(pd);
    if (s || pass == LADE__TRAIN_FIRST)
        return s;
    s = dense_backward_data(&pd, e, LAYOUT_REF(*x), LAYOUT_REF(*w), LAYOUT_REF(*y), forward);
    if (s)
        return s;
    s = primitive_init(&k->backward[0], e, pd, dense_data_bindings);
    dnnl_primitive_desc_destroy(pd);
    return s;
}

int lade__dense_kernel(struct lade__engine *e, int64_t n, int64_t inputs, int64_t outputs, enum lade__pass pass,
                       struct lade__kernel **out, struct lade_error *err) {
    struct lade__kernel *k = kernel_new(e);
    layout x = {0}, w = {0}, b = {0}, y = {0};
    dnnl_status_t s = k ? dnnl_success : dnnl_out_of_memory;
    int before = swap_threads(e, e->threads);
    if (!s)
        s = layout_init(&x, 2, (dnnl_dims_t){n, inputs}, dnnl_ab);
    if (!s)
        s = layout_init(&w, 2, (dnnl_dims_t){outputs, inputs}, dnnl_ab);
    if (!s)
        s = layout_init(&b, 1, (dnnl_dims_t){outputs}, dnnl_a);
    if (!s)
        s = layout_init(&y, 2, (dnnl_dims_t){n, outputs}, dnnl_ab);
    dnnl_primitive_desc_t forward = NULL;
    if (!s)
        s = dense_forward(&forward, e, prop_kind(pass), LAYOUT_REF(x), LAYOUT_REF(w), LAYOUT_REF(b), LAYOUT_REF(y));
    if (!s) {
        s = primitive_init(&k->forward, e, forward, dense_forward_bindings);
        if (!s && pass != LADE__PREDICT)
            s = dense_backward_init(k, &x, &w, &b, &y, pass, forward);
        dnnl_primitive_desc_destroy(forward);
    }
    swap_threads(e, before);
    layout_release(&x);
    layout_release(&w);
    layout_release(&b);
    layout_release(&y);
    return kernel_done(k, s, "a dense layer", out, err);
}

/* A layer without parameters whose output is shaped as its input. */
typedef dnnl_status_t map_forward(dnnl_primitive_desc_t *, struct lade__engine *, dnnl_prop_kind_t, layout_ref);
typedef dnnl_status_t map_backward(dnnl_primitive_desc_t *, struct lade__engine *, layout_ref, dnnl_primitive_desc_t);

static dnnl_status_t map_init(struct lade__kernel *k, layout_ref x, enum lade__pass pass, map_forward *forward,
                              map_backward *backward) {
    dnnl_primitive_desc_t forward_pd, backward_pd;
    dnnl_status_t s = forward(&forward_pd, k->engine, prop_kind(pass), x);
    if (s)
        return s;
    s = primitive_init(&k->forward, k->engine, forward_pd, map_forward_bindings);
    if (!s && pass == LADE__TRAIN) {
        s = backward(&backward_pd, k->engine, x, forward_pd);
        if (!s) {
            s = primitive_init(&k->backward[0], k->engine, backward_pd, map_backward_bindings);
            dnnl_primitive_desc_destroy(backward_pd);
        }
    }
    dnnl_primitive_desc_destroy(forward_pd);
    return s;
}

static int map_kernel(struct lade__engine *e, int64_t rows, int64_t columns, enum lade__pass pass, map_forward *forward,
                      map_backward *backward, const char *what, struct lade__kernel **out, struct lade_error *err) {
    struct lade__kernel *k = kernel_new(e);
    layout x = {0};
    dnnl_status_t s = k ? layout_init(&x, 2, (dnnl_dims_t){rows, columns}, dnnl_ab) : dnnl_out_of_memory;
    int before = swap_threads(e, e->threads);
    if (!s)
        s = map_init(k, LAYOUT_REF(x), pass, forward, backward);
    swap_threads(e, before);
    layout_release(&x);
    return kernel_done(k, s, what, out, err);
}

int lade__relu_kernel(struct lade__engine *e, int64_t count, enum lade__pass pass, struct lade__kernel **out,
                      struct lade_error *err) {
    return map_kernel(e, 1, count, pass, relu_forward, relu_backward, "a relu layer", out, err);
}

int lade__logsoftmax_kernel(struct lade__engine *e, int64_t n, int64_t columns, enum lade__pass pass,
                            struct lade__kernel **out, struct lade_error *err) {
    return map_kernel(e, n, columns, pass, logsoftmax_forward, logsoftmax_backward, "a softmax", out, err);
}

int lade__kernel_forward(struct lade__kernel *k, const struct lade__arrays *a, struct lade_error *err) {
    int before = swap_threads(k->engine, k->threads);
    dnnl_status_t s = primitive_run(&k->forward, k->engine, a);
    swap_threads(k->engine, before);
    return s ? fail(err, s, "a layer forward") : LADE_OK;
}

int lade__kernel_backward(struct lade__kernel *k, const struct lade__arrays *a, struct lade_error *err) {
    int before = swap_threads(k->engine, k->threads);
    dnnl_status_t s = dnnl_success;
    for (int i = 0; i < 2 && !s; i++)
        if (k->backward[i].handle)
            s = primitive_run(&k->backward[i], k->engine, a);
    swap_threads(k->engine, before);
    return s ? fail(err, s, "a layer backward") : LADE_OK;
}

void lade__kernel_free(struct lade__kernel *k) {
    if (!k)
        return;
    primitive_release(&k->forward);
    for (int i = 0; i < 2; i++)
        primitive_release(&k->backward[i]);
    lade_free(k);
}
