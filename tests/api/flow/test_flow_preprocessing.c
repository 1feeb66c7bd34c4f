/* Tests of the two steps between augmentation and rescale: preprocessing_function and save_to_dir. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

#include <dirent.h>

/* ---- preprocessing_function -------------------------------------------------------------------------------------- */

struct seen {
    int calls; /* atomic */
    int64_t refuse;
    int code; /* atomic, because workers read it while the test changes it */
};

static int invert(void *ctx, const struct lade_flow_sample *s, struct lade_error *err) {
    struct seen *seen = ctx;
    __atomic_fetch_add(&seen->calls, 1, __ATOMIC_RELAXED);
    if (s->index == seen->refuse)
        return lade_error_set(err, __atomic_load_n(&seen->code, __ATOMIC_RELAXED), "I do not like it");
    for (int64_t i = 0; i < s->shape[0] * s->shape[1] * s->shape[2]; i++)
        if (s->dtype == LADE_UINT8)
            ((uint8_t *)s->x)[i] = (uint8_t)(255 - ((uint8_t *)s->x)[i]);
        else
            ((float *)s->x)[i] = 255 - ((float *)s->x)[i];
    return LADE_OK;
}

START_TEST(a_function_is_called_once_for_each_sample_before_rescale) {
    tree_classes(2, (int[]){6, 5});
    for (int kind = 0; kind < 4; kind++) {
        struct seen seen = {0, -1, 0};
        struct lade_flow_options o = {.target_size = {5, 4},
                                      .batch_size = 11,
                                      .workers = 3,
                                      .horizontal_flip = true,
                                      .dtype = (enum lade_dtype)(kind % 2),
                                      .data_format = (enum lade_data_format)(kind / 2),
                                      .rescale = kind % 2 ? 0 : .5f},
                                 p = o;
        p.preprocessing_function = (struct lade_preprocessing){invert, &seen};
        lade_flow *plain = tree_flow(&o), *changed = tree_flow(&p);
        struct lade_batch *a = NULL, *b = NULL;
        ck_assert_int_eq(lade_flow_batch(plain, 3, 0, &a, NULL), LADE_OK);
        ck_assert_int_eq(lade_flow_batch(changed, 3, 0, &b, NULL), LADE_OK);
        ck_assert_int_eq(seen.calls, 11);
        for (int i = 0; i < 11 * 60; i++)
            if (kind % 2)
                ck_assert_int_eq(((uint8_t *)lade_tensor_data(b->x))[i], 255 - ((uint8_t *)lade_tensor_data(a->x))[i]);
            else
                ck_assert_float_eq(((float *)lade_tensor_data(b->x))[i], 127.5f - ((float *)lade_tensor_data(a->x))[i]);
        lade_batch_unref(a);
        lade_batch_unref(b);
        lade_flow_free(plain);
        lade_flow_free(changed);
    }
}
END_TEST

START_TEST(an_error_of_the_function_makes_the_sample_invalid) {
    struct lade_error err = {0};
    struct lade_batch *b;
    struct lade_invalid_file bad;
    struct seen seen = {0, 2, LADE_EUNSUPPORTED};
    tree_classes(1, (int[]){5});
    struct lade_flow_options o = {
        .target_size = {4, 4}, .order = LADE_ORDER_SORTED, .preprocessing_function = {invert, &seen}};
    lade_flow *flow = tree_flow(&o);
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_EUNSUPPORTED);
    ck_assert_str_eq(err.message, "c0/002.jpg: preprocessing_function: I do not like it");
    lade_flow_free(flow);
    o.on_error = LADE_ERROR_SKIP;
    flow = tree_flow(&o);
    b = tree_next(flow);
    ck_assert_int_eq(b->n, 4);
    lade_batch_unref(b);
    ck_assert_int_eq(lade_flow_invalid_file(flow, 0, &bad), LADE_OK);
    ck_assert_int_eq(bad.sample, 2);
    __atomic_store_n(&seen.code, LADE_ENOMEM, __ATOMIC_RELAXED); /* an error of the process, not of the sample */
    ck_assert_int_eq(lade_flow_batch(flow, 0, 0, &b, &err), LADE_ENOMEM);
    lade_flow_free(flow);
}
END_TEST

START_TEST(a_state_records_that_there_is_a_function) {
    struct lade_error err = {0};
    struct seen seen = {0, -1, 0};
    char *state = NULL;
    tree_classes(1, (int[]){5});
    struct lade_flow_options o = {.target_size = {4, 4}};
    lade_flow *flow = tree_flow(&o);
    ck_assert_int_eq(lade_flow_state(flow, &state, &err), LADE_OK);
    lade_flow_free(flow);
    o.preprocessing_function = (struct lade_preprocessing){invert, &seen};
    flow = tree_flow(&o);
    ck_assert_int_eq(lade_flow_resume(flow, state, &err), LADE_EMISMATCH);
    check_error(&err, LADE_EMISMATCH, "preprocessing_function");
    lade_flow_free(flow);
    lade_free(state);
}
END_TEST

/* ---- save_to_dir ------------------------------------------------------------------------------------------------- */

static int count_files(const char *relative) {
    DIR *dir = opendir(tree_path(relative));
    int n = 0;
    for (struct dirent *e; (e = readdir(dir));)
        n += e->d_name[0] != '.';
    closedir(dir);
    return n;
}

/* Reads the pixels of a saved image. */
static void read_pixels(lade_decoder *decoder, const char *relative, enum lade_color_mode mode,
                        struct lade_image *image) {
    static unsigned char bytes[1 << 16];
    struct lade_error err = {0};
    FILE *f = fopen(tree_path(relative), "rb");
    ck_assert_msg(f != NULL, "%s does not exist", relative);
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    ck_assert_msg(lade_image_decode(decoder, bytes, n, mode, NULL, image, &err) == LADE_OK, "%s", err.message);
}

START_TEST(saved_images_have_the_pixels_of_the_batch) {
    tree_folder("c0");
    tree_folder("pictures");
    for (int i = 0; i < 7; i++) {
        char name[32];
        snprintf(name, sizeof name, "c0/%d.png", i);
        tree_image(name, i);
    }
    lade_decoder *decoder = lade_decoder_new();
    for (int kind = 0; kind < 4; kind++) {
        char prefix[8];
        snprintf(prefix, sizeof prefix, "k%d", kind);
        bool grey = kind == 3;
        struct lade_flow_options o = {.target_size = {6, 7},
                                      .batch_size = 3,
                                      .classes = (const char *const[]){"c0", NULL},
                                      .horizontal_flip = true,
                                      .color_mode = grey ? LADE_COLOR_GRAYSCALE : LADE_COLOR_RGB,
                                      .dtype = kind == 1 ? LADE_UINT8 : LADE_FLOAT32,
                                      .data_format = kind == 2 ? LADE_CHANNELS_FIRST : LADE_CHANNELS_LAST,
                                      .rescale = kind == 1 ? 0 : 1 / 255.f,
                                      .save_to_dir = tree_path("pictures"),
                                      .save_prefix = prefix};
        lade_flow *flow = tree_flow(&o);
        for (int k = 0; k < 2; k++) {
            struct lade_batch *b = tree_next(flow);
            for (int64_t i = 0; i < b->n; i++) {
                char name[64];
                struct lade_image image;
                snprintf(name, sizeof name, "pictures/%s_0_%07d_%d.png", prefix, (int)(k * 3 + i), (int)b->indices[i]);
                read_pixels(decoder, name, o.color_mode, &image);
                ck_assert(image.width == 7 && image.height == 6);
                int c = grey ? 1 : 3;
                for (int p = 0; p < 42 * c; p++) {
                    int64_t at = i * 42 * c + (kind == 2 ? p % 3 * 42 + p / 3 : p);
                    float v = kind == 1 ? (float)((uint8_t *)lade_tensor_data(b->x))[at]
                                        : ((float *)lade_tensor_data(b->x))[at] * 255;
                    ck_assert_float_eq_tol(image.pixels[(size_t)(p / (7 * c)) * image.stride + (size_t)(p % (7 * c))],
                                           v, 1e-3f);
                }
            }
            lade_batch_unref(b);
        }
        lade_flow_free(flow);
        ck_assert_int_eq(count_files("pictures"), 6 * (kind + 1)); /* only delivered batches are saved */
    }
    lade_decoder_free(decoder);
}
END_TEST

START_TEST(an_image_that_cannot_be_saved_ends_the_flow) {
    struct lade_error err = {0};
    struct lade_batch *b;
    tree_classes(1, (int[]){3});
    tree_folder("p");
    struct lade_flow_options o = {
        .target_size = {4, 4}, .save_to_dir = tree_path("p"), .save_format = LADE_FORMAT_JPEG};
    o.classes = (const char *const[]){"c0", NULL};
    lade_flow *flow = tree_flow(&o);
    ck_assert_int_eq(remove(tree_path("p")), 0);
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_ENOENT);
    ck_assert_ptr_nonnull(strstr(err.message, "p/0_0000000_"));
    tree_folder("p"); /* now the directory exists again */
    ck_assert_int_eq(lade_flow_next(flow, &b, &err), LADE_OK);
    ck_assert_int_eq(b->step, 0);
    ck_assert_int_eq(count_files("p"), 3);
    lade_batch_unref(b);
    lade_flow_free(flow);
    const struct {
        struct lade_flow_options o;
        const char *option;
    } rows[] = {{{.save_prefix = "x"}, "save_prefix"},
                {{.save_format = LADE_FORMAT_PNG}, "save_format"},
                {{.save_to_dir = "x", .save_prefix = "a/b"}, "save_prefix"},
                {{.save_to_dir = "x", .save_format = LADE_FORMAT_JPEG, .color_mode = LADE_COLOR_RGBA}, "save_format"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_ptr_null(lade_flow_from_directory(tree_root, &rows[i].o, &err));
        check_error(&err, LADE_EINVAL, rows[i].option);
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow preprocessing");
    tcase_add_test(tcase, a_function_is_called_once_for_each_sample_before_rescale);
    tcase_add_test(tcase, an_error_of_the_function_makes_the_sample_invalid);
    tcase_add_test(tcase, a_state_records_that_there_is_a_function);
    tcase_add_test(tcase, saved_images_have_the_pixels_of_the_batch);
    tcase_add_test(tcase, an_image_that_cannot_be_saved_ends_the_flow);
}
