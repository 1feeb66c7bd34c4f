/* What a build without WebP, GIF and TIFF says of their files: the option that brings them back. */
#define LADE_WITH_GIF    0
#define LADE_WITH_TIFF   0
#define LADE_WITH_WEBP   0
#define lade__looks_like looks_like_in_a_small_build
#include "image/codec/looks_like.c"

#include <stdlib.h>

#include "support/check_main.h"

static const struct {
    const char *bytes, *option;
} files[] = {
    {"GIF89a..........", "-DLADE_GIF=ON"},   {"RIFF....WEBPVP8 ", "-DLADE_WEBP=ON"},
    {"II*\0............", "-DLADE_TIFF=ON"}, {"MM\0*............", "-DLADE_TIFF=ON"},
    {"II+\0............", "-DLADE_TIFF=ON"}, {"MM\0+............", "-DLADE_TIFF=ON"},
};

START_TEST(the_option_is_named) {
    char words[128];
    looks_like_in_a_small_build((const uint8_t *)files[_i].bytes, 16, words, sizeof words);
    ck_assert_msg(strstr(words, files[_i].option) != NULL, "\"%s\"", words);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "left_out");
    tcase_add_loop_test(tcase, the_option_is_named, 0, sizeof files / sizeof *files);
}
