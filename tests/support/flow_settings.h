/*
 * Draws random settings for tests of flows. A setting consists of a source, and of a value for each option on which the
 * bytes of batches depend. Each setting has a number, and draw_setting() always draws the same setting for this number.
 * The options are drawn in the order of the table `rows`. Add a new option after the last row of the table, because a
 * new row in the middle would change the values of all later options.
 */
#ifndef TESTS_FLOW_SETTINGS_H
#define TESTS_FLOW_SETTINGS_H

#include "support/flow_tree.h"

/* Returns a random integer from 0 to n - 1. */
static uint64_t below(struct lade_random *r, uint64_t n) {
    return lade_random_below(r, n);
}

static bool coin(struct lade_random *r) {
    return lade_random_u32(r) & 1;
}

/* Draws a value of an enum with @count values. The default, 0, has a probability of more than one half. */
static int one_of(struct lade_random *r, int count) {
    return coin(r) ? 0 : (int)below(r, (uint64_t)count);
}

/* ---- Options ----------------------------------------------------------------------------------------------------- */

/*
 * Each of these macros defines the function that draws the option `field`.
 *
 * DRAW(field, value)               The function sets o->field to the value. The expression of the value may use the
 *                                  random generator r, and the options in o that were drawn earlier.
 * DRAW_PAIR(field, first, second)  With a probability of one half, the function sets the two elements of o->field.
 *                                  Otherwise, the field keeps its default.
 */
#define DRAW(field, ...)                                                           \
    static void draw_##field(struct lade_flow_options *o, struct lade_random *r) { \
        (void)r;                                                                   \
        o->field = (__VA_ARGS__);                                                  \
    }
#define DRAW_PAIR(field, first, second)                                            \
    static void draw_##field(struct lade_flow_options *o, struct lade_random *r) { \
        if (coin(r))                                                               \
            return;                                                                \
        o->field[0] = (first);                                                     \
        o->field[1] = (second);                                                    \
    }

static const double weights[] = {1, 0.25, 3};

/* This preprocessing function divides the pixels of a sample by 1, 2 or 3. The divisor depends on the index of the
   sample and on the epoch. */
static int darken(void *ctx, const struct lade_flow_sample *s, struct lade_error *err) {
    (void)ctx, (void)err;
    for (int64_t i = 0; i < s->shape[0] * s->shape[1] * s->shape[2]; i++)
        if (s->dtype == LADE_UINT8)
            ((uint8_t *)s->x)[i] /= (uint8_t)(1 + (s->index + s->epoch) % 3);
        else
            ((float *)s->x)[i] /= (float)(1 + (s->index + s->epoch) % 3);
    return LADE_OK;
}

static void draw_target_size(struct lade_flow_options *o, struct lade_random *r) {
    o->target_size[0] = 1 + (int)below(r, 12);
    o->target_size[1] = 1 + (int)below(r, 12);
}
DRAW(color_mode, (enum lade_color_mode)below(r, LADE_COLOR_MODE_COUNT))
DRAW(class_mode, (enum lade_class_mode)below(r, LADE_CLASS_MODE_COUNT))
DRAW(interpolation, (enum lade_interpolation)below(r, LADE_INTERPOLATION_COUNT))
DRAW(keep_aspect_ratio, below(r, 4) == 0)
DRAW(crop, (enum lade_crop)one_of(r, LADE_CROP_COUNT))
DRAW_PAIR(crop_scale, .3, .3 + (double)below(r, 7) / 10)
DRAW_PAIR(crop_ratio, .5, .5 + (double)below(r, 15) / 10)
DRAW(crop_resize, o->crop == LADE_CROP_CENTER && coin(r) ? 12 + (int)below(r, 5) : 0)
DRAW(decode, (enum lade_decode)below(r, LADE_DECODE_COUNT))
DRAW(exif_orientation, coin(r))
DRAW(dtype, (enum lade_dtype)one_of(r, 2))
DRAW(data_format, (enum lade_data_format)below(r, LADE_DATA_FORMAT_COUNT))
DRAW(rescale, o->dtype == LADE_FLOAT32 && coin(r) ? 1 / 255.f : 0)
DRAW(rotation_range, coin(r) ? (double)below(r, 90) : 0)
DRAW(shift_unit, (enum lade_shift_unit)one_of(r, LADE_SHIFT_UNIT_COUNT))
DRAW(width_shift_range, (double)below(r, 3) * (o->shift_unit == LADE_SHIFT_WHOLE_PIXELS ? 2 : .15))
DRAW(height_shift_range, (double)below(r, 3) * (o->shift_unit == LADE_SHIFT_WHOLE_PIXELS ? 2 : .15))
DRAW_PAIR(brightness_range, (double)below(r, 10) / 10, 1 + (double)below(r, 10) / 10)
DRAW(shear_range, coin(r) ? (double)below(r, 40) : 0)
DRAW_PAIR(zoom_range, (double)below(r, 9) / 10 + .1, coin(r) ? 1.3 : 0)
DRAW(channel_shift_range, coin(r) ? (double)below(r, 100) : 0)
DRAW(fill_mode, (enum lade_fill_mode)below(r, LADE_FILL_MODE_COUNT))
DRAW(cval, (float)below(r, 256))
DRAW(horizontal_flip, coin(r))
DRAW(vertical_flip, coin(r))
DRAW(interpolation_order, coin(r) ? 0 : coin(r) ? 1 : LADE_OFF)
DRAW(quirks, (enum lade_quirks)one_of(r, LADE_QUIRKS_COUNT))
DRAW(samplewise_center, o->dtype == LADE_FLOAT32 && coin(r))
DRAW(samplewise_std_normalization, o->dtype == LADE_FLOAT32 && coin(r))
DRAW(featurewise_center, o->dtype == LADE_FLOAT32 && coin(r))
DRAW(featurewise_std_normalization, o->dtype == LADE_FLOAT32 && coin(r))
DRAW(zca_whitening, o->dtype == LADE_FLOAT32 && below(r, 4) == 0)

/* Draws the option stats: random statistics for images of the drawn size, and a ZCA matrix that is nearly the
   identity. */
static void draw_stats(struct lade_flow_options *o, struct lade_random *r) {
    enum { MOST = 12 * 12 * 4 };
    static struct lade_stats stats;
    static float matrix[MOST * MOST];
    int channels = lade_color_mode_channels(o->color_mode), values = o->target_size[0] * o->target_size[1] * channels;
    stats = (struct lade_stats){.channels = channels, .zca_values = values, .zca = matrix};
    for (int c = 0; c < channels; c++) {
        stats.mean[c] = lade_random_double(r);
        stats.std[c] = lade_random_double(r);
    }
    for (int i = 0; i < values * values; i++)
        matrix[i] = i / values == i % values ? 1 : i % 7 == 0 ? 0.01f : 0;
    o->stats = &stats;
}

DRAW(preprocessing_function, (struct lade_preprocessing){coin(r) ? darken : NULL, NULL})
DRAW(batch_size, 1 + (int64_t)below(r, 14))
DRAW(order, (enum lade_order)below(r, LADE_ORDER_WEIGHTED))
DRAW(class_weights, o->order == LADE_ORDER_BALANCED && coin(r) ? weights : NULL)
DRAW(seed, lade_random_u64(r))
DRAW(validation_split, (double)below(r, 3) * .3)
DRAW(subset, o->validation_split > 0 ? (enum lade_subset)below(r, LADE_SUBSET_COUNT) : LADE_SUBSET_ALL)
DRAW(split, (enum lade_split)below(r, LADE_SPLIT_COUNT))
DRAW(on_error, coin(r) ? LADE_ERROR_SKIP : LADE_ERROR_REPLACE)

#define ROW(field) \
    { #field, draw_##field }
static const struct row {
    const char *name;
    void (*draw)(struct lade_flow_options *o, struct lade_random *r);
} rows[] = {
    ROW(target_size),
    ROW(color_mode),
    ROW(class_mode),
    ROW(interpolation),
    ROW(keep_aspect_ratio),
    ROW(crop),
    ROW(crop_scale),
    ROW(crop_ratio),
    ROW(crop_resize),
    ROW(decode),
    ROW(exif_orientation),
    ROW(dtype),
    ROW(data_format),
    ROW(rescale),
    ROW(rotation_range),
    ROW(shift_unit),
    ROW(width_shift_range),
    ROW(height_shift_range),
    ROW(brightness_range),
    ROW(shear_range),
    ROW(zoom_range),
    ROW(channel_shift_range),
    ROW(fill_mode),
    ROW(cval),
    ROW(horizontal_flip),
    ROW(vertical_flip),
    ROW(interpolation_order),
    ROW(quirks),
    ROW(samplewise_center),
    ROW(samplewise_std_normalization),
    ROW(featurewise_center),
    ROW(featurewise_std_normalization),
    ROW(zca_whitening),
    ROW(stats),
    ROW(batch_size),
    ROW(order),
    ROW(class_weights),
    ROW(seed),
    ROW(validation_split),
    ROW(subset),
    ROW(split),
    ROW(on_error),
    ROW(preprocessing_function),
};

enum { ROWS = sizeof rows / sizeof *rows };

/* ---- Sources ----------------------------------------------------------------------------------------------------- */

enum source { FOLDERS, LIST, ARRAY, SOURCE_COUNT };

static struct lade_tensor *x, *y, *w;

/* The suffixes of the image files, which repeat after three files. One file of three in `mixed` is a JPEG, whose pixels
   can differ between versions of libjpeg. The pixels of the formats in `lossless` never differ. */
static const char *const mixed[3] = {"png", "png", "jpg"}, *const lossless[3] = {"png", "bmp", "ppm"};

/* Makes three sources:
   - the class folders c0, c1 and c2 with 9, 14 and 11 images,
   - a CSV file that lists 30 of these images,
   - arrays that contain 29 other images. */
static void make_sources(const char *const endings[3]) {
    static const int counts[] = {9, 14, 11};
    char name[64], names[34][64];
    int n = 0;
    for (int c = 0; c < 3; c++) {
        snprintf(name, sizeof name, "c%d", c);
        tree_folder(name);
        for (int i = 0; i < counts[c]; i++, n++) {
            snprintf(names[n], sizeof names[n], "c%d/%03d.%s", c, i, endings[n % 3]);
            tree_image_sized(names[n], n, 6 + n % 5, 6 + n % 4);
        }
    }
    tree_bytes("c1/005.png", "not a picture", 13); /* an invalid file, which a flow skips or replaces */
    FILE *f = fopen(tree_path("list.csv"), "w");
    fprintf(f, "filename,class,a,b,w\n");
    for (int i = 0; i < 30; i++)
        fprintf(f, "%s,k%d,%d,%d,%d\n", names[i % 3 * 9 + i % 3 / 2 * 5 + i / 4], i % 7 % 3, i, -i, i % 5);
    fclose(f);
    x = lade_tensor_new(LADE_UINT8, 4, (int64_t[]){29, 5, 6, 3});
    y = lade_tensor_new(LADE_UINT8, 1, (int64_t[]){29});
    w = lade_tensor_new(LADE_FLOAT32, 1, (int64_t[]){29});
    for (int i = 0; i < 29 * 90; i++)
        ((uint8_t *)lade_tensor_data(x))[i] = (uint8_t)(i * 11);
    for (int i = 0; i < 29; i++) {
        ((uint8_t *)lade_tensor_data(y))[i] = (uint8_t)(i * i % 3);
        ((float *)lade_tensor_data(w))[i] = (float)i;
    }
}

static void drop_sources(void) {
    lade_tensor_unref(x);
    lade_tensor_unref(y);
    lade_tensor_unref(w);
}

/* Sets the options for size, crop and colours to 0, because a flow from arrays does not allow these options. */
static inline void for_arrays(struct lade_flow_options *o) {
    o->target_size[0] = o->target_size[1] = 0;
    o->color_mode = LADE_COLOR_RGB;
    o->crop = LADE_CROP_NONE;
    o->crop_resize = 0;
    o->keep_aspect_ratio = false;
}

static lade_flow *open_source(enum source source, const struct lade_flow_options *o, struct lade_error *err) {
    static const char *const numbers[] = {"b", "a", NULL};
    struct lade_manifest list = {.weight_col = "w", .y_col = o->class_mode == LADE_CLASS_RAW ? numbers : NULL};
    struct lade_flow_options bare = *o;
    switch (source) {
    case FOLDERS:
        return lade_flow_from_directory(tree_root, o, err);
    case LIST:
        return lade_flow_from_manifest(tree_path("list.csv"), &list, o, err);
    default:
        for_arrays(&bare);
        return lade_flow_from_arrays(x, y, w, &bare, err);
    }
}

/* ---- One setting ------------------------------------------------------------------------------------------------- */

struct setting {
    uint64_t number;
    enum source source;
    struct lade_flow_options options;
    struct lade_random random;
};

static lade_flow *open_with(const struct setting *s, int workers, int rank, int world) {
    struct lade_flow_options o = s->options;
    struct lade_error err = {0};
    o.workers = workers;
    o.rank = rank;
    o.world = world;
    lade_flow *flow = open_source(s->source, &o, &err);
    ck_assert_msg(flow != NULL, "setting %llu: %s", (unsigned long long)s->number, err.message);
    return flow;
}

/* Draws settings until a flow can be made with the setting. Some options exclude each other, so a flow refuses some
   settings. */
static void draw_setting(struct setting *s, uint64_t number) {
    *s = (struct setting){.number = number};
    lade_random_init(&s->random, number, 0, 0, LADE_RANDOM_USER);
    for (int tries = 0;; tries++) {
        struct lade_error err = {0};
        s->source = (enum source)below(&s->random, SOURCE_COUNT);
        s->options = (struct lade_flow_options){0};
        for (int i = 0; i < ROWS; i++)
            rows[i].draw(&s->options, &s->random);
        lade_flow *flow = open_source(s->source, &s->options, &err);
        lade_flow_free(flow);
        if (flow)
            return;
        ck_assert_msg(err.code == LADE_EINVAL && tries < 1000, "setting %llu: %s", (unsigned long long)number,
                      err.message);
    }
}

/* ---- Digests ----------------------------------------------------------------------------------------------------- */

/* Returns the digest of the next @steps batches. */
static struct lade_digest digest(lade_flow *flow, int64_t steps, const struct setting *s) {
    struct lade_digest d = {0};
    for (; steps > 0; steps--) {
        struct lade_error err = {0};
        struct lade_batch *b = NULL;
        int status = lade_flow_next(flow, &b, &err);
        ck_assert_msg(status == LADE_OK, "setting %llu: %s", (unsigned long long)s->number, err.message);
        ck_assert_int_eq(lade_digest_add(&d, b), LADE_OK);
        lade_batch_unref(b);
    }
    return d;
}

/* Returns the digest of the first two epochs of a new flow. */
static struct lade_digest digest_of(const struct setting *s, int workers, int rank, int world) {
    lade_flow *flow = open_with(s, workers, rank, world);
    struct lade_digest d = digest(flow, 2 * lade_flow_steps(flow), s);
    lade_flow_free(flow);
    return d;
}

/* Checks that the two digests of one setting are equal. */
static inline void check_digests(const struct setting *s, const char *what, struct lade_digest a,
                                 struct lade_digest b) {
    char text[33], other[33];
    lade_digest_text(&a, text);
    lade_digest_text(&b, other);
    ck_assert_msg(strcmp(text, other) == 0, "setting %llu, source %d, %s: digests %s and %s",
                  (unsigned long long)s->number, (int)s->source, what, text, other);
}

#endif
