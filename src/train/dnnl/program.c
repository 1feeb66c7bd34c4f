/*
 * train/dnnl/program.c - implements memory layouts and programs. A program is a sequence of oneDNN primitives. Each
 * primitive needs its arrays in certain layouts. If an array has another layout, a reorder copies the array to scratch
 * memory. For example, weights have the plain layout, because files and optimizers need this layout. The addresses of
 * the arrays are set at each run, so that a program works with any memory.
 */
#include "train/dnnl/impl.h"

/* ---- Layouts ----------------------------------------------------------------------------------------------------- */

static dnnl_status_t describe_extent(description *d, const struct lade__extent *x, dnnl_format_tag_t tag) {
    return x->is_image ? lade__dnnl_describe(d, 4, (dnnl_dims_t){x->n, x->channels, x->height, x->width}, tag)
                       : lade__dnnl_describe(d, 2, (dnnl_dims_t){x->n, x->channels}, tag);
}

static dnnl_format_tag_t plain_tag(const struct lade__extent *x) {
    return !x->is_image ? dnnl_ab : x->channels_first ? dnnl_abcd : dnnl_acdb;
}

static bool has_tag(const struct lade__dnnl_layout *l, dnnl_format_tag_t tag) {
    description d = {0};
    bool same = describe_extent(&d, &l->extent, tag) == dnnl_success &&
                dnnl_memory_desc_equal(DESCRIPTION_REF(d), DESCRIPTION_REF(l->d));
    lade__dnnl_release(&d);
    return same;
}

static int layout_new(const struct lade__extent *extent, dnnl_format_tag_t tag, struct lade__dnnl_layout **out,
                      struct lade_error *err) {
    *out = NULL;
    struct lade__dnnl_layout *l = lade_calloc(1, sizeof *l);
    if (!l)
        return lade_error_set(err, LADE_ENOMEM, "no memory for a layout");
    l->extent = *extent;
    dnnl_status_t s = describe_extent(&l->d, extent, tag);
    if (s) {
        lade__dnnl_layout_free(l);
        return lade__dnnl_fail(err, s, "a layout");
    }
    *out = l;
    return LADE_OK;
}

int lade__dnnl_layout_new(const struct lade__extent *extent, struct lade__dnnl_layout **out, struct lade_error *err) {
    return layout_new(extent, plain_tag(extent), out, err);
}

int lade__dnnl_layout_blocked(const struct lade__extent *extent, int64_t block, struct lade__dnnl_layout **out,
                              struct lade_error *err) {
    return layout_new(extent, block == 16 ? dnnl_aBcd16b : block == 8 ? dnnl_aBcd8b : dnnl_aBcd4b, out, err);
}

void lade__dnnl_layout_free(struct lade__dnnl_layout *l) {
    if (l)
        lade__dnnl_release(&l->d);
    lade_free(l);
}

const struct lade__extent *lade__dnnl_layout_extent(const struct lade__dnnl_layout *l) {
    return &l->extent;
}

bool lade__dnnl_layout_is_plain(const struct lade__dnnl_layout *l) {
    return has_tag(l, plain_tag(&l->extent));
}

int64_t lade__dnnl_layout_block(const struct lade__dnnl_layout *l) {
    return !l->extent.is_image        ? 0
           : has_tag(l, dnnl_aBcd16b) ? 16
           : has_tag(l, dnnl_aBcd8b)  ? 8
           : has_tag(l, dnnl_aBcd4b)  ? 4
                                      : 0;
}

bool lade__dnnl_layout_equal(const struct lade__dnnl_layout *a, const struct lade__dnnl_layout *b) {
    return dnnl_memory_desc_equal(DESCRIPTION_REF(a->d), DESCRIPTION_REF(b->d));
}

size_t lade__dnnl_layout_floats(const struct lade__dnnl_layout *l) {
    return dnnl_memory_desc_get_size(DESCRIPTION_REF(l->d)) / sizeof(float);
}

bool lade__dnnl_layout_loops(const struct lade__dnnl_layout *l, struct lade__loops *out) {
    static const struct {
        dnnl_format_tag_t tag;
        int64_t inner; /* channels in a block; 0: all channels */
    } blocked[] = {{dnnl_acdb, 0}, {dnnl_aBcd16b, 16}, {dnnl_aBcd8b, 8}, {dnnl_aBcd4b, 4}, {dnnl_abcd, 1}};
    const struct lade__extent *x = &l->extent;
    if (!x->is_image) {
        *out = (struct lade__loops){x->n, 1, 1, x->channels};
        return true;
    }
    for (size_t i = 0; i < sizeof blocked / sizeof *blocked; i++)
        if (has_tag(l, blocked[i].tag)) {
            int64_t inner = blocked[i].inner ? blocked[i].inner : x->channels;
            *out = (struct lade__loops){x->n, (x->channels + inner - 1) / inner, x->height * x->width, inner};
            return true;
        }
    return false;
}

/* ---- Making a program -------------------------------------------------------------------------------------------- */

#define ALIGN 64

/* Reserves @bytes bytes of scratch memory after the first *used bytes, and increases *used. Returns the offset of the
   reserved bytes. */
static size_t reserve(size_t *used, size_t bytes) {
    size_t at = *used;
    *used += (bytes + ALIGN - 1) / ALIGN * ALIGN;
    return at;
}

static dnnl_status_t bind(struct lade__kernel *k, struct lade__dnnl_primitive *p, int argument, description_ref d,
                          int place, size_t offset) {
    dnnl_status_t s = dnnl_memory_create(&p->arguments[p->count].memory, d, k->engine->engine, DNNL_MEMORY_NONE);
    if (s)
        return s;
    p->arguments[p->count].arg = argument;
    p->places[p->count] = place;
    p->offsets[p->count] = offset;
    p->count++;
    return dnnl_success;
}

/* Creates the handle of a primitive, and adds the scratch memory as its last argument. */
static dnnl_status_t make(struct lade__kernel *k, struct lade__dnnl_primitive *p, dnnl_primitive_desc_t pd) {
    dnnl_status_t s = dnnl_primitive_create(&p->handle, pd);
    description_ref scratch = dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
    size_t size = scratch ? dnnl_memory_desc_get_size(scratch) : 0;
    if (s || size == 0)
        return s;
    if (k->primitive_scratch < size)
        k->primitive_scratch = size;
    return bind(k, p, DNNL_ARG_SCRATCHPAD, scratch, LADE__DNNL_SCRATCH, 0);
}

/* Returns the next unused primitive of a program, or NULL if the program is full. */
static struct lade__dnnl_primitive *next_primitive(struct lade__dnnl_program *p) {
    return p->count < LADE__DNNL_PRIMITIVES ? &p->primitives[p->count++] : NULL;
}

dnnl_status_t lade__dnnl_add_reorder(struct lade__kernel *k, struct lade__dnnl_program *p, description_ref from,
                                     int from_place, description_ref to, int to_place, size_t copy) {
    dnnl_engine_t e = k->engine->engine;
    dnnl_primitive_desc_t pd;
    dnnl_status_t s = dnnl_reorder_primitive_desc_create(&pd, from, e, to, e, k->engine->attributes);
    if (s)
        return s;
    struct lade__dnnl_primitive *primitive = next_primitive(p);
    s = !primitive ? dnnl_runtime_error : bind(k, primitive, DNNL_ARG_FROM, from, from_place, copy);
    if (!s)
        s = bind(k, primitive, DNNL_ARG_TO, to, to_place, copy);
    if (!s)
        s = make(k, primitive, pd);
    dnnl_primitive_desc_destroy(pd);
    return s;
}

dnnl_status_t lade__dnnl_add(struct lade__kernel *k, struct lade__dnnl_program *p, dnnl_primitive_desc_t pd,
                             const struct lade__dnnl_binding *bindings) {
    size_t used = 0, offsets[LADE__DNNL_ARGUMENTS] = {0};
    bool copied[LADE__DNNL_ARGUMENTS] = {false};
    dnnl_status_t s = dnnl_success;
    for (int i = 0; bindings[i].argument; i++) {
        description_ref wanted = dnnl_primitive_desc_query_md(pd, dnnl_query_exec_arg_md, bindings[i].argument);
        copied[i] = bindings[i].layout && !dnnl_memory_desc_equal(bindings[i].layout, wanted);
        if (copied[i])
            offsets[i] = reserve(&used, dnnl_memory_desc_get_size(wanted));
    }
    if (k->copies < used)
        k->copies = used;
    for (int i = 0; bindings[i].argument && !s; i++)
        if (copied[i] && !bindings[i].written)
            s = lade__dnnl_add_reorder(k, p, bindings[i].layout, bindings[i].place,
                                       dnnl_primitive_desc_query_md(pd, dnnl_query_exec_arg_md, bindings[i].argument),
                                       LADE__DNNL_COPY, offsets[i]);
    struct lade__dnnl_primitive *primitive = s ? NULL : next_primitive(p);
    if (!s && !primitive)
        s = dnnl_runtime_error;
    for (int i = 0; bindings[i].argument && !s; i++)
        s = bind(k, primitive, bindings[i].argument,
                 dnnl_primitive_desc_query_md(pd, dnnl_query_exec_arg_md, bindings[i].argument),
                 copied[i] ? LADE__DNNL_COPY : bindings[i].place, offsets[i]);
    if (!s)
        s = make(k, primitive, pd);
    for (int i = 0; bindings[i].argument && !s; i++)
        if (copied[i] && bindings[i].written)
            s = lade__dnnl_add_reorder(k, p,
                                       dnnl_primitive_desc_query_md(pd, dnnl_query_exec_arg_md, bindings[i].argument),
                                       LADE__DNNL_COPY, bindings[i].layout, bindings[i].place, offsets[i]);
    dnnl_primitive_desc_destroy(pd);
    return s;
}

dnnl_status_t lade__dnnl_add_operation(struct lade__kernel *k, enum lade__dnnl_operation operation,
                                       dnnl_primitive_desc_t pd, const description_ref layouts[4]) {
    enum { MOST = 4, ARRAYS = LADE__DX }; /* the gradients follow the four arrays, in the same order */
    static const struct {
        int argument, place;
        bool written;
    } rows[][MOST] = {[LADE__DNNL_FORWARD] = {{DNNL_ARG_SRC, LADE__X, false},
                                              {DNNL_ARG_WEIGHTS, LADE__W, false},
                                              {DNNL_ARG_BIAS, LADE__B, false},
                                              {DNNL_ARG_DST, LADE__Y, true}},
                      [LADE__DNNL_WEIGHTS_GRADIENT] = {{DNNL_ARG_SRC, LADE__X, false},
                                                       {DNNL_ARG_DIFF_DST, LADE__DY, false},
                                                       {DNNL_ARG_DIFF_WEIGHTS, LADE__DW, true},
                                                       {DNNL_ARG_DIFF_BIAS, LADE__DB, true}},
                      [LADE__DNNL_INPUT_GRADIENT] = {{DNNL_ARG_DIFF_DST, LADE__DY, false},
                                                     {DNNL_ARG_WEIGHTS, LADE__W, false},
                                                     {DNNL_ARG_DIFF_SRC, LADE__DX, true}}};
    struct lade__dnnl_binding bindings[MOST + 1] = {{0}};
    for (int i = 0; i < MOST && rows[operation][i].argument; i++)
        bindings[i] =
            (struct lade__dnnl_binding){rows[operation][i].argument, rows[operation][i].place,
                                        rows[operation][i].written, layouts[rows[operation][i].place % ARRAYS]};
    return lade__dnnl_add(k, operation == LADE__DNNL_FORWARD ? &k->forward : &k->backward, pd, bindings);
}

/* ---- Running a program ------------------------------------------------------------------------------------------- */

static dnnl_status_t run_primitive(const struct lade__kernel *k, const struct lade__dnnl_primitive *p,
                                   const struct lade__arrays *a) {
    char *scratch = k->engine->scratch;
    for (int i = 0; i < p->count; i++) {
        void *data = p->places[i] < LADE__OPERANDS          ? a->at[p->places[i]]
                     : p->places[i] == LADE__DNNL_SCRATCH   ? scratch + k->copies
                     : p->places[i] == LADE__DNNL_WORKSPACE ? k->workspace
                                                            : (void *)(scratch + p->offsets[i]);
        dnnl_status_t s = dnnl_memory_set_data_handle(p->arguments[i].memory, data);
        if (s)
            return s;
    }
    dnnl_status_t s = dnnl_primitive_execute(p->handle, k->engine->stream, p->count, p->arguments);
    return s ? s : dnnl_stream_wait(k->engine->stream);
}

static int run(const struct lade__kernel *k, const struct lade__dnnl_program *p, const struct lade__arrays *a,
               const char *what, struct lade_error *err) {
    int before = lade__dnnl_swap_threads(k->engine, k->threads);
    dnnl_status_t s = dnnl_success;
    for (int i = 0; i < p->count && !s; i++)
        s = run_primitive(k, &p->primitives[i], a);
    lade__dnnl_swap_threads(k->engine, before);
    return s ? lade__dnnl_fail(err, s, what) : LADE_OK;
}

int lade__kernel_forward(struct lade__kernel *k, const struct lade__arrays *a, struct lade_error *err) {
    return run(k, &k->forward, a, "the forward pass of a layer", err);
}

int lade__kernel_backward(struct lade__kernel *k, const struct lade__arrays *a, struct lade_error *err) {
    return run(k, &k->backward, a, "the backward pass of a layer", err);
}

const struct lade__dnnl_layout *lade__kernel_output(const struct lade__kernel *k) {
    return &k->y;
}

static void program_release(struct lade__dnnl_program *p) {
    for (int i = 0; i < p->count; i++) {
        for (int j = 0; j < p->primitives[i].count; j++)
            dnnl_memory_destroy(p->primitives[i].arguments[j].memory);
        if (p->primitives[i].handle)
            dnnl_primitive_destroy(p->primitives[i].handle);
    }
}

void lade__kernel_free(struct lade__kernel *k) {
    if (!k)
        return;
    program_release(&k->forward);
    program_release(&k->backward);
    lade__dnnl_release(&k->y.d);
    lade_free_aligned(k->workspace);
    lade_free(k);
}
