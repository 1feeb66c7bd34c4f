/*
 * Both splits go class by class, so that every class is in both parts by the same share. Keras's takes the first files
 * by name, which is no random choice where names tell of their contents (numbered frames of a film); the seeded one is.
 */
#include "flow/split.h"

#include "flow/permutation.h"

void lade__split_apply(lade_scan *scan, enum lade_split split, enum lade_subset subset, double fraction,
                       uint64_t seed) {
    int64_t kept = 0;

    if (subset == LADE_SUBSET_ALL)
        return;
    for (int c = 0; c < scan->class_count; c++) {
        struct lade__class *class = &scan->classes[c];
        int64_t validation = (int64_t)((double)class->count * fraction), from = kept;
        struct lade__permutation p;
        struct lade_random random;

        lade_random_init(&random, seed, 0, (uint64_t)c, LADE_RANDOM_SPLIT);
        lade__permutation_init(&p, &random, (uint64_t) class->count);
        for (int64_t i = 0; i < class->count; i++) {
            int64_t place = split == LADE_SPLIT_SEEDED ? (int64_t)lade__permutation_at(&p, (uint64_t)i) : i;
            if ((place < validation) == (subset == LADE_VALIDATION))
                scan->files[kept++] = scan->files[class->first + i];
        }
        class->first = from;
        class->count = kept - from;
    }
    scan->count = kept;
}
