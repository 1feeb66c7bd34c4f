/*
 * Implements chain, interleave and merge for an array of generators. The number of generators is known only at run
 * time. merge keeps its n sources in a heap, which is ordered by the next items of the sources. So merge needs about
 * log2(n) comparisons for each item.
 */
#include "iter/stage.h"

#include <lade/itertools.h>

#include <string.h>

struct many {
    struct lade_gen gen;
    size_t n;
    struct lade_input *in;
    lade__comparator *compare;
    char *items;  /* merge: a copy of the next item of each source */
    size_t *heap; /* merge: the indices of the sources that have not ended, as a heap */
};

static void many_drop(struct lade_gen *g) {
    struct many *many = (struct many *)(void *)g;
    for (size_t i = 0; i < many->n; i++)
        lade__input_drop(&many->in[i]);
    lade_free(many->in);
    lade_free(many->items);
    lade_free(many->heap);
    many->in = NULL;
    many->items = NULL;
    many->heap = NULL;
    many->n = 0;
}

/* Returns the next item of source i, or NULL at the end of the source. If the source fails, raises its error in
   `out` and returns NULL. */
static const void *next_of(struct many *many, size_t i, struct lade_port *out) {
    struct lade_gen *g = many->in[i].g;
    const void *item = lade__gen_resume(g, NULL);
    const struct lade_error *error = item ? NULL : lade__gen_error(g);
    if (error)
        lade__raise_with(out, error);
    return item;
}

static void chain_run(struct lade_gen *self, struct lade_port *out) {
    struct many *many = (struct many *)(void *)self;
    for (size_t i = 0; i < many->n && !out->pending; i++) {
        struct lade_input in = many->in[i];
        many->in[i] = (struct lade_input){0};
        lade__run(in.g, in.owned ? LADE__OWNED : 0, out);
    }
    many_drop(self);
}

static void interleave_run(struct lade_gen *self, struct lade_port *out) {
    struct many *many = (struct many *)(void *)self;
    for (size_t live = many->n; live && !out->pending;) {
        size_t kept = 0;
        for (size_t i = 0; i < live && !out->pending; i++) {
            const void *item = next_of(many, i, out);
            if (!item) {
                lade__input_drop(&many->in[i]);
                continue;
            }
            lade__put(out, item);
            const struct lade_input moved = many->in[i];
            many->in[i] = (struct lade_input){0};
            many->in[kept++] = moved;
        }
        if (!out->pending)
            live = kept;
    }
    many_drop(self);
}

/* ---- merge ------------------------------------------------------------------------------------------------------- */

/* Returns true if the next item of source a must be yielded before the next item of source b. If the two items are
   equal, the item of the source with the smaller index is yielded first. */
static bool before(const struct many *many, size_t a, size_t b) {
    const size_t size = many->gen.item_size;
    int order = many->compare(many->items + a * size, many->items + b * size);
    return order ? order < 0 : a < b;
}

/* Moves the source at index `at` of the heap down until the item of no child must be yielded before the source's
   item. */
static void sink(struct many *many, size_t at, size_t count) {
    size_t *heap = many->heap;
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && before(many, heap[child + 1], heap[child]))
            child++;
        if (!before(many, heap[child], heap[at]))
            return;
        const size_t moved = heap[at];
        heap[at] = heap[child];
        heap[child] = moved;
    }
}

/* Copies the next item of source i to many->items. Returns false at the end of the source. */
static bool next_head(struct many *many, size_t i, struct lade_port *out) {
    const void *item = next_of(many, i, out);
    if (item)
        memcpy(many->items + i * many->gen.item_size, item, many->gen.item_size);
    return item;
}

static void merge_run(struct lade_gen *self, struct lade_port *out) {
    struct many *many = (struct many *)(void *)self;
    size_t count = 0;
    for (size_t i = 0; i < many->n && !out->pending; i++)
        if (next_head(many, i, out))
            many->heap[count++] = i;
    for (size_t i = count / 2; i-- > 0;)
        sink(many, i, count);
    while (count && !out->pending) {
        const size_t least = many->heap[0];
        if (lade__put(out, many->items + least * self->item_size))
            break;
        if (!next_head(many, least, out))
            many->heap[0] = many->heap[--count];
        sink(many, 0, count);
    }
    many_drop(self);
}

/* Allocates the arrays. Returns false if there is no memory. */
static bool prepare(struct many *many, struct lade_gen *const *sources, size_t n, bool owned, bool merging) {
    many->in = lade_calloc(n ? n : 1, sizeof *many->in);
    if (merging) {
        many->items = lade_calloc(n ? n : 1, many->gen.item_size);
        many->heap = lade_calloc(n ? n : 1, sizeof *many->heap);
    }
    if (!many->in || (merging && (!many->items || !many->heap)))
        return false;
    for (size_t i = 0; i < n; i++)
        many->in[i] = (struct lade_input){sources[i], owned};
    many->n = n;
    return true;
}

struct lade_gen *lade__many(enum lade__join how, void *sources, int64_t n, int owned, size_t item_size, int item_class,
                            lade__comparator *compare) {
    static const struct lade_gen_kind kinds[] = {
        [LADE__CHAIN] = {.name = "chain", .frame_size = sizeof(struct many), .drain = chain_run, .drop = many_drop},
        [LADE__INTERLEAVE] = {.name = "interleave",
                              .frame_size = sizeof(struct many),
                              .drain = interleave_run,
                              .drop = many_drop},
        [LADE__MERGE] = {.name = "merge", .frame_size = sizeof(struct many), .drain = merge_run, .drop = many_drop}};
    struct lade_gen **gens = sources;
    bool complete = true;
    for (int64_t i = 0; i < n; i++)
        complete = complete && gens[i];
    struct lade_gen *g = complete ? lade__gen_new_sized(&kinds[how], item_size, item_class, 0) : NULL;
    struct many *many = (struct many *)(void *)g;
    if (many)
        many->compare = compare;
    if (many && prepare(many, gens, n > 0 ? (size_t)n : 0, owned, how == LADE__MERGE))
        return g;
    for (int64_t i = 0; owned && i < n; i++)
        lade__gen_free(gens[i]);
    lade__gen_free(g);
    return NULL;
}
