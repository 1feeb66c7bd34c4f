/* Tests of CSV files and arrays as sources of a flow. They have the same features as a directory, and each mistake
   in a CSV file or array is an error. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

static void write_text(const char *relative, const char *text) {
    tree_bytes(relative, text, strlen(text));
}

static lade_flow *list_flow(const char *csv, const struct lade_manifest *m, const struct lade_flow_options *o) {
    struct lade_error err = {0};
    write_text("list.csv", csv);
    lade_flow *flow = lade_flow_from_manifest(tree_path("list.csv"), m, o, &err);
    ck_assert_msg(flow != NULL, "%s", err.message);
    return flow;
}

static void check_list_refused(const char *csv, const struct lade_manifest *m, const struct lade_flow_options *o,
                               int code, const char *subject) {
    struct lade_error err = {0};
    write_text("list.csv", csv);
    ck_assert_ptr_null(lade_flow_from_manifest(tree_path("list.csv"), m, o, &err));
    check_error(&err, code, subject);
}

#define SORTED(...) (&(struct lade_flow_options){.target_size = {8, 8}, .order = LADE_ORDER_SORTED, __VA_ARGS__})

/* Checks the labels of the first batch. */
static void check_y(lade_flow *flow, int64_t rows, int64_t columns, const float *expected) {
    struct lade_batch *b = tree_next(flow);
    ck_assert_int_eq(b->n, rows);
    ck_assert_int_eq(b->y->shape[1], columns);
    for (int64_t i = 0; i < rows * columns; i++)
        ck_assert_float_eq(((const float *)lade_tensor_data(b->y))[i], expected[i]);
    lade_batch_unref(b);
}

static void draw_files(void) {
    tree_folder("pictures");
    tree_image("pictures/a.png", 1);
    tree_image("pictures/b,\"c\".png", 2);
    tree_image("pictures/d.jpg", 3);
}

/* ---- Lists ------------------------------------------------------------------------------------------------------- */

START_TEST(a_list_makes_a_flow) {
    char name[64];
    draw_files();
    const char *csv = "\xEF\xBB\xBF"
                      "id,filename,class\r\n"
                      "1,pictures/d.jpg,dog\r\n"
                      "2,\"pictures/b,\"\"c\"\".png\",cat\n"
                      "\n"
                      "3,pictures/a.png,\"dog\"";
    lade_flow *flow = list_flow(csv, NULL, SORTED());
    ck_assert_int_eq(lade_flow_samples(flow), 3);
    ck_assert_int_eq(lade_flow_classes(flow), 2);
    ck_assert_str_eq(lade_flow_class_names(flow)[0], "cat");
    ck_assert_int_eq(lade_flow_class_count(flow, 1), 2);
    ck_assert_int_eq(lade_flow_class_of(flow, 1), 0);
    lade_flow_filename(flow, 1, name, sizeof name);
    ck_assert_str_eq(name, "pictures/b,\"c\".png");
    struct lade_batch *b = tree_next(flow);
    ck_assert_float_eq(((const float *)lade_tensor_data(b->x))[192], tree_pixel(2, 0, 0, 0));
    ck_assert_ptr_null(b->sample_weight);
    lade_batch_unref(b);
    lade_flow_free(flow);
    flow = list_flow(csv, NULL, SORTED());
    check_y(flow, 3, 2, (float[]){0, 1, 1, 0, 0, 1});
    lade_flow_free(flow);
    flow = list_flow(csv, NULL, SORTED(.class_mode = LADE_CLASS_BINARY));
    check_y(flow, 3, 1, (float[]){1, 0, 1});
    lade_flow_free(flow);
}
END_TEST

START_TEST(a_list_can_be_in_memory) {
    struct lade_error err = {0};
    struct lade_manifest m = {.text = "filename,class\na.png,x\n"};
    char directory[300];
    draw_files();
    snprintf(directory, sizeof directory, "%s", tree_path("pictures"));
    m.directory = directory;
    lade_flow *flow = lade_flow_from_manifest("table", &m, SORTED(), &err);
    ck_assert_msg(flow, "%s", err.message);
    check_y(flow, 1, 1, (const float[]){1});
    lade_flow_free(flow);
    m.text = "filename,class\na.png\n";
    ck_assert_ptr_null(lade_flow_from_manifest("table", &m, SORTED(), &err));
    check_error(&err, LADE_EFORMAT, "table");
    m.text = "";
    ck_assert_ptr_null(lade_flow_from_manifest("table", &m, SORTED(), &err));
    check_error(&err, LADE_EFORMAT, "table");
}
END_TEST

START_TEST(classes_of_a_list_can_be_chosen) {
    draw_files();
    const char *csv = "filename,class\npictures/a.png,x\npictures/d.jpg,y\npictures/a.png,z\n";
    lade_flow *flow =
        list_flow(csv, NULL, SORTED(.class_mode = LADE_CLASS_SPARSE, .classes = (const char *const[]){"z", "x", NULL}));
    ck_assert_int_eq(lade_flow_samples(flow), 2);
    check_y(flow, 2, 1, (float[]){1, 0});
    lade_flow_free(flow);
    check_list_refused(csv, NULL, SORTED(.classes = (const char *const[]){"q", NULL}), LADE_EINVAL, "list.csv");
    check_list_refused(csv, NULL, SORTED(.classes = (const char *const[]){"x", "x", NULL}), LADE_EINVAL, "classes");
    check_list_refused(csv, NULL, SORTED(.class_mode = LADE_CLASS_BINARY), LADE_EINVAL, "class_mode");
}
END_TEST

START_TEST(a_list_can_have_numbers_several_labels_and_weights) {
    draw_files();
    const char *csv = "path,u,v,tags,w\na.png,1.5,-2e3,red|blue,2\nd.jpg,0,7,,0.5\na.png,3,4,blue|blue,1\n";
    char folder[300];
    snprintf(folder, sizeof folder, "%s", tree_path("pictures"));
    struct lade_manifest m = {
        .x_col = "path", .y_col = (const char *const[]){"v", "u", NULL}, .weight_col = "w", .directory = folder};
    lade_flow *flow = list_flow(csv, &m, SORTED(.class_mode = LADE_CLASS_RAW));
    ck_assert_int_eq(lade_flow_classes(flow), 0);
    ck_assert_int_eq(lade_flow_class_of(flow, 0), -1);
    struct lade_batch *b = tree_next(flow);
    const float *w = lade_tensor_data(b->sample_weight);
    ck_assert(b->sample_weight->dl.ndim == 1 && b->sample_weight->shape[0] == 3);
    ck_assert(w[0] == 2 && w[1] == .5f && w[2] == 1);
    lade_batch_unref(b);
    lade_flow_free(flow);
    flow = list_flow(csv, &m, SORTED(.class_mode = LADE_CLASS_RAW));
    check_y(flow, 3, 2, (float[]){-2000, 1.5f, 7, 0, 4, 3});
    lade_flow_free(flow);

    m.y_col = (const char *const[]){"tags", NULL};
    m.label_separator = '|';
    flow = list_flow(csv, &m, SORTED());
    ck_assert_str_eq(lade_flow_class_names(flow)[0], "blue");
    ck_assert_int_eq(lade_flow_class_count(flow, 0), 2);
    check_y(flow, 3, 2, (float[]){1, 1, 0, 0, 1, 0});
    lade_flow_free(flow);
    check_list_refused(csv, &m, &(struct lade_flow_options){.order = LADE_ORDER_BALANCED}, LADE_EINVAL, "order");

    m.y_col = NULL;
    flow = list_flow(csv, &m, SORTED(.class_mode = LADE_CLASS_NONE)); /* class_mode none needs no labels */
    lade_flow_free(flow);
}
END_TEST

START_TEST(errors_of_a_list_have_a_subject_and_a_line) {
    struct lade_manifest m = {.weight_col = "w"};
    const struct {
        const char *csv;
        int code;
        const char *subject, *place;
    } rows[] = {
        {"", LADE_EFORMAT, "list.csv", "list.csv: "},
        {"filename,class\n", LADE_EINVAL, "list.csv", "list.csv: "},
        {"name,class\na,b\n", LADE_EINVAL, "x_col", "list.csv:1: "},
        {"filename,label\na,b\n", LADE_EINVAL, "y_col", "list.csv:1: "},
        {"filename,class\na,b\nc\n", LADE_EFORMAT, "list.csv", "list.csv:3: the record has 1 "},
        {"filename,class\na,b,c\n", LADE_EFORMAT, "list.csv", "list.csv:2: the record has 3 "},
        {"filename,class\n,b\n", LADE_EFORMAT, "filename", "list.csv:2: "},
        {"filename,class\na,\n", LADE_EFORMAT, "class", "list.csv:2: "},
        {"filename,class\na,b\"c\n", LADE_EFORMAT, "list.csv", "list.csv:2: "},
        {"filename,class\n\"a\nx\"y,b\n", LADE_EFORMAT, "list.csv", "list.csv:3: "},
        {"filename,class\na,b\n\"c,d\ne\n", LADE_EFORMAT, "list.csv", "list.csv:3: "},
        {"filename,class\na,b\rc,d\n", LADE_EFORMAT, "list.csv", "list.csv:2: "},
        {"\xEF\xBBx,class\n", LADE_EFORMAT, "list.csv", "list.csv:1: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lade_error err = {0};
        write_text("list.csv", rows[i].csv);
        ck_assert_ptr_null(lade_flow_from_manifest(tree_path("list.csv"), NULL, SORTED(), &err));
        check_error(&err, rows[i].code, rows[i].subject);
        ck_assert_msg(strstr(err.message, rows[i].place), "%s is not in: %s", rows[i].place, err.message);
    }
    check_list_refused("filename,class,w\na,b,1\na,b,x1\n", &m, SORTED(), LADE_EFORMAT, "w");
    check_list_refused("filename,class,w\na,b,-1\n", &m, SORTED(), LADE_EFORMAT, "w");
    check_list_refused("filename,class,w\na,b,nan\n", &m, SORTED(), LADE_EFORMAT, "w");
    check_list_refused("filename,class\na,b\n", &m, SORTED(), LADE_EINVAL, "weight_col");
    m = (struct lade_manifest){.y_col = (const char *const[]){"filename", "class", NULL}};
    check_list_refused("filename,class\na,b\n", &m, SORTED(), LADE_EINVAL, "y_col");
    check_list_refused("filename,class\na,b\n", &m, SORTED(.class_mode = LADE_CLASS_RAW), LADE_EFORMAT, "filename");
    m = (struct lade_manifest){.directory = "/no/such/folder"};
    check_list_refused("filename,class\na,b\n", &m, SORTED(), LADE_ENOENT, "/no/such/folder");
    tree_bytes("zero.csv", "filename,class\na\0,b\n", 20);
    struct lade_error err = {0};
    ck_assert_ptr_null(lade_flow_from_manifest(tree_path("zero.csv"), NULL, NULL, &err));
    check_error(&err, LADE_EFORMAT, "zero.csv");
    ck_assert_ptr_nonnull(strstr(err.message, "zero.csv:2: "));
    ck_assert_ptr_null(lade_flow_from_manifest(tree_path("none.csv"), NULL, NULL, &err));
    check_error(&err, LADE_ENOENT, "none.csv");
}
END_TEST

START_TEST(a_record_without_an_end_is_refused) {
    struct lade_error err = {0};
    FILE *f = fopen(tree_path("long.csv"), "wb");
    fputs("filename,class\n\"", f);
    for (int i = 0; i < 1 << 21; i++)
        putc('a', f);
    fclose(f);
    ck_assert_ptr_null(lade_flow_from_manifest(tree_path("long.csv"), NULL, NULL, &err));
    check_error(&err, LADE_ELIMIT, "long.csv");
}
END_TEST

START_TEST(a_missing_file_of_a_list_is_invalid) {
    struct lade_invalid_file bad;
    draw_files();
    lade_flow *flow = list_flow("filename,class\npictures/a.png,x\nnone.png,y\n/no/such/file.png,y\npictures/d.jpg,y\n",
                                NULL, SORTED(.on_error = LADE_ERROR_SKIP));
    struct lade_batch *b = tree_next(flow);
    ck_assert_int_eq(b->n, 2);
    lade_batch_unref(b);
    ck_assert_int_eq(lade_flow_invalid_count(flow), 2);
    ck_assert_int_eq(lade_flow_invalid_file(flow, 0, &bad), LADE_OK);
    ck_assert(bad.sample == 1 && strstr(bad.cause, tree_path("none.png: cannot be opened")));
    ck_assert_int_eq(lade_flow_invalid_file(flow, 1, &bad), LADE_OK);
    ck_assert_ptr_eq(strstr(bad.cause, "/no/such/file.png: cannot"), bad.cause);
    lade_flow_free(flow);
}
END_TEST

/* The classes are mixed in the list. Splits, balanced epochs and states must still use each class separately. */
START_TEST(a_list_is_split_balanced_and_resumed) {
    struct lade_error err = {0};
    char csv[4096], *p = csv, *state = NULL;
    draw_files();
    p += sprintf(p, "filename,class\n");
    for (int i = 0; i < 30; i++)
        p += sprintf(p, "pictures/%s,%s\n", i % 2 ? "a.png" : "d.jpg", i % 10 == 3 ? "few" : "many");
    struct lade_flow_options o = {.target_size = {4, 4}, .batch_size = 7, .validation_split = .4};
    for (int k = 0; k < 2; k++) {
        o.split = (enum lade_split)k;
        o.subset = LADE_SUBSET_VALIDATION;
        lade_flow *flow = list_flow(csv, NULL, &o);
        ck_assert_int_eq(lade_flow_samples(flow), 11); /* 1 of 3 samples and 10 of 27 samples */
        ck_assert_int_eq(lade_flow_class_count(flow, 0), 1);
        lade_flow_free(flow);
        o.subset = LADE_SUBSET_TRAINING;
        flow = list_flow(csv, NULL, &o);
        ck_assert_int_eq(lade_flow_samples(flow), 19);
        ck_assert_int_eq(lade_flow_class_count(flow, 0), 2);
        lade_flow_free(flow);
    }
    o.order = LADE_ORDER_BALANCED;
    lade_flow *flow = list_flow(csv, NULL, &o);
    int few = 0;
    for (int64_t k = 0; k < lade_flow_steps(flow); k++) {
        struct lade_batch *b = tree_next(flow);
        for (int64_t i = 0; i < b->n; i++)
            few += lade_flow_class_of(flow, b->indices[i]) == 0;
        lade_batch_unref(b);
    }
    ck_assert_int_eq(few, 10);
    ck_assert_int_eq(lade_flow_state(flow, &state, &err), LADE_OK);
    struct lade_digest rest = tree_digest(flow, 5), again;
    ck_assert_int_eq(lade_flow_resume(flow, state, &err), LADE_OK);
    again = tree_digest(flow, 5);
    ck_assert(rest.low == again.low && rest.high == again.high);
    lade_flow_free(flow);
    memcpy(strstr(csv, "a.png"), "d.jpg", 5);
    flow = list_flow(csv, NULL, &o);
    ck_assert_int_eq(lade_flow_resume(flow, state, &err), LADE_EMISMATCH);
    check_error(&err, LADE_EMISMATCH, "many");
    lade_flow_free(flow);
    lade_free(state);
}
END_TEST

/* ---- Arrays ------------------------------------------------------------------------------------------------------ */

enum { N = 9 };

static struct lade_tensor *pictures(enum lade_dtype dtype, int channels) {
    struct lade_tensor *x = lade_tensor_new(dtype, 4, (int64_t[]){N, 4, 5, channels});
    for (int i = 0; i < N * 20 * channels; i++)
        if (dtype == LADE_UINT8)
            ((uint8_t *)lade_tensor_data(x))[i] = (uint8_t)(i * 7);
        else
            ((float *)lade_tensor_data(x))[i] = (float)i / 4;
    return x;
}

static struct lade_tensor *labels(const int64_t *values) {
    struct lade_tensor *y = lade_tensor_new(LADE_INT64, 1, (int64_t[]){N});
    memcpy(lade_tensor_data(y), values, N * sizeof *values);
    return y;
}

static const int64_t some_labels[N] = {2, 0, 1, 1, 2, 0, 0, 2, 2};

static lade_flow *array_flow(struct lade_tensor *x, struct lade_tensor *y, struct lade_tensor *w,
                             const struct lade_flow_options *o) {
    struct lade_error err = {0};
    lade_flow *flow = lade_flow_from_arrays(x, y, w, o, &err);
    ck_assert_msg(flow != NULL, "%s", err.message);
    return flow;
}

START_TEST(arrays_make_a_flow) {
    struct lade_tensor *y = labels(some_labels);
    for (int channels = 1; channels < 5; channels += channels) /* 1, 2, 4 */
        for (int kind = 0; kind < 4; kind++) {
            int c = channels == 2 ? 3 : channels;
            struct lade_tensor *x = pictures(kind % 2 ? LADE_FLOAT32 : LADE_UINT8, c);
            struct lade_flow_options o = {
                .batch_size = 4, .seed = 5, .rescale = .5f, .data_format = (enum lade_data_format)(kind / 2)};
            lade_flow *flow = array_flow(x, y, NULL, &o);
            ck_assert_int_eq(lade_flow_samples(flow), N);
            ck_assert_int_eq(lade_flow_classes(flow), 3);
            ck_assert_str_eq(lade_flow_class_names(flow)[2], "2");
            for (int k = 0; k < 3; k++) {
                struct lade_batch *b = tree_next(flow);
                const float *to = lade_tensor_data(b->x), *label = lade_tensor_data(b->y);
                for (int64_t i = 0; i < b->n; i++) {
                    ck_assert_float_eq(label[3 * i + some_labels[b->indices[i]]], 1);
                    for (int p = 0; p < 20 * c; p++) {
                        int64_t from = b->indices[i] * 20 * c + p;
                        float v = kind % 2 ? ((const float *)lade_tensor_data(x))[from]
                                           : ((const uint8_t *)lade_tensor_data(x))[from];
                        int64_t at = kind / 2 ? p % c * 20 + p / c : p;
                        ck_assert_float_eq(to[i * 20 * c + at], v / 2);
                    }
                }
                lade_batch_unref(b);
            }
            lade_tensor_unref(x); /* the flow has its own reference */
            lade_batch_unref(tree_next(flow));
            lade_flow_free(flow);
        }
    lade_tensor_unref(y);
}
END_TEST

START_TEST(arrays_have_names_weights_numbers_and_splits) {
    char name[32];
    struct lade_tensor *x = pictures(LADE_UINT8, 3), *y = labels(some_labels);
    struct lade_tensor *w = lade_tensor_new(LADE_FLOAT64, 1, (int64_t[]){N});
    for (int i = 0; i < N; i++)
        ((double *)lade_tensor_data(w))[i] = i / 2.0;
    struct lade_flow_options o = {.classes = (const char *const[]){"a", "b", "c", NULL},
                                  .validation_split = .34,
                                  .subset = LADE_SUBSET_TRAINING,
                                  .order = LADE_ORDER_SORTED,
                                  .class_mode = LADE_CLASS_SPARSE};
    lade_flow *flow = array_flow(x, y, w, &o);
    ck_assert_int_eq(lade_flow_class_index(flow, "c"), 2);
    ck_assert_int_eq(lade_flow_samples(flow), 7); /* the classes have 3, 2 and 4 samples; 1, 0 and 1 of them belong
                                                     to the validation split */
    struct lade_batch *b = tree_next(flow);
    const int64_t rows[] = {2, 3, 4, 5, 6, 7, 8};
    for (int i = 0; i < 7; i++) {
        ck_assert_float_eq(((const float *)lade_tensor_data(b->sample_weight))[i], (float)rows[i] / 2);
        ck_assert_float_eq(((const float *)lade_tensor_data(b->y))[i], (float)some_labels[rows[i]]);
    }
    ck_assert_int_gt(lade_flow_filename(flow, 0, name, sizeof name), 0);
    ck_assert_str_eq(name, "x[2]");
    lade_batch_unref(b);
    lade_flow_free(flow);
    flow =
        array_flow(x, w, NULL, &(struct lade_flow_options){.class_mode = LADE_CLASS_RAW, .order = LADE_ORDER_SORTED});
    check_y(flow, N, 1, (float[]){0, .5f, 1, 1.5f, 2, 2.5f, 3, 3.5f, 4});
    lade_flow_free(flow);
    flow = array_flow(x, NULL, NULL, &(struct lade_flow_options){.class_mode = LADE_CLASS_INPUT});
    b = tree_next(flow);
    ck_assert_ptr_eq(b->x, b->y);
    lade_batch_unref(b);
    lade_flow_free(flow);
    lade_tensor_unref(x);
    lade_tensor_unref(y);
    lade_tensor_unref(w);
}
END_TEST

static void check_arrays_refused(struct lade_tensor *x, struct lade_tensor *y, struct lade_tensor *w,
                                 const struct lade_flow_options *o, const char *subject) {
    struct lade_error err = {0};
    ck_assert_ptr_null(lade_flow_from_arrays(x, y, w, o, &err));
    check_error(&err, LADE_EINVAL, subject);
}

START_TEST(arrays_that_do_not_fit_are_refused) {
    struct lade_tensor *x = pictures(LADE_UINT8, 3), *f = pictures(LADE_FLOAT32, 3), *two = pictures(LADE_UINT8, 2);
    struct lade_tensor *y = labels(some_labels), *flat = lade_tensor_reshape(x, 2, (int64_t[]){N, -1});
    struct lade_tensor *odd = labels((int64_t[N]){0, 1, 2, -1, 0, 0, 0, 0, 0});
    struct lade_tensor *few = lade_tensor_new(LADE_INT32, 1, (int64_t[]){N - 1});
    const struct lade_flow_options plain = {0};
    check_arrays_refused(NULL, y, NULL, &plain, "x");
    check_arrays_refused(flat, y, NULL, &plain, "x");
    check_arrays_refused(two, y, NULL, &plain, "x");
    check_arrays_refused(x, NULL, NULL, &plain, "class_mode");
    check_arrays_refused(x, few, NULL, &plain, "y");
    check_arrays_refused(x, y, few, &plain, "sample_weight");
    check_arrays_refused(x, y, odd, &plain, "sample_weight");
    check_arrays_refused(x, odd, NULL, &plain, "y");
    check_arrays_refused(x, y, NULL, &(struct lade_flow_options){.classes = (const char *const[]){"a", "b", NULL}},
                         "y");
    check_arrays_refused(x, flat, NULL, &plain, "y");
    check_arrays_refused(x, y, NULL, &(struct lade_flow_options){.target_size = {8, 8}}, "target_size");
    check_arrays_refused(x, y, NULL, &(struct lade_flow_options){.color_mode = LADE_COLOR_GRAYSCALE}, "color_mode");
    check_arrays_refused(f, y, NULL, &(struct lade_flow_options){.dtype = LADE_UINT8}, "dtype");
    check_arrays_refused(f, y, NULL, &(struct lade_flow_options){.horizontal_flip = true}, "x");
    struct lade_tensor *all[] = {x, f, two, y, flat, odd, few};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        lade_tensor_unref(all[i]);
}
END_TEST

START_TEST(npy_files_are_mapped) {
    struct lade_error err = {0};
    struct lade_tensor *x = pictures(LADE_UINT8, 3), *y = labels(some_labels);
    struct lade_flow_options o = {.batch_size = 4, .seed = 2, .horizontal_flip = true};
    ck_assert_int_eq(lade_tensor_write_npy(x, tree_path("x.npy"), &err), LADE_OK);
    struct lade_tensor *mapped = lade_tensor_map_npy(tree_path("x.npy"), &err);
    ck_assert_msg(mapped != NULL, "%s", err.message);
    lade_flow *a = array_flow(x, y, NULL, &o), *b = array_flow(mapped, y, NULL, &o);
    lade_tensor_unref(mapped);
    struct lade_digest d = tree_digest(a, 5), e = tree_digest(b, 5);
    ck_assert(d.low == e.low && d.high == e.high);
    lade_flow_free(a);
    lade_flow_free(b);
    lade_tensor_unref(x);
    lade_tensor_unref(y);
}
END_TEST

/* Another process may make a mapped file shorter. The flow must then report an error, and SIGBUS must not end the
   process. */
START_TEST(a_mapped_file_may_become_shorter) {
    enum { ROWS = 64, SIDE = 40 };
    struct lade_error err = {0};
    struct lade_tensor *x = lade_tensor_new(LADE_UINT8, 4, (int64_t[]){ROWS, SIDE, SIDE, 3});
    ck_assert_int_eq(lade_tensor_write_npy(x, tree_path("x.npy"), &err), LADE_OK);
    struct lade_tensor *mapped = lade_tensor_map_npy(tree_path("x.npy"), &err);
    ck_assert_msg(mapped != NULL, "%s", err.message);
    struct lade_tensor *view = lade_tensor_reshape(mapped, 4, (int64_t[]){ROWS, SIDE, SIDE, 3});
    struct lade_flow_options o = {.batch_size = 4, .order = LADE_ORDER_SORTED, .class_mode = LADE_CLASS_NONE};
    lade_flow *flow = lade_flow_from_arrays(view, NULL, NULL, &o, &err);
    ck_assert_msg(flow != NULL, "%s", err.message);
    struct lade_batch *b = tree_next(flow);
    lade_batch_unref(b);
    ck_assert_int_eq(truncate(tree_path("x.npy"), (off_t)(ROWS / 2) * SIDE * SIDE * 3), 0);
    int status = LADE_OK;
    for (int i = 0; i < ROWS && status == LADE_OK; i++) {
        status = lade_flow_next(flow, &b, &err);
        if (status == LADE_OK)
            lade_batch_unref(b);
    }
    check_error(&err, LADE_EIO, NULL);
    lade_flow_free(flow);
    lade_tensor_unref(view);
    lade_tensor_unref(mapped);
    lade_tensor_unref(x);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow sources");
    tcase_add_test(tcase, a_list_makes_a_flow);
    tcase_add_test(tcase, a_list_can_be_in_memory);
    tcase_add_test(tcase, classes_of_a_list_can_be_chosen);
    tcase_add_test(tcase, a_list_can_have_numbers_several_labels_and_weights);
    tcase_add_test(tcase, errors_of_a_list_have_a_subject_and_a_line);
    tcase_add_test(tcase, a_record_without_an_end_is_refused);
    tcase_add_test(tcase, a_missing_file_of_a_list_is_invalid);
    tcase_add_test(tcase, a_list_is_split_balanced_and_resumed);
    tcase_add_test(tcase, arrays_make_a_flow);
    tcase_add_test(tcase, arrays_have_names_weights_numbers_and_splits);
    tcase_add_test(tcase, arrays_that_do_not_fit_are_refused);
    tcase_add_test(tcase, npy_files_are_mapped);
    tcase_add_test(tcase, a_mapped_file_may_become_shorter);
}
