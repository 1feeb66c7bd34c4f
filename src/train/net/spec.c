/*
 * train/net/spec.c - from "dense 512, relu, dense 10" to layers, shapes and parameters. Every message names the layer by
 * its number and its words, for a specification may come from a file that nobody has looked at.
 */
#include "train/net/spec.h"

#include <inttypes.h>
#include <string.h>

#include "base/sys.h"
#include "base/text.h"

#define MAX_LAYERS   1024
#define ALIGN_FLOATS 16

int64_t lade__shape_count(const struct lade__shape *s) {
    int64_t count = 1;
    for (int i = 0; i < s->ndim; i++)
        count *= s->size[i];
    return count;
}

bool lade__shape_equal(const struct lade__shape *a, const struct lade__shape *b) {
    return a->ndim == b->ndim && memcmp(a->size, b->size, (size_t)a->ndim * sizeof *a->size) == 0;
}

char *lade__shape_text(const struct lade__shape *s, char *text) {
    size_t length = 0;
    text[0] = '\0';
    for (int i = 0; i < s->ndim; i++)
        length += (size_t)snprintf(text + length, LADE__SHAPE_TEXT - length, "%s%" PRId64, i ? "x" : "", s->size[i]);
    return text;
}

struct lade__extent lade__shape_extent(const struct lade__shape *s, bool channels_first, int64_t n) {
    if (s->ndim != 3)
        return (struct lade__extent){.n = n, .channels = lade__shape_count(s)};
    int c = channels_first ? 0 : 2, h = channels_first ? 1 : 0;
    return (struct lade__extent){n, s->size[c], s->size[h], s->size[h + 1], true, channels_first};
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

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

/* The next word of @t, which is cut off from it; empty at the end. */
static struct text next_word(struct text *t) {
    trim(t);
    struct text word = {t->at, t->at};
    while (word.end < t->end && !is_blank(*word.end))
        word.end++;
    t->at = word.end;
    return word;
}

/* A whole number in decimal digits, below 2^31. */
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

/* A number from 0, below 1. */
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
    return lade_error_set(err, LADE_EINVAL, "it is written \"%s\"%s%s", l->kind->usage,
                          strpbrk(l->kind->grammar, "NK") ? "; numbers are whole and below 2^31" : "",
                          strchr(l->kind->grammar, 'P') ? "; P is a share, 0 or more and below 1" : "");
}

/* What may follow in any order: "same", "valid", "stride N", "groups N". */
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
        return lade_error_set(err, LADE_EINVAL, "too many arguments; it is written \"%s\"", l->kind->usage);
    if (!read_number(next_word(rest), number))
        return wrong_argument(l, err);
    return *number < 1 ? lade_error_set(err, LADE_EINVAL, "%.*s must be 1 or more", (int)(word.end - word.at), word.at)
                       : LADE_OK;
}

/* Reads one layer, words and arguments; its shape comes from the layer before. */
static int read_layer(struct lade__layer *l, struct text words, struct lade_error *err) {
    struct text rest = words, word = next_word(&rest);
    if (word.at == word.end)
        return lade_error_set(err, LADE_EINVAL, "there is nothing between two commas");
    l->kind = lade__layer_kind_find(word.at, (size_t)(word.end - word.at));
    if (!l->kind) {
        char usage[512];
        return lade_error_set(err, LADE_EINVAL, "no such layer; known are %s",
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

static int add_parameters(struct lade__spec *d, int layer, struct lade_error *err) {
    struct lade__layer *l = &d->layers[layer];
    l->first_parameter = d->parameter_count;
    if (l->kind->parameter_count == 0)
        return LADE_OK;
    int count = d->parameter_count + l->kind->parameter_count;
    struct lade__parameter *grown = lade_realloc(d->parameters, (size_t)count, sizeof *grown);
    if (!grown)
        return lade_error_set(err, LADE_ENOMEM, "no memory for its parameters");
    d->parameters = grown;
    if (d->first_trainable > layer)
        d->first_trainable = layer;
    for (int i = 0; i < l->kind->parameter_count; i++) {
        struct lade__parameter *p = &d->parameters[d->parameter_count++];
        *p = (struct lade__parameter){.layer = layer};
        l->kind->parameter(l, i, p);
    }
    return LADE_OK;
}

/* A place in the block for each: first what is learnt. */
static void place_parameters(struct lade__spec *d) {
    for (int buffer = 0; buffer < 2; buffer++) {
        for (int i = 0; i < d->parameter_count; i++) {
            struct lade__parameter *p = &d->parameters[i];
            if (p->is_buffer != buffer)
                continue;
            int64_t numbers = lade__shape_count(&p->shape);
            p->offset = d->block_floats;
            d->trainable_count += buffer ? 0 : numbers;
            d->block_floats += ((size_t)numbers + ALIGN_FLOATS - 1) / ALIGN_FLOATS * ALIGN_FLOATS;
        }
        if (!buffer)
            d->trainable_floats = d->block_floats;
    }
}

static int read_layers(struct lade__spec *d, const char *text, bool channels_first, struct lade_error *err) {
    struct text spec = {text, text + strlen(text)};
    struct lade__shape shape = d->in;
    for (int i = 0; i < d->layer_count; i++) {
        struct text words = {spec.at, memchr(spec.at, ',', (size_t)(spec.end - spec.at))};
        if (!words.end)
            words.end = spec.end;
        spec.at = words.end + (words.end < spec.end);
        trim(&words);
        struct lade__layer *l = &d->layers[i];
        struct lade_error why = {0};
        l->in = shape;
        l->channels_first = channels_first;
        l->at = (size_t)(words.at - text);
        l->length = (size_t)(words.end - words.at);
        int status = read_layer(l, words, &why);
        if (status == LADE_OK)
            status = add_parameters(d, i, &why);
        if (status < 0) {
            char quoted[LADE__QUOTED];
            return lade_error_set(err, status, "net: layer %d, \"%s\": %s", i + 1,
                                  lade__quote(words.at, (size_t)(words.end - words.at), quoted), why.message);
        }
        shape = l->out;
    }
    d->out = shape;
    place_parameters(d);
    return LADE_OK;
}

/* ---- Presets ----------------------------------------------------------------------------------------------------- */

static const struct {
    const char *word, *layers; /* before the last one, which is dense N */
} presets[] = {{"mlp", "dense 512, relu"},
               {"cnn", "conv 32 3 same, relu, conv 32 3, relu, maxpool 2, conv 64 3 same, relu, conv 64 3, relu, "
                       "maxpool 2, dense 512, relu, dropout 0.5"}};

char *lade__spec_expand(const char *spec, struct lade_error *err) {
    struct text rest = {spec, spec + strlen(spec)}, word = next_word(&rest);
    char expanded[256];
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++) {
        int64_t outputs;
        if (!is_word(word, presets[i].word))
            continue;
        trim(&rest);
        if (!read_number(rest, &outputs)) {
            lade_error_set(err, LADE_EINVAL, "net: \"%s\" is written \"%s N\", N the number of outputs",
                           presets[i].word, presets[i].word);
            return NULL;
        }
        snprintf(expanded, sizeof expanded, "%s, dense %" PRId64, presets[i].layers, outputs);
        spec = expanded;
        break;
    }
    char *copy = lade_strdup(spec);
    if (!copy)
        lade_error_set(err, LADE_ENOMEM, "net: no memory for the specification");
    return copy;
}

/* ---- Both -------------------------------------------------------------------------------------------------------- */

/* Shapes come from callers and files: no size below 1, no product that overflows. */
static int check_shape(const struct lade__shape *s, struct lade_error *err) {
    if (s->ndim < 1 || s->ndim > LADE_MAX_DIMS - 1)
        return lade_error_set(err, LADE_EINVAL, "net: the shape of a sample has %d dimensions; it must have 1 to %d",
                              s->ndim, LADE_MAX_DIMS - 1);
    int64_t count = 1;
    for (int i = 0; i < s->ndim; i++) {
        if (s->size[i] < 1 || s->size[i] > INT32_MAX / count)
            return lade_error_set(err, s->size[i] < 1 ? LADE_EINVAL : LADE_ELIMIT,
                                  "net: size %d of the shape of a sample is %" PRId64
                                  "; sizes must be 1 or more, and at most 2^31 - 1 in all",
                                  i + 1, s->size[i]);
        count *= s->size[i];
    }
    return LADE_OK;
}

int lade__spec_init(struct lade__spec *d, const char *spec, const struct lade__shape *in, bool channels_first,
                    struct lade_error *err) {
    *d = (struct lade__spec){0};
    int status = check_shape(in, err);
    if (status < 0)
        return status;
    int64_t count = 1;
    for (const char *c = spec; *c; c++)
        count += *c == ',';
    if (count > MAX_LAYERS)
        return lade_error_set(err, LADE_ELIMIT, "net: %" PRId64 " layers; at most %d are allowed", count, MAX_LAYERS);
    d->in = *in;
    d->layer_count = d->first_trainable = (int)count;
    d->layers = lade_calloc((size_t)count, sizeof *d->layers);
    if (!d->layers)
        return lade_error_set(err, LADE_ENOMEM, "net: no memory for %" PRId64 " layers", count);
    status = read_layers(d, spec, channels_first, err);
    if (status < 0)
        lade__spec_release(d);
    return status;
}

void lade__spec_release(struct lade__spec *d) {
    lade_free(d->layers);
    lade_free(d->parameters);
    *d = (struct lade__spec){0};
}
