/*
 * lade/short_iter.h - includes short.h and defines the words of iter.h and collect.h without their prefix. Include it
 * after all other headers, because words such as `sum`, `list` and `take` become macros with arguments. C only, for the
 * same reason as short.h.
 *
 * A variable or a member `count` can be used as before, because a macro with arguments needs a `(`. If a program has a
 * function of such a name, undefine the word, and use lade_count() for the macro:
 *
 *     #include <lade/short_iter.h>
 *     #undef count
 */
#ifndef LADE_SHORT_ITER_H
#define LADE_SHORT_ITER_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/collect.h>
#include <lade/iter.h>
#include <lade/short.h>

#ifndef __cplusplus

#define in(...)       lade_in(__VA_ARGS__)
#define each(...)     lade_each(__VA_ARGS__)
#define list_of(...)  lade_list_of(__VA_ARGS__)
#define tuple_of(...) lade_tuple_of(__VA_ARGS__)
#define set_of(...)   lade_set_of(__VA_ARGS__)
#define array_of(...) lade_array_of(__VA_ARGS__)
#define sum_of(...)   lade_sum_of(__VA_ARGS__)
#define count_of(...) lade_count_of(__VA_ARGS__)
#define any_of(...)   lade_any_of(__VA_ARGS__)
#define all_of(...)   lade_all_of(__VA_ARGS__)
#define min_of(...)   lade_min_of(__VA_ARGS__)
#define max_of(...)   lade_max_of(__VA_ARGS__)

#define genexpr(...)             lade_genexpr(__VA_ARGS__)
#define genexpr_static(...)      lade_genexpr_static(__VA_ARGS__)
#define genexpr_over(...)        lade_genexpr_over(__VA_ARGS__)
#define genexpr_over_static(...) lade_genexpr_over_static(__VA_ARGS__)

#define range(...)           lade_range(__VA_ARGS__)
#define count_from(...)      lade_count_from(__VA_ARGS__)
#define repeat(...)          lade_repeat(__VA_ARGS__)
#define from_array(...)      lade_from_array(__VA_ARGS__)
#define from_string(...)     lade_from_string(__VA_ARGS__)
#define lines(...)           lade_lines(__VA_ARGS__)
#define lines_of(...)        lade_lines_of(__VA_ARGS__)
#define sized_lines(...)     lade_sized_lines(__VA_ARGS__)
#define sized_lines_of(...)  lade_sized_lines_of(__VA_ARGS__)
#define take(...)            lade_take(__VA_ARGS__)
#define drop(...)            lade_drop(__VA_ARGS__)
#define step(...)            lade_step(__VA_ARGS__)
#define filter(...)          lade_filter(__VA_ARGS__)
#define take_while(...)      lade_take_while(__VA_ARGS__)
#define drop_while(...)      lade_drop_while(__VA_ARGS__)
#define map(...)             lade_map(__VA_ARGS__)
#define map_to(...)          lade_map_to(__VA_ARGS__)
#define flat(...)            lade_flat(__VA_ARGS__)
#define accumulate(...)      lade_accumulate(__VA_ARGS__)
#define accumulate_by(...)   lade_accumulate_by(__VA_ARGS__)
#define cycle(...)           lade_cycle(__VA_ARGS__)
#define shuffle(...)         lade_shuffle(__VA_ARGS__)
#define window(...)          lade_window(__VA_ARGS__)
#define pairwise(...)        lade_pairwise(__VA_ARGS__)
#define chain(...)           lade_chain(__VA_ARGS__)
#define interleave(...)      lade_interleave(__VA_ARGS__)
#define merge(...)           lade_merge(__VA_ARGS__)
#define zip(...)             lade_zip(__VA_ARGS__)
#define enumerate(...)       lade_enumerate(__VA_ARGS__)
#define tee(...)             lade_tee(__VA_ARGS__)
#define prefetch(...)        lade_prefetch(__VA_ARGS__)
#define parallel_map(...)    lade_parallel_map(__VA_ARGS__)
#define parallel_map_to(...) lade_parallel_map_to(__VA_ARGS__)

#define list(...)           lade_list(__VA_ARGS__)
#define tuple(...)          lade_tuple(__VA_ARGS__)
#define strings(...)        lade_strings(__VA_ARGS__)
#define set(...)            lade_set(__VA_ARGS__)
#define dict(...)           lade_dict(__VA_ARGS__)
#define dict_get(...)       lade_dict_get(__VA_ARGS__)
#define array(...)          lade_array(__VA_ARGS__)
#define list_auto(...)      lade_list_auto(__VA_ARGS__)
#define tuple_auto(...)     lade_tuple_auto(__VA_ARGS__)
#define container_free(...) lade_container_free(__VA_ARGS__)
#define len(...)            lade_len(__VA_ARGS__)
#define contains(...)       lade_contains(__VA_ARGS__)
#define reshape(...)        lade_reshape(__VA_ARGS__)
#define print(...)          lade_print(__VA_ARGS__)

#define batched(...) lade_batched(__VA_ARGS__)
#define sample(...)  lade_sample(__VA_ARGS__)

#define sum(...)    lade_sum(__VA_ARGS__)
#define min(...)    lade_min(__VA_ARGS__)
#define max(...)    lade_max(__VA_ARGS__)
#define count(...)  lade_count(__VA_ARGS__)
#define any(...)    lade_any(__VA_ARGS__)
#define all(...)    lade_all(__VA_ARGS__)
#define first(...)  lade_first(__VA_ARGS__)
#define nth(...)    lade_nth(__VA_ARGS__)
#define last(...)   lade_last(__VA_ARGS__)
#define reduce(...) lade_reduce(__VA_ARGS__)

#endif
#endif
