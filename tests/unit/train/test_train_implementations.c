/* Lists the names of oneDNN's implementations that the convolutions and pools of 300 random shapes use, and fails if a
 * primitive is a reference implementation although oneDNN has a faster one for the shape. */
#include "train/dnnl/impl.h"

#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

#define SHAPES 300

/* ---- Random shapes ----------------------------------------------------------------------------------------------- */

struct shape {
    struct lade__extent x, y;
    struct lade__window window;
    int64_t block; /* channels in a block of x; 0: plain */
    bool relu, average;
};

static int64_t one_of(struct lade_random *r, int count, const int64_t *values) {
    return values[lade_random_below(r, (uint64_t)count)];
}
#define ONE_OF(r, ...) one_of(r, sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t), (int64_t[]){__VA_ARGS__})

/* Sets the padding of dimension @i as layers.c does, and returns the size of the output, or 0. */
static int64_t place(struct lade__window *w, int i, int64_t length, bool same) {
    if (!same)
        return w->size[i] > length ? 0 : (length - w->size[i]) / w->stride[i] + 1;
    int64_t places = (length + w->stride[i] - 1) / w->stride[i];
    int64_t padding = (places - 1) * w->stride[i] + w->size[i] - length;
    w->before[i] = padding > 0 ? padding / 2 : 0;
    w->after[i] = padding > 0 ? padding - w->before[i] : 0;
    return places;
}

static struct shape draw(struct lade_random *r, bool pool) {
    struct shape s = {0};
    bool same = lade_random_below(r, 2), tall = lade_random_below(r, 4) == 0;
    int64_t size = ONE_OF(r, 1, 2, 3, 3, 3, 5, 7), stride = ONE_OF(r, 1, 1, 2, 3), groups;
    int64_t inputs = lade_random_below(r, 2) ? 1 + (int64_t)lade_random_below(r, 15)
                                             : ONE_OF(r, 16, 20, 24, 32, 48, 50, 64, 96, 128);
    int64_t outputs = lade_random_below(r, 2) ? 1 + (int64_t)lade_random_below(r, 20)
                                              : ONE_OF(r, 16, 24, 32, 48, 50, 64, 96, 128, 200);
    do
        groups = 1 + (int64_t)lade_random_below(r, (uint64_t)inputs);
    while (inputs % groups);
    groups = lade_random_below(r, 3) == 0 ? groups : lade_random_below(r, 4) == 0 ? inputs : 1;
    outputs =
        groups == inputs && groups > 1 && lade_random_below(r, 2) ? inputs : (outputs + groups - 1) / groups * groups;
    int64_t height = 1 + (int64_t)lade_random_below(r, 34),
            width = tall ? 1 + (int64_t)lade_random_below(r, 34) : height;
    bool first = lade_random_below(r, 3) == 0;
    s.x = (struct lade__extent){ONE_OF(r, 1, 3, 8, 32), inputs, height, width, true, first};
    s.y = (struct lade__extent){s.x.n, pool ? inputs : outputs, 0, 0, true, first};
    s.window = (struct lade__window){{size, size}, {stride, stride}, {0}, {0}, pool ? 1 : groups};
    s.y.height = place(&s.window, 0, height, same);
    s.y.width = place(&s.window, 1, width, same);
    s.block = pool ? 0 : ONE_OF(r, 0, 0, 16, 8);
    s.relu = lade_random_below(r, 2);
    s.average = lade_random_below(r, 2);
    return s.y.height > 0 && s.y.width > 0 ? s : draw(r, pool);
}

/* ---- Names ------------------------------------------------------------------------------------------------------- */

static struct {
    char name[64];
    int count;
} names[64];

static void count_name(const char *kind, const char *name) {
    char text[sizeof names->name];
    snprintf(text, sizeof text, "%s %s", kind, name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!names[i].count || strcmp(names[i].name, text) == 0) {
            strcpy(names[i].name, text);
            names[i].count++;
            return;
        }
    ck_abort_msg("too many names");
}

static const char *name_of(const_dnnl_primitive_desc_t pd) {
    const char *name;
    ck_assert_int_eq(dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, (void *)&name), dnnl_success);
    return name;
}

/* Makes the descriptor of the primitive of @kind for images with the given layouts. Returns NULL if oneDNN has none. */
static dnnl_primitive_desc_t describe(struct lade__engine *e, const struct shape *s, dnnl_prop_kind_t kind,
                                      int64_t inputs, int64_t outputs, dnnl_format_tag_t x_tag,
                                      dnnl_format_tag_t y_tag) {
    struct lade__dnnl_window w = lade__dnnl_window(&s->window);
    int64_t g = s->window.groups;
    bool grouped = g > 1;
    const dnnl_dims_t dims = {g, outputs / g, inputs / g, w.size[0], w.size[1]};
    description x = {0}, y = {0}, weights = {0}, b = {0};
    dnnl_primitive_desc_t pd = NULL, forward = NULL;
    if (lade__dnnl_describe(&x, 4, (dnnl_dims_t){s->x.n, inputs, s->x.height, s->x.width}, x_tag) ||
        lade__dnnl_describe(&y, 4, (dnnl_dims_t){s->y.n, outputs, s->y.height, s->y.width}, y_tag) ||
        lade__dnnl_describe(&weights, 4 + grouped, grouped ? dims : dims + 1, dnnl_format_tag_any) ||
        lade__dnnl_describe(&b, 1, (dnnl_dims_t){outputs}, dnnl_a))
        ck_abort();
    description_ref xr = DESCRIPTION_REF(x), yr = DESCRIPTION_REF(y), wr = DESCRIPTION_REF(weights),
                    br = DESCRIPTION_REF(b);
    if (lade__dnnl_conv(&forward, e->engine, s->relu && kind == dnnl_forward_training ? e->with_relu : e->attributes,
                        dnnl_forward_training, xr, wr, br, yr, &w))
        forward = NULL;
    else if (kind == dnnl_backward_data && lade__dnnl_conv_data(&pd, e->engine, e->attributes, xr, wr, yr, &w, forward))
        pd = NULL;
    else if (kind == dnnl_backward_weights &&
             lade__dnnl_conv_weights(&pd, e->engine, e->attributes, xr, wr, br, yr, &w, forward))
        pd = NULL;
    if (kind == dnnl_forward_training)
        pd = forward;
    else if (forward)
        dnnl_primitive_desc_destroy(forward);
    lade__dnnl_release(&x);
    lade__dnnl_release(&y);
    lade__dnnl_release(&weights);
    lade__dnnl_release(&b);
    return pd;
}

/* Returns true if oneDNN has a faster implementation than its reference implementation for one of the layouts in
   tags[]. The function tries the number of channels of the shape. If the shape has no groups, it also tries the number
   of channels rounded up to a multiple of 16. */
static bool has_better(struct lade__engine *e, const struct shape *s, dnnl_prop_kind_t kind) {
    static const dnnl_format_tag_t tags[] = {dnnl_format_tag_any, dnnl_acdb,   dnnl_aBcd16b,
                                             dnnl_aBcd8b,         dnnl_aBcd4b, dnnl_abcd};
    enum { TAGS = sizeof tags / sizeof *tags };
    for (int i = 0; i < TAGS * TAGS * (s->window.groups > 1 ? 1 : 2); i++) {
        int64_t round = i < TAGS * TAGS ? 1 : 16;
        int64_t inputs = (s->x.channels + round - 1) / round * round,
                outputs = (s->y.channels + round - 1) / round * round;
        dnnl_primitive_desc_t pd = describe(e, s, kind, inputs, outputs, tags[i % TAGS], tags[i / TAGS % TAGS]);
        int rank = pd ? lade__dnnl_rank(pd) : 0;
        if (pd)
            dnnl_primitive_desc_destroy(pd);
        if (rank > 0)
            return true;
    }
    return false;
}

/* Counts the names of a program's primitives. @kinds are the operations in the order of the program, without the
   reorders. */
static void check_program(struct lade__kernel *k, const struct lade__dnnl_program *p, const struct shape *s, bool pool,
                          const dnnl_prop_kind_t *kinds) {
    for (int i = 0; i < p->count; i++) {
        const_dnnl_primitive_desc_t pd;
        dnnl_primitive_kind_t kind;
        ck_assert_int_eq(dnnl_primitive_get_primitive_desc(p->primitives[i].handle, &pd), dnnl_success);
        dnnl_primitive_desc_query(pd, dnnl_query_primitive_kind, 0, &kind);
        bool reorder = kind == dnnl_reorder, reference = strncmp(name_of(pd), "ref", 3) == 0;
        count_name(reorder ? "reorder" : pool ? "pool" : "conv", name_of(pd));
        if (!reorder && !pool && reference)
            ck_assert_msg(
                !has_better(k->engine, s, *kinds),
                "%s, operation %d: conv %d %dx%d stride %d groups %d, padding %d %d, relu %d, of %dx%dx%dx%d, "
                "block %d",
                name_of(pd), (int)*kinds, (int)s->y.channels, (int)s->window.size[0], (int)s->window.size[1],
                (int)s->window.stride[0], (int)s->window.groups, (int)s->window.before[0], (int)s->window.after[0],
                s->relu, (int)s->x.n, (int)s->x.height, (int)s->x.width, (int)s->x.channels, (int)s->block);
        kinds += !reorder;
    }
}

static void check_shapes(bool pool) {
    int shapes = check_under_valgrind() ? 3 : SHAPES; /* under valgrind, each kernel takes seconds to make */
    struct lade__engine *e;
    struct lade_random r;
    ck_assert_int_eq(lade__engine_new(&e, NULL), LADE_OK);
    lade_random_init(&r, 1, 0, pool, LADE_RANDOM_USER);
    for (int i = 0; i < shapes; i++) {
        struct shape s = draw(&r, pool);
        struct lade__dnnl_layout *x;
        struct lade__kernel *k;
        struct lade_error err = {0};
        ck_assert_int_eq(s.block ? lade__dnnl_layout_blocked(&s.x, s.block, &x, &err)
                                 : lade__dnnl_layout_new(&s.x, &x, &err),
                         LADE_OK);
        int status = pool ? lade__pool_kernel(e, x, &s.y, &s.window, s.average, LADE__TRAINING, &k, &err)
                          : lade__conv_kernel(e, x, &s.y, &s.window, s.relu, LADE__TRAINING, &k, &err);
        ck_assert_msg(status == LADE_OK, "%s", err.message);
        check_program(k, &k->forward, &s, pool, (dnnl_prop_kind_t[]){dnnl_forward_training});
        check_program(k, &k->backward, &s, pool, (dnnl_prop_kind_t[]){dnnl_backward_weights, dnnl_backward_data});
        lade__kernel_free(k);
        lade__dnnl_layout_free(x);
    }
    lade__engine_free(e);
    for (size_t i = 0; i < sizeof names / sizeof *names && names[i].count; i++)
        printf("%5d %s\n", names[i].count, names[i].name);
}

START_TEST(no_convolution_is_slow_without_need) {
    check_shapes(false);
}
END_TEST

/* A pool keeps the layout of its input. */
START_TEST(no_pool_is_a_reference_implementation) {
    check_shapes(true);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "implementations");
    tcase_add_test(tcase, no_convolution_is_slow_without_need);
    tcase_add_test(tcase, no_pool_is_a_reference_implementation);
}
