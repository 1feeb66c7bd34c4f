/* Tests of a scan of a data set: the files that it lists, their order, its memory, and the directories that it
   refuses. */
#define _GNU_SOURCE /* nftw, and more */
#include <lade/flow.h>

#include "support/flow_tree.h"

#include <errno.h>

static lade_scan *scan_with(const struct lade_scan_options *options) {
    struct lade_error err = {0};
    lade_scan *scan = lade_scan_directory(tree_root, options, &err);
    ck_assert_msg(scan != NULL, "%s", err.message);
    return scan;
}

static void touch(const char *relative) {
    tree_bytes(relative, "", 0);
}

/* Checks that the scan has exactly these paths in this order. NULL ends the list. */
static void check_paths(const struct lade_scan_options *options, const char *const *expected) {
    lade_scan *scan = scan_with(options);
    char path[4096];
    int64_t n = 0;

    for (; expected[n]; n++) {
        ck_assert_int_lt(n, lade_scan_count(scan));
        ck_assert_int_eq(lade_scan_path(scan, n, path, sizeof path), (int64_t)strlen(expected[n]));
        ck_assert_str_eq(path, expected[n]);
    }
    ck_assert_int_eq(lade_scan_count(scan), n);
    lade_scan_free(scan);
}

#define PATHS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void check_scan_error(const struct lade_scan_options *options, const char *directory, int code,
                             const char *subject) {
    struct lade_error err = {0};
    ck_assert_ptr_null(lade_scan_directory(directory, options, &err));
    check_error(&err, code, subject);
}

START_TEST(classes_and_files_are_in_byte_order) {
    tree_folder("b");
    tree_folder("a");
    tree_folder("B");
    tree_folder("10");
    tree_folder("2");
    touch("b/2.png");
    touch("b/10.png");
    touch("a/x.jpeg");
    touch("B/\xc3\xa9.jpg");
    touch("B/z.jpg");
    touch("10/1.png");
    touch("2/1.png");
    check_paths(NULL, PATHS("10/1.png", "2/1.png", "B/z.jpg", "B/\xc3\xa9.jpg", "a/x.jpeg", "b/10.png", "b/2.png"));
    lade_scan *scan = scan_with(NULL);
    ck_assert_int_eq(lade_scan_classes(scan), 5);
    ck_assert_str_eq(lade_scan_class_name(scan, 2), "B");
    ck_assert_ptr_null(lade_scan_class_name(scan, 5));
    ck_assert_ptr_null(lade_scan_class_name(scan, -1));
    ck_assert_int_eq(lade_scan_class_count(scan, 4), 2);
    ck_assert_int_eq(lade_scan_class_count(scan, 5), 0);
    ck_assert_int_eq(lade_scan_class_of(scan, 0), 0);
    ck_assert_int_eq(lade_scan_class_of(scan, 6), 4);
    ck_assert_int_eq(lade_scan_class_of(scan, 7), -1);
    ck_assert_int_eq(lade_scan_path(scan, 7, NULL, 0), LADE_EINVAL);
    char small[5];
    ck_assert_int_eq(lade_scan_path(scan, 0, small, sizeof small), 8);
    ck_assert_str_eq(small, "10/1");
    lade_scan_free(scan);
}
END_TEST

/* Keras sorts the directories of os.walk by their whole path: a-b comes before a/x, although a comes before a-b. */
START_TEST(nested_files_belong_to_the_top_class_in_the_order_of_sorted_os_walk) {
    tree_folder("c");
    tree_folder("c/a");
    tree_folder("c/a/x");
    tree_folder("c/a-b");
    tree_folder("c/b");
    touch("c/z.png");
    touch("c/a/2.png");
    touch("c/a/x/3.png");
    touch("c/a-b/4.png");
    touch("c/b/1.png");
    check_paths(NULL, PATHS("c/z.png", "c/a/2.png", "c/a-b/4.png", "c/a/x/3.png", "c/b/1.png"));
    lade_scan *scan = scan_with(NULL);
    ck_assert_int_eq(lade_scan_classes(scan), 1);
    lade_scan_free(scan);
}
END_TEST

START_TEST(other_files_are_left_out) {
    tree_folder("c");
    tree_folder(".hidden");
    tree_folder("c/.thumbs");
    tree_folder("c/folder.jpg");
    touch(".hidden/a.png");
    touch("c/.thumbs/a.png");
    touch("c/._a.png");
    touch("c/a.PNG");
    touch("c/b.JpEg");
    touch("c/folder.jpg/inner.JPG");
    touch("c/xpng");
    touch("c/.png");
    touch("c/notes.txt");
    touch("c/a.png.txt");
    touch("loose.png");
    ck_assert_int_eq(mkfifo(tree_path("c/pipe.png"), 0600), 0);
    check_paths(NULL, PATHS("c/a.PNG", "c/b.JpEg", "c/folder.jpg/inner.JPG"));
}
END_TEST

START_TEST(links_are_followed_as_by_keras) {
    tree_folder("c");
    tree_folder("elsewhere");
    tree_folder("elsewhere/deep");
    touch("c/a.png");
    touch("elsewhere/deep/e.png");
    ck_assert_int_eq(symlink("../c/a.png", tree_path("c/b.png")), 0);     /* a link to a file is always followed */
    ck_assert_int_eq(symlink("nowhere", tree_path("c/dangling.png")), 0); /* a broken link is listed; reading it reports
                                                                             the error */
    ck_assert_int_eq(symlink("nowhere", tree_path("c/dangling")), 0);
    ck_assert_int_eq(symlink("../elsewhere", tree_path("c/more")), 0); /* a link to a directory is followed only if
                                                                          follow_links is set */
    ck_assert_int_eq(symlink("c", tree_path("linked")), 0);            /* a link that is a class folder is always
                                                                          followed */
    struct lade_scan_options follow = {.follow_links = true}, only = {.classes = PATHS("c")};
    struct lade_scan_options only_follow = {.classes = PATHS("c"), .follow_links = true};
    check_paths(&only, PATHS("c/a.png", "c/b.png", "c/dangling.png"));
    check_paths(&only_follow, PATHS("c/a.png", "c/b.png", "c/dangling.png", "c/more/deep/e.png"));
    lade_scan *scan = scan_with(&follow);
    ck_assert_int_eq(lade_scan_classes(scan), 3);
    ck_assert_str_eq(lade_scan_class_name(scan, 2), "linked");
    ck_assert_int_eq(lade_scan_count(scan), 4 + 1 + 4);
    lade_scan_free(scan);
}
END_TEST

START_TEST(a_link_to_a_parent_is_not_followed) {
    tree_folder("c");
    tree_folder("c/d");
    touch("c/d/a.png");
    ck_assert_int_eq(symlink("../../c", tree_path("c/d/up")), 0);
    ck_assert_int_eq(symlink(".", tree_path("c/d/self")), 0);
    ck_assert_int_eq(symlink("../..", tree_path("c/d/root")), 0);
    struct lade_scan_options follow = {.follow_links = true};
    check_paths(&follow, PATHS("c/d/a.png"));
}
END_TEST

START_TEST(a_given_list_of_classes_sets_their_order) {
    tree_classes(3, (int[]){1, 1, 1});
    struct lade_scan_options options = {.classes = PATHS("c2", "c0")};
    check_paths(&options, PATHS("c2/000.jpg", "c0/000.png"));
    options.classes = PATHS("c0", "nope");
    check_scan_error(&options, tree_root, LADE_ENOENT, "classes");
    options.allow_missing_classes = true;
    check_paths(&options, PATHS("c0/000.png"));
    options.classes = PATHS("..", "c0/..", "c0", "");
    check_paths(&options, PATHS("c0/000.png"));
    options.classes = PATHS("nope", "never");
    check_scan_error(&options, tree_root, LADE_ENOENT, tree_root);
    options.classes = PATHS("nope", "c0");
    options.refuse_empty_classes = true;
    check_scan_error(&options, tree_root, LADE_ENOENT, "nope");
    options = (struct lade_scan_options){.classes = PATHS("c0", "c1", "c0")};
    check_scan_error(&options, tree_root, LADE_EINVAL, "classes");
    options.classes = PATHS("c0/..");
    check_scan_error(&options, tree_root, LADE_EINVAL, "classes");
    options.classes = (const char *const[]){NULL};
    check_scan_error(&options, tree_root, LADE_EINVAL, "classes");
}
END_TEST

START_TEST(directories_without_classes_are_refused) {
    check_scan_error(NULL, tree_path("missing"), LADE_ENOENT, "missing");
    check_scan_error(NULL, tree_root, LADE_ENOENT, tree_root);
    touch("a.png");
    check_scan_error(NULL, tree_root, LADE_ENOENT, tree_root);
    check_scan_error(NULL, tree_path("a.png"), LADE_EINVAL, "a.png");
    tree_folder("full");
    tree_folder("void");
    touch("full/a.png");
    touch("void/readme.txt");
    struct lade_scan_options refuse = {.refuse_empty_classes = true};
    check_scan_error(&refuse, tree_root, LADE_ENOENT, "void");
    ck_assert_int_eq(remove(tree_path("full/a.png")), 0);
    check_scan_error(NULL, tree_root, LADE_ENOENT, tree_root);
    ck_assert_ptr_null(lade_scan_directory(tree_root, NULL, NULL)); /* err may be NULL */
}
END_TEST

START_TEST(a_directory_without_permission_is_refused) {
    tree_folder("c");
    tree_folder("c/closed");
    touch("c/a.png");
    ck_assert_int_eq(chmod(tree_path("c/closed"), 0), 0);
    tree_as_nobody();
    check_scan_error(NULL, tree_root, LADE_EACCES, "c/closed");
    tree_as_before();
    ck_assert_int_eq(chmod(tree_path("c/closed"), 0755), 0);
}
END_TEST

/* ---- Problems ---------------------------------------------------------------------------------------------------- */

static char problems[1024]; /* one line for each problem: its path, its status and its class */

static void note_problem(void *ctx, const struct lade_scan_problem *problem) {
    size_t used = strlen(problems);
    ck_assert_ptr_eq(ctx, problems);
    ck_assert_ptr_nonnull(strstr(problem->cause, problem->path));
    snprintf(problems + used, sizeof problems - used, "%s %d %d\n", problem->path, problem->status,
             problem->class_index);
}

START_TEST(a_scan_continues_after_problems) {
    struct lade_scan_options options = {.follow_links = true, .on_problem = note_problem, .problem_ctx = problems};
    tree_folder("a");
    tree_folder("b");
    tree_folder("b/deep");
    tree_folder("b/deep/closed");
    tree_folder("c");
    tree_folder("closed");
    touch("b/1.png");
    touch("b/deep/closed/2.png");
    touch("b/deep/3.png");
    touch("c/notes.txt");
    touch("closed/4.png");
    ck_assert_int_eq(symlink("..", tree_path("upclass")), 0);
    ck_assert_int_eq(symlink(".", tree_path("self")), 0);
    ck_assert_int_eq(symlink("../..", tree_path("b/deep/up")), 0);
    ck_assert_int_eq(chmod(tree_path("b/deep/closed"), 0), 0);
    ck_assert_int_eq(chmod(tree_path("closed"), 0), 0);
    tree_as_nobody();
    problems[0] = 0;
    check_paths(&options, PATHS("b/1.png", "b/deep/3.png"));
    char expected[512];
    snprintf(expected, sizeof expected,
             "self %d -1\nupclass %d -1\na %d 0\nb/deep/up %d 1\nb/deep/closed %d 1\nc %d 2\nclosed %d 3\n",
             LADE_EINVAL, LADE_EINVAL, LADE_ENOENT, LADE_EINVAL, LADE_EACCES, LADE_ENOENT, LADE_EACCES);
    ck_assert_str_eq(problems, expected);

    lade_scan *scan = scan_with(&options);
    ck_assert_int_eq(lade_scan_classes(scan), 4);
    ck_assert_str_eq(lade_scan_class_name(scan, 0), "a");
    ck_assert_str_eq(lade_scan_class_name(scan, 3), "closed");
    ck_assert_int_eq(lade_scan_class_count(scan, 0), 0);
    ck_assert_int_eq(lade_scan_class_count(scan, 1), 2);
    ck_assert_int_eq(lade_scan_class_of(scan, 0), 1);
    lade_scan_free(scan);
    tree_as_before();
    ck_assert_int_eq(chmod(tree_path("b/deep/closed"), 0755), 0);
    ck_assert_int_eq(chmod(tree_path("closed"), 0755), 0);

    options.classes = PATHS("b", "upclass");
    check_scan_error(&options, tree_root, LADE_EINVAL, "classes");
}
END_TEST

/* Returns true for the call with the number *ctx. */
static bool stop_later(void *ctx) {
    return --*(int *)ctx == 0;
}

START_TEST(a_function_can_stop_a_scan) {
    int calls = 0;
    const struct lade_stop_callback stop = {stop_later, &calls};
    struct lade_scan_options options = {.on_problem = note_problem, .problem_ctx = problems, .stop = &stop};
    const struct lade_flow_options of_flow = {.stop = &stop};
    struct lade_error err = {0};
    tree_folder("a");
    touch("a/1.png");
    touch("a/notes.txt");
    problems[0] = 0;
    check_paths(&options, PATHS("a/1.png"));
    int all = -calls;
    ck_assert_int_ge(all, 4); /* "a", "1.png", "notes.txt", and the end of each folder */
    for (int k = 1; k <= all; k++) {
        calls = k;
        check_scan_error(&options, tree_root, LADE_ECANCELED, tree_root);
        ck_assert_str_eq(problems, "");
        calls = k;
        ck_assert_ptr_null(lade_flow_from_directory(tree_root, &of_flow, &err));
        ck_assert_int_eq(err.code, LADE_ECANCELED);
        calls = 1;
        ck_assert_ptr_null(lade_flow_from_paths(PATHS(tree_root), &of_flow, &err));
        ck_assert_int_eq(err.code, LADE_ECANCELED);
    }
    lade_flow *flow = lade_flow_from_directory(tree_root, &of_flow, &err);
    ck_assert_ptr_nonnull(flow);
    ck_assert_ptr_null(lade_flow_options_get(flow)->stop);
    lade_flow_free(flow);
}
END_TEST

START_TEST(a_flat_directory_can_be_the_only_class) {
    struct lade_scan_options options = {.flat = true};
    touch("2.png");
    touch("1.png");
    check_scan_error(NULL, tree_root, LADE_ENOENT, tree_root);
    check_paths(&options, PATHS("1.png", "2.png"));
    lade_scan *scan = scan_with(&options);
    ck_assert_int_eq(lade_scan_classes(scan), 1);
    ck_assert_str_eq(lade_scan_class_name(scan, 0), ".");
    lade_scan_free(scan);
    tree_folder("c");
    touch("c/3.png");
    check_paths(&options, PATHS("c/3.png"));

    struct lade_error err = {0};
    tree_folder("flat");
    tree_image("flat/1.png", 1);
    struct lade_flow_options o = {.target_size = {8, 8}, .class_mode = LADE_CLASS_NONE};
    lade_flow *flow = lade_flow_from_directory(tree_path("flat"), &o, &err);
    ck_assert_msg(flow != NULL, "%s", err.message);
    lade_batch_unref(tree_next(flow));
    lade_flow_free(flow);
    o.class_mode = LADE_CLASS_CATEGORICAL;
    ck_assert_ptr_null(lade_flow_from_directory(tree_path("flat"), &o, &err));
    check_error(&err, LADE_ENOENT, "flat");
}
END_TEST

START_TEST(a_class_without_images_has_an_index) {
    static const int counts[] = {0, 1, 0, 2}, class_of[] = {1, 3, 3};
    tree_folder("a");
    tree_folder("b");
    tree_folder("c");
    tree_folder("d");
    touch("a/readme.txt");
    touch("b/1.png");
    touch("d/1.png");
    touch("d/2.png");
    lade_scan *scan = scan_with(NULL);
    ck_assert_int_eq(lade_scan_classes(scan), 4);
    ck_assert_str_eq(lade_scan_class_name(scan, 2), "c");
    for (int c = 0; c < 4; c++)
        ck_assert_int_eq(lade_scan_class_count(scan, c), counts[c]);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(lade_scan_class_of(scan, i), class_of[i]);
    lade_scan_free(scan);
    struct lade_error err = {0};
    lade_flow *flow = lade_flow_from_directory(tree_root, NULL, &err);
    ck_assert_msg(flow != NULL, "%s", err.message);
    ck_assert_int_eq(lade_flow_classes(flow), 4);
    for (int c = 0; c < 4; c++)
        ck_assert_int_eq(lade_flow_class_count(flow, c), counts[c]);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(lade_flow_class_of(flow, i), class_of[i]);
    lade_flow_free(flow);
    struct lade_flow_options missing = {.classes = PATHS("b", "nope", "c"), .allow_missing_classes = true};
    flow = lade_flow_from_directory(tree_root, &missing, &err);
    ck_assert_msg(flow != NULL, "%s", err.message);
    ck_assert_int_eq(lade_flow_classes(flow), 3);
    ck_assert_str_eq(lade_flow_class_names(flow)[1], "nope");
    ck_assert_int_eq(lade_flow_class_count(flow, 1), 0);
    ck_assert_int_eq(lade_flow_class_count(flow, 0), counts[1]);
    ck_assert_int_eq(lade_flow_class_count(flow, 2), counts[2]);
    lade_flow_free(flow);
    struct lade_flow_options refuse = {.refuse_empty_classes = true};
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, &refuse, &err));
    check_error(&err, LADE_ENOENT, "a");
}
END_TEST

/* The generator of a scan has items of a struct type, and can be closed early. */
START_TEST(files_are_yielded_by_a_generator) {
    tree_classes(3, (int[]){2, 3, 1});
    int count = 0, classes[3] = {0};
    struct lade_error err = {0};
    lade_for_each (f, lade_scan_files(tree_root, NULL), &err) {
        ck_assert_str_eq(f.class_name, f.directory);
        ck_assert_int_eq(f.class_name[1] - '0', f.class_index);
        classes[f.class_index]++;
        count++;
    }
    ck_assert_int_eq(err.code, 0);
    ck_assert_int_eq(count, 6);
    ck_assert(classes[0] == 2 && classes[1] == 3 && classes[2] == 1);

    lade_gen_auto(struct lade_scan_file) g = lade_scan_files(tree_root, NULL);
    struct lade_scan_file *f = lade_next(g);
    ck_assert_str_eq(f->name, "000.png");
    f = lade_next(g);
    ck_assert_str_eq(f->name, "001.png");
    ck_assert_int_eq(lade_gen_close(g), LADE_OK); /* leak checkers test that the memory is released */
    ck_assert_ptr_null(lade_next(g));
    ck_assert_ptr_null(lade_gen_error(g));

    lade_gen_auto(struct lade_scan_file) bad = lade_scan_files(tree_path("missing"), NULL);
    ck_assert_ptr_null(lade_next(bad));
    ck_assert_int_eq(lade_gen_error(bad)->code, LADE_ENOENT);
}
END_TEST

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

static size_t live;

static void *counting_resize(void *ctx, void *p, size_t size) {
    size_t *block = p ? (size_t *)p - 2 : NULL, before = block ? *block : 0;
    (void)ctx;
    block = realloc(block, size + 2 * sizeof *block);
    if (!block)
        return NULL;
    *block = size;
    live += size - before;
    return block + 2;
}

static void counting_release(void *ctx, void *p) {
    size_t *block = (size_t *)p - 2;
    (void)ctx;
    live -= *block;
    free(block);
}

START_TEST(a_scan_needs_a_name_and_24_bytes_per_file) {
    char name[64];
    size_t names = 0;
    enum { FILES = 1000 };
    tree_folder("c");
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "c/%0*d.png", 4 + i % 9, i);
        touch(name);
        names += strlen(name) - 2;
    }
    lade_set_allocator(&(struct lade_allocator){counting_resize, counting_release, NULL});
    lade_scan *scan = scan_with(NULL);
    ck_assert_int_eq(lade_scan_count(scan), FILES);
    lade_release_stacks();
    ck_assert_uint_gt(live, names + FILES);
    ck_assert_uint_le(live, names + 24 * FILES);
    lade_scan_free(scan);
    ck_assert_uint_lt(live, 1024);
    lade_set_allocator(NULL);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow scan");
    tcase_add_test(tcase, classes_and_files_are_in_byte_order);
    tcase_add_test(tcase, nested_files_belong_to_the_top_class_in_the_order_of_sorted_os_walk);
    tcase_add_test(tcase, other_files_are_left_out);
    tcase_add_test(tcase, links_are_followed_as_by_keras);
    tcase_add_test(tcase, a_link_to_a_parent_is_not_followed);
    tcase_add_test(tcase, a_given_list_of_classes_sets_their_order);
    tcase_add_test(tcase, directories_without_classes_are_refused);
    tcase_add_test(tcase, a_directory_without_permission_is_refused);
    tcase_add_test(tcase, a_class_without_images_has_an_index);
    tcase_add_test(tcase, a_scan_continues_after_problems);
    tcase_add_test(tcase, a_function_can_stop_a_scan);
    tcase_add_test(tcase, a_flat_directory_can_be_the_only_class);
    tcase_add_test(tcase, files_are_yielded_by_a_generator);
    tcase_add_test(tcase, a_scan_needs_a_name_and_24_bytes_per_file);
}
