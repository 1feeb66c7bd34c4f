/*
 * lade/short_itertools.h - includes short_iter.h and defines the macros of itertools.h without the prefix lade_.
 * Include this header after all other headers, because names such as `product` and `sorted` become macros with
 * arguments.
 */
#ifndef LADE_SHORT_ITERTOOLS_H
#define LADE_SHORT_ITERTOOLS_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/itertools.h>
#include <lade/short_iter.h>

#ifndef __cplusplus /* for the same reason as in short.h */

#define sorted(...)                        LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_sorted(__VA_ARGS__))
#define sorted_by(...)                     LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_sorted_by(__VA_ARGS__))
#define reversed(...)                      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_reversed(__VA_ARGS__))
#define min_by(...)                        LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_min_by(__VA_ARGS__))
#define max_by(...)                        LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_max_by(__VA_ARGS__))
#define counter(...)                       LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_counter(__VA_ARGS__))
#define groupby(...)                       LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_groupby(__VA_ARGS__))
#define split_at(...)                      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_split_at(__VA_ARGS__))
#define split_before(...)                  LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_split_before(__VA_ARGS__))
#define split_after(...)                   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_split_after(__VA_ARGS__))
#define split_when(...)                    LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_split_when(__VA_ARGS__))
#define unique_everseen(...)               LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_unique_everseen(__VA_ARGS__))
#define unique_justseen(...)               LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_unique_justseen(__VA_ARGS__))
#define product(...)                       LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_product(__VA_ARGS__))
#define product_repeat(...)                LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_product_repeat(__VA_ARGS__))
#define permutations(...)                  LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_permutations(__VA_ARGS__))
#define combinations(...)                  LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_combinations(__VA_ARGS__))
#define combinations_with_replacement(...) lade_combinations_with_replacement(__VA_ARGS__)
#define powerset(...)                      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_powerset(__VA_ARGS__))
#define distinct_permutations(...)         LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_distinct_permutations(__VA_ARGS__))
#define circular_shifts(...)               LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_circular_shifts(__VA_ARGS__))
#define partitions(...)                    LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_partitions(__VA_ARGS__))
#define set_partitions(...)                LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_set_partitions(__VA_ARGS__))
#define numeric_range(...)                 LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_numeric_range(__VA_ARGS__))
#define filterfalse(...)                   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_filterfalse(__VA_ARGS__))
#define compress(...)                      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_compress(__VA_ARGS__))
#define intersperse(...)                   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_intersperse(__VA_ARGS__))
#define prepend(...)                       LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_prepend(__VA_ARGS__))
#define filter_with(...)                   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_filter_with(__VA_ARGS__))
#define take_while_with(...)               LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_take_while_with(__VA_ARGS__))
#define drop_while_with(...)               LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_drop_while_with(__VA_ARGS__))
#define map_with(...)                      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_map_with(__VA_ARGS__))
#define reduce_with(...)                   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_reduce_with(__VA_ARGS__))
#define chain_all(...)                     LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_chain_all(__VA_ARGS__))
#define interleave_all(...)                LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_interleave_all(__VA_ARGS__))
#define merge_all(...)                     LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_merge_all(__VA_ARGS__))
#define merge_by(...)                      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_merge_by(__VA_ARGS__))
#define enumerate_from(...)                LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_enumerate_from(__VA_ARGS__))
#define zip_longest(...)                   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_zip_longest(__VA_ARGS__))
#define peekable(...)                      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_peekable(__VA_ARGS__))
#define seekable(...)                      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_seekable(__VA_ARGS__))
#define seek(...)                          LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_seek(__VA_ARGS__))
#define peek(...)                          LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_peek(__VA_ARGS__))
#define put_back(...)                      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_put_back(__VA_ARGS__))
#define spy(...)                           LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_spy(__VA_ARGS__))

#endif
#endif
