/*
 * Implements zip, which yields structs with one item of each source. The first source runs on the stack of zip and
 * calls zip_each() for each item. The other sources are pulled: each source has its own stack and is resumed for one
 * item at a time.
 */
#include "iter/join.h"

#include <float.h>

static int zip_each(struct lade_port *port) {
    struct lade_port *out = lade__stage(port)->out;
    struct lade_join *join = lade__stage(port)->self;
    memcpy(out->p + join->offsets[0], lade__stage_item(port), port->item_size);
    for (int i = 1; i < join->n; i++) {
        const void *item = lade__join_next(join, i, out);
        if (!item)
            return LADE_EXIT;
        memcpy(out->p + join->offsets[i], item, join->in[i].g->item_size);
    }
    return lade__put_done(out);
}

/* Returns the fill values that zip_longest uses for the sources that have ended. */
static char *fill_of(struct lade_join *join) {
    return (char *)lade__gen_room(&join->gen) + LADE__ROUND_16(join->first_size);
}

/* Yields structs until all sources have ended. All sources are pulled. */
static void run_longest(struct lade_join *join, struct lade_port *out) {
    for (int live = 1; live && !out->pending;) {
        live = 0;
        memcpy(out->p, fill_of(join), join->gen.item_size);
        for (int i = 0; i < join->n && !out->pending; i++) {
            const void *item = join->in[i].g ? lade__join_next(join, i, out) : NULL;
            if (item)
                memcpy(out->p + join->offsets[i], item, join->in[i].g->item_size);
            else
                lade__input_drop(&join->in[i]);
            live += item != NULL;
        }
        if (live && !out->pending)
            lade__put_done(out);
    }
}

struct lade_gen *lade__zip_longest(struct lade_gen *zip, const void *fill) {
    struct lade_join *join = (struct lade_join *)(void *)zip;
    if (join) {
        join->longest = true;
        memcpy(fill_of(join), fill, zip->item_size);
    }
    return zip;
}

static void zip_run(struct lade_gen *self, struct lade_port *out) {
    struct lade_join *join = (struct lade_join *)(void *)self;
    if (!join->misfit && join->longest)
        run_longest(join, out);
    else if (!join->misfit)
        lade__stage_run(self, &join->in[0], out, lade__gen_room(self), zip_each);
    else if (join->misfit > join->n)
        lade__raise(out, LADE_EINVAL, "zip: the struct must have one member for each generator, in the same order");
    else
        lade__raise(out, LADE_EINVAL,
                    "zip: member %d of the struct does not have the type of the items of generator %d", join->misfit,
                    join->misfit);
    lade__join_drop(self);
}

/* Computes the offsets of struct members with these sizes and alignments. Returns the size of the struct. */
static size_t lay_out(struct lade_join *join, const struct lade__member *members) {
    size_t end = 0, widest = 1;
    for (int i = 0; i < join->n; i++) {
        const size_t alignment = members[i].alignment;
        end = (end + alignment - 1) / alignment * alignment;
        join->offsets[i] = end;
        end += members[i].size;
        widest = alignment > widest ? alignment : widest;
    }
    return (end + widest - 1) / widest * widest;
}

enum { INTEGER = 1, ENUMERAL = 3, BOOLEAN = 4, REAL = 8, COMPLEX = 9, STRUCT = 12 }; /* __builtin_classify_type() */

/* Returns true if two items have the same value. Both items have the type of `member`. The padding bytes of a long
   double with 80 bits are not compared. */
static bool same_value(const char *a, const char *b, const struct lade__member *member) {
    const bool floating = member->type_class == REAL || member->type_class == COMPLEX;
    const size_t step =
        LDBL_MANT_DIG == 64 && floating && member->size % sizeof(long double) == 0 ? sizeof(long double) : member->size;
    const size_t used = step == member->size && !(floating && step == sizeof(long double)) ? step : 10;
    for (size_t i = 0; i < member->size; i += step)
        if (memcmp(a + i, b + i, used < step ? used : step))
            return false;
    return true;
}

/* Returns true if `member` is an integer whose type in the struct is wider than the type of the items, for example if
   the member is a long and the items are ints. */
static bool is_wider(const char *example, size_t end, size_t next, const struct lade__member *member) {
    const lade__wide wide = lade__wide_example;
    const bool is_integer = member->type_class >= INTEGER && member->type_class <= BOOLEAN;
    return is_integer && member->size < sizeof wide && next > end &&
           example[end] == ((const char *)&wide)[member->size];
}

/* Returns 0 if each member of the struct has the type of its item. If the type of a member differs from the type of its
   item, returns the number of the first such member. If the size of the struct is wrong, returns n + 1. */
static int find_misfit(struct lade_join *join, size_t size, const struct lade__member *members, const char *example) {
    const size_t expected = lay_out(join, members);
    for (int i = 0; i < join->n; i++) {
        const size_t at = join->offsets[i], end = at + members[i].size;
        const size_t next = i + 1 < join->n ? join->offsets[i + 1] : size;
        if (end > size)
            return i + 1;
        if (example && /* NULL in C++, where the compiler has already compared the types */
            ((members[i].type_class < STRUCT && !same_value(example + at, members[i].value, &members[i])) ||
             is_wider(example, end, next, &members[i])))
            return i + 1;
    }
    return expected == size ? 0 : join->n + 1;
}

struct lade_gen *lade__zip(const struct lade_input *inputs, int n, size_t size, const struct lade__member *members,
                           const void *example) {
    static const struct lade_gen_kind kind = {
        .name = "zip", .frame_size = sizeof(struct lade_join), .drain = zip_run, .drop = lade__join_drop};
    const size_t first_size = inputs[0].g ? inputs[0].g->item_size : 0;
    struct lade_join *join = lade__join_new(&kind, inputs, n, size, 0, LADE__ROUND_16(first_size) + size);
    if (join) {
        join->first_size = first_size;
        join->misfit = find_misfit(join, size, members, example);
    }
    return (struct lade_gen *)join;
}
