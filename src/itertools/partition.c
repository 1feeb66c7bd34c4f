/*
 * Implements partitions and set_partitions, which distribute the items of a source to lists. All items are collected
 * first. For a partition into k lists, the code chooses k - 1 items by their indices. These indices are called places.
 *
 * In partitions(), a new list begins after each chosen item. set_partitions() processes the items from the last to the
 * first. The last item and each chosen item begin a new list. Each other item is added to one of the lists that exist
 * at this time. The results have the same order as in more-itertools.
 */
#include "collect/container.h"
#include "iter/stage.h"
#include "itertools/combination.h"

#include <lade/itertools.h>

#include <string.h>

enum { FIRST_PART = 4 };

struct partition {
    struct lade_linear linear;
    enum lade__partition how;
    int64_t k;   /* the number of lists, for LADE__SET_PARTITIONS_OF */
    char *pool;  /* all items of the source */
    char **list; /* the result, a list of lists */
    size_t n;    /* number of items in the pool */
    size_t made; /* number of lists in `list` that have been allocated */
    /* Arrays of n numbers in the same memory, which begins at `place`. */
    size_t *place;   /* the k - 1 places */
    size_t *part;    /* for each item, the index of its list */
    size_t *choice;  /* set_partitions(): for each item i, a number less than choices[i], which selects its list */
    size_t *choices; /* set_partitions(): for each item, the number of lists to which it can be added */
    size_t *length;  /* the lengths of the lists */
};

/* Yields the partition into k lists that is stored in `part`. Returns 0 or LADE_EXIT. */
static int yield_lists(struct partition *p, size_t k, struct lade_port *out) {
    const size_t size = lade__header(p->pool)->item_size;
    memset(p->length, 0, k * sizeof *p->length);
    for (size_t i = 0; i < p->n; i++) {
        const size_t part = p->part[i], length = p->length[part]++;
        if (length == lade__header(p->list[part])->capacity) {
            char *larger = lade__container_grow(p->list[part], 2 * length);
            if (!larger) {
                lade__raise(out, LADE_ENOMEM, "partitions: no memory for %zu items", 2 * length);
                return LADE_EXIT;
            }
            p->list[part] = larger;
        }
        memcpy(p->list[part] + length * size, p->pool + i * size, size);
    }
    for (size_t i = 0; i < k; i++)
        lade__container_set_length(p->list[i], p->length[i]);
    lade__container_set_length(p->list, k);
    return lade__put(out, &p->list);
}

/* Stores the index of the list of each item for partitions(). */
static void split_at_places(struct partition *p, size_t k) {
    for (size_t i = 0, part = 0; i < p->n; i++) {
        p->part[i] = part;
        part += part < k - 1 && p->place[part] == i;
    }
}

/* Stores the index of the list of each item for set_partitions(). The last item always begins a list. A new list is
   placed before the existing lists. */
static void split_by_choice(struct partition *p, size_t k) {
    size_t begun = 0;
    for (size_t i = p->n; i-- > 0;) {
        const bool begins = i == p->n - 1 || (begun < k && p->place[k - 1 - begun] == i);
        p->choices[i] = begins ? 1 : begun;
        p->part[i] = begins ? k - 1 - begun : k - begun + p->choice[i];
        begun += begins;
    }
}

/* Changes the array `choice` of set_partitions() to the next combination of choices. This is like adding 1 to a number
   whose last digit is choice[0]. After the last combination, sets all choices to 0 and returns false. */
static bool next_choice(struct partition *p) {
    size_t i = 0;
    while (i < p->n && ++p->choice[i] == p->choices[i])
        p->choice[i++] = 0;
    return i < p->n;
}

/* Yields all partitions of n > 0 items into k lists. Returns 0 or LADE_EXIT. */
static int partitions(struct partition *p, size_t k, struct lade_port *out) {
    lade__count_up(p->place, 0, k - 1, 0, 1);
    do {
        bool more;
        do {
            if (p->how == LADE__PARTITIONS)
                split_at_places(p, k);
            else
                split_by_choice(p, k);
            if (yield_lists(p, k, out))
                return LADE_EXIT;
            more = p->how != LADE__PARTITIONS && next_choice(p);
        } while (more);
    } while (lade__next_combination(p->place, k - 1, p->n - 1, 1));
    return 0;
}

static void partition_drop(struct lade_gen *g) {
    struct partition *p = (struct partition *)(void *)g;
    for (size_t i = 0; i < p->made; i++)
        lade__container_free(p->list[i]);
    lade__container_free(p->list);
    lade__container_free(p->pool);
    lade_free(p->place);
    p->list = NULL;
    p->pool = NULL;
    p->place = NULL;
    p->made = 0;
    lade__linear_drop(g);
}

/* Collects the source and allocates memory. On error, raises the error in `out` and returns false. */
static bool prepare(struct partition *p, struct lade_port *out) {
    struct lade_input in = p->linear.in;
    struct lade_error err = {0};
    p->linear.in = (struct lade_input){0};
    p->pool = lade__collect(in.g, in.owned, LADE__LIST, (struct lade__key){0}, &err, NULL);
    if (!p->pool) {
        lade__raise_with(out, &err);
        return false;
    }
    p->n = lade__header(p->pool)->length;
    const size_t most = p->n ? p->n : 1;
    p->list = lade__container_new(LADE__LIST, sizeof *p->list, most);
    p->place = lade_calloc(most, 5 * sizeof *p->place);
    while (p->list && p->made < most &&
           (p->list[p->made] = lade__container_new(LADE__LIST, lade__header(p->pool)->item_size, FIRST_PART)))
        p->made++;
    if (!p->place || p->made < most) {
        lade__raise(out, LADE_ENOMEM, "partitions: no memory for %zu lists", most);
        return false;
    }
    p->part = p->place + most;
    p->choice = p->part + most;
    p->choices = p->choice + most;
    p->length = p->choices + most;
    return true;
}

static void partition_run(struct lade_gen *self, struct lade_port *out) {
    struct partition *p = (struct partition *)(void *)self;
    const bool any = p->how != LADE__SET_PARTITIONS_OF;
    if (!any && p->k < 1) {
        lade__raise(out, LADE_EINVAL, "set_partitions(g, k): k must be at least 1");
    } else if (prepare(p, out)) {
        if (!p->n && p->how == LADE__PARTITIONS)
            yield_lists(p, 1, out); /* a source without items has one partition, an empty list, as in more-itertools */
        for (size_t k = any ? 1 : (size_t)p->k; k <= p->n && !partitions(p, k, out) && any; k++)
            ;
    }
    partition_drop(self);
}

struct lade_gen *lade__partition(struct lade_gen *g, int owned, enum lade__partition how, int64_t k) {
    static const struct lade_gen_kind kind = {
        .name = "partitions", .frame_size = sizeof(struct partition), .drain = partition_run, .drop = partition_drop};
    struct partition *p = lade__linear_new(&kind, sizeof(void *), 0, 0, g, owned);
    if (p) {
        p->how = how;
        p->k = k;
    }
    return (struct lade_gen *)p;
}
