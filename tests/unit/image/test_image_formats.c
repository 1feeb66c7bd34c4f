/* Tests that the table of codecs is complete, and that the documents list all formats of the table. */
#include "image/codec/codec.h"
#include "support/check_main.h"
#include "source_dir.h"

#include <stdlib.h>
#include <string.h>

static char *read_document(const char *path) {
    char *text = calloc(1, 1 << 20);
    FILE *f = fopen(path, "r");
    ck_assert_msg(text && f, "%s", path);
    ck_assert_uint_gt(fread(text, 1, (1 << 20) - 1, f), 0);
    fclose(f);
    return text;
}

START_TEST(each_row_is_complete) {
    const struct lade__codec *codec = lade__codec_of((enum lade_format)_i);
    const struct lade_format_info *info = lade_format_info((enum lade_format)_i);
    ck_assert_ptr_eq(info, &codec->about);
    ck_assert_int_eq((int)codec->format, _i);
    ck_assert(info->name && info->title && info->suffixes[0] && codec->sniff);
    ck_assert_int_eq(info->readable, codec->read_info && codec->decode);
    ck_assert_int_eq(info->writable, codec->encode != NULL);
    ck_assert_int_eq(!codec->open, !codec->close);
    ck_assert_int_eq(!codec->build_option, !codec->library);
    ck_assert(info->readable || codec->build_option);
    ck_assert(info->writable || !info->writes_alpha);
}
END_TEST

START_TEST(a_suffix_belongs_to_one_format) {
    for (const char *const *s = lade_format_info((enum lade_format)_i)->suffixes; *s; s++) {
        char path[64];
        snprintf(path, sizeof path, "a.b/c.%s", *s);
        ck_assert_int_eq((int)lade_format_from_path(path), _i);
        for (char *c = path; *c; c++)
            *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
        ck_assert_int_eq((int)lade_format_from_path(path), _i);
        enum lade_format format;
        ck_assert_int_eq(lade_format_from_name(*s, &format, NULL), LADE_OK);
        ck_assert_int_eq((int)format, _i);
    }
}
END_TEST

START_TEST(other_names_have_no_format) {
    static const char *const names[] = {"", ".", "jpg", ".jpg", "a/.jpg", "a.jpg/b", "a.txt", "a.jpgg", "a.jp", "a."};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_msg(lade_format_from_path(names[i]) == LADE_FORMAT_UNKNOWN, "%s", names[i]);
    ck_assert_ptr_null(lade_format_info(LADE_FORMAT_UNKNOWN));
    ck_assert_ptr_null(lade_format_info(LADE_FORMAT_COUNT));
}
END_TEST

START_TEST(the_readme_lists_each_format) {
    char *text = read_document(LADE_SOURCE_DIR "/README.md");
    for (int i = 1; i < LADE_FORMAT_COUNT; i++) {
        const char *title = lade_format_info((enum lade_format)i)->title;
        ck_assert_msg(strstr(text, title) != NULL, "README.md does not list %s", title);
    }
    free(text);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "formats");
    tcase_add_loop_test(tcase, each_row_is_complete, 1, LADE_FORMAT_COUNT);
    tcase_add_loop_test(tcase, a_suffix_belongs_to_one_format, 1, LADE_FORMAT_COUNT);
    tcase_add_test(tcase, other_names_have_no_format);
    tcase_add_test(tcase, the_readme_lists_each_format);
}
