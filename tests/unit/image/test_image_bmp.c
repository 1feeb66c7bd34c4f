/* Tests that the run lengths of BMP are decoded as the format defines them, also in the cases that Pillow decodes
   wrongly. */
#include "image/codec/bmp/run_lengths.h"

#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

enum { WIDTH = 4, HEIGHT = 3 };

static const struct {
    const char *what;
    uint8_t bytes[16];
    size_t n;
    bool nibbles;
    enum lade__bmp_end end;
    uint8_t rows[WIDTH * HEIGHT + 1];
} cases[] = {
    {"runs without an end code",
     {4, 7, 0, 0, 4, 8, 0, 0, 4, 9},
     10,
     false,
     LADE__BMP_COMPLETE,
     {7, 7, 7, 7, 8, 8, 8, 8, 9, 9, 9, 9}},
    {"an end code before the last row", {4, 7, 0, 0, 2, 8, 0, 1}, 8, false, LADE__BMP_EARLY, {7, 7, 7, 7, 8, 8}},
    {"an empty row",
     {4, 7, 0, 0, 0, 0, 4, 9, 0, 1},
     10,
     false,
     LADE__BMP_COMPLETE,
     {7, 7, 7, 7, 0, 0, 0, 0, 9, 9, 9, 9}},
    {"a move right and down", {1, 7, 0, 2, 1, 1, 2, 8, 0, 1}, 10, false, LADE__BMP_EARLY, {7, 0, 0, 0, 0, 0, 8, 8}},
    {"three literal pixels and padding", {0, 3, 1, 2, 3, 0, 1, 4, 0, 1}, 10, false, LADE__BMP_EARLY, {1, 2, 3, 4}},
    {"a run that is longer than a row", {9, 7, 0, 0, 1, 8, 0, 1}, 8, false, LADE__BMP_EARLY, {7, 7, 7, 7, 8}},
    {"two colours in turn", {3, 0x12, 0, 0, 0, 1}, 6, true, LADE__BMP_EARLY, {1, 2, 1}},
    {"three nibbles in two bytes", {0, 3, 0x12, 0x30, 1, 0x40, 0, 1}, 8, true, LADE__BMP_EARLY, {1, 2, 3, 4}},
    {"five nibbles and padding",
     {0, 5, 0x12, 0x34, 0x50, 0, 0, 0, 1, 0x60, 0, 1},
     12,
     true,
     LADE__BMP_EARLY,
     {1, 2, 3, 4, 6}},
    {"a move beyond the last row", {0, 2, 3, 255}, 4, false, LADE__BMP_COMPLETE, {0}},
    {"nothing", {0}, 0, false, LADE__BMP_TRUNCATED, {0}},
    {"half a run", {4}, 1, false, LADE__BMP_TRUNCATED, {0}},
    {"half a move", {0, 2, 1}, 3, false, LADE__BMP_TRUNCATED, {0}},
    {"literal pixels that are missing", {0, 9, 1, 2}, 4, false, LADE__BMP_TRUNCATED, {0}},
};

START_TEST(runs_set_the_right_pixels) {
    uint8_t pixels[WIDTH * HEIGHT] = {0}, *bytes = malloc(cases[_i].n ? cases[_i].n : 1);
    struct lade__bmp_pen pen = {.pixels = pixels, .width = WIDTH, .height = HEIGHT};
    memcpy(bytes, cases[_i].bytes, cases[_i].n); /* of the exact size, so that a sanitizer finds a read past the end */
    ck_assert_msg(lade__bmp_run_lengths(bytes, cases[_i].n, 0, cases[_i].nibbles, &pen) == cases[_i].end, "%s",
                  cases[_i].what);
    ck_assert_msg(memcmp(pixels, cases[_i].rows, sizeof pixels) == 0, "%s", cases[_i].what);
    free(bytes);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "runs");
    tcase_add_loop_test(tcase, runs_set_the_right_pixels, 0, sizeof cases / sizeof *cases);
}
