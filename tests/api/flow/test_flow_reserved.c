/*
 * Structs of options end with reserved bytes. A function that takes such a struct fails if one of these bytes is not 0.
 */
#define _GNU_SOURCE /* nftw */
#include "support/flow_tree.h"

static int make_flow(const void *options, struct lade_error *err) {
    lade_flow *flow = lade_flow_from_directory(tree_root, options, err);
    lade_flow_free(flow);
    return flow ? LADE_OK : err->code;
}

static int make_flow_of_list(const void *manifest, struct lade_error *err) {
    lade_flow *flow = lade_flow_from_manifest(tree_path("list.csv"), manifest, NULL, err);
    lade_flow_free(flow);
    return flow ? LADE_OK : err->code;
}

static int scan(const void *options, struct lade_error *err) {
    lade_scan *s = lade_scan_directory(tree_root, options, err);
    lade_scan_free(s);
    return s ? LADE_OK : err->code;
}

static int check_augment(const void *augment, struct lade_error *err) {
    return lade_augment_check(augment, err);
}

static int check_crop(const void *range, struct lade_error *err) {
    return lade_crop_check(range, err);
}

static int decode(const void *options, struct lade_error *err) {
    static const char pixel[] = "P5 1 1 255 x";
    lade_decoder *decoder = lade_decoder_new();
    struct lade_image image;
    int status = lade_image_decode_resized(decoder, pixel, sizeof pixel - 1, options, &image, err);
    lade_decoder_free(decoder);
    return status;
}

static int to_tensor(const struct lade_transform *transform, const struct lade_output *output, struct lade_error *err) {
    uint8_t pixel = 1;
    struct lade_image image = {&pixel, 1, 1, 1, 1};
    lade_decoder *decoder = lade_decoder_new();
    float slot;
    int status = lade_image_to_tensor(decoder, &image, transform, output, &slot, err);
    lade_decoder_free(decoder);
    return status;
}

static int use_transform(const void *transform, struct lade_error *err) {
    return to_tensor(transform, NULL, err);
}

static int use_output(const void *output, struct lade_error *err) {
    return to_tensor(NULL, output, err);
}

static int use_stats(const void *given, struct lade_error *err) {
    struct lade_stats stats = *(const struct lade_stats *)given;
    stats.channels = 1;
    stats.std[0] = 1;
    return to_tensor(NULL, &(struct lade_output){.featurewise_center = true, .stats = &stats}, err);
}

static int submit(const struct lade_plan *plan, struct lade_error *err) {
    lade_flow *flow = lade_flow_from_directory(tree_root, NULL, err);
    int status = lade_flow_submit(flow, plan, err);
    lade_flow_free(flow);
    return status;
}

static int submit_plan(const void *plan, struct lade_error *err) {
    return submit(plan, err);
}

static int submit_transform(const void *transform, struct lade_error *err) {
    return submit(&(struct lade_plan){.n = 1, .samples = &(int64_t){0}, .transforms = transform}, err);
}

#define RESERVED(type, field) \
    offsetof(struct type, field), offsetof(struct type, field) + sizeof((struct type *)0)->field
static const struct {
    int (*use)(const void *options, struct lade_error *err);
    size_t first, end;
} structs[] = {
    {make_flow, RESERVED(lade_flow_options, reserved)},
    {make_flow, RESERVED(lade_flow_options, augment_reserved)},
    {make_flow, RESERVED(lade_flow_options, limits.reserved)},
    {make_flow_of_list, RESERVED(lade_manifest, reserved)},
    {scan, RESERVED(lade_scan_options, reserved)},
    {check_augment, RESERVED(lade_augment, augment_reserved)},
    {check_crop, RESERVED(lade_crop_range, reserved)},
    {decode, RESERVED(lade_decode_options, reserved)},
    {decode, RESERVED(lade_decode_options, limits.reserved)},
    {use_transform, RESERVED(lade_transform, reserved)},
    {submit_plan, RESERVED(lade_plan, reserved)},
    {submit_transform, RESERVED(lade_transform, reserved)},
    {use_output, RESERVED(lade_output, reserved)},
    {use_stats, RESERVED(lade_stats, reserved)},
};

START_TEST(reserved_bytes_must_be_zero) {
    static const char list[] = "filename,class\nc0/000.png,a\n";
    _Alignas(16) unsigned char options[sizeof(struct lade_flow_options)] = {0};
    tree_classes(1, (int[]){1});
    tree_bytes("list.csv", list, sizeof list - 1);
    for (size_t at = structs[_i].first; at < structs[_i].end; at++) {
        struct lade_error err = {0};
        options[at] = 1;
        ck_assert_int_eq(structs[_i].use(options, &err), LADE_EINVAL);
        check_error(&err, LADE_EINVAL, "reserved");
        options[at] = 0;
    }
    struct lade_error err = {0};
    ck_assert_msg(structs[_i].use(options, &err) == LADE_OK, "%s", err.message);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "reserved");
    tcase_add_loop_test(tcase, reserved_bytes_must_be_zero, 0, (int)(sizeof structs / sizeof *structs));
}
