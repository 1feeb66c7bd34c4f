/* Tests of flows without memory. The test repeats the same calls. In repetition n, the first n allocations succeed
 * and all later allocations fail. The result is always an error, and never a crash, a hang or a leak. A valid file
 * is never reported as invalid. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

static int allowed; /* number of allocations before the first failure; accessed atomically, because several threads
                       allocate */
static int64_t live;

static void *resize(void *ctx, void *p, size_t size) {
    (void)ctx;
    if (__atomic_sub_fetch(&allowed, 1, __ATOMIC_RELAXED) < 0)
        return NULL;
    void *q = realloc(p, size);
    if (q && !p)
        __atomic_fetch_add(&live, 1, __ATOMIC_RELAXED);
    return q;
}

static void release(void *ctx, void *p) {
    (void)ctx;
    __atomic_fetch_sub(&live, 1, __ATOMIC_RELAXED);
    free(p);
}

enum source { FOLDERS, LIST, TAGS, ARRAYS, READER, SOURCES };

static int label_of(void *ctx, int64_t i, struct lade_reader_label *label, struct lade_error *err) {
    (void)ctx, (void)err;
    label->class_name = i % 2 ? "b|a" : "c";
    label->values[0] = (float)i;
    return LADE_OK;
}

/* Reads an image whose size depends on @i. */
static int64_t read_image(void *ctx, int worker, int64_t i, lade_reader_buffer *buffer, struct lade_error *err) {
    static const char header[] = "P5 4 4 255\n";
    int64_t size = (int64_t)sizeof header - 1 + 16 + 100 * i;
    char *bytes = lade_reader_reserve(buffer, size, err);

    (void)ctx, (void)worker;
    if (!bytes)
        return err->code;
    memset(bytes, (int)i, (size_t)size);
    memcpy(bytes, header, sizeof header - 1);
    return size;
}

/* Opens a source of seven samples with all features of the source. */
static lade_flow *open_source(enum source source, struct lade_flow_options o, struct lade_error *err) {
    struct lade_manifest list = {.weight_col = "w", .label_separator = source == TAGS ? '|' : 0};
    struct lade_flow_options bare = {
        .batch_size = 3, .workers = 2, .validation_split = .2, .subset = LADE_SUBSET_TRAINING};
    switch (source) {
    case FOLDERS:
        o.save_to_dir = tree_root;
        return lade_flow_from_directory(tree_root, &o, err);
    case LIST:
        o.order = LADE_ORDER_BALANCED;
        o.class_weights = (const double[]){1, 2};
        return lade_flow_from_manifest(tree_path("list.csv"), &list, &o, err);
    case TAGS:
        return lade_flow_from_manifest(tree_path("list.csv"), &list, &o, err);
    case READER:
        return lade_flow_from_reader(&(struct lade_reader){.source = "reader",
                                                           .root = "root",
                                                           .samples = 7,
                                                           .label = label_of,
                                                           .label_separator = '|',
                                                           .columns = 1,
                                                           .weighted = true,
                                                           .read = read_image},
                                     &o, err);
    default:
        break;
    }
    struct lade_tensor *x = lade_tensor_map_npy(tree_path("x.npy"), err);
    struct lade_tensor *y = x ? lade_tensor_map_npy(tree_path("y.npy"), err) : NULL;
    lade_flow *flow = y ? lade_flow_from_arrays(x, y, y, &bare, err) : NULL;
    lade_tensor_unref(x);
    lade_tensor_unref(y);
    return flow;
}

static void make_sources(void) {
    struct lade_tensor *x = lade_tensor_new(LADE_UINT8, 4, (int64_t[]){8, 4, 4, 3});
    struct lade_tensor *y = lade_tensor_new(LADE_UINT8, 1, (int64_t[]){8});
    for (int i = 5; i < 8; i++)
        ((uint8_t *)lade_tensor_data(y))[i] = 1;
    ck_assert_int_eq(lade_tensor_write_npy(x, tree_path("x.npy"), NULL), LADE_OK);
    ck_assert_int_eq(lade_tensor_write_npy(y, tree_path("y.npy"), NULL), LADE_OK);
    lade_tensor_unref(x);
    lade_tensor_unref(y);
    FILE *f = fopen(tree_path("list.csv"), "w");
    fprintf(f, "filename,class,w\n");
    for (int i = 0; i < 7; i++)
        fprintf(f, "c%d/00%d.%s,%s,%d\n", i / 4, i % 4, i % 3 == 2 ? "jpg" : "png", i % 2 ? "b|a" : "c", i);
    fclose(f);
}

/* Makes a flow, uses all its functions and frees it. Returns LADE_OK or the first error. */
static int use_flow(enum source source, enum lade_error_policy policy, struct lade_error *err) {
    struct lade_flow_options o = {.target_size = {4, 4}, .batch_size = 3, .workers = 2, .on_error = policy};
    lade_flow *flow = open_source(source, o, err);
    struct lade_batch *b = NULL;
    char *state = NULL;
    int status = flow ? LADE_OK : err->code;

    for (int k = 0; k < 4 && status == LADE_OK; k++) {
        status = lade_flow_next(flow, &b, err);
        if (status == LADE_OK) {
            ck_assert_int_eq(b->n, b->step < 2 ? 3 : 1); /* no row is missing */
            lade_batch_unref(b);
        }
    }
    if (status == LADE_OK)
        status = lade_flow_submit(flow, &(struct lade_plan){.n = 1, .samples = &(int64_t){0}}, err);
    if (status == LADE_OK)
        status = lade_flow_next(flow, &b, err);
    if (status == LADE_OK)
        lade_batch_unref(b);
    if (status == LADE_OK)
        status = lade_flow_batch(flow, 2, 1, &b, err);
    if (status == LADE_OK)
        lade_batch_unref(b);
    if (status == LADE_OK)
        status = lade_flow_state(flow, &state, err);
    if (status == LADE_OK)
        status = lade_flow_resume(flow, state, err);
    if (flow)
        ck_assert_int_eq(lade_flow_invalid_count(flow), 0);
    lade_free(state);
    lade_flow_free(flow);
    return status;
}

START_TEST(every_allocation_may_fail) {
    tree_classes(2, (int[]){4, 3});
    make_sources();
    lade_set_allocator(&(struct lade_allocator){resize, release, NULL});
    int n = 0, status = LADE_ENOMEM;
    for (; status < 0 && n < 5000; n++) {
        struct lade_error err = {0};
        allowed = n;
        live = 0;
        status = use_flow((enum source)(_i / 2), _i % 2 ? LADE_ERROR_SKIP : LADE_ERROR_FAIL, &err);
        allowed = 1 << 30;
        lade_release_stacks();
        ck_assert_msg(status == LADE_OK || status == LADE_ENOMEM, "allocation %d: %d %s", n, status, err.message);
        ck_assert_int_eq(err.code, status);
        ck_assert_msg(live == 0, "allocation %d: %lld blocks are left", n, (long long)live);
    }
    ck_assert_int_eq(status, LADE_OK);
    ck_assert_int_gt(n, 30);
    lade_set_allocator(NULL);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *cases = check_case(suite, "flow oom");
    tcase_add_loop_test(cases, every_allocation_may_fail, 0, 2 * SOURCES);
    tcase_add_checked_fixture(cases, tree_begin, tree_end);
}
