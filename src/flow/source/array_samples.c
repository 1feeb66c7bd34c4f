/*
 * Makes samples from arrays of images (n, H, W, C), labels and weights. Labels and weights are copied to the tables of
 * struct lade__samples, so later stages do not depend on the ten dtypes that an array may have. The images are not
 * copied.
 */
#include <math.h>
#include <string.h>

#include "flow/source/array_reader.h"
#include "flow/source/samples.h"
#include "tensor/mapped.h"

/* Returns element @i as a double. Integers up to 2^53 are exact. */
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

int lade__samples_check_array(const struct lade_tensor *x, struct lade_error *err) {
    if (!x || x->dl.ndim != 4)
        return lade_error_set_subject(err, LADE_EINVAL, "x", "x has %d dimensions: the shape of images is (n, H, W, C)",
                                      x ? x->dl.ndim : 0);
    if (x->shape[0] < 1)
        return lade_error_set_subject(err, LADE_EINVAL, "x", "x has no images");
    return LADE_OK;
}

static int check_shape(const char *name, enum lade_dtype dtype, const int64_t shape[3], struct lade_error *err) {
    int64_t h = shape[0], w = shape[1], c = shape[2];

    if (h < 1 || h > 65535 || w < 1 || w > 65535 || (c != 1 && c != 3 && c != 4))
        return lade_error_set_subject(
            err, LADE_EINVAL, name,
            "%s has images of shape (%lld, %lld, %lld): they must have a height and a width of 1 "
            "to 65535, and 1, 3 or 4 channels",
            name, (long long)h, (long long)w, (long long)c);
    if (dtype != LADE_UINT8 && dtype != LADE_UINT16 && dtype != LADE_FLOAT32)
        return lade_error_set_subject(err, LADE_EINVAL, name, "%s is %s: it must be uint8, uint16 or float32", name,
                                      lade_dtype_name(dtype));
    return LADE_OK;
}

int lade__samples_check_pixels(const char *name, enum lade_dtype dtype, const int64_t shape[3],
                               struct lade_flow_options *o, struct lade_error *err) {
    if (check_shape(name, dtype, shape, err) < 0)
        return LADE_EINVAL;
    enum lade_color_mode mode = shape[2] == 1 ? LADE_COLOR_GRAYSCALE : shape[2] == 3 ? LADE_COLOR_RGB : LADE_COLOR_RGBA;
    int h = (int)shape[0], w = (int)shape[1];

    if (!o->target_size[0] && !o->target_size[1])
        o->target_size[0] = h, o->target_size[1] = w;
    if (o->target_size[0] != h || o->target_size[1] != w)
        return lade_error_set_subject(
            err, LADE_EINVAL, "target_size",
            "target_size is %dx%d, but %s has images of %dx%d: pixels are not resized; do not "
            "set target_size",
            o->target_size[0], o->target_size[1], name, h, w);
    if (o->crop != LADE_CROP_NONE)
        return lade_error_set_subject(err, LADE_EINVAL, "crop", "crop is %s: the pixels of %s are not cropped",
                                      lade_crop_name(o->crop), name);
    if (o->color_mode != LADE_COLOR_RGB && o->color_mode != mode)
        return lade_error_set_subject(err, LADE_EINVAL, "color_mode",
                                      "color_mode is %s, but %s has %lld channels: do not set color_mode",
                                      lade_color_mode_name(o->color_mode), name, (long long)shape[2]);
    o->color_mode = mode;
    if (dtype == LADE_FLOAT32 && o->dtype != LADE_FLOAT32)
        return lade_error_set_subject(err, LADE_EINVAL, "dtype", "dtype is %s, but %s is float32: use float32",
                                      lade_dtype_name(o->dtype), name);
    return LADE_OK;
}

/* ---- Labels and weights ------------------------------------------------------------------------------------------ */

static int check_length(const struct lade_tensor *t, const char *name, int max_ndim, int64_t rows,
                        struct lade_error *err) {
    if (t->dl.ndim >= 1 && t->dl.ndim <= max_ndim && t->shape[0] == rows)
        return LADE_OK;
    return lade_error_set_subject(
        err, LADE_EINVAL, name,
        "%s has %d dimensions, and its first dimension has the length %lld: it must have %s, and "
        "the first dimension must have the length %lld, which is the number of images",
        name, t->dl.ndim, t->dl.ndim ? (long long)t->shape[0] : 0LL,
        max_ndim == 1 ? "one dimension" : "one or two dimensions", (long long)rows);
}

static int copy_numbers(struct lade__samples *s, const struct lade_tensor *y, struct lade_error *err) {
    s->columns = y->dl.ndim == 2 ? y->shape[1] : 1;
    int64_t n = s->rows * s->columns;

    s->values = lade_calloc((size_t)n + 1, sizeof *s->values);
    if (!s->values)
        return lade_error_set(err, LADE_ENOMEM, "no memory for %lld labels", (long long)n);
    for (int64_t i = 0; i < n; i++)
        s->values[i] = (float)element(y, i);
    return LADE_OK;
}

/* Makes @count classes with the names in @listed, or "0", "1", ... if @listed is NULL. */
static int make_classes(struct lade__samples *s, int count, const char *const *listed, struct lade_error *err) {
    int status = lade__samples_make_classes(s, count);

    for (int c = 0; status == LADE_OK && c < count; c++) {
        char number[16];
        snprintf(number, sizeof number, "%d", c);
        status = lade__samples_add_class(s, listed ? listed[c] : number);
    }
    return status == LADE_OK ? LADE_OK : lade_error_set(err, status, "no memory for %d classes", count);
}

static int copy_classes(struct lade__samples *s, const struct lade_tensor *y, const char *const *listed,
                        struct lade_error *err) {
    enum { MAX_CLASSES = 1 << 24 };
    int count = 0, limit = MAX_CLASSES;

    if (y->dl.ndim == 2 && y->shape[1] != 1)
        return lade_error_set_subject(
            err, LADE_EINVAL, "y",
            "y has %lld columns: only class_mode raw accepts several columns; the other modes need one class index for "
            "each image",
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
            return lade_error_set_subject(err, LADE_EINVAL, "y",
                                          "y[%lld] is %g: a class index must be an integer, 0 to %d; for other numbers "
                                          "use class_mode raw",
                                          (long long)i, v, limit - 1);
        s->class_of[i] = (int32_t)v;
        count = s->class_of[i] >= count ? s->class_of[i] + 1 : count;
    }
    return make_classes(s, listed ? limit : count, listed, err);
}

static int copy_weights(struct lade__samples *s, const struct lade_tensor *w, struct lade_error *err) {
    int status = check_length(w, "sample_weight", 1, s->rows, err);

    if (status < 0)
        return status;
    s->weights = lade_calloc((size_t)s->rows, sizeof *s->weights);
    if (!s->weights)
        return lade_error_set(err, LADE_ENOMEM, "no memory for %lld weights", (long long)s->rows);
    for (int64_t i = 0; i < s->rows; i++) {
        s->weights[i] = (float)element(w, i);
        if (!(s->weights[i] >= 0 && isfinite(s->weights[i])))
            return lade_error_set_subject(err, LADE_EINVAL, "sample_weight",
                                          "sample_weight[%lld] is %g: a weight must be a finite number, 0 or more",
                                          (long long)i, (double)s->weights[i]);
    }
    return LADE_OK;
}

/* ---- All arrays -------------------------------------------------------------------------------------------------- */

static int copy_all(struct lade__samples *s, const struct lade_tensor *y, const struct lade_tensor *weights,
                    enum lade_class_mode mode, const char *const *classes, struct lade_error *err) {
    int status = LADE_OK;

    if (y)
        status = check_length(y, "y", 2, s->rows, err);
    if (status == LADE_OK && y)
        status = mode == LADE_CLASS_RAW ? copy_numbers(s, y, err) : copy_classes(s, y, classes, err);
    if (status == LADE_OK && weights)
        status = copy_weights(s, weights, err);
    return status;
}

int lade__samples_from_arrays(struct lade__samples *s, struct lade_tensor *x, struct lade_tensor *y,
                              struct lade_tensor *weights, enum lade_class_mode mode, const char *const *classes,
                              struct lade_error *err) {
    *s = (struct lade__samples){.rows = x->shape[0]};
    lade__array_reader(&s->reader, x);
    s->source = lade_strdup("x");
    if (!s->source)
        return lade_error_set(err, LADE_ENOMEM, "no memory for a flow");
    struct lade_tensor *own_y = y ? lade__tensor_in_memory(y, err) : NULL;
    struct lade_tensor *own_weights = weights ? lade__tensor_in_memory(weights, err) : NULL;
    bool complete = (own_y || !y) && (own_weights || !weights);
    int status = complete ? copy_all(s, own_y, own_weights, mode, classes, err) : err->code;

    lade_tensor_unref(own_y);
    lade_tensor_unref(own_weights);
    if (status == LADE_OK && !s->groups && lade__samples_make_classes(s, 0) < 0)
        status = lade_error_set(err, LADE_ENOMEM, "no memory for a flow");
    if (status == LADE_OK)
        lade__samples_count_rows(s);
    return status;
}
