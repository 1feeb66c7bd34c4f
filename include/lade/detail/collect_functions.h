/*
 * lade/detail/collect_functions.h - the functions that the macros of collect.h call. This header is private.
 */
#ifndef LADE_DETAIL_COLLECT_FUNCTIONS_H
#define LADE_DETAIL_COLLECT_FUNCTIONS_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/collect.h>

#ifdef __cplusplus
extern "C" {
#endif

enum lade__container_kind { LADE__LIST, LADE__TUPLE, LADE__SET, LADE__DICT, LADE__ARRAY };

/* The type of an item, for comparisons and for printing, is an enum lade_dtype or one of these values. */
enum {
    LADE__OTHER = -1,
    LADE__STRING = -2,
    LADE__BOOL = -3,
    LADE__CHAR = -4,
    LADE__LONG_DOUBLE = -5,
};
#define LADE__LONG  (sizeof(long) == 8 ? LADE_INT64 : LADE_INT32)
#define LADE__ULONG (sizeof(long) == 8 ? LADE_UINT64 : LADE_UINT32)

struct lade__key {
    size_t offset; /* byte offset of the key in an item; 0 if the whole item is the key */
    lade__comparator *compare;
};

LADE_API void *lade__collect(struct lade_gen *g, int owned, enum lade__container_kind kind, struct lade__key key,
                             struct lade_error *err, struct lade_port *body);
LADE_API void lade__container_free(void *items);
LADE_API void lade__container_auto_end(void *pointer);
LADE_API size_t lade__len(const void *items, int temporary);
LADE_API bool lade__contains(const void *items, int temporary, const void *value, lade__comparator *compare);
LADE_API void *lade__dict_get(const void *items, const void *key, struct lade__key how);
LADE_API void *lade__reshape(void *items, int temporary, int ndim, const int64_t *shape);
LADE_API int lade__ndim(const void *items);
LADE_API const int64_t *lade__shape(const void *items);
LADE_API int lade__print(FILE *f, const void *items, int temporary, int type);
LADE_API int lade__print_scalar(FILE *f, const void *value, int type);
LADE_API struct lade_tensor *lade__to_tensor(void *items, int temporary, int type);

LADE_API void *lade__strings(struct lade_gen *g, int owned, struct lade_error *err, struct lade_port *body);
LADE_API struct lade_gen *lade__batched(struct lade_gen *g, int owned, int64_t n);
LADE_API void *lade__sample(struct lade_gen *g, int owned, size_t n, uint64_t seed, struct lade_error *err,
                            struct lade_port *body);

/* A container that a comprehension fills. */
struct lade__builder {
    char *p, *end, *items;
    size_t item_size;
    enum lade__container_kind kind;
    int failed;
    int item_class; /* if LADE__TEXTS or LADE__LINES, the strings of the items are copies */
};
LADE_API int lade__builder_grow(struct lade__builder *b);
/* Replaces the string of an item by a copy, or by NULL if there is no memory. Does not change items without a
   string. */
LADE_API void lade__builder_own(struct lade__builder *b, void *item, int item_class);
LADE_API void *lade__builder_finish(struct lade__builder *b, lade__comparator *compare, struct lade_port *body);

LADE_API long long lade__sum_signed(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                    struct lade_port *body);
LADE_API unsigned long long lade__sum_unsigned(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                               struct lade_port *body);
LADE_API double lade__sum_floating(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                   struct lade_port *body);
LADE_API long double lade__sum_long_double(struct lade_gen *g, int owned, int type, struct lade_error *err,
                                           struct lade_port *body);
LADE_API void lade__extreme(struct lade_gen *g, int owned, int type, int sign, void *out, struct lade_error *err,
                            struct lade_port *body);
LADE_API const char *lade__extreme_text(struct lade_gen *g, int owned, int sign, struct lade_error *err,
                                        struct lade_port *body);
LADE_API long long lade__count(struct lade_gen *g, int owned, struct lade_error *err, struct lade_port *body);
LADE_API bool lade__search(struct lade_gen *g, int owned, int type, bool wanted, struct lade_error *err,
                           struct lade_port *body);
LADE_API bool lade__nth_item(struct lade_gen *g, int owned, int64_t n, void *out, struct lade_error *err,
                             struct lade_port *body);
/*
 * lade_reduce() calls these functions if the items have strings:
 *
 * lade__reduce_own()    - replaces the string of the result so far by a copy, and stores the address of the copy in
 *                         *copy. Returns 0. If there is no memory, delivers the error in the same way as the loop does,
 *                         and returns LADE_ENOMEM.
 * lade__reduce_end()    - is called after the last item. Replaces the copy by a string that is never freed. Returns 0.
 *                         If there is no memory, sets the string to NULL and returns LADE_ENOMEM.
 * lade__reduce_failed() - delivers the error LADE_ENOMEM of lade__reduce_end().
 */
LADE_API int lade__reduce_own(void *so_far, int item_class, char **copy, struct lade_loop *loop);
LADE_API int lade__reduce_end(void *so_far, int item_class, char **copy);
LADE_API void lade__reduce_failed(struct lade_error *err, struct lade_port *body);

#ifdef __cplusplus
}
#endif
#endif
