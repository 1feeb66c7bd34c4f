/*
 * train/spec/layers.c - contains the table of layer kinds. A row has the name, the arguments, the shape of the output,
 * the parameters and the kernel of one kind. Other files read the columns of the table and have no code for a
 * particular kind. If no oneDNN kernel computes a kind, the column computed_by of its row names the code that computes
 * it.
 */
#include <inttypes.h>
#include <string.h>

#include "train/spec/spec.h"

#define WEIGHTS_LIMIT INT32_MAX /* limit for the weights of one layer, because oneDNN counts weights in 32 bits */
#define WINDOW_LIMIT  32767     /* limit for K of a padded pool: oneDNN counts the elements of a window in 32 bits */

/* ---- dense N ----------------------------------------------------------------------------------------------------- */

static int dense_shape(struct lade__layer *l, struct lade_error *err) {
    int64_t inputs = lade__shape_count(&l->in), outputs = l->outputs;
    if (outputs < 1)
        return lade_error_set(err, LADE_EINVAL, "it must have 1 output or more");
    if (outputs > WEIGHTS_LIMIT / inputs)
        return lade_error_set(err, LADE_ELIMIT,
                              "%" PRId64 " inputs times %" PRId64 " outputs are more than %d weights; make the images "
                              "or the layer smaller",
                              inputs, outputs, WEIGHTS_LIMIT);
    l->out = (struct lade__shape){1, {outputs}};
    return LADE_OK;
}

static void weight_or_bias(int i, const struct lade__shape *weight, int64_t outputs, struct lade__parameter *p) {
    p->fan_in = lade__shape_count(weight) / outputs;
    p->name = i == 0 ? "weight" : "bias";
    p->operand = i == 0 ? LADE__W : LADE__B;
    p->shape = i == 0 ? *weight : (struct lade__shape){1, {outputs}};
}

static void dense_parameter(const struct lade__layer *l, int i, struct lade__parameter *p) {
    weight_or_bias(i, &(struct lade__shape){2, {l->outputs, lade__shape_count(&l->in)}}, l->outputs, p);
}

static int dense_kernel(const struct lade__layer *l, struct lade__engine *e, const struct lade__dnnl_layout *x,
                        bool relu, enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err) {
    return lade__dense_kernel(e, x, lade__shape_count(&l->in), l->outputs, relu, mode, out, err);
}

/* ---- Windows: conv N K, maxpool K, avgpool K, globalavgpool ------------------------------------------------------ */

/*
 * Sets the padding of one dimension. Stores the number of positions of the window in *places. The option "same" adds
 * the padding that Keras adds. For a stride of 1, PyTorch adds the same padding. If the padding is odd, one more row or
 * column is added after the image than before the image.
 */
static int place_window(struct lade__layer *l, int i, int64_t length, int64_t *places, struct lade_error *err) {
    *places = 0;
    struct lade__window *w = &l->window;
    if (l->same) {
        *places = (length + w->stride[i] - 1) / w->stride[i];
        int64_t padding = (*places - 1) * w->stride[i] + w->size[i] - length;
        w->before[i] = padding > 0 ? padding / 2 : 0;
        w->after[i] = padding > 0 ? padding - w->before[i] : 0;
        return LADE_OK;
    }
    if (w->size[i] > length)
        return lade_error_set(err, LADE_EINVAL,
                              "its window of %" PRId64 " is larger than the %s of %" PRId64
                              "; make the window smaller, add \"same\", or remove a layer before this one",
                              w->size[i], i ? "width" : "height", length);
    *places = (length - w->size[i]) / w->stride[i] + 1;
    return LADE_OK;
}

static int window_shape(struct lade__layer *l, int64_t channels, struct lade_error *err) {
    struct lade__extent in = lade__shape_extent(&l->in, l->channels_first, 1);
    int64_t height = 0, width = 0;
    int status = place_window(l, 0, in.height, &height, err);
    if (status == LADE_OK)
        status = place_window(l, 1, in.width, &width, err);
    if (status < 0)
        return status;
    if (channels > INT32_MAX / (height * width))
        return lade_error_set(err, LADE_ELIMIT, "its output has more than 2^31 - 1 values for each sample");
    l->out = l->channels_first ? (struct lade__shape){3, {channels, height, width}}
                               : (struct lade__shape){3, {height, width, channels}};
    return LADE_OK;
}

static int check_image(const struct lade__layer *l, struct lade_error *err) {
    char text[LADE__SHAPE_TEXT];
    return l->in.ndim == 3
               ? LADE_OK
               : lade_error_set(err, LADE_EINVAL, "its input must be an image with three dimensions, but is %s",
                                lade__shape_text(&l->in, text));
}

static void set_window(struct lade__layer *l, int64_t stride) {
    for (int i = 0; i < 2; i++) {
        l->window.size[i] = l->size;
        l->window.stride[i] = l->stride ? l->stride : stride;
    }
    l->window.groups = l->groups;
}

static int conv_shape(struct lade__layer *l, struct lade_error *err) {
    int status = check_image(l, err);
    if (status < 0)
        return status;
    int64_t channels = lade__shape_extent(&l->in, l->channels_first, 1).channels;
    if (l->outputs < 1 || l->size < 1)
        return lade_error_set(err, LADE_EINVAL, "N and K must be 1 or more");
    if (channels % l->groups || l->outputs % l->groups)
        return lade_error_set(err, LADE_EINVAL,
                              "groups %" PRId64 " must divide the %" PRId64 " channels of the input and the %" PRId64
                              " channels of the output",
                              l->groups, channels, l->outputs);
    if (l->size > 65535 || l->outputs > WEIGHTS_LIMIT / (l->size * l->size) / (channels / l->groups))
        return lade_error_set(err, LADE_ELIMIT, "it would have more than %d weights", WEIGHTS_LIMIT);
    set_window(l, 1);
    return window_shape(l, l->outputs, err);
}

static void conv_parameter(const struct lade__layer *l, int i, struct lade__parameter *p) {
    int64_t channels = lade__shape_extent(&l->in, l->channels_first, 1).channels;
    weight_or_bias(i, &(struct lade__shape){4, {l->outputs, channels / l->groups, l->size, l->size}}, l->outputs, p);
}

static int conv_kernel(const struct lade__layer *l, struct lade__engine *e, const struct lade__dnnl_layout *x,
                       bool relu, enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err) {
    struct lade__extent y = lade__shape_extent(&l->out, l->channels_first, lade__dnnl_layout_extent(x)->n);
    return lade__conv_kernel(e, x, &y, &l->window, relu, mode, out, err);
}

static int pool_shape(struct lade__layer *l, struct lade_error *err) {
    int status = check_image(l, err);
    if (status < 0)
        return status;
    if (l->size < 1)
        return lade_error_set(err, LADE_EINVAL, "K must be 1 or more");
    if (l->same && l->size > WINDOW_LIMIT)
        return lade_error_set(err, LADE_ELIMIT,
                              "its window of %" PRId64
                              " is larger than %d; globalavgpool takes the mean of the whole image",
                              l->size, WINDOW_LIMIT);
    set_window(l, l->size);
    return window_shape(l, lade__shape_extent(&l->in, l->channels_first, 1).channels, err);
}

/* The output has the shape (C). The kernel writes (C, 1, 1), which is the same in memory. */
static int global_shape(struct lade__layer *l, struct lade_error *err) {
    int status = check_image(l, err);
    if (status < 0)
        return status;
    struct lade__extent in = lade__shape_extent(&l->in, l->channels_first, 1);
    l->window = (struct lade__window){{in.height, in.width}, {in.height, in.width}, {0}, {0}, 1};
    l->out = (struct lade__shape){1, {in.channels}};
    return LADE_OK;
}

static int pool_kernel(const struct lade__layer *l, struct lade__engine *e, const struct lade__dnnl_layout *x,
                       bool average, enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err) {
    struct lade__extent y = lade__shape_extent(&l->out, l->channels_first, lade__dnnl_layout_extent(x)->n);
    if (!y.is_image)
        y = (struct lade__extent){y.n, y.channels, 1, 1, true, l->channels_first};
    return lade__pool_kernel(e, x, &y, &l->window, average, mode, out, err);
}

static int max_kernel(const struct lade__layer *l, struct lade__engine *e, const struct lade__dnnl_layout *x, bool relu,
                      enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err) {
    (void)relu;
    return pool_kernel(l, e, x, false, mode, out, err);
}

static int average_kernel(const struct lade__layer *l, struct lade__engine *e, const struct lade__dnnl_layout *x,
                          bool relu, enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err) {
    (void)relu;
    return pool_kernel(l, e, x, true, mode, out, err);
}

/* ---- relu, tanh, sigmoid ----------------------------------------------------------------------------------------- */

static int same_shape(struct lade__layer *l, struct lade_error *err) {
    (void)err;
    l->out = l->in;
    return LADE_OK;
}

static int relu_kernel(const struct lade__layer *l, struct lade__engine *e, const struct lade__dnnl_layout *x,
                       bool relu, enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err) {
    (void)l;
    return lade__activation_kernel(e, x, LADE__RELU, relu, mode, out, err);
}

static int tanh_kernel(const struct lade__layer *l, struct lade__engine *e, const struct lade__dnnl_layout *x,
                       bool relu, enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err) {
    (void)l, (void)relu;
    return lade__activation_kernel(e, x, LADE__TANH, false, mode, out, err);
}

static int sigmoid_kernel(const struct lade__layer *l, struct lade__engine *e, const struct lade__dnnl_layout *x,
                          bool relu, enum lade__kernel_mode mode, struct lade__kernel **out, struct lade_error *err) {
    (void)l, (void)relu;
    return lade__activation_kernel(e, x, LADE__SIGMOID, false, mode, out, err);
}

/* ---- batchnorm --------------------------------------------------------------------------------------------------- */

static void norm_parameter(const struct lade__layer *l, int i, struct lade__parameter *p) {
    static const char *const names[] = {"weight", "bias", "running_mean", "running_var"};
    p->name = names[i];
    p->operand = i == 0 ? LADE__W : LADE__B;
    p->shape = (struct lade__shape){1, {lade__shape_extent(&l->in, l->channels_first, 1).channels}};
    p->initial = i == 0 || i == 3;
    p->is_buffer = i >= 2;
}

/* ---- flatten ----------------------------------------------------------------------------------------------------- */

static int flat_shape(struct lade__layer *l, struct lade_error *err) {
    (void)err;
    l->out = (struct lade__shape){1, {lade__shape_count(&l->in)}};
    return LADE_OK;
}

/* ---- residual, concat -------------------------------------------------------------------------------------------- */

static int residual_join(struct lade__layer *l, const struct lade__shape *branch) {
    return lade__shape_equal(&l->in, branch) ? LADE_OK : LADE_EINVAL;
}

static int concat_shape(struct lade__layer *l, struct lade_error *err) {
    char text[LADE__SHAPE_TEXT];
    l->out = l->in;
    return l->in.ndim == 1 || l->in.ndim == 3
               ? LADE_OK
               : lade_error_set(err, LADE_EINVAL,
                                "the outputs of its branches must have one dimension, or three dimensions of an image, "
                                "but the output of branch 0 is %s",
                                lade__shape_text(&l->in, text));
}

static int concat_join(struct lade__layer *l, const struct lade__shape *branch) {
    int channels = l->in.ndim == 3 && !l->channels_first ? 2 : 0;
    struct lade__shape same = *branch;
    if (branch->ndim != l->in.ndim)
        return LADE_EINVAL;
    same.size[channels] = l->in.size[channels];
    if (!lade__shape_equal(&l->in, &same))
        return LADE_EINVAL;
    l->out.size[channels] += branch->size[channels];
    return lade__shape_count(&l->out) <= INT32_MAX ? LADE_OK : LADE_ELIMIT;
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

static const struct lade__layer_kind kinds[] = {
    {"dense", "dense N", "N", .plain = true, .needs_input = true, .fuses_relu = true, .parameter_count = 2,
     .shape = dense_shape, .parameter = dense_parameter, .kernel = dense_kernel},
    {"conv", "conv N K [same|valid] [stride S] [groups G]", "NKstg", .needs_input = true, .fuses_relu = true,
     .parameter_count = 2, .shape = conv_shape, .parameter = conv_parameter, .kernel = conv_kernel},
    {"maxpool", "maxpool K [same|valid] [stride S]", "Kst", .shape = pool_shape, .kernel = max_kernel},
    {"avgpool", "avgpool K [same|valid] [stride S]", "Kst", .shape = pool_shape, .kernel = average_kernel},
    {"globalavgpool", "globalavgpool", "", .shape = global_shape, .kernel = average_kernel},
    {"relu", "relu", "", .in_place = true, .needs_output = true, .is_relu = true, .shape = same_shape,
     .kernel = relu_kernel},
    {"tanh", "tanh", "", .in_place = true, .needs_output = true, .shape = same_shape, .kernel = tanh_kernel},
    {"sigmoid", "sigmoid", "", .in_place = true, .needs_output = true, .shape = same_shape, .kernel = sigmoid_kernel},
    {"batchnorm", "batchnorm", "", .computed_by = LADE__NORM, .needs_input = true, .fuses_relu = true,
     .parameter_count = 4, .shape = same_shape, .parameter = norm_parameter},
    {"dropout", "dropout P", "P", .computed_by = LADE__DROPOUT, .plain = true, .in_place = true, .shape = same_shape},
    {"flatten", "flatten", "", .computed_by = LADE__IDENTITY, .plain = true, .in_place = true, .shape = flat_shape},
    {"residual", "residual(A | B)", "", .computed_by = LADE__SUM, .in_place = true, .fuses_relu = true,
     .adds_input = true, .shape = same_shape, .join = residual_join, .join_rule = "their shapes must be equal"},
    {"concat", "concat(A | B)", "", .computed_by = LADE__CONCAT, .shape = concat_shape, .join = concat_join,
     .join_rule = "their heights and widths must be equal"},
};

const struct lade__layer_kind *lade__layer_kind_find(const char *word, size_t length) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i].word) == length && memcmp(kinds[i].word, word, length) == 0)
            return &kinds[i];
    return NULL;
}

char *lade__layer_kinds_usage(char *text, size_t size) {
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s", i ? ", " : "", kinds[i].usage);
    return text;
}
