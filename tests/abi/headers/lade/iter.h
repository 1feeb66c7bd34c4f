#ifndef LADE_ITER_H
#define LADE_ITER_H
#pragma GCC system_header
#include <stdbool.h>
#include <lade/gen.h>
#include <lade/detail/iter_join.h>
#ifdef __cplusplus
extern "C" {
#endif
#define lade_range(...)              LADE__CAT(LADE__RANGE_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_count_from(start, step) lade__count_from(start, step)
#define lade_repeat(...)     LADE__CAT(LADE__REPEAT_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_from_array(...) LADE__CAT(LADE__FROM_ARRAY_, LADE__NARG(__VA_ARGS__))(__VA_ARGS__)
#define lade_from_string(s)  lade__from_text(s, LADE__HAS_LITERAL(s))
LADE_MUST_CHECK LADE_API lade_gen_owned(const char *) lade_lines(const char *path);
LADE_MUST_CHECK LADE_API lade_gen_owned(const char *) lade_lines_of(FILE *f);
struct lade_line {
    const char *text;
    size_t length;
};
LADE_MUST_CHECK LADE_API lade_gen_owned(struct lade_line) lade_sized_lines(const char *path);
LADE_MUST_CHECK LADE_API lade_gen_owned(struct lade_line) lade_sized_lines_of(FILE *f);
struct lade_dir_entry {
    const char *name;
    bool is_dir, is_file, is_link;
    unsigned char reserved[21];
};
LADE_MUST_CHECK LADE_API lade_gen_owned(struct lade_dir_entry) lade_dir(const char *path);
#define lade_take(g, n) LADE__LINEAR(g, lade__take, n)
#define lade_drop(g, n) LADE__LINEAR(g, lade__drop_items, n)
#define lade_step(g, n) LADE__LINEAR(g, lade__step, n)
#define lade_filter(f, g)     LADE__FILTERED(lade__filter, f, g)
#define lade_take_while(f, g) LADE__FILTERED(lade__take_while, f, g)
#define lade_drop_while(f, g) LADE__FILTERED(lade__drop_while, f, g)
#define lade_map(f, g)           LADE__MAP(f, g)
#define lade_map_to(U, f, g)     LADE__MAP_TO(U, f, g)
#define lade_flat(g)             LADE__FLAT(g)
#define lade_accumulate(g)       LADE__ACCUMULATE(g)
#define lade_accumulate_by(f, g) LADE__ACCUMULATE_BY(f, g)
#define lade_cycle(g)               LADE__LINEAR(g, lade__cycle, 0)
#define lade_shuffle(g, size, seed) LADE__LINEAR(g, lade__shuffle, size, seed)
#define lade_window(g, n)           LADE__WINDOW(g, n)
#define lade_pairwise(g)            lade_window(g, 2)
#define lade_chain(...)      LADE__JOIN(lade__chain, LADE__NO_COMPARATOR, __VA_ARGS__)
#define lade_interleave(...) LADE__JOIN(lade__interleave, LADE__NO_COMPARATOR, __VA_ARGS__)
#define lade_merge(...)      LADE__JOIN(lade__merge, LADE__COMPARATOR_OF_ITEM, __VA_ARGS__)
#define lade_zip(S, ...)     LADE__ZIP(S, __VA_ARGS__)
#define lade_enumerate(S, g) LADE__ZIP(S, lade_count_from(0, 1), g)
#define lade_tee(g, n, out) LADE__TEE(g, n, out)
#define lade_prefetch(g, n)                    LADE__PREFETCH(g, n)
#define lade_parallel_map(f, g, workers)       LADE__PARALLEL_MAP(f, g, workers)
#define lade_parallel_map_to(U, f, g, workers) LADE__PARALLEL_MAP_TO(U, f, g, workers)
#ifdef __cplusplus
}
#endif
#endif
