/*
 * train/spec/spec.c - replaces presets by their layers, and makes the struct of a specification.
 */
#include "train/spec/spec.h"

#include <inttypes.h>
#include <string.h>

#include "train/spec/words.h"

#define MAX_LAYERS   1024
#define ALIGN_FLOATS 16

/* ---- Presets ----------------------------------------------------------------------------------------------------- */

/* The blocks of a residual net. BLOCK keeps the shape of its input. WIDEN changes the number of channels to N. SHRINK
   also halves the height and the width. */
#define CONV(N, options) "conv " N " 3 same" options ", batchnorm"
#define BLOCK(N)         "residual(" CONV(N, "") ", relu, " CONV(N, "") "), relu, "
#define WIDEN(N)         "residual(" CONV(N, "") ", relu, " CONV(N, "") " | conv " N " 1, batchnorm), relu, "
#define SHRINK(N)        "residual(" CONV(N, " stride 2") ", relu, " CONV(N, "") " | conv " N " 1 stride 2, batchnorm), relu, "

/*
 * The numbers of channels of resnet are multiples of 16, because oneDNN computes 16 channels at a time. The first
 * layers reduce the height and width early, because the time of a layer grows with its number of pixels. globalavgpool
 * makes the number of parameters independent of the size of the image.
 */
static const struct {
    const char *word;
    int64_t side;       /* the preset is for samples whose sizes are all less than `side`; 0: for all samples */
    const char *layers; /* all layers except the last layer, which is "dense N" */
} presets[] = {
    {"mlp", 0, "dense 512, relu"},
    {"cnn", 0,
     "conv 32 3 same, relu, conv 32 3, relu, maxpool 2, conv 64 3 same, relu, conv 64 3, relu, "
     "maxpool 2, dense 512, relu, dropout 0.5"},
    {"resnet", LADE__LARGE_IMAGE,
     CONV("32", "") ", relu, maxpool 2 same, " WIDEN("48") SHRINK("64") BLOCK("64") SHRINK("80") "globalavgpool"},
    {"resnet", 0,
     CONV("32", " stride 2") ", relu, maxpool 2 same, " SHRINK("64") SHRINK("128") SHRINK("256") "globalavgpool"}};

static bool is_for(int64_t side, const struct lade__shape *in) {
    bool fits = true;
    for (int i = 0; i < in->ndim && i < LADE_MAX_DIMS; i++)
        fits = fits && (side == 0 || in->size[i] < side);
    return fits;
}

char *lade__spec_expand(const char *text, const struct lade__shape *in, struct lade_error *err) {
    struct lade__text rest = {text, text + strlen(text)}, word = lade__next_word(&rest);
    char expanded[1024];
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++) {
        int64_t outputs;
        if (!lade__text_is(word, presets[i].word) || !is_for(presets[i].side, in))
            continue;
        if (!lade__read_number(lade__text_trim(rest), &outputs)) {
            lade_error_set_subject(err, LADE_EINVAL, "spec",
                                   "net: the syntax of \"%s\" is \"%s N\", where N is the number of outputs",
                                   presets[i].word, presets[i].word);
            return NULL;
        }
        snprintf(expanded, sizeof expanded, "%s, dense %" PRId64, presets[i].layers, outputs);
        text = expanded;
        break;
    }
    char *copy = lade_strdup(text);
    if (!copy)
        lade_error_set(err, LADE_ENOMEM, "net: no memory for the specification");
    return copy;
}

/* ---- A specification --------------------------------------------------------------------------------------------- */

/* Checks a shape that may come from a file. Every size must be 1 or more, and the product of the sizes must not
   overflow. */
static int check_shape(const struct lade__shape *s, struct lade_error *err) {
    if (s->ndim < 1 || s->ndim > LADE_MAX_DIMS - 1)
        return lade_error_set_subject(err, LADE_EINVAL, "sample_ndim",
                                      "net: the shape of a sample has %d dimensions; it must have 1 to %d", s->ndim,
                                      LADE_MAX_DIMS - 1);
    int64_t count = 1;
    for (int i = 0; i < s->ndim; i++) {
        if (s->size[i] < 1 || s->size[i] > INT32_MAX / count)
            return lade_error_set_subject(
                err, s->size[i] < 1 ? LADE_EINVAL : LADE_ELIMIT, "sample_shape",
                "net: size %d of the shape of a sample is %" PRId64
                "; each size must be 1 or more, and the product of all sizes at most 2^31 - 1",
                i + 1, s->size[i]);
        count *= s->size[i];
    }
    return LADE_OK;
}

/* Sets the offset of each parameter in the block. The trainable parameters come first, then the buffers. */
static void place_parameters(struct lade__spec *s) {
    for (int buffers = 0; buffers < 2; buffers++) {
        for (int i = 0; i < s->parameter_count; i++) {
            struct lade__parameter *p = &s->parameters[i];
            if (p->is_buffer != buffers)
                continue;
            int64_t numbers = lade__shape_count(&p->shape);
            p->offset = s->block_floats;
            s->trainable_count += buffers ? 0 : numbers;
            s->block_floats += ((size_t)numbers + ALIGN_FLOATS - 1) / ALIGN_FLOATS * ALIGN_FLOATS;
        }
        if (!buffers)
            s->trainable_floats = s->block_floats;
    }
}

/* Returns an upper bound for the number of layers and empty branches. */
static int64_t count_items(const char *text) {
    int64_t count = 1;
    for (const char *c = text; *c; c++)
        count += *c == ',' || *c == '|' || *c == '(';
    return count;
}

int lade__spec_init(struct lade__spec *s, const char *text, const struct lade__shape *in, bool channels_first,
                    struct lade_error *err) {
    *s = (struct lade__spec){.in = *in, .channels_first = channels_first};
    int status = check_shape(in, err);
    if (status < 0)
        return status;
    int64_t count = count_items(text);
    if (count > MAX_LAYERS)
        return lade_error_set_subject(err, LADE_ELIMIT, "spec",
                                      "net: the specification has %" PRId64 " layers and branches; at most %d are "
                                      "allowed",
                                      count, MAX_LAYERS);
    s->layers = lade_calloc((size_t)count, sizeof *s->layers);
    s->inputs = lade_calloc((size_t)count, 3 * sizeof *s->inputs); /* each layer and each branch has an input; residual
                                                                       with a single branch has a second input */
    s->items = lade_calloc((size_t)count, 2 * sizeof *s->items);
    status = s->layers && s->inputs && s->items
                 ? lade__spec_read(s, text, err)
                 : lade_error_set(err, LADE_ENOMEM, "net: no memory for %" PRId64 " layers", count);
    if (status == LADE_OK)
        place_parameters(s);
    else
        lade__spec_release(s);
    return status;
}

void lade__spec_release(struct lade__spec *s) {
    lade_free(s->layers);
    lade_free(s->inputs);
    lade_free(s->items);
    lade_free(s->parameters);
    *s = (struct lade__spec){0};
}
