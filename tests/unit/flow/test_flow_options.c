/* Tests of the option table and of the functions that use the table. The table has a row for every field of struct
   lade_flow_options. */
#include "flow/option/option_table.h"
#include "flow/option/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/option.h"
#include "support/check_main.h"

#ifdef __has_builtin
#if __has_builtin(__builtin_clear_padding)
#define CAN_SEE_PADDING
#endif
#endif

#define FOR_EACH_OPTION(o)                                               \
    for (const struct lade_option_info *o = lade_flow_option_info(0); o; \
         o = lade_flow_option_info((int)((const struct lade__option *)(const void *)o - lade__option_table) + 1))

START_TEST(every_byte_belongs_to_one_option) {
    unsigned char listed[sizeof(struct lade_flow_options)] = {0};
    FOR_EACH_OPTION(o)
    for (size_t i = o->offset; i < o->offset + o->size; i++) {
        ck_assert_msg(!listed[i], "%s is listed twice, or overlaps another option", o->name);
        listed[i] = 1;
    }
#define RESERVED(field) memset(listed + offsetof(struct lade_flow_options, field), 1, sizeof all.field)
#ifdef CAN_SEE_PADDING
    struct lade_flow_options all;
    RESERVED(augment_reserved);
    RESERVED(limits.reserved);
    RESERVED(class_weights_count); /* belongs to the option class_weights */
    RESERVED(stop);                /* the call that makes the flow uses this function, which does not change batches */
    RESERVED(reserved);
    memset(&all, 0xff, sizeof all);
    __builtin_clear_padding(&all);
    for (size_t i = 0; i < sizeof all; i++)
        ck_assert_msg(listed[i] || !((const unsigned char *)&all)[i],
                      "byte %zu of struct lade_flow_options belongs to no row of lade__option_table: add a row for the "
                      "new field",
                      i);
#endif
}
END_TEST

START_TEST(every_row_is_complete) {
    ck_assert_ptr_null(lade_flow_option_info(-1));
    ck_assert_ptr_null(lade_flow_option_info(1000));
    FOR_EACH_OPTION(o) {
        size_t size = lade__option_size(o->type);
        ck_assert_msg(o->section && o->description && *o->description, "%s has no section or no description", o->name);
        ck_assert_msg(!size || o->size == size || o->size == 2 * size,
                      "%s: the size of %zu bytes is neither one nor two values of the type", o->name, o->size);
        if (o->type == LADE_OPTION_ENUM) {
            ck_assert_msg(o->words || strcmp(o->name, "save_format") == 0, "%s is an enum without a list of its words",
                          o->name);
        } else if (size && o->type != LADE_OPTION_BOOL) {
            ck_assert_msg(o->minimum < o->maximum, "%s: the range from %g to %g is empty", o->name, o->minimum,
                          o->maximum);
            ck_assert_msg(o->placeholder != NULL, "%s has no placeholder", o->name);
        }
    }
}
END_TEST

/* Sets the lowest byte of element @i of an option to 1. */
static void set_lowest_byte(struct lade_flow_options *options, const struct lade_option_info *o, size_t i) {
    size_t size = lade__option_size(o->type), low = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : size - 1;

    ((unsigned char *)options)[o->offset + i * size + low] = 1;
}

/* Returns the text that a state contains for the options. The caller must free the text. */
static char *text_of(const struct lade_flow_options *o) {
    json_t *json = lade__options_json(o, LADE_OPTION_STREAM, 0);
    ck_assert_ptr_nonnull(json);
    char *text = json_dumps(json, JSON_COMPACT);
    ck_assert_ptr_nonnull(text);
    json_decref(json);
    return text;
}

START_TEST(a_state_contains_every_option_that_changes_the_stream) {
    /* The default of exif_orientation is true. This option makes it false, so that the loop can set it to true. */
    struct lade_flow_options plain = {.ignore_exif_orientation = true};
    char *before = text_of(&plain);
    FOR_EACH_OPTION(o) {
        size_t size = lade__option_size(o->type);
        for (size_t i = 0; size && i < o->size / size; i++) {
            struct lade_flow_options changed = plain;
            set_lowest_byte(&changed, o, i);
            char *after = text_of(&changed);
            ck_assert_msg((strcmp(before, after) != 0) == (o->role >= LADE_OPTION_STREAM),
                          "%s: the state must change exactly if the option changes batches, but the state is %s",
                          o->name, after);
            ck_assert_msg(o->role < LADE_OPTION_STREAM || strstr(after, o->name), "the state %s does not contain %s",
                          after, o->name);
            free(after);
        }
    }
    free(before);
}
END_TEST

/* Returns the largest value of the enum. */
static int highest_value(const struct lade_option_info *o) {
    int highest = 0;
    for (const struct lade_word *w = o->words; w->word; w++)
        highest = w->value > highest ? w->value : highest;
    return highest;
}

START_TEST(every_enum_is_checked) {
    struct lade_flow_options out;
    FOR_EACH_OPTION(o) {
        struct lade_flow_options given = {0};
        struct lade_error err = {0};
        if (o->type != LADE_OPTION_ENUM || !o->words)
            continue;
        *(int *)(void *)((char *)&given + o->offset) = highest_value(o) + 1;
        ck_assert_int_eq(lade__options_resolve(&out, &given, &err), LADE_EINVAL);
        ck_assert_str_eq(err.subject, o->name);
    }
}
END_TEST

START_TEST(every_number_is_checked) {
    struct lade_flow_options out;
    FOR_EACH_OPTION(o) {
        struct lade_error err = {0};
        struct lade_flow_options given = {0};
        char *field = (char *)&given + o->offset;
        if (o->type == LADE_OPTION_DOUBLE)
            *(double *)(void *)field = -1;
        else if (o->type == LADE_OPTION_FLOAT)
            *(float *)(void *)field = __builtin_inff();
        else if (o->type == LADE_OPTION_INT)
            *(int *)(void *)field = -7;
        else if (o->type == LADE_OPTION_INT64)
            *(int64_t *)(void *)field = -7;
        else
            continue;
        ck_assert_msg(lade__options_resolve(&out, &given, &err) == LADE_EINVAL, "%s", o->name);
        ck_assert_str_eq(err.subject, o->name);
        ck_assert_str_ne(err.message, "");
    }
}
END_TEST

/* For types of numbers, the option table must use the same names as lade_dtype_name(). */
START_TEST(dtypes_have_the_names_of_tensors) {
    FOR_EACH_OPTION(o)
    for (const struct lade_word *w = o->words; strcmp(o->name, "dtype") == 0 && w->word; w++)
        ck_assert_str_eq(w->word, lade_dtype_name((enum lade_dtype)w->value));
}
END_TEST

static const struct {
    struct lade_flow_options options;
    const char *subject;
} clashes[] = {
    {{.target_size = {5, 0}}, "target_size"},
    {{.target_size = {70000, 5}}, "target_size"},
    {{.rank = 1}, "rank"},
    {{.rank = 2, .world = 2}, "rank"},
    {{.workers = LADE__MOST_WORKERS + 1}, "workers"},
    {{.validation_split = 1}, "validation_split"},
    {{.subset = LADE_SUBSET_TRAINING}, "subset"},
    {{.class_weights = (const double[]){1}}, "class_weights"},
    {{.save_prefix = "a"}, "save_prefix"},
    {{.save_format = LADE_FORMAT_JPEG}, "save_format"},
    {{.save_to_dir = "d", .save_prefix = "a/b"}, "save_prefix"},
    {{.save_to_dir = "d", .save_format = LADE_FORMAT_TIFF}, "save_format"},
    {{.dtype = LADE_UINT8, .rescale = 1}, "rescale"},
    {{.crop = LADE_CROP_RANDOM, .keep_aspect_ratio = true}, "crop"},
    {{.crop = LADE_CROP_CENTER, .crop_resize = 255}, "crop_resize"},
    {{.pad_to_aspect_ratio = true, .keep_aspect_ratio = true}, "pad_to_aspect_ratio"},
    {{.pad_to_aspect_ratio = true, .crop = LADE_CROP_CENTER}, "pad_to_aspect_ratio"},
    {{.pad_value = 256}, "pad_value"},
    {{.crop_scale = {0.5, 0.2}}, "crop_scale"},
    {{.crop_ratio = {0, 2}}, "crop_ratio"},
    {{.height_shift_range = 1.5, .shift_unit = LADE_SHIFT_WHOLE_PIXELS}, "height_shift_range"},
};

START_TEST(options_that_do_not_fit_together_are_refused) {
    struct lade_flow_options out;
    struct lade_error err = {0};

    ck_assert_int_eq(lade__options_resolve(&out, &clashes[_i].options, &err), LADE_EINVAL);
    ck_assert_str_eq(err.subject, clashes[_i].subject);
    ck_assert_str_ne(err.message, "");
}
END_TEST

START_TEST(defaults_are_filled_in) {
    struct lade_flow_options o, again;

    ck_assert_int_eq(lade__options_resolve(&o, NULL, NULL), LADE_OK);
    ck_assert(o.target_size[0] == 256 && o.target_size[1] == 256 && o.batch_size == 32 && o.world == 1);
    ck_assert(o.workers >= 1 && o.zca_epsilon == 1e-6 && o.limits.max_pixels == LADE_MAX_PIXELS);
    /* These options stay 0, because saved states contain 0 for them. */
    ck_assert(o.crop_scale[1] == 0 && o.interpolation_order == 0);
    lade__options_complete(&o);
    ck_assert(o.crop_scale[0] == 0.08 && o.crop_scale[1] == 1 && o.interpolation_order == 1);
    ck_assert_int_eq(lade__options_resolve(&again, &o, NULL), LADE_OK);
    ck_assert_mem_eq(&again, &o, sizeof o);
}
END_TEST

/* Sets one option, writes the preprocessing as JSON, and reads the JSON into a struct with other values. If the option
   belongs to the preprocessing, its value must be read. All other options of the struct must keep their values. */
START_TEST(preprocessing_is_read_as_it_was_written) {
    FOR_EACH_OPTION(o) {
        struct lade_flow_options changed = {0}, back = {.seed = 7, .horizontal_flip = true};
        if (!lade__option_size(o->type) || !strcmp(o->name, "ignore_exif_orientation")) /* stored as exif_orientation */
            continue;
        if (o->type == LADE_OPTION_FLOAT)
            *(float *)(void *)((char *)&changed + o->offset) = 1 / 255.f;
        else
            set_lowest_byte(&changed, o, 0);
        json_t *json = lade__options_json(&changed, LADE_OPTION_SAMPLE, 0);
        ck_assert_ptr_nonnull(json);
        const char *wrong = lade__options_from_json(json, &back);
        ck_assert_msg(!wrong, "%s", wrong);
        ck_assert_uint_eq(back.seed, 7);
        ck_assert(back.horizontal_flip);
        bool same = memcmp((const char *)&back + o->offset, (const char *)&changed + o->offset, o->size) == 0;
        ck_assert_msg(
            same == (o->role == LADE_OPTION_SAMPLE || o->offset == offsetof(struct lade_flow_options, horizontal_flip)),
            "%s: the value must be read from the JSON exactly if the option belongs to the preprocessing", o->name);
        json_decref(json);
    }
}
END_TEST

/* JSON that an earlier version wrote does not contain the options that were added later. Such an option is read as
   0. */
START_TEST(added_preprocessing_may_be_missing) {
    struct lade_flow_options plain = {0}, read = {.pad_to_aspect_ratio = true, .pad_value = 5};
    json_t *json = lade__options_json(&plain, LADE_OPTION_SAMPLE, 0);
    json_object_del(json, "pad_to_aspect_ratio");
    json_object_del(json, "pad_value");
    ck_assert_ptr_null(lade__options_from_json(json, &read));
    ck_assert(!read.pad_to_aspect_ratio && read.pad_value == 0);
    json_object_del(json, "rescale");
    ck_assert_str_eq(lade__options_from_json(json, &read), "rescale");
    json_decref(json);
}
END_TEST

START_TEST(wrong_preprocessing_is_refused) {
    static const struct {
        const char *name, *value;
    } wrong[] = {{"target_size", "5"},
                 {"target_size", "[5]"},
                 {"target_size", "[5, 5, 5]"},
                 {"target_size", "[5, 1e9]"},
                 {"target_size", "[5, 4294967296]"},
                 {"interpolation", "\"best\""},
                 {"interpolation", "3"},
                 {"rescale", "\"1\""},
                 {"zca_whitening", "1"},
                 {"crop_resize", "null"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct lade_flow_options plain = {0}, read = {.rescale = 3};
        struct lade_error err = {0};
        json_t *json = lade__options_json(&plain, LADE_OPTION_SAMPLE, 0);
        json_object_set_new(json, wrong[i].name, json_loads(wrong[i].value, JSON_DECODE_ANY, NULL));
        char *text = json_dumps(json, 0);
        ck_assert_int_eq(lade_flow_options_set_preprocessing(&read, text, &err), LADE_EFORMAT);
        ck_assert_msg(strstr(err.message, wrong[i].name), "%s: %s", text, err.message);
        ck_assert_float_eq(read.rescale, 3);
        free(text);
        json_decref(json);
    }
    struct lade_flow_options read = {0};
    char deep[64];
    memset(deep, '[', sizeof deep);
    deep[sizeof deep - 1] = '\0';
    const char *const texts[] = {"{}", "[1]", "", "{", deep};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_int_eq(lade_flow_options_set_preprocessing(&read, texts[i], NULL), LADE_EFORMAT);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "flow options");
    tcase_add_test(tcase, every_byte_belongs_to_one_option);
    tcase_add_test(tcase, every_row_is_complete);
    tcase_add_test(tcase, a_state_contains_every_option_that_changes_the_stream);
    tcase_add_test(tcase, every_enum_is_checked);
    tcase_add_test(tcase, every_number_is_checked);
    tcase_add_test(tcase, dtypes_have_the_names_of_tensors);
    tcase_add_loop_test(tcase, options_that_do_not_fit_together_are_refused, 0, sizeof clashes / sizeof *clashes);
    tcase_add_test(tcase, defaults_are_filled_in);
    tcase_add_test(tcase, preprocessing_is_read_as_it_was_written);
    tcase_add_test(tcase, wrong_preprocessing_is_refused);
    tcase_add_test(tcase, added_preprocessing_may_be_missing);
}
