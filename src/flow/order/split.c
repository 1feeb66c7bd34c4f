/*
 * Splits the rows of a data source. Every class is split separately, so the fraction of validation samples is the same
 * in every class. LADE_SPLIT_FIRST uses the first files of a class by name for validation, as in Keras. These files are
 * not a random sample if names have a meaning, for example the frame numbers of a film. LADE_SPLIT_SEEDED chooses files
 * at random.
 */
#include "flow/order/split.h"

#include "flow/order/permutation.h"

/* The rows of one class, or all rows if @by_class is false. */
struct part {
    struct lade__permutation permutation;
    int64_t validation; /* number of rows for validation */
    int64_t seen;       /* number of rows that were visited so far */
};

static struct part *parts_new(const struct lade__samples *s, bool by_class, double fraction, uint64_t seed) {
    int n = by_class ? s->class_count : 1;
    struct part *parts = lade_calloc((size_t)n, sizeof *parts);

    for (int c = 0; parts && c < n; c++) {
        int64_t rows = by_class ? s->groups[c].rows : s->rows;
        struct lade_random random;
        lade_random_init(&random, seed, 0, (uint64_t)c, LADE_RANDOM_SPLIT);
        lade__permutation_init(&parts[c].permutation, &random, (uint64_t)rows);
        parts[c].validation = (int64_t)((double)rows * fraction);
    }
    return parts;
}

/* Releases unused memory. If the reallocation fails, the table keeps its size. */
static void shrink(struct lade__samples *s) {
    int64_t *p = lade_realloc(s->row_of, (size_t)s->count + 1, sizeof *p);

    s->row_of = p ? p : s->row_of;
}

int lade__split_apply(struct lade__samples *s, enum lade_split split, enum lade_subset subset, double fraction,
                      uint64_t seed) {
    bool by_class = s->class_count && !s->tag_first;

    if (subset == LADE_SUBSET_ALL)
        return LADE_OK;
    struct part *parts = parts_new(s, by_class, fraction, seed);
    s->row_of = parts ? lade_calloc((size_t)s->rows + 1, sizeof *s->row_of) : NULL;
    if (s->row_of) {
        s->count = 0;
        for (int64_t row = 0; row < s->rows; row++) {
            int c = by_class ? lade__samples_row_class(s, row) : 0;
            struct part *part = &parts[c];
            int64_t place = part->seen++;
            if (split == LADE_SPLIT_SEEDED)
                place = (int64_t)lade__permutation_at(&part->permutation, (uint64_t)place);
            if ((place < part->validation) == (subset == LADE_SUBSET_VALIDATION))
                s->row_of[s->count++] = row;
        }
        shrink(s);
    }
    lade_free(parts);
    return s->row_of ? LADE_OK : LADE_ENOMEM;
}
