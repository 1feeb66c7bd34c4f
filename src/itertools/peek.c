/*
 * Implements peekable. The program can read the next items of such a generator before the generator yields these items.
 * The source is pulled: it is resumed for one item at a time, because the program may request an item of the source
 * between two items of the generator. Items that were requested in this way are stored in a buffer, which owns copies
 * of their strings. seekable is a peekable whose buffer also keeps the items that have been yielded.
 */
#include "collect/container.h"
#include "collect/text.h"
#include "iter/item_text.h"
#include "iter/stage.h"

#include <lade/itertools.h>

#include <string.h>

struct peekable {
    struct lade_linear linear;
    char *waiting; /* the buffer; its items with the index `first` and higher have not been yielded yet */
    size_t first, end, capacity;
    bool keeps;               /* true for seekable(): items stay in the buffer after they were yielded */
    bool failed;              /* true after the source failed or there was no memory; the error is raised after all
                                 items of the buffer have been yielded */
    struct lade_error *error; /* the error, if `failed` is true; NULL if there was no memory for the error */
};

static void peekable_run(struct lade_gen *self, struct lade_port *out);

/* Returns the frame of g if peekable() or seekable() made g. Otherwise stores an error in g and returns NULL. */
static struct peekable *peekable_of(struct lade_gen *g, const char *word) {
    if (g && g->kind->drain == peekable_run)
        return (struct peekable *)(void *)g;
    if (g)
        lade__misuse(g, LADE_EINVAL, "%s: this generator was not made by peekable() or seekable()", word);
    return NULL;
}

/* Does the same as peekable_of(), for functions that return a status. These functions return the error to their caller,
   so the error in g is marked as read. Also returns NULL if g has ended. */
static struct peekable *open_peekable_of(struct lade_gen *g, const char *word) {
    struct peekable *p = peekable_of(g, word);
    if (g && !p)
        g->error_seen = 1;
    return p && g->state != LADE__DONE ? p : NULL;
}

/* Returns the address of free memory for one more item in the buffer. Enlarges the buffer if necessary. Returns NULL if
   there is no memory. */
static char *room_for_one(struct peekable *p, size_t size) {
    if (p->first == p->end && !p->keeps)
        p->first = p->end = 0;
    if (p->end == p->capacity) {
        char *larger = lade_realloc(p->waiting, p->capacity ? 2 * p->capacity : 4, size);
        if (!larger)
            return NULL;
        p->waiting = larger;
        p->capacity = p->capacity ? 2 * p->capacity : 4;
    }
    return p->waiting + p->end * size;
}

/* Requests one more item of the source and adds the item to the buffer. Returns false at the end of the source. If the
   source fails or there is no memory, sets p->failed and returns false. */
static bool read_ahead(struct peekable *p) {
    const size_t size = p->linear.gen.item_size;
    struct lade_gen *source = p->linear.in.g;
    if (!source || p->failed)
        return false;
    const void *item = lade__gen_resume(source, NULL);
    const struct lade_error *error = item ? NULL : lade__gen_error(source);
    char *place = item ? room_for_one(p, size) : NULL;
    if (place)
        memcpy(place, item, size);
    if (place && !lade__own_text(place, p->linear.gen.item_class)) {
        p->end++;
        return true;
    }
    p->failed = item || error;
    p->error = error ? lade_alloc(sizeof *error) : NULL;
    if (p->error)
        *p->error = *error;
    return false;
}

static void peekable_drop(struct lade_gen *g) {
    struct peekable *p = (struct peekable *)(void *)g;
    const size_t from = p->keeps ? 0 : p->first;
    if (p->waiting)
        lade__free_texts(p->waiting + from * g->item_size, p->end - from, g->item_size, g->item_class);
    lade_free(p->waiting);
    lade_free(p->error);
    p->waiting = NULL;
    p->error = NULL;
    p->first = p->end = p->capacity = 0;
    lade__linear_drop(g);
}

static void peekable_run(struct lade_gen *self, struct lade_port *out) {
    struct peekable *p = (struct peekable *)(void *)self;
    while (!out->pending && (p->first < p->end || read_ahead(p))) {
        const char *item = p->waiting + p->first++ * self->item_size;
        char *text = lade__has_text(self->item_class) && !p->keeps ? lade__text_of(item) : NULL;
        lade__put(out, item);
        lade_free(text);
    }
    if (p->error && !out->pending)
        lade__raise_with(out, p->error);
    else if (p->failed && !out->pending)
        lade__raise(out, LADE_ENOMEM, "peekable: no memory for the next item or its error");
    peekable_drop(self);
}

struct lade_gen *lade__peekable(struct lade_gen *g, int owned) {
    static const struct lade_gen_kind kind = {
        .name = "peekable", .frame_size = sizeof(struct peekable), .drain = peekable_run, .drop = peekable_drop};
    return lade__linear_new(&kind, g ? g->item_size : 0, g ? g->item_class : LADE__OTHERS, 0, g, owned);
}

struct lade_gen *lade__seekable(struct lade_gen *g, int owned) {
    struct peekable *p = (struct peekable *)(void *)lade__peekable(g, owned);
    if (p)
        p->keeps = true;
    return (struct lade_gen *)p;
}

int lade__seek(struct lade_gen *g, int64_t index) {
    struct peekable *p = open_peekable_of(g, "seek");
    if (!p)
        return LADE_ESTATE;
    if (!p->keeps || index < 0)
        return LADE_EINVAL;
    while (p->end < (size_t)index && read_ahead(p))
        ;
    p->first = (size_t)index < p->end ? (size_t)index : p->end;
    return LADE_OK;
}

const void *lade__peek(struct lade_gen *g) {
    struct peekable *p = peekable_of(g, "peek");
    return p && (p->first < p->end || read_ahead(p)) ? p->waiting + p->first * g->item_size : NULL;
}

int lade__put_back(struct lade_gen *g, const void *item) {
    struct peekable *p = open_peekable_of(g, "put_back");
    if (!p)
        return LADE_ESTATE;
    if (p->keeps)
        return LADE_EINVAL;
    const size_t size = g->item_size;
    char *place = room_for_one(p, size);
    if (!place)
        return LADE_ENOMEM;
    memmove(p->waiting + (p->first + 1) * size, p->waiting + p->first * size, (p->end - p->first) * size);
    char *first = p->waiting + p->first * size;
    memcpy(first, item, size);
    if (lade__own_text(first, g->item_class)) {
        memmove(first, first + size, (p->end - p->first) * size);
        return LADE_ENOMEM;
    }
    p->end++;
    return LADE_OK;
}

void *lade__spy(struct lade_gen *g, size_t n, struct lade_error *err, struct lade_port *body) {
    struct peekable *p = g && g->kind->drain == peekable_run ? (struct peekable *)(void *)g : NULL;
    while (p && p->end - p->first < n && read_ahead(p))
        ;
    const size_t count = !p ? 0 : p->end - p->first < n ? p->end - p->first : n;
    char *first = count ? p->waiting + p->first * g->item_size : NULL;
    char *items = p ? lade__pack_texts(LADE__LIST, first, count, g->item_size, g->item_class) : NULL;
    if (items)
        return items;
    struct lade_port carrier = {.item_size = 1};
    lade__raise(&carrier, p ? LADE_ENOMEM : LADE_EINVAL, "spy: %s",
                p ? "out of memory" : "this generator was not made by peekable() or seekable()");
    lade__deliver(&carrier, err, body);
    return NULL;
}
