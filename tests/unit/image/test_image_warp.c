/* Tests the kernels of geometric augmentation (warp). Every kernel must return the same bytes as the scalar kernel, and
   lade__warp_inside() must find the pixels inside the image. Also tests the sines and cosines of angle.h. */
#include "image/geometry/angle.h"
#include "image/geometry/affine.h"
#include "support/image_samples.h"

#include <math.h>

enum { GUARD = 8 };

static struct lade_random dice;

static void setup(void) {
    lade_random_init(&dice, 41, 0, 0, LADE_RANDOM_USER);
}

static int roll(int low, int high) {
    return low + (int)lade_random_below(&dice, (uint64_t)(high - low + 1));
}

static double between(double low, double high) {
    return lade_random_uniform(&dice, low, high);
}

/* Draws a transform. Each of its values is 0, an integer, moderate or extreme. */
static struct lade_transform roll_transform(int height, int width) {
    struct lade_transform t = {.fill_mode = (enum lade_fill_mode)roll(0, LADE_FILL_MODE_COUNT - 1),
                               .flip_horizontal = roll(0, 1),
                               .flip_vertical = roll(0, 1)};
    if (roll(0, 1))
        t.theta = roll(0, 2) ? between(-180, 180) : 90 * roll(-4, 4);
    if (roll(0, 1))
        t.tx = roll(0, 1) ? roll(-width, width) : between(-5 * width, 5 * width);
    if (roll(0, 1))
        t.ty = roll(0, 1) ? roll(-height, height) : between(-5 * height, 5 * height);
    if (roll(0, 1))
        t.shear = between(-60, 60);
    if (roll(0, 1))
        t.zx = between(0.05, 3);
    if (roll(0, 1))
        t.zy = roll(0, 5) ? between(0.05, 3) : between(100, 1000);
    return t;
}

static struct lade__warp warp_of(const struct lade_image *in, const struct lade_transform *t) {
    struct lade_error err = {0};
    struct lade__warp w = {.in = in, .fill_mode = t->fill_mode, .linear = true};
    ck_assert_msg(lade__affine_set(&w.map, t, in->height, in->width, &err) == LADE_OK, "%s", err.message);
    w.reach = (int)lade__affine_reach(&w.map, in->height, in->width);
    return w;
}

/* Computes a part of a row with both kernels. The memory before and after the part must not change. */
static void check_row(const struct lade__warp *w, const struct lade__warp_kernel *fast, int y) {
    int begin = 0, end = w->in->width, channels = w->in->channels;
    if (w->fill_mode == LADE_FILL_CONSTANT)
        lade__warp_inside(w, y, &begin, &end);
    if (roll(0, 1) && end > begin) {
        begin = roll(begin, end - 1);
        end = roll(begin + 1, end);
    }
    float scale = roll(0, 1) ? 1 : 1 / 255.f;
    size_t n = (size_t)((end - begin) * channels);
    float *want = malloc((n + GUARD) * sizeof *want), *got = malloc((n + GUARD) * sizeof *got);
    for (size_t i = 0; i < n + GUARD; i++)
        want[i] = got[i] = -7;
    lade__warp_scalar.row(w, y, begin, end, scale, want);
    fast->row(w, y, begin, end, scale, got);
    for (size_t i = 0; i < n + GUARD; i++)
        ck_assert_msg(memcmp(&want[i], &got[i], sizeof(float)) == 0,
                      "%s, %d x %d x %d, %s, row %d, %d to %d: %zu is %g, not %g", fast->name, w->in->height,
                      w->in->width, channels, lade_fill_mode_name(w->fill_mode), y, begin, end, i, (double)got[i],
                      (double)want[i]);
    free(want);
    free(got);
}

START_TEST(kernels_agree) {
    int used = 0;
    for (int k = 0; k < 1200; k++) {
        struct lade_image in = sample_image(roll(1, 70), roll(1, 40), (int[]){1, 3, 4}[k % 3], (uint64_t)k);
        /* of the exact size, so that a sanitizer finds a read past the end */
        size_t size = in.stride * (size_t)(in.height - 1) + (size_t)(in.width * in.channels);
        uint8_t *exact = malloc(size);
        memcpy(exact, in.pixels, size);
        free(in.pixels);
        in.pixels = exact;
        struct lade_transform t = roll_transform(in.height, in.width);
        struct lade__warp w = warp_of(&in, &t);
        const struct lade__warp_kernel *fast = lade__warp_avx2(&w);
        for (int y = 0; fast && y < in.height; y++)
            check_row(&w, fast, y);
        used += fast != NULL;
        free(exact);
    }
    if (!used)
        CHECK_SKIP("this CPU has only the scalar kernel");
}
END_TEST

START_TEST(the_pixels_inside_are_found) {
    for (int k = 0; k < 400; k++) {
        struct lade_image in = sample_image(roll(1, 40), roll(1, 40), 1, (uint64_t)k);
        struct lade_transform t = roll_transform(in.height, in.width);
        struct lade__warp w = warp_of(&in, &t);
        int64_t last_x = (int64_t)(in.width - 1) << LADE__FRACTION_BITS;
        int64_t last_y = (int64_t)(in.height - 1) << LADE__FRACTION_BITS;
        for (int y = 0; y < in.height; y++) {
            int begin, end;
            lade__warp_inside(&w, y, &begin, &end);
            ck_assert(0 <= begin && begin <= end && end <= in.width);
            for (int x = 0; x < in.width; x++) {
                int64_t at_x = (w.map.x0 + x * w.map.xx + y * w.map.xy + LADE__HALF_STEP) >> 18;
                int64_t at_y = (w.map.y0 + x * w.map.yx + y * w.map.yy + LADE__HALF_STEP) >> 18;
                bool inside = at_x >= 0 && at_x <= last_x && at_y >= 0 && at_y <= last_y;
                ck_assert_int_eq(inside, x >= begin && x < end);
            }
        }
        free(in.pixels);
    }
}
END_TEST

START_TEST(a_map_that_reaches_too_far_is_an_error) {
    struct lade__affine map;
    struct lade_error err = {0};
    struct lade_transform far = {.tx = 0x1p31}, steep = {.shear = 90}, wide = {.zx = 1e9};
    ck_assert_int_eq(lade__affine_set(&map, &far, 9, 9, &err), LADE_EINVAL);
    ck_assert_int_eq(lade__affine_set(&map, &steep, 9, 9, &err), LADE_EINVAL);
    ck_assert_int_eq(lade__affine_set(&map, &wide, 9, 9, &err), LADE_EINVAL);
    ck_assert_ptr_nonnull(strstr(err.message, "zx"));
}
END_TEST

START_TEST(sines_and_cosines) {
    const double pi = 3.14159265358979323846;
    for (int k = 0; k < 20000; k++) {
        double degrees = between(-720, 720), radians = between(-13, 13);
        struct lade__angle a = lade__angle_degrees(degrees), b = lade__angle_radians(radians);
        ck_assert(fabs(a.sin - sin(degrees * (pi / 180))) < 4e-15 && fabs(a.cos - cos(degrees * (pi / 180))) < 4e-15);
        ck_assert(fabs(b.sin - sin(radians)) < 3e-16 && fabs(b.cos - cos(radians)) < 3e-16);
    }
    for (int quarter = -8; quarter <= 8; quarter++) {
        struct lade__angle a = lade__angle_degrees(90 * quarter);
        ck_assert(fabs(a.sin) == abs(quarter % 2) && fabs(a.cos) == 1 - abs(quarter % 2));
    }
    ck_assert(lade__angle_degrees(90).sin == 1 && lade__angle_degrees(180).cos == -1);
    ck_assert(fabs(lade__angle_degrees(30).sin - 0.5) < 1e-16);
    ck_assert(fabs(lade__angle_radians(pi / 2).cos / 6.123233995736766e-17 - 1) < 1e-9);
}
END_TEST

void check_cases(Suite *suite) {
    TCase *tcase = check_case(suite, "warp");
    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, kernels_agree);
    tcase_add_test(tcase, the_pixels_inside_are_found);
    tcase_add_test(tcase, a_map_that_reaches_too_far_is_an_error);
    tcase_add_test(tcase, sines_and_cosines);
}
