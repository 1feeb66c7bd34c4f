/* Tests of the batches of a flow: their pixels, labels, indices, order and epochs. Each function that returns
   batches is tested. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

#include <math.h>

/* Checks that row @row of @b has the pixels that the decoder returns for the same file. */
static void check_pixels(lade_flow *flow, const struct lade_batch *b, int64_t row, int h, int w) {
    struct lade_decode_options options = {.target_size = {h, w}};
    struct lade_error err = {0};
    struct lade_image image;
    char name[256];
    unsigned char bytes[65536];
    const float *x = (const float *)lade_tensor_data(b->x) + row * h * w * 3;

    lade_flow_filename(flow, b->indices[row], name, sizeof name);
    FILE *f = fopen(tree_path(name), "rb");
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    lade_decoder *decoder = lade_decoder_new();
    ck_assert_int_eq(lade_image_decode_resized(decoder, bytes, n, &options, &image, &err), LADE_OK);
    for (int y = 0; y < h; y++)
        for (int i = 0; i < w * 3; i++)
            ck_assert_float_eq(x[y * w * 3 + i], image.pixels[(size_t)y * image.stride + (size_t)i]);
    lade_decoder_free(decoder);
}

START_TEST(a_batch_has_the_pixels_of_the_files) {
    tree_classes(3, (int[]){4, 3, 5});
    lade_flow *flow = tree_flow(&(struct lade_flow_options){.target_size = {7, 9}, .batch_size = 5, .seed = 3});
    bool seen[12] = {false};

    ck_assert_int_eq(lade_flow_samples(flow), 12);
    ck_assert_int_eq(lade_flow_steps(flow), 3);
    for (int k = 0; k < 3; k++) {
        struct lade_batch *b = tree_next(flow);
        ck_assert_int_eq(b->n, k < 2 ? 5 : 2);
        ck_assert_int_eq(b->epoch, 0);
        ck_assert_int_eq(b->step, k);
        ck_assert_int_eq(b->x->dl.ndim, 4);
        ck_assert(b->x->shape[0] == b->n && b->x->shape[1] == 7 && b->x->shape[2] == 9 && b->x->shape[3] == 3);
        ck_assert(b->y->dl.ndim == 2 && b->y->shape[0] == b->n && b->y->shape[1] == 3);
        ck_assert(b->x->dtype == LADE_FLOAT32 && b->y->dtype == LADE_FLOAT32);
        for (int64_t i = 0; i < b->n; i++) {
            const float *y = (const float *)lade_tensor_data(b->y) + i * 3;
            ck_assert(!seen[b->indices[i]]);
            seen[b->indices[i]] = true;
            for (int c = 0; c < 3; c++)
                ck_assert_float_eq(y[c], c == lade_flow_class_of(flow, b->indices[i]));
            check_pixels(flow, b, i, 7, 9);
        }
        lade_batch_unref(b);
    }
    for (int i = 0; i < 12; i++)
        ck_assert(seen[i]);
    lade_flow_free(flow);
}
END_TEST

START_TEST(classes_and_file_names_are_returned) {
    char name[64];
    int64_t shape[3];
    tree_classes(3, (int[]){2, 1, 3});
    lade_flow *flow = tree_flow(NULL);
    ck_assert_int_eq(lade_flow_classes(flow), 3);
    ck_assert_str_eq(lade_flow_class_names(flow)[2], "c2");
    ck_assert_ptr_null(lade_flow_class_names(flow)[3]);
    ck_assert_int_eq(lade_flow_class_index(flow, "c1"), 1);
    ck_assert_int_eq(lade_flow_class_index(flow, "c"), -1);
    ck_assert_int_eq(lade_flow_class_count(flow, 2), 3);
    ck_assert_int_eq(lade_flow_class_of(flow, 2), 1);
    ck_assert_int_eq(lade_flow_filename(flow, 3, name, sizeof name), 10);
    ck_assert_str_eq(name, "c2/000.png");
    lade_flow_sample_shape(flow, shape);
    ck_assert(shape[0] == 256 && shape[1] == 256 && shape[2] == 3); /* Keras's defaults */
    ck_assert_int_eq(lade_flow_steps(flow), 1);
    lade_flow_free(flow);
}
END_TEST

START_TEST(class_modes_shape_the_labels) {
    tree_classes(2, (int[]){3, 3});
    const struct {
        enum lade_class_mode mode;
        int columns;
    } rows[] = {{LADE_CLASS_CATEGORICAL, 2}, {LADE_CLASS_BINARY, 1}, {LADE_CLASS_SPARSE, 1}, {LADE_CLASS_NONE, 0}};
    for (int r = 0; r < 4; r++) {
        lade_flow *flow = tree_flow(&(struct lade_flow_options){.target_size = {4, 4}, .class_mode = rows[r].mode});
        struct lade_batch *b = tree_next(flow);
        ck_assert_int_eq(b->n, 6);
        if (rows[r].mode == LADE_CLASS_NONE) {
            ck_assert_ptr_null(b->y);
        } else {
            const float *y = lade_tensor_data(b->y);
            ck_assert_int_eq(b->y->shape[1], rows[r].columns);
            for (int i = 0; i < 6; i++) {
                int c = lade_flow_class_of(flow, b->indices[i]);
                if (rows[r].columns == 1)
                    ck_assert_float_eq(y[i], (float)c);
                else
                    ck_assert(y[2 * i] == (c == 0) && y[2 * i + 1] == (c == 1));
            }
        }
        lade_batch_unref(b);
        lade_flow_free(flow);
    }
}
END_TEST

START_TEST(class_mode_input_returns_x_as_y) {
    struct lade_digest d = {0}, none = {0};
    tree_classes(2, (int[]){3, 3});
    struct lade_flow_options o = {.target_size = {4, 4}, .class_mode = LADE_CLASS_INPUT};
    lade_flow *flow = tree_flow(&o);
    struct lade_batch *b = tree_next(flow);
    ck_assert_ptr_eq(b->y, b->x);
    ck_assert_ptr_null(b->sample_weight);
    struct lade_tensor *y = lade_tensor_ref(b->y);
    ck_assert_int_eq(lade_digest_add(&d, b), LADE_OK);
    lade_batch_unref(b);
    lade_flow_free(flow);
    ck_assert_int_eq(y->shape[0], 6); /* y is still valid after the flow is freed */
    lade_tensor_unref(y);
    o.class_mode = LADE_CLASS_NONE;
    flow = tree_flow(&o);
    none = tree_digest(flow, 1);
    ck_assert(none.low != d.low);
    lade_flow_free(flow);
}
END_TEST

START_TEST(all_formats_of_x_have_the_same_numbers) {
    tree_classes(2, (int[]){4, 4});
    struct lade_flow_options o = {.target_size = {5, 6}, .seed = 1}, p = o;
    p.dtype = LADE_UINT8;
    p.data_format = LADE_CHANNELS_FIRST;
    lade_flow *last = tree_flow(&o), *first = tree_flow(&p);
    o.rescale = 1 / 255.f;
    o.color_mode = LADE_COLOR_GRAYSCALE;
    lade_flow *grey = tree_flow(&o);
    struct lade_batch *a = tree_next(last), *b = tree_next(first), *g = tree_next(grey);
    const float *x = lade_tensor_data(a->x), *z = lade_tensor_data(g->x);
    const uint8_t *y = lade_tensor_data(b->x);

    ck_assert(b->x->shape[1] == 3 && b->x->shape[2] == 5 && b->x->shape[3] == 6 && b->x->dtype == LADE_UINT8);
    ck_assert(g->x->shape[1] == 5 && g->x->shape[2] == 6 && g->x->shape[3] == 1);
    for (int n = 0; n < 8; n++)
        for (int i = 0; i < 5 * 6; i++) {
            for (int c = 0; c < 3; c++)
                ck_assert_float_eq(x[(n * 30 + i) * 3 + c], y[(n * 3 + c) * 30 + i]);
            const float *rgb = x + (n * 30 + i) * 3;
            float luma = floorf((19595 * rgb[0] + 38470 * rgb[1] + 7471 * rgb[2] + 32768) / 65536);
            /* A JPEG file stores the luma. It differs from the luma of the decoded RGB pixel by rounding. */
            ck_assert_float_eq_tol(z[n * 30 + i], luma / 255.f, 1.01f / 255.f);
        }
    lade_batch_unref(a);
    lade_batch_unref(b);
    lade_batch_unref(g);
    lade_flow_free(last);
    lade_flow_free(first);
    lade_flow_free(grey);
}
END_TEST

static void indices_of_epoch(lade_flow *flow, int64_t *out) {
    int64_t at = 0;
    for (int64_t k = 0; k < lade_flow_steps(flow); k++) {
        struct lade_batch *b = tree_next(flow);
        memcpy(out + at, b->indices, (size_t)b->n * sizeof *out);
        at += b->n;
        lade_batch_unref(b);
    }
    ck_assert_int_eq(at, lade_flow_samples(flow));
}

START_TEST(each_epoch_is_another_permutation) {
    int64_t first[50], second[50], again[50];
    tree_classes(2, (int[]){25, 25});
    struct lade_flow_options o = {.target_size = {2, 2}, .batch_size = 7, .seed = 5};
    lade_flow *flow = tree_flow(&o), *same = tree_flow(&o);
    o.order = LADE_ORDER_SORTED;
    lade_flow *sorted = tree_flow(&o);
    indices_of_epoch(flow, first);
    indices_of_epoch(flow, second);
    indices_of_epoch(same, again);
    ck_assert_mem_eq(first, again, sizeof first);
    ck_assert_mem_ne(first, second, sizeof first);
    struct lade_batch *b = tree_next(flow);
    ck_assert(b->epoch == 2 && b->step == 0);
    lade_batch_unref(b);
    indices_of_epoch(sorted, first);
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(first[i], i);
    lade_flow_free(flow);
    lade_flow_free(same);
    lade_flow_free(sorted);
}
END_TEST

START_TEST(any_batch_can_be_requested) {
    struct lade_error err = {0};
    struct lade_batch *b = NULL;
    tree_classes(2, (int[]){9, 8});
    struct lade_flow_options o = {.target_size = {6, 6}, .batch_size = 4, .seed = 8, .horizontal_flip = true};
    lade_flow *flow = tree_flow(&o), *other = tree_flow(&o);
    for (int64_t k = 0; k < 15; k++) { /* three epochs of 5 batches */
        struct lade_batch *a = tree_next(flow);
        ck_assert_int_eq(lade_flow_batch(other, k / 5, k % 5, &b, &err), LADE_OK);
        ck_assert(a->n == b->n && a->epoch == b->epoch && a->step == b->step);
        ck_assert_mem_eq(lade_tensor_data(a->x), lade_tensor_data(b->x), lade_tensor_bytes(a->x));
        ck_assert_mem_eq(lade_tensor_data(a->y), lade_tensor_data(b->y), lade_tensor_bytes(a->y));
        lade_batch_unref(a);
        lade_batch_unref(b);
    }
    b = tree_next(other); /* lade_flow_batch() has not changed the position of the flow */
    ck_assert(b->epoch == 0 && b->step == 0);
    lade_batch_unref(b);
    ck_assert_int_eq(lade_flow_batch(flow, 0, 5, &b, &err), LADE_EINVAL);
    check_error(&err, LADE_EINVAL, "step");
    ck_assert_int_eq(lade_flow_batch(flow, 0, -1, &b, NULL), LADE_EINVAL);
    ck_assert_int_eq(lade_flow_batch(flow, -1, 0, &b, &err), LADE_EINVAL);
    ck_assert_int_eq(lade_flow_batch(flow, INT64_C(1) << 32, 0, &b, &err), LADE_EINVAL);
    lade_flow_free(flow);
    lade_flow_free(other);
}
END_TEST

/* In each epoch, each sample is either flipped or not. The choice is random. */
START_TEST(horizontal_flip_flips_some_samples) {
    int flipped = 0, changed = 0;
    bool first[20];
    tree_classes(1, (int[]){20});
    struct lade_flow_options o = {.target_size = {8, 8}, .batch_size = 20, .seed = 2}, p = o;
    p.horizontal_flip = true;
    lade_flow *plain = tree_flow(&o), *augmented = tree_flow(&p);
    struct lade_batch *a = tree_next(plain), *b = tree_next(augmented);
    const float *x = lade_tensor_data(a->x), *z = lade_tensor_data(b->x);
    for (int n = 0; n < 20; n++) {
        ck_assert_int_eq(a->indices[n], b->indices[n]); /* flips do not change the order */
        bool same = memcmp(x + n * 192, z + n * 192, 192 * sizeof *x) == 0;
        for (int i = 0; i < 64; i++)
            for (int c = 0; c < 3; c++)
                ck_assert_float_eq(z[n * 192 + i * 3 + c], x[n * 192 + (same ? i : i / 8 * 8 + 7 - i % 8) * 3 + c]);
        flipped += !same;
        first[a->indices[n]] = !same;
    }
    ck_assert(flipped > 2 && flipped < 18);
    lade_batch_unref(a);
    lade_batch_unref(b);
    a = tree_next(plain);
    b = tree_next(augmented);
    x = lade_tensor_data(a->x);
    z = lade_tensor_data(b->x);
    for (int n = 0; n < 20; n++)
        changed += first[a->indices[n]] != (memcmp(x + n * 192, z + n * 192, 192 * sizeof *x) != 0);
    ck_assert(changed > 2 && changed < 18); /* the next epoch draws new flips */
    lade_batch_unref(a);
    lade_batch_unref(b);
    lade_flow_free(plain);
    lade_flow_free(augmented);
}
END_TEST

/* ---- Splits ------------------------------------------------------------------------------------------------------ */

START_TEST(the_default_split_is_the_split_of_keras) {
    char name[64];
    tree_classes(3, (int[]){10, 7, 3});
    struct lade_flow_options o = {.validation_split = .3, .subset = LADE_SUBSET_VALIDATION};
    lade_flow *validation = tree_flow(&o);
    o.subset = LADE_SUBSET_TRAINING;
    lade_flow *training = tree_flow(&o);
    ck_assert(lade_flow_class_count(validation, 0) == 3 && lade_flow_class_count(validation, 1) == 2 &&
              lade_flow_class_count(validation, 2) == 0);
    ck_assert(lade_flow_class_count(training, 0) == 7 && lade_flow_class_count(training, 1) == 5 &&
              lade_flow_class_count(training, 2) == 3);
    ck_assert_int_eq(lade_flow_samples(validation), 5);
    ck_assert_int_eq(lade_flow_samples(training), 15);
    ck_assert_int_eq(lade_flow_classes(validation), 3);
    lade_flow_filename(validation, 3, name, sizeof name);
    ck_assert_str_eq(name, "c1/000.png"); /* the first image of its class */
    lade_flow_filename(training, 0, name, sizeof name);
    ck_assert_str_eq(name, "c0/003.png");
    lade_flow_free(validation);
    lade_flow_free(training);
}
END_TEST

START_TEST(the_parts_of_the_seeded_split_do_not_overlap) {
    char name[64];
    int seen[20] = {0}, also_in_first_split = 0;
    tree_classes(1, (int[]){20});
    struct lade_flow_options o = {.validation_split = .25, .split = LADE_SPLIT_SEEDED, .seed = 4};
    for (int part = 0; part < 2; part++) {
        o.subset = part ? LADE_SUBSET_VALIDATION : LADE_SUBSET_TRAINING;
        lade_flow *flow = tree_flow(&o);
        ck_assert_int_eq(lade_flow_samples(flow), part ? 5 : 15);
        for (int64_t i = 0; i < lade_flow_samples(flow); i++) {
            lade_flow_filename(flow, i, name, sizeof name);
            int number = atoi(name + 3);
            seen[number]++;
            also_in_first_split += part && number < 5;
        }
        lade_flow_free(flow);
    }
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(seen[i], 1);
    ck_assert_int_lt(also_in_first_split, 5);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow");
    tcase_add_test(tcase, a_batch_has_the_pixels_of_the_files);
    tcase_add_test(tcase, classes_and_file_names_are_returned);
    tcase_add_test(tcase, class_modes_shape_the_labels);
    tcase_add_test(tcase, class_mode_input_returns_x_as_y);
    tcase_add_test(tcase, all_formats_of_x_have_the_same_numbers);
    tcase_add_test(tcase, each_epoch_is_another_permutation);
    tcase_add_test(tcase, any_batch_can_be_requested);
    tcase_add_test(tcase, horizontal_flip_flips_some_samples);
    tcase_add_test(tcase, the_default_split_is_the_split_of_keras);
    tcase_add_test(tcase, the_parts_of_the_seeded_split_do_not_overlap);
}
