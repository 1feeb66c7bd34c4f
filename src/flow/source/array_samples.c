/*
 * Arrays as samples: (n, H, W, C) images and what is known of each. Labels become small tables of their own, so that
 * the rest need not care which of ten types they were in; the images stay where they are.
 */
#include <math.h>
#include <string.h>
#include <xxhash.h>

#include "flow/option/options.h"
#include "flow/flow_impl.h"

/* Element @i as a number: exact up to 2^53, which labels stay below. */
static double element(const struct lade_tensor *t, int64_t i) {
    const void *data = lade_tensor_data(t);

    switch (t->dtype) {
    case LADE_FLOAT32:
        return (double)((const float *)data)[i];
    case LADE_FLOAT64:
        return ((const double *)data)[i];
    case LADE_UINT8:
        return ((const uint8_t *)data)[i];
    case LADE_INT8:
        return ((const int8_t *)data)[i];
    case LADE_INT16:
        return ((const int16_t *)data)[i];
    case LADE_UINT16:
        return ((const uint16_t *)data)[i];
    case LADE_INT32:
        return ((const int32_t *)data)[i];
    case LADE_UINT32:
        return ((const uint32_t *)data)[i];
    case LADE_INT64:
        return (double)((const int64_t *)data)[i];
    case LADE_UINT64:
        return (double)((const uint64_t *)data)[i];
    case LADE_DTYPE_COUNT:
        break;
    }
    return 0;
}

/* ---- Images ------------------------------------------------------------------------------------------------------ */

static int check_x(const struct lade_tensor *x, struct lade_error *err) {
    if (!x || x->dl.ndim != 4)
        return lade_error_set(err, LADE_EINVAL, "x has %d dimensions: images are (n, H, W, C)", x ? x->dl.ndim : 0);
    int64_t c = x->shape[3];
    if (x->shape[0] < 1 || x->shape[1] < 1 || x->shape[1] > 65535 || x->shape[2] < 1 || x->shape[2] > 65535 ||
        (c != 1 && c != 3 && c != 4))
        return lade_error_set(err, LADE_EINVAL,
                              "x is (%lld, %lld, %lld, %lld): one image at least, height and width 1 to 65535, and 1, "
                              "3 or 4 channels are possible",
                              (long long)x->shape[0], (long long)x->shape[1], (long long)x->shape[2], (long long)c);
    if (x->dtype != LADE_UINT8 && x->dtype != LADE_FLOAT32)
        return lade_error_set(err, LADE_EINVAL, "x is %s: uint8 or float32 are possible", lade_dtype_name(x->dtype));
    return LADE_OK;
}

/* Options that say what the arrays say themselves must agree with them; those left out follow them. */
static int follow_x(struct lade_flow_options *o, const struct lade_tensor *x, struct lade_error *err) {
    enum lade_color_mode mode = x->shape[3] == 1   ? LADE_COLOR_GRAYSCALE
                                : x->shape[3] == 3 ? LADE_COLOR_RGB
                                                   : LADE_COLOR_RGBA;
    int h = (int)x->shape[1], w = (int)x->shape[2];

    if (!o->target_size[0] && !o->target_size[1])
        o->target_size[0] = h, o->target_size[1] = w;
    if (o->target_size[0] != h || o->target_size[1] != w)
        return lade_error_set(err, LADE_EINVAL,
                              "target_size is %dx%d, but x has images of %dx%d: arrays are not resized; leave it out",
                              o->target_size[0], o->target_size[1], h, w);
    if (o->crop != LADE_CROP_NONE)
        return lade_error_set(err, LADE_EINVAL, "crop is %s: arrays are not cropped", lade_crop_name(o->crop));
    if (o->color_mode != LADE_COLOR_RGB && o->color_mode != mode)
        return lade_error_set(err, LADE_EINVAL, "color_mode is %s, but x has %lld channels: leave it out",
                              lade_color_mode_name(o->color_mode), (long long)x->shape[3]);
    o->color_mode = mode;
    if (x->dtype == LADE_FLOAT32 && o->dtype == LADE_UINT8)
        return lade_error_set(err, LADE_EINVAL, "dtype is uint8, but x is float32: take float32");
    return LADE_OK;
}

/* ---- Labels ------------------------------------------------------------------------------------------------------ */

static int check_length(const struct lade_tensor *t, const char *name, int most, int64_t rows, struct lade_error *err) {
    if (t->dl.ndim < 1 || t->dl.ndim > most || t->shape[0] != rows)
        return lade_error_set(err, LADE_EINVAL,
                              "%s has %d dimensions and begins with %lld: %s and as many as x has images (%lld) are "
                              "possible",
                              name, t->dl.ndim, t->dl.ndim ? (long long)t->shape[0] : 0LL,
                              most == 1 ? "one dimension" : "one or two dimensions", (long long)rows);
    return LADE_OK;
}

static int take_numbers(struct lade__samples *s, const struct lade_tensor *y, struct lade_error *err) {
    s->columns = y->dl.ndim == 2 ? y->shape[1] : 1;
    int64_t n = s->rows * s->columns;

    s->values = lade_calloc((size_t)n + 1, sizeof *s->values);
    if (!s->values)
        return lade_error_set(err, LADE_ENOMEM, "no memory for %lld labels", (long long)n);
    for (int64_t i = 0; i < n; i++)
        s->values[i] = (float)element(y, i);
    return LADE_OK;
}

/* The name of class @c: as listed, or its number. NULL: no memory. */
static char *class_name(const char *const *listed, int c) {
    char number[16];

    snprintf(number, sizeof number, "%d", c);
    return lade_strdup(listed ? listed[c] : number);
}

static int name_classes(struct lade__samples *s, int count, const char *const *listed, struct lade_error *err) {
    s->class_names = lade_calloc((size_t)count + 1, sizeof *s->class_names);
    s->groups = lade_calloc((size_t)count, sizeof *s->groups);
    bool good = s->class_names && s->groups;
    for (; good && s->class_count < count; s->class_count += good) {
        char *name = class_name(listed, s->class_count);
        good = name != NULL;
        s->class_names[s->class_count] = s->groups[s->class_count].name = name;
    }
    return good ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "no memory for %d classes", count);
}

static int take_classes(struct lade__samples *s, const struct lade_tensor *y, const char *const *listed,
                        struct lade_error *err) {
    enum { MOST = 1 << 24 };
    int count = 0, limit = MOST;

    if (y->dl.ndim == 2 && y->shape[1] != 1)
        return lade_error_set(err, LADE_EINVAL,
                              "y has %lld columns: class_mode raw takes it as it is, the others want (n) class indices",
                              (long long)y->shape[1]);
    if (listed)
        for (limit = 0; listed[limit]; limit++)
            ;
    s->class_of = lade_calloc((size_t)s->rows, sizeof *s->class_of);
    if (!s->class_of)
        return lade_error_set(err, LADE_ENOMEM, "no memory for %lld labels", (long long)s->rows);
    for (int64_t i = 0; i < s->rows; i++) {
        double v = element(y, i);
        if (!(v >= 0 && v < limit && v == floor(v)))
            return lade_error_set(err, LADE_EINVAL,
                                  "y[%lld] is %g: a class index has to be a whole number, 0 to %d; or take class_mode "
                                  "raw",
                                  (long long)i, v, limit - 1);
        s->class_of[i] = (int32_t)v;
        count = s->class_of[i] >= count ? s->class_of[i] + 1 : count;
    }
    int status = name_classes(s, listed ? limit : count, listed, err);
    for (int64_t i = 0; status == LADE_OK && i < s->rows; i++)
        s->groups[s->class_of[i]].rows++;
    return status;
}

static int take_weights(struct lade__samples *s, const struct lade_tensor *w, struct lade_error *err) {
    int status = check_length(w, "sample_weight", 1, s->rows, err);

    if (status < 0)
        return status;
    s->weights = lade_calloc((size_t)s->rows, sizeof *s->weights);
    if (!s->weights)
        return lade_error_set(err, LADE_ENOMEM, "no memory for %lld weights", (long long)s->rows);
    for (int64_t i = 0; i < s->rows; i++) {
        s->weights[i] = (float)element(w, i);
        if (!(s->weights[i] >= 0 && isfinite(s->weights[i])))
            return lade_error_set(err, LADE_EINVAL, "sample_weight[%lld] is %g: it can be 0 or more", (long long)i,
                                  (double)s->weights[i]);
    }
    return LADE_OK;
}

/* ---- All of it --------------------------------------------------------------------------------------------------- */

/* What a state is held against: the labels and weights of each class, in their places. */
static void hash_rows(struct lade__samples *s) {
    for (int64_t i = 0; i < s->rows; i++) {
        struct lade__group *g = &s->groups[s->class_of ? s->class_of[i] : 0];
        struct lade_digest d = {g->hash_low, g->hash};
        XXH64_hash_t seed = (XXH64_hash_t)i;
        XXH128_hash_t label = XXH3_128bits_withSeed(s->values ? s->values + i * s->columns : NULL,
                                                    s->values ? (size_t)s->columns * sizeof *s->values : 0, seed);
        if (s->weights)
            label = XXH3_128bits_withSeed(s->weights + i, sizeof *s->weights, label.low64);
        lade_digest_merge(&d, &(struct lade_digest){label.low64, label.high64});
        g->hash_low = d.low;
        g->hash = d.high;
    }
}

static int take_arrays(struct lade__samples *s, struct lade_tensor *x, const struct lade_tensor *y,
                       const struct lade_tensor *weights, const struct lade_flow_options *o, struct lade_error *err) {
    int status = LADE_OK;

    s->x = lade_tensor_ref(x);
    s->rows = x->shape[0];
    s->source = lade_strdup("x");
    if (!s->source)
        return lade_error_set(err, LADE_ENOMEM, "no memory for a stream");
    if (y)
        status = check_length(y, "y", 2, s->rows, err);
    if (status == LADE_OK && y && o->class_mode == LADE_CLASS_RAW)
        status = take_numbers(s, y, err);
    else if (status == LADE_OK && y)
        status = take_classes(s, y, o->classes, err);
    if (status == LADE_OK && weights)
        status = take_weights(s, weights, err);
    if (status == LADE_OK && !s->groups) {
        s->groups = lade_calloc(1, sizeof *s->groups);
        if (!s->groups)
            return lade_error_set(err, LADE_ENOMEM, "no memory for a stream");
        s->groups[0] = (struct lade__group){.name = "", .rows = s->rows};
    }
    if (status == LADE_OK)
        hash_rows(s);
    return status;
}

lade_flow *lade_flow_from_arrays(struct lade_tensor *x, struct lade_tensor *y, struct lade_tensor *sample_weight,
                                 const struct lade_flow_options *options, struct lade_error *err) {
    struct lade_flow_options given = options ? *options : (struct lade_flow_options){0}, resolved;
    struct lade__samples samples = {.root = -1};
    struct lade_error own = {0};

    err = err ? err : &own;
    if (check_x(x, err) < 0 || follow_x(&given, x, err) < 0 || lade__options_resolve(&resolved, &given, err) < 0)
        return NULL;
    if (take_arrays(&samples, x, y, sample_weight, &given, err) == LADE_OK)
        return lade__flow_new(&samples, &resolved, err);
    lade__samples_release(&samples);
    return NULL;
}
