/*
 * lade/detail/itertools_functions.h - the functions that the macros of itertools.h call. This header is private.
 */
#ifndef LADE_DETAIL_ITERTOOLS_FUNCTIONS_H
#define LADE_DETAIL_ITERTOOLS_FUNCTIONS_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/itertools.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The functions that compute and compare the keys of items. If `call` is NULL, an item is its own key. */
enum { LADE__MOST_KEY = 16 }; /* the largest size of a key in bytes */
struct lade__by {
    lade__mapper *call;
    lade__function *f;
    size_t size;
    lade__comparator *compare;
    enum lade__type type;
};

/* The offsets in a struct at which lade__counter() stores an item and its count. */
struct lade__tally {
    size_t size, item_offset, count_offset;
};

enum lade__selection {
    LADE__PRODUCT,
    LADE__PERMUTATIONS,
    LADE__ALL_PERMUTATIONS,
    LADE__COMBINATIONS_OF,
    LADE__REPEATED_COMBINATIONS,
    LADE__POWERSET,
    LADE__DISTINCT_PERMUTATIONS,
    LADE__ALL_DISTINCT_PERMUTATIONS,
    LADE__CIRCULAR_SHIFTS
};
enum lade__partition { LADE__PARTITIONS, LADE__SET_PARTITIONS, LADE__SET_PARTITIONS_OF };
enum lade__with { LADE__FILTER_WITH_, LADE__TAKE_WHILE_WITH, LADE__DROP_WHILE_WITH, LADE__MAP_WITH };
enum lade__join { LADE__CHAIN, LADE__INTERLEAVE, LADE__MERGE };
enum lade__split { LADE__SPLIT_AT, LADE__SPLIT_BEFORE, LADE__SPLIT_AFTER, LADE__SPLIT_WHEN };

LADE_API void *lade__sorted(struct lade_gen *g, int owned, const struct lade__by *by, struct lade_error *err,
                            struct lade_port *body);
LADE_API void *lade__reversed(struct lade_gen *g, int owned, struct lade_error *err, struct lade_port *body);
LADE_API void lade__best(struct lade_gen *g, int owned, const struct lade__by *by, int sign, void *out,
                         struct lade_error *err, struct lade_port *body);
LADE_API void *lade__counter(struct lade_gen *g, int owned, const struct lade__by *by, const struct lade__tally *to,
                             struct lade_error *err, struct lade_port *body);
LADE_API struct lade_gen *lade__groupby(struct lade_gen *g, int owned, const struct lade__by *by);
LADE_API struct lade_gen *lade__split(struct lade_gen *g, int owned, enum lade__split how, lade__predicate *call,
                                      lade__function *f);
LADE_API struct lade_gen *lade__unique_everseen(struct lade_gen *g, int owned, const struct lade__by *by);
LADE_API struct lade_gen *lade__unique_justseen(struct lade_gen *g, int owned, const struct lade__by *by);
LADE_API struct lade_gen *lade__product(const struct lade_input *inputs, int n);
LADE_API struct lade_gen *lade__combine(struct lade_gen *g, int owned, enum lade__selection how, int64_t r);
/* `by` contains the function that compares the items. */
LADE_API struct lade_gen *lade__combine_distinct(struct lade_gen *g, int owned, enum lade__selection how, int64_t r,
                                                 const struct lade__by *by);
LADE_API struct lade_gen *lade__partition(struct lade_gen *g, int owned, enum lade__partition how, int64_t k);
LADE_API struct lade_gen *lade__filterfalse(struct lade_gen *g, int owned, lade__predicate *call, lade__function *f);
LADE_API struct lade_gen *lade__compress(const struct lade_input *inputs);
LADE_API struct lade_gen *lade__intersperse(struct lade_gen *g, int owned, const void *item);
LADE_API struct lade_gen *lade__prepend(struct lade_gen *g, int owned, const void *item);
/* If literal_size is not 0, the context is a compound literal of this size, which the generator copies. */
LADE_API struct lade_gen *lade__with(struct lade_gen *g, int owned, enum lade__with how, size_t item_size,
                                     int item_class, lade__function *f, const void *context, size_t literal_size);
LADE_API struct lade_gen *lade__many(enum lade__join how, void *sources, int64_t n, int owned, size_t item_size,
                                     int item_class, lade__comparator *compare);
LADE_API struct lade_gen *lade__peekable(struct lade_gen *g, int owned);
LADE_API struct lade_gen *lade__seekable(struct lade_gen *g, int owned);
LADE_API int lade__seek(struct lade_gen *g, int64_t index);
LADE_API const void *lade__peek(struct lade_gen *g);
LADE_API int lade__put_back(struct lade_gen *g, const void *item);
LADE_API void *lade__spy(struct lade_gen *g, size_t n, struct lade_error *err, struct lade_port *body);
LADE_MUST_CHECK LADE_API lade_gen_owned(double) lade__numeric_range(double start, double stop, double step);

#ifdef __cplusplus
}
#endif
#endif
