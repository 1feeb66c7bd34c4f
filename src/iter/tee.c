/*
 * Implements tee, which makes several generators from one source. Each of these generators yields all items of the
 * source. The generators share a linked list of blocks of items. A block is freed when all these generators have
 * yielded the items of the block. A block owns copies of the strings of its items.
 */
#include "iter/item_text.h"
#include "iter/stage.h"

enum { BLOCK_ITEMS = 64 };

struct block {
    struct block *next;
    int readers; /* number of generators that have not yielded all items of this block yet */
    int count;
    _Alignas(16) char items[];
};

/* The data that the generators share: the source and the newest block. */
struct shared {
    struct lade_gen *source;
    struct block *last;
    int tees;
};

struct tee {
    struct lade_gen gen;
    struct shared *shared;
    struct block *block;
    int at; /* index of the next item in `block` */
};

static struct block *block_new(size_t item_size, int readers) {
    struct block *block = lade_alloc(sizeof *block + BLOCK_ITEMS * item_size);
    if (block)
        *block = (struct block){.readers = readers};
    return block;
}

/* Removes one reader. The last reader frees the block. */
static void block_leave(struct block *block, const struct lade_gen *g) {
    if (--block->readers)
        return;
    lade__free_texts(block->items, (size_t)block->count, g->item_size, g->item_class);
    lade_free(block);
}

static void tee_drop(struct lade_gen *g) {
    struct tee *tee = (struct tee *)(void *)g;
    if (!tee->shared)
        return;
    for (struct block *block = tee->block, *next; block; block = next) {
        next = block->next; /* this generator is a reader of its block and of all later blocks */
        block_leave(block, g);
    }
    if (--tee->shared->tees == 0) {
        lade__gen_free(tee->shared->source);
        lade_free(tee->shared);
    }
    tee->shared = NULL;
}

/* Appends one more item of the source to the newest block and returns 1. Returns 0 at the end of the source. On error,
   raises the error in `out` and returns 0. */
static int pull_one(struct shared *shared, struct lade_port *out) {
    struct lade_gen *source = shared->source;
    struct block *last = shared->last;
    if (last->count == BLOCK_ITEMS) {
        last->next = block_new(source->item_size, shared->tees);
        if (!last->next) {
            lade__raise(out, LADE_ENOMEM, "tee: no memory for %d more items", BLOCK_ITEMS);
            return 0;
        }
        last = shared->last = last->next;
    }
    const void *item = lade__gen_resume(source, NULL);
    if (item) {
        char *place = last->items + (size_t)last->count * source->item_size;
        memcpy(place, item, source->item_size);
        if (lade__own_text(place, source->item_class)) {
            lade__raise(out, LADE_ENOMEM, "tee: no memory for a string");
            return 0;
        }
        last->count++;
        return 1;
    }
    const struct lade_error *error = lade__gen_error(source);
    if (error)
        lade__raise_with(out, error);
    return 0;
}

static void tee_run(struct lade_gen *self, struct lade_port *out) {
    struct tee *tee = (struct tee *)(void *)self;
    while (!out->pending) {
        if (tee->at == BLOCK_ITEMS && tee->block->next) {
            struct block *left = tee->block;
            tee->block = left->next;
            tee->at = 0;
            block_leave(left, self);
        } else if (tee->at < tee->block->count) {
            lade__put(out, tee->block->items + (size_t)tee->at++ * self->item_size);
        } else if (!pull_one(tee->shared, out)) {
            break;
        }
    }
    tee_drop(self);
}

int lade__tee(struct lade_gen *g, int n, struct lade_gen **out) {
    static const struct lade_gen_kind kind = {
        .name = "tee", .frame_size = sizeof(struct tee), .drain = tee_run, .drop = tee_drop};
    struct shared *shared = lade_calloc(1, sizeof *shared);
    struct block *block = g ? block_new(g->item_size, n) : NULL;
    int made = 0;
    for (; shared && block && made < n; made++) {
        struct tee *tee = (struct tee *)(void *)lade__gen_new_sized(&kind, g->item_size, g->item_class, 0);
        if (!tee)
            break;
        tee->shared = shared;
        tee->block = block;
        out[made] = &tee->gen;
    }
    if (shared && block && made == n && n > 0) {
        *shared = (struct shared){.source = g, .last = block, .tees = n};
        return LADE_OK;
    }
    for (int i = 0; i < n; i++) {
        if (i < made) {
            ((struct tee *)(void *)out[i])->shared = NULL;
            lade__gen_free(out[i]);
        }
        out[i] = NULL;
    }
    lade_free(block);
    lade_free(shared);
    lade__gen_free(g);
    return n > 0 ? LADE_ENOMEM : LADE_OK;
}
