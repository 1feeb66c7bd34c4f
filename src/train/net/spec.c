/*
 * train/net/spec.c - parses a specification such as "dense 512, relu, dense 10". Every error message contains the
 * number and the text of the layer, because the specification may come from an untrusted file that the user has not
 * read.
 */
#include "train/net/spec.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

#define MAX_LAYERS   1024
#define ALIGN_FLOATS 16

/* ---- Words and numbers ------------------------------------------------------------------------------------------- */

struct text {
    const char *at, *end;
};

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void trim(struct text *t) {
    while (t->at < t->end && is_blank(*t->at))
        t->at++;
    while (t->at < t->end && is_blank(t->end[-1]))
        t->end--;
}

/* Removes the next word from @t and returns it. The word is empty at the end of @t. */
static struct text next_word(struct text *t) {
    trim(t);
    struct text word = {t->at, t->at};
    while (word.end < t->end && !is_blank(*word.end))
        word.end++;
    t->at = word.end;
    return word;
}

/* Reads a decimal whole number below 2^31. Returns false if @word is not such a number. */
static bool read_number(struct text word, int64_t *out) {
    int64_t value = 0;
    if (word.at == word.end)
        return false;
    for (const char *c = word.at; c < word.end; c++) {
        if (*c < '0' || *c > '9' || value > INT32_MAX / 10)
            return false;
        value = value * 10 + (*c - '0');
    }
    *out = value;
    return value <= INT32_MAX;
}

/* Reads a number that is 0 or more and below 1. Returns false if @word is not such a number. */
static bool read_rate(struct text word, double *out) {
    char digits[32], *end;
    size_t length = (size_t)(word.end - word.at);
    if (length == 0 || length >= sizeof digits || strspn(word.at, "0123456789.") < length)
        return false;
    memcpy(digits, word.at, length);
    digits[length] = '\0';
    *out = lade__parse_double(digits, &end);
    return *end == '\0' && *out < 1;
}

static bool is_word(struct text t, const char *word) {
    return (size_t)(t.end - t.at) == strlen(word) && memcmp(t.at, word, strlen(word)) == 0;
}

static int wrong_argument(const struct lade__layer *l, struct lade_error *err) {
    return lade_error_set(err, LADE_EINVAL, "the syntax is \"%s\"%s%s", l->kind->usage,
                          strpbrk(l->kind->grammar, "NK") ? "; numbers must be whole and below 2^31" : "",
                          strchr(l->kind->grammar, 'P') ? "; P must be 0 or more and below 1" : "");
}

/* ---- Layers ------------------------------------------------------------------------------------------------------ */

/* Reads an optional argument: "same", "valid", "stride N" or "groups N". */
static int read_extra(struct lade__layer *l, struct text word, struct text *rest, struct lade_error *err) {
    const char *grammar = l->kind->grammar;
    if (strchr(grammar, 's') && (is_word(word, "same") || is_word(word, "valid"))) {
        l->same = is_word(word, "same");
        return LADE_OK;
    }
    int64_t *number = strchr(grammar, 't') && is_word(word, "stride")   ? &l->stride
                      : strchr(grammar, 'g') && is_word(word, "groups") ? &l->groups
                                                                        : NULL;
    if (!number)
        return lade_error_set(err, LADE_EINVAL, "too many arguments; the syntax is \"%s\"", l->kind->usage);
    if (!read_number(next_word(rest), number))
        return wrong_argument(l, err);
    return *number < 1 ? lade_error_set(err, LADE_EINVAL, "%.*s must be 1 or more", (int)(word.end - word.at), word.at)
                       : LADE_OK;
}

/* Reads one layer. The caller must have set the shape of the layer's input. */
static int read_layer(struct lade__layer *l, struct text words, struct lade_error *err) {
    struct text rest = words, word = next_word(&rest);
    if (word.at == word.end)
        return lade_error_set(err, LADE_EINVAL, "no layer between two commas");
    l->kind = lade__layer_kind_find(word.at, (size_t)(word.end - word.at));
    if (!l->kind) {
        char usage[512];
        return lade_error_set(err, LADE_EINVAL, "there is no such layer; the layers are %s",
                              lade__layer_kinds_usage(usage, sizeof usage));
    }
    l->groups = 1;
    for (const char *g = l->kind->grammar; *g >= 'A' && *g <= 'Z'; g++) {
        struct text argument = next_word(&rest);
        if (*g == 'P' ? !read_rate(argument, &l->rate) : !read_number(argument, *g == 'N' ? &l->outputs : &l->size))
            return wrong_argument(l, err);
    }
    for (word = next_word(&rest); word.at < word.end; word = next_word(&rest)) {
        int status = read_extra(l, word, &rest, err);
        if (status < 0)
            return status;
    }
    return l->kind->shape(l, err);
}

static int add_parameters(struct lade__spec *s, int layer, struct lade_error *err) {
    struct lade__layer *l = &s->layers[layer];
    l->first_parameter = s->parameter_count;
    if (l->kind->parameter_count == 0)
        return LADE_OK;
    int count = s->parameter_count + l->kind->parameter_count;
    struct lade__parameter *grown = lade_realloc(s->parameters, (size_t)count, sizeof *grown);
    if (!grown)
        return lade_error_set(err, LADE_ENOMEM, "no memory for its parameters");
    s->parameters = grown;
    for (int i = 0; i < l->kind->parameter_count; i++) {
        struct lade__parameter *p = &s->parameters[s->parameter_count++];
        *p = (struct lade__parameter){.layer = layer};
        l->kind->parameter(l, i, p);
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

static int layer_error(int i, struct text words, const struct lade_error *why, struct lade_error *err) {
    char quoted[LADE__QUOTED], subject[sizeof err->subject];
    int length = (int)(words.end - words.at);
    snprintf(subject, sizeof subject, "%.*s", length, words.at);
    return lade_error_set_subject(err, why->code, subject, "net: layer %d, \"%s\": %s", i,
                                  lade__quote(words.at, (size_t)length, quoted), why->message);
}

/* Reads all layers. The output shape of each layer is the input shape of the next one. */
static int read_layers(struct lade__spec *s, const char *text, struct lade_error *err) {
    struct text spec = {text, text + strlen(text)};
    struct lade__shape shape = s->in;
    for (int i = 0; i < s->layer_count; i++) {
        struct text words = {spec.at, memchr(spec.at, ',', (size_t)(spec.end - spec.at))};
        if (!words.end)
            words.end = spec.end;
        spec.at = words.end + (words.end < spec.end);
        trim(&words);
        struct lade__layer *l = &s->layers[i];
        struct lade_error why = {0};
        s->inputs[i] = i ? i - 1 : LADE__SAMPLES;
        l->inputs = &s->inputs[i];
        l->input_count = 1;
        if (i)
            s->layers[i - 1].use_count++;
        l->in = shape;
        l->channels_first = s->channels_first;
        l->at = (size_t)(words.at - text);
        l->length = (size_t)(words.end - words.at);
        int status = read_layer(l, words, &why);
        if (status == LADE_OK)
            status = add_parameters(s, i, &why);
        if (status < 0)
            return layer_error(i, words, &why, err);
        shape = l->out;
    }
    s->out = shape;
    place_parameters(s);
    return LADE_OK;
}

/* ---- Presets ----------------------------------------------------------------------------------------------------- */

static const struct {
    const char *word, *layers; /* all layers except the last layer, which is "dense N" */
} presets[] = {{"mlp", "dense 512, relu"},
               {"cnn", "conv 32 3 same, relu, conv 32 3, relu, maxpool 2, conv 64 3 same, relu, conv 64 3, relu, "
                       "maxpool 2, dense 512, relu, dropout 0.5"}};

char *lade__spec_expand(const char *text, struct lade_error *err) {
    struct text rest = {text, text + strlen(text)}, word = next_word(&rest);
    char expanded[256];
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++) {
        int64_t outputs;
        if (!is_word(word, presets[i].word))
            continue;
        trim(&rest);
        if (!read_number(rest, &outputs)) {
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

int lade__spec_init(struct lade__spec *s, const char *text, const struct lade__shape *in, bool channels_first,
                    struct lade_error *err) {
    *s = (struct lade__spec){0};
    int status = check_shape(in, err);
    if (status < 0)
        return status;
    int64_t count = 1;
    for (const char *c = text; *c; c++)
        count += *c == ',';
    if (count > MAX_LAYERS)
        return lade_error_set_subject(err, LADE_ELIMIT, "spec",
                                      "net: the specification has %" PRId64 " layers; at most %d are allowed", count,
                                      MAX_LAYERS);
    s->in = *in;
    s->channels_first = channels_first;
    s->layer_count = (int)count;
    s->layers = lade_calloc((size_t)count, sizeof *s->layers);
    s->inputs = lade_calloc((size_t)count, sizeof *s->inputs);
    status = s->layers && s->inputs ? read_layers(s, text, err)
                                    : lade_error_set(err, LADE_ENOMEM, "net: no memory for %" PRId64 " layers", count);
    if (status < 0)
        lade__spec_release(s);
    return status;
}

void lade__spec_release(struct lade__spec *s) {
    lade_free(s->layers);
    lade_free(s->inputs);
    lade_free(s->parameters);
    *s = (struct lade__spec){0};
}
