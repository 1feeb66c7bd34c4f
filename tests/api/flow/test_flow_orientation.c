/* Tests the orientation of images. Images are turned upright by default, and options change this default. Saved states
   and nets store whether images were turned. */
#define _GNU_SOURCE /* nftw */
#include <lade/flow.h>

#include "support/flow_tree.h"
#include "source_dir.h"

/* Makes a class of photos with the orientations 1 to 8. */
static void make_photos(void) {
    char path[512], name[32];
    uint8_t bytes[1 << 14];
    tree_folder("photos");
    for (int orientation = 1; orientation <= 8; orientation++) {
        snprintf(path, sizeof path, LADE_SOURCE_DIR "/tests/golden/images/exif%d.jpg", orientation);
        snprintf(name, sizeof name, "photos/%d.jpg", orientation);
        FILE *f = fopen(path, "rb");
        ck_assert_msg(f != NULL, "%s", path);
        tree_bytes(name, bytes, fread(bytes, 1, sizeof bytes, f));
        fclose(f);
    }
}

static const struct lade_flow_options plain = {.target_size = {19, 13}, .batch_size = 3, .seed = 4};

static struct lade_flow_options with(bool on, bool off, enum lade_quirks quirks) {
    struct lade_flow_options o = plain;
    o.exif_orientation = on;
    o.ignore_exif_orientation = off;
    o.quirks = quirks;
    return o;
}

static uint64_t digest_with(struct lade_flow_options o) {
    lade_flow *flow = tree_flow(&o);
    struct lade_digest d = tree_digest(flow, 3);
    lade_flow_free(flow);
    return d.low;
}

START_TEST(images_are_upright_except_with_the_quirks_of_keras) {
    make_photos();
    uint64_t upright = digest_with(with(true, false, LADE_QUIRKS_DOCUMENTED));
    uint64_t stored = digest_with(with(false, true, LADE_QUIRKS_DOCUMENTED));
    ck_assert_uint_ne(upright, stored);
    ck_assert_uint_eq(digest_with(plain), upright);
    ck_assert_uint_eq(digest_with(with(false, false, LADE_QUIRKS_KERAS3)), stored);
    ck_assert_uint_eq(digest_with(with(true, false, LADE_QUIRKS_KERAS3)), upright);
    ck_assert_uint_eq(digest_with(with(false, true, LADE_QUIRKS_KERAS3)), stored);
}
END_TEST

START_TEST(the_random_crop_uses_the_upright_image) {
    struct lade_flow_options off = with(false, true, LADE_QUIRKS_DOCUMENTED), on = plain;
    make_photos();
    off.crop = on.crop = LADE_CROP_RANDOM;
    ck_assert_uint_ne(digest_with(on), digest_with(off));
    on.exif_orientation = true;
    uint64_t explicit_on = digest_with(on);
    on.exif_orientation = false;
    ck_assert_uint_eq(digest_with(on), explicit_on);
}
END_TEST

START_TEST(the_two_options_exclude_each_other) {
    struct lade_flow_options both = with(true, true, LADE_QUIRKS_DOCUMENTED);
    struct lade_error err = {0};
    make_photos();
    ck_assert_ptr_null(lade_flow_from_directory(tree_root, &both, &err));
    check_error(&err, LADE_EINVAL, "ignore_exif_orientation");
}
END_TEST

/* The complete options, given to another flow, have the same effect. */
START_TEST(the_complete_options_say_if_images_are_turned) {
    make_photos();
    for (int i = 0; i < 2; i++) {
        struct lade_flow_options o = with(false, false, i ? LADE_QUIRKS_KERAS3 : LADE_QUIRKS_DOCUMENTED);
        lade_flow *flow = tree_flow(&o);
        struct lade_flow_options complete = *lade_flow_options_get(flow);
        ck_assert_int_eq(complete.exif_orientation, i == 0);
        ck_assert_int_eq(complete.ignore_exif_orientation, i == 1);
        complete.classes = NULL;
        ck_assert_uint_eq(digest_with(complete), digest_with(o));
        lade_flow_free(flow);
    }
}
END_TEST

/* Returns the digest of the batches after the first batch of a flow that resumes @state. */
static uint64_t digest_resumed(const struct lade_flow_options *o, const char *state, char **again) {
    struct lade_error err = {0};
    lade_flow *flow = tree_flow(o);
    const char *preprocessing = lade_flow_preprocessing(flow);
    ck_assert_msg(lade_flow_resume(flow, state, &err) == LADE_OK, "%s", err.message);
    /* `preprocessing` is still valid after lade_flow_resume(), which has changed its text. */
    ck_assert_int_eq(strstr(state, "\"exif_orientation\":false") != NULL,
                     strstr(preprocessing, "\"exif_orientation\":false") != NULL);
    ck_assert_int_eq(lade_flow_state(flow, again, &err), LADE_OK);
    struct lade_digest d = tree_digest(flow, 4);
    lade_flow_free(flow);
    return d.low;
}

/* In an earlier version, images were not turned by default. The saved states of flows with default options then
   contained "exif_orientation":false. */
START_TEST(a_state_keeps_the_orientation_it_was_made_with) {
    struct lade_flow_options off = with(false, true, LADE_QUIRKS_DOCUMENTED);
    struct lade_flow_options on = with(true, false, LADE_QUIRKS_DOCUMENTED);
    struct lade_error err = {0};
    char *state, *again;
    make_photos();
    lade_flow *old = tree_flow(&off);
    tree_digest(old, 1);
    ck_assert_int_eq(lade_flow_state(old, &state, &err), LADE_OK);
    ck_assert_ptr_nonnull(strstr(state, "\"exif_orientation\":false"));
    uint64_t rest = tree_digest(old, 4).low;
    lade_flow_free(old);

    ck_assert_uint_eq(digest_resumed(&plain, state, &again), rest);
    ck_assert_str_eq(again, state);
    lade_free(again);
    lade_flow *flow = tree_flow(&on);
    ck_assert_int_eq(lade_flow_resume(flow, state, &err), LADE_EMISMATCH);
    check_error(&err, LADE_EMISMATCH, "exif_orientation");
    lade_flow_free(flow);
    flow = tree_flow(&plain);
    tree_digest(flow, 1); /* a flow that has made batches keeps its orientation */
    ck_assert_int_eq(lade_flow_resume(flow, state, &err), LADE_EMISMATCH);
    lade_flow_free(flow);
    lade_free(state);
}
END_TEST

START_TEST(a_net_keeps_the_orientation_it_was_made_with) {
    make_photos();
    for (int i = 0; i < 2; i++) {
        struct lade_flow_options o = i ? with(false, true, LADE_QUIRKS_DOCUMENTED) : plain, read = {0};
        lade_flow *flow = tree_flow(&o);
        struct lade_error err = {0};
        int status = lade_flow_options_set_preprocessing(&read, lade_flow_preprocessing(flow), &err);
        ck_assert_msg(status == LADE_OK, "%s", err.message);
        ck_assert_int_eq(read.exif_orientation, i == 0);
        ck_assert_int_eq(read.ignore_exif_orientation, i == 1);
        lade_flow_free(flow);
    }
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = tree_case(suite, "flow orientation");
    tcase_add_test(tcase, images_are_upright_except_with_the_quirks_of_keras);
    tcase_add_test(tcase, the_random_crop_uses_the_upright_image);
    tcase_add_test(tcase, the_two_options_exclude_each_other);
    tcase_add_test(tcase, the_complete_options_say_if_images_are_turned);
    tcase_add_test(tcase, a_state_keeps_the_orientation_it_was_made_with);
    tcase_add_test(tcase, a_net_keeps_the_orientation_it_was_made_with);
}
