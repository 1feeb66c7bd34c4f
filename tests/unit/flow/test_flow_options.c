/* Every field of struct lade_flow_options is in the table, and what shapes the stream is in its saved state. */
#include "flow/option/option_table.h"
#include "flow/option/options.h"

#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

#ifdef __has_builtin
#if __has_builtin(__builtin_clear_padding)
#define CAN_SEE_PADDING
#endif
#endif

START_TEST(every_byte_belongs_to_one_option) {
    unsigned char listed[sizeof(struct lade_flow_options)] = {0};
    for (const struct lade__option *o = lade__option_table; o->name; o++)
        for (size_t i = o->at; i < o->at + o->bytes; i++) {
            ck_assert_msg(!listed[i], "%s is listed twice, or overlaps another", o->name);
            listed[i] = 1;
        }
#ifdef CAN_SEE_PADDING
    struct lade_flow_options all;
    memset(&all, 0xff, sizeof all);
    __builtin_clear_padding(&all);
    for (size_t i = 0; i < sizeof all; i++)
        ck_assert_msg(listed[i] || !((const unsigned char *)&all)[i],
                      "byte %zu of struct lade_flow_options belongs to no row of lade__option_table: list the new "
                      "field, as one that shapes the stream or not",
                      i);
#endif
}
END_TEST

static char *text_of(const struct lade_flow_options *o) {
    json_t *json = lade__options_json(o, LADE__OPTION_SHAPES, 0);
    ck_assert_ptr_nonnull(json);
    char *text = json_dumps(json, JSON_COMPACT);
    ck_assert_ptr_nonnull(text);
    json_decref(json);
    return text;
}

/* The lowest bit of each element of each option, in turn. */
START_TEST(a_state_tells_every_option_that_shapes_the_stream) {
    struct lade_flow_options plain = {0};
    char *before = text_of(&plain);
    for (const struct lade__option *o = lade__option_table; o->name; o++) {
        if (o->type == LADE__OPTION_OWN)
            continue; /* pointers have tests of their own */
        size_t size = o->type == LADE__OPTION_BOOL ? sizeof(bool)
                      : o->type == LADE__OPTION_INT64 || o->type == LADE__OPTION_SEED || o->type == LADE__OPTION_DOUBLE
                          ? 8
                          : 4;
        for (size_t at = o->at; at < o->at + o->bytes; at += size) {
            struct lade_flow_options changed = plain;
            size_t low = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : size - 1;
            ((unsigned char *)&changed)[at + low] = 1;
            char *after = text_of(&changed);
            ck_assert_msg((strcmp(before, after) != 0) == (o->role >= LADE__OPTION_SHAPES), "%s: %s", o->name, after);
            ck_assert_msg(o->role < LADE__OPTION_SHAPES || strstr(after, o->name), "%s is not named in %s", o->name,
                          after);
            free(after);
        }
    }
    free(before);
}
END_TEST

START_TEST(every_enum_is_checked_by_its_name) {
    struct lade_flow_options out;
    for (const struct lade__option *o = lade__option_table; o->name; o++) {
        struct lade_flow_options given = {0};
        struct lade_error err = {0};
        if (o->type != LADE__OPTION_ENUM)
            continue;
        ck_assert_uint_gt(o->count, 0);
        memcpy((char *)&given + o->at, &o->count, sizeof o->count);
        ck_assert_int_eq(lade__options_resolve(&out, &given, &err), LADE_EINVAL);
        ck_assert_msg(strncmp(err.message, o->name, strlen(o->name)) == 0, "%s", err.message);
        for (unsigned i = 0; o->word && i < o->count; i++)
            ck_assert_str_ne(o->word(i), "unknown");
    }
}
END_TEST

/* Each option that makes a sample, changed by its lowest bit, comes back; nothing else does. */
START_TEST(what_makes_a_sample_is_read_as_it_was_written) {
    for (const struct lade__option *o = lade__option_table; o->name; o++) {
        struct lade_flow_options changed = {0}, back = {.seed = 7, .horizontal_flip = true};
        if (o->type == LADE__OPTION_OWN)
            continue;
        if (o->type == LADE__OPTION_FLOAT)
            *(float *)((char *)&changed + o->at) = 1 / 255.f;
        else
            ((unsigned char *)&changed)[o->at + (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : o->bytes - 1)] = 1;
        json_t *json = lade__options_json(&changed, LADE__OPTION_MAKES, 0);
        ck_assert_ptr_nonnull(json);
        const char *wrong = lade__options_from_json(json, &back);
        ck_assert_msg(!wrong, "%s", wrong);
        ck_assert_uint_eq(back.seed, 7);
        ck_assert(back.horizontal_flip);
        bool same = memcmp((const char *)&back + o->at, (const char *)&changed + o->at, o->bytes) == 0;
        ck_assert_msg(
            same == (o->role == LADE__OPTION_MAKES || o->at == offsetof(struct lade_flow_options, horizontal_flip)),
            "%s", o->name);
        json_decref(json);
    }
}
END_TEST

START_TEST(what_no_preprocessing_says_is_refused_by_name) {
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
        json_t *json = lade__options_json(&plain, LADE__OPTION_MAKES, 0);
        json_object_set_new(json, wrong[i].name, json_loads(wrong[i].value, JSON_DECODE_ANY, NULL));
        char *text = json_dumps(json, 0);
        ck_assert_int_eq(lade_flow_options_set_preprocessing(&read, text, &err), LADE_EFORMAT);
        ck_assert_msg(strstr(err.message, wrong[i].name), "%s: %s", text, err.message);
        ck_assert_float_eq(read.rescale, 3);
        free(text);
        json_decref(json);
    }
    struct lade_error err = {0};
    struct lade_flow_options read = {0};
    ck_assert_int_eq(lade_flow_options_set_preprocessing(&read, "{}", &err), LADE_EFORMAT);
    ck_assert_int_eq(lade_flow_options_set_preprocessing(&read, "[1]", &err), LADE_EFORMAT);
    ck_assert_int_eq(lade_flow_options_set_preprocessing(&read, "", &err), LADE_EFORMAT);
    ck_assert_int_eq(lade_flow_options_set_preprocessing(&read, "{", NULL), LADE_EFORMAT);
    char deep[64];
    memset(deep, '[', sizeof deep);
    deep[sizeof deep - 1] = '\0';
    ck_assert_int_eq(lade_flow_options_set_preprocessing(&read, deep, &err), LADE_EFORMAT);
    ck_assert_msg(strstr(err.message, "it is nested too deeply"), "%s", err.message);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *cases = check_case(suite, "flow options");
    tcase_add_test(cases, every_byte_belongs_to_one_option);
    tcase_add_test(cases, a_state_tells_every_option_that_shapes_the_stream);
    tcase_add_test(cases, every_enum_is_checked_by_its_name);
    tcase_add_test(cases, what_makes_a_sample_is_read_as_it_was_written);
    tcase_add_test(cases, what_no_preprocessing_says_is_refused_by_name);
}
