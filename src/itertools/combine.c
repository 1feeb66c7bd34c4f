/*
 * Implements permutations, distinct_permutations, combinations, combinations_with_replacement, powerset,
 * circular_shifts, and product_repeat. All items of the source are collected first. Each result is a tuple, and the
 * next result overwrites the tuple. The results have the same order as in Python.
 */
#include "collect/container.h"
#include "iter/stage.h"
#include "itertools/combination.h"

#include <lade/itertools.h>

#include <string.h>

struct combine {
    struct lade_linear linear;
    enum lade__selection how;
    struct lade__by by; /* the order of the items, for distinct permutations */
    size_t r;           /* number of items in a result */
    char *pool;         /* all items of the source */
    char *tuple;        /* the result */
    size_t n;           /* number of items in the pool */
    size_t *index;      /* indices of the items of the result */
};

/* Yields the tuple of the items whose indices are index[0], ..., index[r - 1]. Returns 0 or LADE_EXIT. */
static int yield_tuple(struct combine *c, size_t r, struct lade_port *out) {
    struct lade_header *header = lade__header(c->tuple);
    for (size_t i = 0; i < r; i++)
        memcpy(c->tuple + i * header->item_size, c->pool + c->index[i] * header->item_size, header->item_size);
    lade__container_set_length(c->tuple, r);
    return lade__put(out, &c->tuple);
}

/* Yields all combinations of r items. If `repeated` is true, an item may occur several times in a combination. Returns
   0 or LADE_EXIT. */
static int combinations(struct combine *c, size_t r, bool repeated, struct lade_port *out) {
    if (repeated ? r && !c->n : r > c->n)
        return 0;
    const size_t step = repeated ? 0 : 1;
    lade__count_up(c->index, 0, r, 0, step);
    do {
        if (yield_tuple(c, r, out))
            return LADE_EXIT;
    } while (lade__next_combination(c->index, r, c->n, step));
    return 0;
}

/* Yields all permutations of r items in the order of Python. cycles[i] - 1 is the number of exchanges that are left for
   item i of the tuple. After these exchanges, item i is moved to the end. */
static void permutations(struct combine *c, size_t r, struct lade_port *out) {
    if (r > c->n)
        return;
    size_t *index = c->index, *cycles = c->index + c->n;
    lade__count_up(index, 0, c->n, 0, 1);
    for (size_t i = 0; i < r; i++)
        cycles[i] = c->n - i;
    while (!yield_tuple(c, r, out)) {
        size_t i = r;
        while (i > 0 && --cycles[i - 1] == 0) {
            const size_t moved = index[i - 1];
            memmove(index + i - 1, index + i, (c->n - i) * sizeof *index);
            index[c->n - 1] = moved;
            cycles[i - 1] = c->n - i + 1;
            i--;
        }
        if (!i)
            return;
        const size_t other = c->n - cycles[i - 1], swapped = index[i - 1];
        index[i - 1] = index[other];
        index[other] = swapped;
    }
}

/* Yields all tuples of r items of the pool. */
static void products(struct combine *c, size_t r, struct lade_port *out) {
    lade__count_up(c->index, 0, r, 0, 0);
    while ((!r || c->n) && !yield_tuple(c, r, out)) {
        size_t i = r;
        while (i > 0 && ++c->index[i - 1] == c->n)
            c->index[--i] = 0;
        if (!i)
            return;
    }
}

static void reverse(size_t *index, size_t from, size_t to) {
    for (; from + 1 < to; from++, to--) {
        const size_t first = index[from];
        index[from] = index[to - 1];
        index[to - 1] = first;
    }
}

/* Yields all different permutations of r items in ascending order. The pool is sorted, and equal items have the same
   index, so the next permutation is computed from the indices, and no items are compared. */
static void distinct_permutations(struct combine *c, size_t r, struct lade_port *out) {
    const size_t n = c->n, size = lade__header(c->pool)->item_size;
    size_t *index = c->index;
    if (r > n)
        return;
    for (size_t i = 0; i < n; i++)
        index[i] = i && !c->by.compare(c->pool + (i - 1) * size, c->pool + i * size) ? index[i - 1] : i;
    while (!yield_tuple(c, r, out)) {
        reverse(index, r, n); /* skips the permutations that do not change the first r indices */
        size_t i = n, j = n;
        while (i > 1 && index[i - 2] >= index[i - 1])
            i--;
        if (i < 2)
            return;
        while (index[j - 1] <= index[i - 2])
            j--;
        const size_t smaller = index[i - 2];
        index[i - 2] = index[j - 1];
        index[j - 1] = smaller;
        reverse(index, i - 1, n);
    }
}

/* Yields n tuples of all n items. Tuple i begins with item i and ends with items 0 to i - 1. */
static void circular_shifts(struct combine *c, struct lade_port *out) {
    for (size_t first = 0; first < c->n; first++) {
        for (size_t i = 0; i < c->n; i++)
            c->index[i] = (first + i) % c->n;
        if (yield_tuple(c, c->n, out))
            return;
    }
}

static bool is_distinct(const struct combine *c) {
    return c->how == LADE__DISTINCT_PERMUTATIONS || c->how == LADE__ALL_DISTINCT_PERMUTATIONS;
}

static void combine_drop(struct lade_gen *g) {
    struct combine *c = (struct combine *)(void *)g;
    lade__container_free(c->pool);
    lade__container_free(c->tuple);
    lade_free(c->index);
    c->pool = c->tuple = NULL;
    c->index = NULL;
    lade__linear_drop(g);
}

/* Collects the source and allocates memory. On error, raises the error in `out` and returns false. */
static bool prepare(struct combine *c, struct lade_port *out) {
    struct lade_input in = c->linear.in;
    const size_t size = in.g->item_size;
    struct lade_error err = {0};
    c->linear.in = (struct lade_input){0};
    c->pool = is_distinct(c) ? lade__sorted(in.g, in.owned, &c->by, &err, NULL)
                             : lade__collect(in.g, in.owned, LADE__LIST, (struct lade__key){0}, &err, NULL);
    if (!c->pool) {
        lade__raise_with(out, &err);
        return false;
    }
    c->n = lade__header(c->pool)->length;
    if (c->how == LADE__POWERSET || c->how == LADE__ALL_PERMUTATIONS || c->how == LADE__ALL_DISTINCT_PERMUTATIONS ||
        c->how == LADE__CIRCULAR_SHIFTS)
        c->r = c->n;
    const bool repeated = c->how == LADE__PRODUCT || c->how == LADE__REPEATED_COMBINATIONS;
    const size_t most = repeated || c->r < c->n ? c->r : c->n;
    c->tuple = lade__container_new(LADE__TUPLE, size, most);
    c->index = lade_calloc(c->n + most + 1, sizeof *c->index);
    if (c->tuple && c->index)
        return true;
    lade__raise(out, LADE_ENOMEM, "%s: no memory for tuples of %zu items", c->linear.gen.kind->name, most);
    return false;
}

static void combine_run(struct lade_gen *self, struct lade_port *out) {
    struct combine *c = (struct combine *)(void *)self;
    if (prepare(c, out)) {
        switch (c->how) {
        case LADE__PRODUCT:
            products(c, c->r, out);
            break;
        case LADE__PERMUTATIONS:
        case LADE__ALL_PERMUTATIONS:
            permutations(c, c->r, out);
            break;
        case LADE__DISTINCT_PERMUTATIONS:
        case LADE__ALL_DISTINCT_PERMUTATIONS:
            distinct_permutations(c, c->r, out);
            break;
        case LADE__CIRCULAR_SHIFTS:
            circular_shifts(c, out);
            break;
        case LADE__POWERSET:
            for (size_t size = 0; size <= c->r && !combinations(c, size, false, out); size++)
                ;
            break;
        default:
            combinations(c, c->r, c->how == LADE__REPEATED_COMBINATIONS, out);
        }
    }
    combine_drop(self);
}

struct lade_gen *lade__combine(struct lade_gen *g, int owned, enum lade__selection how, int64_t r) {
    static const struct lade_gen_kind kind = {
        .name = "combinations", .frame_size = sizeof(struct combine), .drain = combine_run, .drop = combine_drop};
    struct combine *c = lade__linear_new(&kind, sizeof(void *), 0, 0, g, owned);
    if (c) {
        c->how = how;
        c->r = r > 0 ? (size_t)r : 0;
    }
    return (struct lade_gen *)c;
}

struct lade_gen *lade__combine_distinct(struct lade_gen *g, int owned, enum lade__selection how, int64_t r,
                                        const struct lade__by *by) {
    struct lade_gen *made = lade__combine(g, owned, how, r);
    if (made)
        ((struct combine *)(void *)made)->by = *by;
    return made;
}
