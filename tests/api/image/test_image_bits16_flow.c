/* Tests streams of images with samples of 16 bits. float32 and uint16 batches contain all 16 bits, both from files and
   from arrays. The batches can be stored as .npy files and exported through DLPack. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"

enum { HEIGHT = 3, WIDTH = 4, PIXELS = HEIGHT * WIDTH };

static unsigned value(unsigned file, unsigned i) {
    return (i * i * 397 + i * 31 + file * 1000 + 7) % 65536;
}

/* Makes a class of PGM files: "0.pgm" and "1.pgm" have 16 bits, and "2.pgm" has 8 bits. */
static void make_files(void) {
    char bytes[128], name[16];
    tree_folder("c");
    for (unsigned file = 0; file < 3; file++) {
        size_t n = (size_t)sprintf(bytes, "P5 %d %d %d\n", WIDTH, HEIGHT, file < 2 ? 65535 : 255);
        for (unsigned i = 0; i < PIXELS; i++) {
            if (file < 2)
                bytes[n++] = (char)(value(file, i) >> 8);
            bytes[n++] = (char)value(file, i);
        }
        snprintf(name, sizeof name, "c/%u.pgm", file);
        tree_bytes(name, bytes, n);
    }
}

static struct lade_flow_options grey_of(enum lade_dtype dtype) {
    return (struct lade_flow_options){.target_size = {HEIGHT, WIDTH},
                                      .color_mode = LADE_COLOR_GRAYSCALE,
                                      .class_mode = LADE_CLASS_NONE,
                                      .order = LADE_ORDER_SORTED,
                                      .batch_size = 3,
                                      .dtype = dtype};
}

/* Returns the value that a uint16 batch has for pixel @i of file @file. */
static unsigned expected(unsigned file, unsigned i) {
    return file < 2 ? value(file, i) : value(file, i) % 256 * 257;
}

static void check_batch(const struct lade_batch *b, unsigned files) {
    for (unsigned file = 0; file < files; file++)
        for (unsigned i = 0; i < PIXELS; i++) {
            size_t at = file * PIXELS + i;
            if (b->x->dtype == LADE_UINT16)
                ck_assert_uint_eq(((const uint16_t *)lade_tensor_data(b->x))[at], expected(file, i));
            else if (b->x->dtype == LADE_FLOAT32)
                ck_assert(((const float *)lade_tensor_data(b->x))[at] == (float)(expected(file, i) / 257.0));
            else
                ck_assert_uint_eq(((const uint8_t *)lade_tensor_data(b->x))[at], (expected(file, i) + 128) / 257);
        }
}

START_TEST(batches_keep_16_bits) {
    static const enum lade_dtype dtypes[] = {LADE_FLOAT32, LADE_UINT16, LADE_UINT8};
    struct lade_flow_options o = grey_of(dtypes[_i]);
    make_files();
    lade_flow *flow = tree_flow(&o);
    struct lade_batch *b = tree_next(flow);
    ck_assert_int_eq(b->x->dtype, dtypes[_i]);
    check_batch(b, 3);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

START_TEST(uint16_is_stored_and_exported) {
    struct lade_flow_options o = grey_of(LADE_UINT16);
    struct lade_error err = {0};
    make_files();
    lade_flow *flow = tree_flow(&o);
    struct lade_batch *b = tree_next(flow);
    ck_assert_int_eq(lade_tensor_write_npy(b->x, tree_path("x.npy"), &err), LADE_OK);
    struct lade_tensor *back = lade_tensor_map_npy(tree_path("x.npy"), &err);
    ck_assert_ptr_nonnull(back);
    ck_assert_int_eq(back->dtype, LADE_UINT16);
    ck_assert_mem_eq(lade_tensor_data(back), lade_tensor_data(b->x), lade_tensor_bytes(b->x));
    DLManagedTensor *exported = lade_tensor_to_dlpack(b->x);
    ck_assert_ptr_nonnull(exported);
    ck_assert_int_eq(exported->dl_tensor.dtype.code, kDLUInt);
    ck_assert_int_eq(exported->dl_tensor.dtype.bits, 16);
    exported->deleter(exported);
    lade_tensor_unref(back);
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

static lade_flow *from_array(const struct lade_flow_options *o, struct lade_error *err) {
    uint16_t pixels[2 * PIXELS];
    for (unsigned i = 0; i < 2 * PIXELS; i++)
        pixels[i] = (uint16_t)value(i / PIXELS, i % PIXELS);
    struct lade_tensor *x = lade_tensor_new(LADE_UINT16, 4, (int64_t[]){2, HEIGHT, WIDTH, 1});
    ck_assert_ptr_nonnull(x);
    memcpy(lade_tensor_data(x), pixels, sizeof pixels);
    lade_flow *flow = lade_flow_from_arrays(x, NULL, NULL, o, err);
    lade_tensor_unref(x);
    return flow;
}

START_TEST(arrays_of_uint16_are_images_of_16_bits) {
    static const enum lade_dtype dtypes[] = {LADE_FLOAT32, LADE_UINT16, LADE_UINT8};
    struct lade_flow_options o = grey_of(dtypes[_i]);
    struct lade_error err = {0};
    lade_flow *flow = from_array(&o, &err);
    ck_assert_msg(flow != NULL, "%s", err.message);
    struct lade_batch *b = tree_next(flow);
    check_batch(b, 2);
    lade_batch_unref(b);
    lade_flow_free(flow);
    o.quirks = LADE_QUIRKS_KERAS3;
    ck_assert_ptr_null(from_array(&o, &err));
    check_error(&err, LADE_EINVAL, "quirks");
}
END_TEST

/* Keras reads a grey image of 16 bits with Pillow, which clips its values. */
START_TEST(the_quirks_of_keras_clip_grey) {
    struct lade_flow_options o = grey_of(LADE_FLOAT32);
    o.quirks = LADE_QUIRKS_KERAS3;
    make_files();
    lade_flow *flow = tree_flow(&o);
    struct lade_batch *b = tree_next(flow);
    for (unsigned i = 0; i < PIXELS; i++)
        ck_assert(((const float *)lade_tensor_data(b->x))[i] == (float)(value(0, i) < 255 ? value(0, i) : 255));
    lade_batch_unref(b);
    lade_flow_free(flow);
}
END_TEST

/* MixUp blends the samples, and save_to_dir writes images of 8 bits. */
START_TEST(other_steps_take_uint16) {
    struct lade_flow_options o = grey_of(LADE_UINT16);
    make_files();
    tree_folder("saved");
    o.classes = (const char *const[]){"c", NULL};
    o.mixup_alpha = 1;
    lade_flow *flow = tree_flow(&o);
    struct lade_batch *b = tree_next(flow);
    const uint16_t *x = lade_tensor_data(b->x);
    for (unsigned i = 0; i < PIXELS; i++) { /* the first sample of the batch is mixed with the last sample */
        unsigned one = expected(0, i), other = expected(2, i);
        ck_assert_uint_ge(x[i] + 1u, one < other ? one : other);
        ck_assert_uint_le(x[i], (one < other ? other : one) + 1);
    }
    lade_batch_unref(b);
    lade_flow_free(flow);
    o.mixup_alpha = 0;
    o.save_to_dir = tree_path("saved");
    o.save_format = LADE_FORMAT_PNM;
    flow = tree_flow(&o);
    lade_batch_unref(tree_next(flow));
    lade_flow_free(flow);
    FILE *f = fopen(tree_path("saved/0_0000001_1.ppm"), "rb");
    ck_assert_ptr_nonnull(f);
    uint8_t bytes[128];
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    for (unsigned i = 0; i < PIXELS; i++)
        ck_assert_uint_eq(bytes[n - PIXELS + i], (expected(1, i) + 128) / 257);
}
END_TEST

START_TEST(uint16_has_no_fractions) {
    struct lade_flow_options o = grey_of(LADE_UINT16);
    struct lade_error err = {0};
    make_files();
    o.rescale = 0.5f;
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, &o, &err));
    check_error(&err, LADE_EINVAL, "rescale");
    o.rescale = 0;
    o.samplewise_center = true;
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, &o, &err));
    check_error(&err, LADE_EINVAL, "samplewise_center");
    o.samplewise_center = false;
    lade_flow *flow = tree_flow(&o);
    ck_assert_int_eq(lade_flow_fit(flow, &err), LADE_EINVAL);
    check_error(&err, LADE_EINVAL, "dtype");
    lade_flow_free(flow);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "image_bits16_flow");
    tcase_add_loop_test(tcase, batches_keep_16_bits, 0, 3);
    tcase_add_test(tcase, uint16_is_stored_and_exported);
    tcase_add_loop_test(tcase, arrays_of_uint16_are_images_of_16_bits, 0, 3);
    tcase_add_test(tcase, the_quirks_of_keras_clip_grey);
    tcase_add_test(tcase, other_steps_take_uint16);
    tcase_add_test(tcase, uint16_has_no_fractions);
}
