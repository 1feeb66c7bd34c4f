/*
 * train/spec/read.c - reads the layers of a specification, with the branches of residual and concat. Every error
 * message contains the place and the text of the layer, because the specification may come from an untrusted file that
 * the user has not read.
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "train/spec/spec.h"
#include "train/spec/words.h"

/* Functions with large arrays must not be inlined into the recursive functions, which would then need more stack. */
#define LEAF static __attribute__((noinline))

/* The place of a layer. `outer` is the place of the layer whose branch contains this layer. NULL: this layer is not in
   a branch. */
struct place {
    const struct place *outer;
    int depth, branch, position;
};

struct reader {
    struct lade__spec *spec;
    const char *text;      /* the whole specification */
    int input_count;       /* number of used elements of spec->inputs */
    struct lade_error why; /* an error without the place of its layer. There is one such struct for all recursive calls,
                              because the stack of a generator is small */
    struct lade_error *err;
};

/* ---- Places ------------------------------------------------------------------------------------------------------ */

/* Writes the path of a layer, for example "1.0.2". Returns the length. */
static size_t write_path(const struct place *at, char path[LADE__PATH]) {
    size_t length = 0;
    if (at->outer) {
        length = write_path(at->outer, path);
        length += (size_t)snprintf(path + length, LADE__PATH - length, ".%d.", at->branch);
    }
    return length + (size_t)snprintf(path + length, LADE__PATH - length, "%d", at->position);
}

/* Appends an item to the list of layers. Returns the index of the item. */
static int add_item(const struct reader *r, const struct place *at, int layer) {
    struct lade__spec *s = r->spec;
    struct lade__spec_item *item = &s->items[s->item_count];
    item->depth = at->depth;
    item->layer = layer;
    write_path(at, item->path);
    return s->item_count++;
}

/* Appends an item for an empty branch of the layer at @outer. */
static void add_identity(const struct reader *r, const struct place *outer, int branch) {
    struct lade__spec_item *item = &r->spec->items[add_item(r, outer, LADE__SAMPLES)];
    size_t length = strlen(item->path);
    item->depth++;
    snprintf(item->path + length, sizeof item->path - length, ".%d", branch);
}

/* Fills in r->err with r->why, the place and the text of a layer. Returns the status. */
LEAF int fail(const struct reader *r, const struct place *at, struct lade__text words) {
    const struct lade_error *why = &r->why;
    char quoted[LADE__QUOTED], subject[sizeof why->subject], path[LADE__PATH];
    int length = (int)(words.end - words.at);
    snprintf(subject, sizeof subject, "%.*s", length, words.at);
    write_path(at, path);
    return lade_error_set_subject(r->err, why->code, subject, "net: layer %s, \"%s\": %s", path,
                                  lade__quote(words.at, (size_t)length, quoted), why->message);
}

/* ---- Layers without branches ------------------------------------------------------------------------------------- */

static int wrong_argument(const struct lade__layer *l, struct lade_error *err) {
    return lade_error_set(err, LADE_EINVAL, "the syntax is \"%s\"%s%s", l->kind->usage,
                          strpbrk(l->kind->grammar, "NK") ? "; numbers must be whole and below 2^31" : "",
                          strchr(l->kind->grammar, 'P') ? "; P must be 0 or more and below 1" : "");
}

/* Reads an optional argument: "same", "valid", "stride N" or "groups N". */
static int read_extra(struct lade__layer *l, struct lade__text word, struct lade__text *rest, struct lade_error *err) {
    const char *grammar = l->kind->grammar;
    if (strchr(grammar, 's') && (lade__text_is(word, "same") || lade__text_is(word, "valid"))) {
        l->same = lade__text_is(word, "same");
        return LADE_OK;
    }
    int64_t *number = strchr(grammar, 't') && lade__text_is(word, "stride")   ? &l->stride
                      : strchr(grammar, 'g') && lade__text_is(word, "groups") ? &l->groups
                                                                              : NULL;
    if (!number)
        return lade_error_set(err, LADE_EINVAL, "too many arguments; the syntax is \"%s\"", l->kind->usage);
    if (!lade__read_number(lade__next_word(rest), number))
        return wrong_argument(l, err);
    return *number < 1 ? lade_error_set(err, LADE_EINVAL, "%.*s must be 1 or more", (int)(word.end - word.at), word.at)
                       : LADE_OK;
}

LEAF int find_kind(struct lade__text word, const struct lade__layer_kind **out, struct lade_error *err) {
    char usage[512];
    *out = lade__layer_kind_find(word.at, (size_t)(word.end - word.at));
    return *out ? LADE_OK
                : lade_error_set(err, LADE_EINVAL, "there is no such layer; the layers are %s",
                                 lade__layer_kinds_usage(usage, sizeof usage));
}

/* Reads a layer and its arguments. The caller must have set the shape of the layer's input. */
static int read_words(struct lade__layer *l, struct lade__text words, struct lade_error *err) {
    struct lade__text rest = words, word = lade__next_word(&rest);
    if (word.at == word.end)
        return lade_error_set(err, LADE_EINVAL, "a layer is missing between two commas");
    if (memchr(words.at, '|', (size_t)(words.end - words.at)))
        return lade_error_set(err, LADE_EINVAL, "a \"|\" must be between the parentheses of residual or concat");
    if (memchr(words.at, ')', (size_t)(words.end - words.at)))
        return lade_error_set(err, LADE_EINVAL, "a \")\" has no \"(\"");
    int status = find_kind(word, &l->kind, err);
    if (status < 0)
        return status;
    if (l->kind->join)
        return wrong_argument(l, err);
    for (const char *g = l->kind->grammar; *g >= 'A' && *g <= 'Z'; g++) {
        struct lade__text argument = lade__next_word(&rest);
        if (*g == 'P' ? !lade__read_rate(argument, &l->rate)
                      : !lade__read_number(argument, *g == 'N' ? &l->outputs : &l->size))
            return wrong_argument(l, err);
    }
    for (word = lade__next_word(&rest); word.at < word.end; word = lade__next_word(&rest)) {
        status = read_extra(l, word, &rest, err);
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
        *p = (struct lade__parameter){.path = l->path};
        l->kind->parameter(l, i, p);
    }
    return LADE_OK;
}

static const struct lade__shape *output_of(const struct lade__spec *s, int layer) {
    return layer == LADE__SAMPLES ? &s->in : &s->layers[layer].out;
}

/* Appends a layer with the text @words. The inputs of the layer are the elements of spec->inputs from @first on. @item
   is the index of the layer's item. */
static struct lade__layer *add_layer(const struct reader *r, struct lade__text words, int item, int first, int count) {
    struct lade__spec *s = r->spec;
    struct lade__layer *l = &s->layers[s->layer_count];
    *l = (struct lade__layer){.at = (size_t)(words.at - r->text),
                              .length = (size_t)(words.end - words.at),
                              .path = s->items[item].path,
                              .inputs = s->inputs + first,
                              .input_count = count,
                              .groups = 1,
                              .channels_first = s->channels_first,
                              .in = *output_of(s, s->inputs[first])};
    for (int i = 0; i < count; i++)
        if (l->inputs[i] != LADE__SAMPLES)
            s->layers[l->inputs[i]].use_count++;
    s->items[item].layer = s->layer_count++;
    return l;
}

/* ---- Layers with branches ---------------------------------------------------------------------------------------- */

static int read_chain(struct reader *r, struct lade__text chain, struct place *at, int *layer);

/* Splits "residual(a | b)" into the kind of the layer and the text between the parentheses. */
static int split_join(struct lade__text words, const char *open, const struct lade__layer_kind **kind,
                      struct lade__text *branches, struct lade_error *err) {
    const char *close = lade__closing((struct lade__text){open, words.end});
    int status = find_kind(lade__text_trim((struct lade__text){words.at, open}), kind, err);
    if (status < 0)
        return status;
    if (!(*kind)->join)
        return lade_error_set(err, LADE_EINVAL, "only residual and concat have parentheses; the syntax is \"%s\"",
                              (*kind)->usage);
    if (!close)
        return lade_error_set(err, LADE_EINVAL, "a \")\" is missing");
    if (close + 1 < words.end)
        return lade_error_set(err, LADE_EINVAL, "a comma is missing after the \")\"");
    *branches = (struct lade__text){open + 1, close};
    if (lade__count_parts(*branches, '|') == 1 && !(*kind)->adds_input)
        return lade_error_set(err, LADE_EINVAL, "two branches or more are necessary; the syntax is \"%s\"",
                              (*kind)->usage);
    struct lade__text inside = lade__text_trim(*branches);
    return inside.at < inside.end ? LADE_OK
                                  : lade_error_set(err, LADE_EINVAL, "a layer is missing between the parentheses");
}

/* Computes the shape of the output of a layer with branches. */
LEAF int join_shapes(const struct lade__spec *s, struct lade__layer *l, struct lade_error *err) {
    char first[LADE__SHAPE_TEXT], other[LADE__SHAPE_TEXT];
    int status = l->kind->shape(l, err);
    for (int i = 1; i < l->input_count && status == LADE_OK; i++) {
        const struct lade__shape *shape = output_of(s, l->inputs[i]);
        status = l->kind->join(l, shape);
        if (status == LADE_EINVAL)
            lade_error_set(err, status, "the output of branch 0 is %s, but the output of branch %d is %s; %s",
                           lade__shape_text(&l->in, first), i, lade__shape_text(shape, other), l->kind->join_rule);
        if (status == LADE_ELIMIT)
            lade_error_set(err, status, "its output has more than 2^31 - 1 values for each sample");
    }
    return status;
}

/* Reads a layer with branches. @open is the address of the first parenthesis. On entry, *layer is the index of the
   layer before the branches. On success, sets *layer to the index of this layer. */
static int read_join(struct reader *r, struct lade__text words, const char *open, const struct place *at, int *layer) {
    const struct lade__layer_kind *kind;
    struct lade__text branches;
    int status = split_join(words, open, &kind, &branches, &r->why);
    if (status == LADE_OK && at->depth == LADE__MAX_DEPTH)
        status = lade_error_set(&r->why, LADE_ELIMIT, "branches are nested more than %d deep", LADE__MAX_DEPTH);
    if (status < 0)
        return fail(r, at, words);
    int written = lade__count_parts(branches, '|'), count = written == 1 ? 2 : written;
    int item = add_item(r, at, LADE__SAMPLES), first = r->input_count;
    r->input_count += count;
    for (int i = 0; i < count; i++) {
        bool more;
        struct lade__text branch = i < written ? lade__next_part(&branches, '|', &more) : (struct lade__text){0};
        int *output = &r->spec->inputs[first + i];
        *output = *layer;
        if (branch.at == branch.end)
            add_identity(r, at, i);
        else if ((status = read_chain(r, branch, &(struct place){at, at->depth + 1, i, 0}, output)) < 0)
            return status;
    }
    *layer = r->spec->layer_count;
    struct lade__layer *l = add_layer(r, words, item, first, count);
    l->kind = kind;
    status = join_shapes(r->spec, l, &r->why);
    return status < 0 ? fail(r, at, words) : LADE_OK;
}

/* ---- Chains ------------------------------------------------------------------------------------------------------ */

/* Reads a layer. On entry, *layer is the index of the layer before. On success, sets *layer to the index of this
   layer. */
static int read_layer(struct reader *r, struct lade__text words, const struct place *at, int *layer) {
    const char *open = memchr(words.at, '(', (size_t)(words.end - words.at));
    if (open)
        return read_join(r, words, open, at, layer);
    int first = r->input_count++, item = add_item(r, at, LADE__SAMPLES);
    r->spec->inputs[first] = *layer;
    *layer = r->spec->layer_count;
    struct lade__layer *l = add_layer(r, words, item, first, 1);
    int status = read_words(l, words, &r->why);
    if (status == LADE_OK)
        status = add_parameters(r->spec, *layer, &r->why);
    return status < 0 ? fail(r, at, words) : LADE_OK;
}

/* Reads layers that are separated by commas. On entry, *layer is the index of the layer before the chain. On
   success, sets *layer to the index of the last layer of the chain. */
static int read_chain(struct reader *r, struct lade__text chain, struct place *at, int *layer) {
    for (bool more = true; more; at->position++) {
        int status = read_layer(r, lade__next_part(&chain, ',', &more), at, layer);
        if (status < 0)
            return status;
    }
    return LADE_OK;
}

int lade__spec_read(struct lade__spec *s, const char *text, struct lade_error *err) {
    struct reader r = {.spec = s, .text = text, .err = err};
    int last = LADE__SAMPLES;
    int status = read_chain(&r, (struct lade__text){text, text + strlen(text)}, &(struct place){0}, &last);
    if (status == LADE_OK)
        s->out = *output_of(s, last);
    return status;
}
