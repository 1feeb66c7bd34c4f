/*
 * Prints results of the image layer that must be the same on every CPU: hashes of random images that the fastest
 * kernels resized and converted to floats, and random crops. Also compares the fastest kernels with the scalar kernels.
 */
#include "image/kernel/kernels.h"
#include "image/kernel/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIZE = 200 };

static struct lade_random dice;
static int failed;

static int roll(int low, int high) {
    return low + (int)lade_random_below(&dice, (uint64_t)(high - low + 1));
}

/* Adds bytes to a hash (FNV-1a). */
static uint64_t add(uint64_t sum, const void *bytes, size_t n) {
    for (size_t i = 0; i < n; i++)
        sum = (sum ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
    return sum;
}

static void check_equal(const void *a, const void *b, size_t n, const char *what) {
    if (memcmp(a, b, n) != 0) {
        printf("%s: the result differs from the result of the scalar kernels\n", what);
        failed = 1;
    }
}

static uint64_t resize_across(enum lade_interpolation filter, uint64_t sum) {
    static uint8_t in[LADE__ROWS_AT_ONCE][4 * MAX_SIZE], out[2][LADE__ROWS_AT_ONCE][4 * MAX_SIZE];
    const struct lade__kernels *best = lade__kernels_best();
    const uint8_t *from[LADE__ROWS_AT_ONCE];
    uint8_t *plain[LADE__ROWS_AT_ONCE], *fast[LADE__ROWS_AT_ONCE];
    int channels = (int[]){1, 3, 4}[roll(0, 2)];
    int size = roll(1, MAX_SIZE);
    int to = roll(1, MAX_SIZE);
    for (int r = 0; r < LADE__ROWS_AT_ONCE; r++) {
        for (int i = 0; i < size * channels; i++)
            in[r][i] = (uint8_t)roll(0, 255);
        from[r] = in[r];
        plain[r] = out[0][r];
        fast[r] = out[1][r];
    }
    struct lade__axis axis = {0};
    const struct lade__axis_plan plan = {filter, size, 0, size, to, 0, to};
    if (lade__axis_set(&axis, &plan, NULL) < 0 || (best->pack && best->pack(&axis, channels, NULL) < 0))
        abort();
    for (int r = 0; r < LADE__ROWS_AT_ONCE; r++)
        from[r] += axis.begin * channels;
    lade__kernels_scalar.horizontal(&axis, channels, from, plain, LADE__ROWS_AT_ONCE);
    best->horizontal(&axis, channels, from, fast, LADE__ROWS_AT_ONCE);
    for (int r = 0; r < LADE__ROWS_AT_ONCE; r++) {
        check_equal(plain[r], fast[r], (size_t)(to * channels), "horizontal");
        sum = add(sum, fast[r], (size_t)(to * channels));
    }
    lade__axis_release(&axis);
    return sum;
}

static uint64_t resize_down(uint64_t sum) {
    static uint8_t in[16][4 * MAX_SIZE], plain[4 * MAX_SIZE], fast[4 * MAX_SIZE];
    const uint8_t *rows[16];
    int32_t weight[16];
    int count = roll(1, 16);
    size_t n = (size_t)roll(1, 4 * MAX_SIZE);
    for (int k = 0; k < count; k++) {
        for (size_t i = 0; i < n; i++)
            in[k][i] = (uint8_t)roll(0, 255);
        rows[k] = in[k];
        weight[k] = roll(-LADE__WEIGHT_ONE / 8, LADE__WEIGHT_ONE / count);
    }
    lade__kernels_scalar.vertical(rows, weight, count, n, plain);
    lade__kernels_best()->vertical(rows, weight, count, n, fast);
    check_equal(plain, fast, n, "vertical");
    return add(sum, fast, n);
}

static uint64_t floats(uint64_t sum) {
    static uint8_t in[MAX_SIZE];
    static float out[MAX_SIZE], plain[MAX_SIZE];
    size_t n = (size_t)roll(1, MAX_SIZE);
    for (size_t i = 0; i < n; i++)
        in[i] = (uint8_t)roll(0, 255);
    lade__row_to_floats(in, n, 1 / 255.f, plain);
    lade__kernels_best()->to_floats(in, n, 1 / 255.f, out, false);
    check_equal(plain, out, n * sizeof *out, "to_floats");
    return add(sum, out, n * sizeof *out);
}

int main(void) {
    lade_random_init(&dice, 41, 0, 0, LADE_RANDOM_USER);
    for (int filter = 0; filter < LADE_INTERPOLATION_COUNT; filter++) {
        uint64_t sum = UINT64_C(0xcbf29ce484222325);
        for (int i = 0; i < 60; i++)
            sum = floats(resize_down(resize_across((enum lade_interpolation)filter, sum)));
        printf("filter %d: %016llx\n", filter, (unsigned long long)sum);
    }
    for (int i = 0; i < 40; i++) {
        const struct lade_crop_range range = {{0}, {0}};
        int height = roll(1, 3000), width = roll(1, 3000);
        struct lade_box box;
        lade_crop_draw(&range, &dice, height, width, &box);
        printf("crop %d %d %d %d\n", box.x, box.y, box.width, box.height);
    }
    fprintf(stderr, "kernels: %s\n", lade__kernels_best()->name);
    return failed;
}
