/*
 * Measures lade_image_to_tensor(), the last step of a stream, on one thread. An image of 224x224 pixels is transformed
 * in different ways and stored in a tensor. Each figure is the median of all rounds. In each round, all measurements
 * run one after the other, so that other programs on the machine disturb all measurements equally.
 */
#include <lade/image.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 31, CALLS = 20, SIDE = 224, CHANNELS = 3 };

struct work {
    const char *name;
    struct lade_transform transform;
    struct lade_output output;
};

static const struct work works[] = {
    {"nothing", {0}, {0}},
    {"horizontal flip", {.flip_horizontal = true}, {0}},
    {"shift", {.tx = 20.4, .ty = -7.7}, {0}},
    {"rotation, shift, shear, zoom", {.theta = 25, .tx = 20, .ty = 9, .shear = 8, .zx = .9, .zy = 1.2}, {0}},
    {"the same, channels first",
     {.theta = 25, .tx = 20, .ty = 9, .shear = 8, .zx = .9, .zy = 1.2},
     {.data_format = LADE_CHANNELS_FIRST}},
    {"the same, uint8", {.theta = 25, .tx = 20, .ty = 9, .shear = 8, .zx = .9, .zy = 1.2}, {.uint8 = true}},
    {"the same, constant",
     {.theta = 25, .tx = 20, .ty = 9, .shear = 8, .zx = .9, .zy = 1.2, .fill_mode = LADE_FILL_CONSTANT},
     {0}},
    {"the same, reflect",
     {.theta = 25, .tx = 20, .ty = 9, .shear = 8, .zx = .9, .zy = 1.2, .fill_mode = LADE_FILL_REFLECT},
     {0}},
    {"the same, wrap",
     {.theta = 25, .tx = 20, .ty = 9, .shear = 8, .zx = .9, .zy = 1.2, .fill_mode = LADE_FILL_WRAP},
     {0}},
    {"the same, nearest pixel",
     {.theta = 25, .tx = 20, .ty = 9, .shear = 8, .zx = .9, .zy = 1.2, .interpolation_order = LADE_OFF},
     {0}},
    {"brightness and channel shift", {.brightness = 1.2, .channel_shift_intensity = {9, -4, 2}}, {0}},
    {"samplewise", {0}, {.samplewise_std_normalization = true}},
    {"rotation as in Keras 3", {.theta = 25, .quirks = LADE_QUIRKS_KERAS3}, {0}},
};

enum { WORKS = sizeof works / sizeof *works };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); /* excludes the time of other programs */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int by_size(const void *a, const void *b) {
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

int main(void) {
    static uint8_t pixels[SIDE * SIDE * CHANNELS];
    static float slot[SIDE * SIDE * CHANNELS];
    static double seconds[WORKS][ROUNDS];
    struct lade_image in = {pixels, SIDE, SIDE, CHANNELS, SIDE * CHANNELS};
    struct lade_random random;
    struct lade_error err = {0};
    lade_decoder *decoder = lade_decoder_new();

    lade_random_init(&random, 1, 0, 0, LADE_RANDOM_USER);
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)lade_random_u32(&random);
    for (int round = 0; round < ROUNDS; round++)
        for (int k = 0; k < WORKS; k++) {
            double start = now();
            for (int call = 0; call < CALLS; call++)
                if (lade_image_to_tensor(decoder, &in, &works[k].transform, &works[k].output, slot, &err) < 0) {
                    fprintf(stderr, "%s: %s\n", works[k].name, err.message);
                    return 1;
                }
            seconds[k][round] = (now() - start) / CALLS;
        }
    for (int k = 0; k < WORKS; k++) {
        qsort(seconds[k], ROUNDS, sizeof(double), by_size);
        printf("%-32s %8.1f us\n", works[k].name, seconds[k][ROUNDS / 2] * 1e6);
    }
    lade_decoder_free(decoder);
    return 0;
}
