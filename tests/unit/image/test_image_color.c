/* Tests the arithmetic of colours with every possible value. */
#include "image/color/color.h"

#include <math.h>
#include <stdlib.h>

#include "support/check_main.h"

START_TEST(premultiplying_rounds_and_its_inverse_truncates) {
    for (int alpha = 0; alpha < 256; alpha++)
        for (int v = 0; v < 256; v++) {
            uint8_t in[4] = {(uint8_t)v, (uint8_t)(255 - v), (uint8_t)v, (uint8_t)alpha}, out[4];
            lade__premultiply_row(in, out, 1);
            ck_assert_int_eq(out[0], (int)floor(v * alpha / 255.0 + 0.5));
            ck_assert_int_eq(out[1], (int)floor((255 - v) * alpha / 255.0 + 0.5));
            ck_assert_int_eq(out[3], alpha);
            lade__unpremultiply_row(in, 1);
            int want = alpha == 0 ? v : 255 * v / alpha;
            ck_assert_int_eq(in[0], want < 255 ? want : 255);
            ck_assert_int_eq(in[3], alpha);
        }
}
END_TEST

/* A row is processed four pixels at a time, and a single pixel by other code. The results must be the same. */
START_TEST(rows_equal_their_pixels) {
    uint8_t in[4 * 37], row[4 * 37], one[4];
    for (int round = 0; round < 200; round++) {
        for (int i = 0; i < 37; i++)
            for (int c = 0; c < 4; c++)
                in[4 * i + c] = (uint8_t)(c == 3 && (i / 5 + round) % 3 ? 255 : rand());
        lade__premultiply_row(in, row, 37);
        for (int i = 0; i < 37; i++) {
            lade__premultiply_row(in + 4 * i, one, 1);
            for (int c = 0; c < 4; c++)
                ck_assert_int_eq(row[4 * i + c], one[c]);
        }
    }
}
END_TEST

START_TEST(luma_does_not_change_greys) {
    uint8_t grey, back[3];
    for (int v = 0; v < 256; v++) {
        lade__convert_row(LADE__RGB, LADE_COLOR_GRAYSCALE, (uint8_t[]){(uint8_t)v, (uint8_t)v, (uint8_t)v}, &grey, 1);
        ck_assert_int_eq(grey, v);
        lade__convert_row(LADE__GREY, LADE_COLOR_RGB, &grey, back, 1);
        ck_assert(back[0] == v && back[1] == v && back[2] == v);
    }
    lade__convert_row(LADE__RGB, LADE_COLOR_GRAYSCALE, (uint8_t[]){255, 0, 0}, &grey, 1);
    ck_assert_int_eq(grey, 76);
    lade__convert_row(LADE__RGB, LADE_COLOR_GRAYSCALE, (uint8_t[]){0, 255, 0}, &grey, 1);
    ck_assert_int_eq(grey, 150);
    lade__convert_row(LADE__RGB, LADE_COLOR_GRAYSCALE, (uint8_t[]){0, 0, 255}, &grey, 1);
    ck_assert_int_eq(grey, 29);
}
END_TEST

/* Every layout is converted to every mode. If the layout has no alpha, alpha becomes 255. If the mode has no alpha,
   alpha is dropped; the colours are not changed. */
START_TEST(layouts_become_modes) {
    static const struct {
        enum lade__pixel_layout layout;
        enum lade_color_mode mode;
        uint8_t in[4], out[4];
    } cases[] = {
        {LADE__GREY, LADE_COLOR_RGBA, {9}, {9, 9, 9, 255}},
        {LADE__RGB, LADE_COLOR_RGBA, {1, 2, 3}, {1, 2, 3, 255}},
        {LADE__RGBA, LADE_COLOR_RGB, {1, 2, 3, 0}, {1, 2, 3}},
        {LADE__RGBA, LADE_COLOR_GRAYSCALE, {8, 8, 8, 0}, {8}},
        {LADE__RGBA, LADE_COLOR_RGBA, {1, 2, 3, 4}, {1, 2, 3, 4}},
        {LADE__CMYK_INVERTED, LADE_COLOR_RGB, {255, 0, 128, 255}, {255, 0, 128}},
        {LADE__CMYK_INVERTED, LADE_COLOR_RGBA, {255, 0, 128, 0}, {0, 0, 0, 255}},
        {LADE__CMYK_INVERTED, LADE_COLOR_GRAYSCALE, {255, 255, 255, 100}, {100}},
    };
    uint8_t out[4] = {0};
    lade__convert_row(cases[_i].layout, cases[_i].mode, cases[_i].in, out, 1);
    for (int c = 0; c < lade_color_mode_channels(cases[_i].mode); c++)
        ck_assert_int_eq(out[c], cases[_i].out[c]);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "color");
    tcase_add_test(tcase, premultiplying_rounds_and_its_inverse_truncates);
    tcase_add_test(tcase, rows_equal_their_pixels);
    tcase_add_test(tcase, luma_does_not_change_greys);
    tcase_add_loop_test(tcase, layouts_become_modes, 0, 8);
}
