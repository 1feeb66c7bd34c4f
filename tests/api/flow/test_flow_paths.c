/* Tests of lade_flow_from_paths(), which takes a list of files and directories. The tests check the samples, the order
   of the samples, and paths that are refused. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

#define SORTED(...)     (&(struct lade_flow_options){.target_size = {8, 8}, .order = LADE_ORDER_SORTED, __VA_ARGS__})
#define UNLABELLED(...) SORTED(.class_mode = LADE_CLASS_NONE, __VA_ARGS__)

static lade_flow *paths_flow(const char *const *paths, const struct lade_flow_options *o) {
    struct lade_error err = {0};
    lade_flow *flow = lade_flow_from_paths(paths, o, &err);
    ck_assert_msg(flow != NULL, "%s", err.message);
    return flow;
}

static void check_refused(const char *const *paths, const struct lade_flow_options *o, int code, const char *subject) {
    struct lade_error err = {0};
    ck_assert_ptr_null(lade_flow_from_paths(paths, o, &err));
    check_error(&err, code, subject);
}

static void check_name(lade_flow *flow, int64_t i, const char *relative) {
    char name[512];
    ck_assert_int_gt(lade_flow_filename(flow, i, name, sizeof name), 0);
    ck_assert_str_eq(name, tree_path(relative));
}

static void draw_tree(void) {
    tree_folder("a");
    tree_folder("a/deep");
    tree_folder("a/deep/er");
    tree_folder("a/.hidden");
    tree_folder("b");
    tree_image("a/z.png", 1);
    tree_image("a/deep/er/2.png", 2);
    tree_image("a/deep/1.PNG", 3);
    tree_image("a/.hidden/no.png", 9);
    tree_image("b/unnamed", 4);
    tree_image("top.png", 5);
}

START_TEST(files_and_directories_are_in_order) {
    draw_tree();
    char *folder = tree_path("a/");
    lade_flow *flow = paths_flow((const char *[]){tree_path("b/unnamed"), folder, tree_path("top.png"), NULL},
                                 UNLABELLED(.batch_size = 8));
    ck_assert_int_eq(lade_flow_samples(flow), 5);
    ck_assert_int_eq(lade_flow_classes(flow), 0);
    ck_assert_int_eq(lade_flow_class_of(flow, 0), -1);
    check_name(flow, 0, "b/unnamed");
    check_name(flow, 1, "a/z.png");
    check_name(flow, 2, "a/deep/1.PNG");
    check_name(flow, 3, "a/deep/er/2.png");
    check_name(flow, 4, "top.png");
    struct lade_batch *b = tree_next(flow);
    ck_assert_int_eq(b->n, 5);
    ck_assert_ptr_null(b->y);
    static const int numbers[] = {1, 3, 2, 5};
    for (int i = 0; i < 4; i++)
        ck_assert_float_eq(((const float *)lade_tensor_data(b->x))[192 * (i + 1)], tree_pixel(numbers[i], 0, 0, 0));
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

START_TEST(a_directory_has_the_images_of_its_sub_directories) {
    tree_classes(3, (int[]){5, 7, 4});
    lade_flow *classes = tree_flow(UNLABELLED(.batch_size = 6));
    lade_flow *paths = paths_flow((const char *[]){tree_root, NULL}, UNLABELLED(.batch_size = 6, .workers = 3));
    struct lade_digest d = tree_digest(classes, 6), e = tree_digest(paths, 6);
    ck_assert(d.low == e.low && d.high == e.high);
    lade_flow_free(classes);
    lade_flow_free(paths);
}
END_TEST

START_TEST(a_path_that_cannot_be_read_is_an_invalid_file) {
    struct lade_invalid_file bad;
    struct lade_batch *b;
    struct lade_error err = {0};
    draw_tree();
    tree_bytes("b/text.png", "text", 4);
    const char *paths[] = {tree_path("b"), tree_path("nowhere.png"), tree_path("top.png"), NULL};
    lade_flow *flow = paths_flow(paths, UNLABELLED(.on_error = LADE_ERROR_SKIP));
    ck_assert_int_eq(lade_flow_samples(flow), 3);
    b = tree_next(flow);
    ck_assert_int_eq(b->n, 1);
    ck_assert_int_eq(b->indices[0], 2);
    lade_batch_unref(b);
    ck_assert_int_eq(lade_flow_invalid_count(flow), 2);
    ck_assert_int_eq(lade_flow_invalid_file(flow, 0, &bad), LADE_OK);
    ck_assert_ptr_nonnull(strstr(bad.cause, tree_path("b/text.png: ")));
    ck_assert_int_eq(lade_flow_invalid_file(flow, 1, &bad), LADE_OK);
    ck_assert_int_eq(bad.code, LADE_ENOENT);
    ck_assert_ptr_nonnull(strstr(bad.cause, tree_path("nowhere.png: ")));
    lade_flow_free(flow);
    flow = paths_flow(paths, UNLABELLED());
    ck_assert_int_lt(lade_flow_next(flow, &b, &err), 0);
    ck_assert_int_eq(strncmp(err.message, tree_root, strlen(tree_root)), 0);
    lade_flow_free(flow);
}
END_TEST

START_TEST(paths_without_images_are_refused) {
    const char *top = NULL;
    draw_tree();
    tree_folder("empty");
    top = tree_path("top.png");
    check_refused((const char *[]){NULL}, UNLABELLED(), LADE_EINVAL, "paths");
    check_refused((const char *[]){top, tree_path("empty"), NULL}, UNLABELLED(), LADE_ENOENT, "empty");
    check_refused((const char *[]){top, NULL}, UNLABELLED(.batch_size = -1), LADE_EINVAL, "batch_size");
    check_refused((const char *[]){top, NULL}, SORTED(.class_mode = LADE_CLASS_CATEGORICAL), LADE_EINVAL, "class_mode");
    check_refused((const char *[]){top, NULL}, SORTED(.class_mode = LADE_CLASS_RAW), LADE_EINVAL, "class_mode");
    ck_assert_int_eq(chmod(tree_path("empty"), 0), 0);
    tree_as_nobody();
    check_refused((const char *[]){tree_path("empty"), NULL}, UNLABELLED(), LADE_EACCES, "empty");
    tree_as_before();
}
END_TEST

START_TEST(a_list_is_resumed_by_its_paths) {
    struct lade_error err = {0};
    char *state;
    draw_tree();
    const char *paths[] = {tree_path("a"), tree_path("top.png"), NULL}, *others[] = {tree_path("a"), NULL};
    lade_flow *flow = paths_flow(paths, UNLABELLED(.batch_size = 1));
    lade_batch_unref(tree_next(flow));
    ck_assert_int_eq(lade_flow_state(flow, &state, &err), LADE_OK);
    lade_flow *same = paths_flow(paths, UNLABELLED(.batch_size = 1));
    ck_assert_int_eq(lade_flow_resume(same, state, &err), LADE_OK);
    struct lade_batch *b = tree_next(same);
    ck_assert_int_eq(b->indices[0], 1);
    lade_batch_unref(b);
    lade_flow *other = paths_flow(others, UNLABELLED(.batch_size = 1));
    ck_assert_int_eq(lade_flow_resume(other, state, &err), LADE_EMISMATCH);
    lade_free(state);
    lade_flow_free(other);
    lade_flow_free(same);
    lade_flow_free(flow);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow paths");
    tcase_add_test(tcase, files_and_directories_are_in_order);
    tcase_add_test(tcase, a_directory_has_the_images_of_its_sub_directories);
    tcase_add_test(tcase, a_path_that_cannot_be_read_is_an_invalid_file);
    tcase_add_test(tcase, paths_without_images_are_refused);
    tcase_add_test(tcase, a_list_is_resumed_by_its_paths);
}
