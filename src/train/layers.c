/*
 * train/layers.c - the kinds of layers, one row of a table each: what it is called, what shape comes out, what it
 * learns, which kernel computes it. Nothing else in src/train knows one kind from another.
 */
#include <inttypes.h>
#include <string.h>

#include "train/design.h"

/* ---- dense N ------------------------------------------------------------------------------------------------------
 */

#define DENSE_LIMIT INT32_MAX /* weights of one layer; kernels count in 32 bits */

static int dense_shape(struct lade__layer *l, struct lade_error *err) {
    int64_t inputs = lade__shape_count(&l->in), outputs = l->argument[0];
    if (outputs < 1)
        return lade_error_set(err, LADE_EINVAL, "it needs one output or more");
    if (outputs > DENSE_LIMIT / inputs)
        return lade_error_set(err, LADE_ELIMIT,
                              "%" PRId64 " inputs times %" PRId64 " outputs are more than %d weights; make the images "
                              "or the layer smaller",
                              inputs, outputs, DENSE_LIMIT);
    l->out = (struct lade__shape){1, {outputs}};
    return LADE_OK;
}

static void dense_parameter(const struct lade__layer *l, int i, struct lade__parameter *p) {
    int64_t inputs = lade__shape_count(&l->in), outputs = l->out.size[0];
    p->fan_in = inputs;
    if (i == 0) {
        p->name = "weight";
        p->operand = LADE__W;
        p->shape = (struct lade__shape){2, {outputs, inputs}};
    } else {
        p->name = "bias";
        p->operand = LADE__B;
        p->shape = (struct lade__shape){1, {outputs}};
    }
}

static int dense_kernel(const struct lade__layer *l, struct lade__engine *e, int64_t n, enum lade__pass pass,
                        struct lade__kernel **out, struct lade_error *err) {
    return lade__dense_kernel(e, n, lade__shape_count(&l->in), l->out.size[0], pass, out, err);
}

/* ---- relu ---------------------------------------------------------------------------------------------------------
 */

static int same_shape(struct lade__layer *l, struct lade_error *err) {
    (void)err;
    l->out = l->in;
    return LADE_OK;
}

static int relu_kernel(const struct lade__layer *l, struct lade__engine *e, int64_t n, enum lade__pass pass,
                       struct lade__kernel **out, struct lade_error *err) {
    return lade__relu_kernel(e, n * lade__shape_count(&l->in), pass, out, err);
}

/* ---- flatten ------------------------------------------------------------------------------------------------------
 */

static int flat_shape(struct lade__layer *l, struct lade_error *err) {
    (void)err;
    l->out = (struct lade__shape){1, {lade__shape_count(&l->in)}};
    return LADE_OK;
}

/* ---- The table ----------------------------------------------------------------------------------------------------
 */

static const struct lade__layer_kind kinds[] = {
    {"dense", "dense N", 1, false, 2, dense_shape, dense_parameter, dense_kernel},
    {"relu", "relu", 0, true, 0, same_shape, NULL, relu_kernel},
    {"flatten", "flatten", 0, true, 0, flat_shape, NULL, NULL},
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
