/*
 * train/dnnl/conv.c - makes the kernels of convolutions. For some shapes and layouts, oneDNN has only a reference
 * implementation, which is up to a thousand times slower than its other implementations. For this reason, the layouts
 * are chosen separately for the forward pass, the gradient of the input and the gradient of the weights. For each
 * candidate, oneDNN makes a primitive descriptor. The name of the implementation in this descriptor shows if the
 * candidate is fast. program.c adds the reorders between the layouts of the primitives and the layouts of the arrays.
 */
#include <string.h>

#include "train/dnnl/impl.h"

/* ---- The three operations ---------------------------------------------------------------------------------------- */

struct conv {
    struct lade__kernel *kernel;
    const struct lade__dnnl_layout *x;
    struct lade__extent y;
    const struct lade__window *window;
    struct lade__dnnl_window dnnl_window;
    description w, any_w, b;
    enum lade__kernel_mode mode;
    bool relu;
    dnnl_primitive_desc_t forward; /* the descriptor of the forward pass; NULL: not chosen yet */
};

static dnnl_status_t describe_operation(const struct conv *c, enum lade__dnnl_operation operation, description_ref x,
                                        description_ref y, dnnl_primitive_desc_t *pd) {
    const struct lade__engine *e = c->kernel->engine;
    description_ref w = DESCRIPTION_REF(c->any_w), b = DESCRIPTION_REF(c->b);
    switch (operation) {
    case LADE__DNNL_FORWARD:
        return lade__dnnl_conv(pd, e->engine, c->relu ? e->with_relu : e->attributes, lade__dnnl_prop_kind(c->mode), x,
                               w, b, y, &c->dnnl_window);
    case LADE__DNNL_INPUT_GRADIENT:
        return lade__dnnl_conv_data(pd, e->engine, e->attributes, x, w, y, &c->dnnl_window, c->forward);
    case LADE__DNNL_WEIGHTS_GRADIENT:
        break;
    }
    return lade__dnnl_conv_weights(pd, e->engine, e->attributes, x, w, b, y, &c->dnnl_window, c->forward);
}

/* ---- The choice of layouts --------------------------------------------------------------------------------------- */

/* Values that can replace a format tag. OWN is the layout of the caller's array. If the layout of y is not chosen yet,
   OWN means that oneDNN chooses this layout. OF_FORWARD is the layout that the forward pass has chosen. */
enum { OWN = -1, OF_FORWARD = -2 };

struct candidate {
    int x, y; /* a dnnl_format_tag_t, OWN or OF_FORWARD */
};

static const struct candidate own = {OWN, OWN}, any = {dnnl_format_tag_any, dnnl_format_tag_any},
                              channels_last = {dnnl_acdb, dnnl_acdb};
static const struct candidate candidates[] = {{OWN, OWN},
                                              {OF_FORWARD, OWN},
                                              {dnnl_acdb, dnnl_acdb},
                                              {dnnl_format_tag_any, dnnl_format_tag_any},
                                              {dnnl_aBcd16b, dnnl_aBcd16b},
                                              {dnnl_aBcd8b, dnnl_aBcd8b},
                                              {dnnl_abcd, dnnl_abcd}};

struct choice {
    dnnl_primitive_desc_t pd; /* the best descriptor so far; NULL: no descriptor */
    int rank;
    dnnl_status_t status; /* the status of the last attempt that failed */
};

int lade__dnnl_rank(const_dnnl_primitive_desc_t pd) {
    const char *name = NULL;
    if (dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, (void *)&name) || !name)
        return 0;
    return strncmp(name, "ref", 3) == 0 ? 0 : strstr(name, "gemm") && !strstr(name, "brgemm") ? 1 : 2;
}

static dnnl_status_t describe_image(description *d, const struct lade__extent *extent, int tag, description_ref array,
                                    const struct conv *c, int argument) {
    if (tag == OWN && array)
        return lade__dnnl_copy(d, array);
    if (tag == OF_FORWARD)
        return lade__dnnl_copy(d, dnnl_primitive_desc_query_md(c->forward, dnnl_query_exec_arg_md, argument));
    return lade__dnnl_describe(d, 4, (dnnl_dims_t){extent->n, extent->channels, extent->height, extent->width},
                               tag == OWN ? dnnl_format_tag_any : (dnnl_format_tag_t)tag);
}

/* Tries a candidate, and keeps its descriptor if this is the best descriptor so far. */
static void try(const struct conv *c, enum lade__dnnl_operation operation, const struct candidate *candidate,
                struct choice *choice) {
    bool is_forward = operation == LADE__DNNL_FORWARD;
    description x = {0}, y = {0};
    dnnl_primitive_desc_t pd;
    if (choice->rank == 2 || (candidate->x == OF_FORWARD && is_forward))
        return;
    dnnl_status_t s = describe_image(&x, &c->x->extent, candidate->x, DESCRIPTION_REF(c->x->d), c, DNNL_ARG_SRC);
    if (!s)
        s = describe_image(&y, &c->y, candidate->y, is_forward ? NULL : DESCRIPTION_REF(c->kernel->y.d), c,
                           DNNL_ARG_DST);
    if (!s)
        s = describe_operation(c, operation, DESCRIPTION_REF(x), DESCRIPTION_REF(y), &pd);
    lade__dnnl_release(&x);
    lade__dnnl_release(&y);
    if (s) {
        choice->status = s;
        return;
    }
    int rank = lade__dnnl_rank(pd);
    dnnl_primitive_desc_t worse = rank > choice->rank ? choice->pd : pd;
    if (rank > choice->rank)
        choice->pd = pd, choice->rank = rank;
    if (worse)
        dnnl_primitive_desc_destroy(worse);
}

#define BLOCK        16 /* channels in the largest block of oneDNN's layouts */
#define FEW          4  /* up to this number of input channels, oneDNN has kernels that read plain images */
#define REORDER_COST 40 /* number of multiplications that take as long as moving one number to another layout */

/* Returns true if x is in blocks of channels, and computing the padding of y is faster than a change of x's layout. */
static bool should_keep_blocks(const struct conv *c) {
    int64_t inputs = c->x->extent.channels, block = lade__dnnl_layout_block(c->x);
    if (block == 0 || inputs % block || c->window->groups > 1)
        return false;
    int64_t padding = (c->y.channels + block - 1) / block * block - c->y.channels;
    double computed = (double)(c->y.n * c->y.height * c->y.width) * (double)(padding * inputs) *
                      (double)(c->window->size[0] * c->window->size[1]);
    return computed < REORDER_COST * (double)lade__dnnl_layout_floats(c->x);
}

/*
 * Returns the candidate for the forward pass that is tried first. If the channels consist of whole blocks, oneDNN
 * chooses a layout in blocks. Otherwise, the channels would be padded to whole blocks, and each primitive would choose
 * another layout, so the layout is (N, H, W, C).
 */
static const struct candidate *preferred(const struct conv *c) {
    int64_t groups = c->window->groups, inputs = c->x->extent.channels / groups, outputs = c->y.channels / groups;
    if (inputs == 1 && outputs == 1)
        return c->y.channels % BLOCK ? &channels_last : &any;
    if (outputs % BLOCK == 0 && (inputs % BLOCK == 0 || (inputs <= FEW && groups == 1)))
        return &any;
    return should_keep_blocks(c) ? &own : &channels_last;
}

/* Stores the descriptor of the operation in *pd. The caller must destroy the descriptor. */
static dnnl_status_t choose(const struct conv *c, enum lade__dnnl_operation operation, dnnl_primitive_desc_t *pd) {
    struct choice choice = {.rank = -1};
    if (operation == LADE__DNNL_FORWARD)
        try(c, operation, preferred(c), &choice);
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
        try(c, operation, &candidates[i], &choice);
    *pd = choice.pd;
    return choice.pd ? dnnl_success : choice.status;
}

/* ---- The kernel -------------------------------------------------------------------------------------------------- */

/* Sets the layout of y, and keeps the descriptor @pd of the forward pass for the other operations. */
static dnnl_status_t keep_forward(struct conv *c, dnnl_primitive_desc_t pd) {
    dnnl_status_t s = lade__dnnl_copy(&c->kernel->y.d, dnnl_primitive_desc_query_md(pd, dnnl_query_dst_md, 0));
    return s ? s : dnnl_primitive_desc_clone(&c->forward, pd);
}

static dnnl_status_t add(struct conv *c, enum lade__dnnl_operation operation) {
    dnnl_primitive_desc_t pd;
    dnnl_status_t s = choose(c, operation, &pd);
    if (s)
        return s;
    s = operation == LADE__DNNL_FORWARD ? keep_forward(c, pd) : dnnl_success;
    if (s) {
        dnnl_primitive_desc_destroy(pd);
        return s;
    }
    const description_ref layouts[] = {DESCRIPTION_REF(c->x->d), DESCRIPTION_REF(c->kernel->y.d), DESCRIPTION_REF(c->w),
                                       DESCRIPTION_REF(c->b)};
    return lade__dnnl_add_operation(c->kernel, operation, pd, layouts);
}

static dnnl_status_t describe_parameters(struct conv *c) {
    int64_t g = c->window->groups, inputs = c->x->extent.channels / g, outputs = c->y.channels / g;
    bool grouped = g > 1; /* oneDNN needs one more dimension for groups; the order in memory is the same */
    dnnl_dims_t all = {g, outputs, inputs, c->window->size[0], c->window->size[1]};
    const int64_t *dims = grouped ? all : all + 1;
    dnnl_status_t s = lade__dnnl_describe(&c->w, 4 + grouped, dims, grouped ? dnnl_abcde : dnnl_abcd);
    if (!s)
        s = lade__dnnl_describe(&c->any_w, 4 + grouped, dims, dnnl_format_tag_any);
    return s ? s : lade__dnnl_describe(&c->b, 1, (dnnl_dims_t){c->y.channels}, dnnl_a);
}

int lade__conv_kernel(struct lade__engine *e, const struct lade__dnnl_layout *x, const struct lade__extent *y,
                      const struct lade__window *window, bool relu, enum lade__kernel_mode mode,
                      struct lade__kernel **out, struct lade_error *err) {
    struct lade__kernel *k = lade__dnnl_kernel_new(e, y);
    struct conv c = {.kernel = k,
                     .x = x,
                     .y = *y,
                     .window = window,
                     .dnnl_window = lade__dnnl_window(window),
                     .mode = mode,
                     .relu = relu};
    int before = lade__dnnl_swap_threads(e, e->threads);
    dnnl_status_t s = k ? describe_parameters(&c) : dnnl_out_of_memory;
    if (!s)
        s = add(&c, LADE__DNNL_FORWARD);
    if (!s && mode != LADE__INFERENCE)
        s = add(&c, LADE__DNNL_WEIGHTS_GRADIENT);
    if (!s && mode == LADE__TRAINING)
        s = add(&c, LADE__DNNL_INPUT_GRADIENT);
    lade__dnnl_swap_threads(e, before);
    if (c.forward)
        dnnl_primitive_desc_destroy(c.forward);
    lade__dnnl_release(&c.w);
    lade__dnnl_release(&c.any_w);
    lade__dnnl_release(&c.b);
    return lade__dnnl_kernel_done(k, s, "a convolution", out, err);
}
