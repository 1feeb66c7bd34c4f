/*
 * lade/short_itertools.h - includes short_iter.h and defines the words of itertools.h without their prefix. Include it after
 * all other headers, because words such as `product` and `sorted` become macros with arguments.
 */
#ifndef LADE_SHORT_ITERTOOLS_H
#define LADE_SHORT_ITERTOOLS_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/itertools.h>
#include <lade/short_iter.h>

#ifndef __cplusplus /* for the same reason as in short.h */

#define sorted(...)                        lade_sorted(__VA_ARGS__)
#define sorted_by(...)                     lade_sorted_by(__VA_ARGS__)
#define reversed(...)                      lade_reversed(__VA_ARGS__)
#define min_by(...)                        lade_min_by(__VA_ARGS__)
#define max_by(...)                        lade_max_by(__VA_ARGS__)
#define counter(...)                       lade_counter(__VA_ARGS__)
#define groupby(...)                       lade_groupby(__VA_ARGS__)
#define split_at(...)                      lade_split_at(__VA_ARGS__)
#define split_before(...)                  lade_split_before(__VA_ARGS__)
#define split_after(...)                   lade_split_after(__VA_ARGS__)
#define split_when(...)                    lade_split_when(__VA_ARGS__)
#define unique_everseen(...)               lade_unique_everseen(__VA_ARGS__)
#define unique_justseen(...)               lade_unique_justseen(__VA_ARGS__)
#define product(...)                       lade_product(__VA_ARGS__)
#define product_repeat(...)                lade_product_repeat(__VA_ARGS__)
#define permutations(...)                  lade_permutations(__VA_ARGS__)
#define combinations(...)                  lade_combinations(__VA_ARGS__)
#define combinations_with_replacement(...) lade_combinations_with_replacement(__VA_ARGS__)
#define powerset(...)                      lade_powerset(__VA_ARGS__)
#define numeric_range(...)                 lade_numeric_range(__VA_ARGS__)
#define filterfalse(...)                   lade_filterfalse(__VA_ARGS__)
#define compress(...)                      lade_compress(__VA_ARGS__)
#define intersperse(...)                   lade_intersperse(__VA_ARGS__)
#define prepend(...)                       lade_prepend(__VA_ARGS__)
#define filter_with(...)                   lade_filter_with(__VA_ARGS__)
#define take_while_with(...)               lade_take_while_with(__VA_ARGS__)
#define drop_while_with(...)               lade_drop_while_with(__VA_ARGS__)
#define map_with(...)                      lade_map_with(__VA_ARGS__)
#define reduce_with(...)                   lade_reduce_with(__VA_ARGS__)
#define chain_all(...)                     lade_chain_all(__VA_ARGS__)
#define interleave_all(...)                lade_interleave_all(__VA_ARGS__)
#define merge_all(...)                     lade_merge_all(__VA_ARGS__)
#define merge_by(...)                      lade_merge_by(__VA_ARGS__)
#define enumerate_from(...)                lade_enumerate_from(__VA_ARGS__)
#define zip_longest(...)                   lade_zip_longest(__VA_ARGS__)
#define peekable(...)                      lade_peekable(__VA_ARGS__)
#define peek(...)                          lade_peek(__VA_ARGS__)
#define put_back(...)                      lade_put_back(__VA_ARGS__)
#define spy(...)                           lade_spy(__VA_ARGS__)

#endif
#endif
