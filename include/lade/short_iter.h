/*
 * lade/short_iter.h - includes short.h and defines the macros of iter.h and collect.h without the prefix lade_. Include
 * this header after all other headers, because names such as `sum`, `list` and `take` become macros with arguments. In
 * C++ this header defines nothing, for the same reason as short.h.
 *
 * A program may still have a variable or a member with the name `count`, because a macro with arguments is expanded
 * only before a `(`. If a program has a function with the name `count`, write #undef after the include, and use
 * lade_count() instead of the macro:
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

/*
 * The expansion of each short name contains this macro. If a program declares a function with a short name, the
 * declaration is a syntax error. The message of gcc contains the name of the enumerator, and the message of clang
 * contains the name of this macro.
 */
#ifdef __clang__
#define LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(...) __VA_ARGS__
#else
typedef void lade__void;
enum { write_undef_before_your_own_function };
#define LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(...) ((lade__void)write_undef_before_your_own_function, __VA_ARGS__)
#endif

#define in(...)       lade_in(__VA_ARGS__)
#define each(...)     lade_each(__VA_ARGS__)
#define list_of(...)  LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_list_of(__VA_ARGS__))
#define tuple_of(...) LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_tuple_of(__VA_ARGS__))
#define set_of(...)   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_set_of(__VA_ARGS__))
#define array_of(...) LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_array_of(__VA_ARGS__))
#define sum_of(...)   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_sum_of(__VA_ARGS__))
#define count_of(...) LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_count_of(__VA_ARGS__))
#define any_of(...)   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_any_of(__VA_ARGS__))
#define all_of(...)   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_all_of(__VA_ARGS__))
#define min_of(...)   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_min_of(__VA_ARGS__))
#define max_of(...)   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_max_of(__VA_ARGS__))

#define genexpr(...)             lade_genexpr(__VA_ARGS__)
#define genexpr_static(...)      lade_genexpr_static(__VA_ARGS__)
#define genexpr_over(...)        lade_genexpr_over(__VA_ARGS__)
#define genexpr_over_static(...) lade_genexpr_over_static(__VA_ARGS__)

#define range(...)           LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_range(__VA_ARGS__))
#define count_from(...)      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_count_from(__VA_ARGS__))
#define repeat(...)          LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_repeat(__VA_ARGS__))
#define from_array(...)      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_from_array(__VA_ARGS__))
#define from_string(...)     LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_from_string(__VA_ARGS__))
#define lines(...)           LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_lines(__VA_ARGS__))
#define lines_of(...)        LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_lines_of(__VA_ARGS__))
#define sized_lines(...)     LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_sized_lines(__VA_ARGS__))
#define sized_lines_of(...)  LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_sized_lines_of(__VA_ARGS__))
#define take(...)            LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_take(__VA_ARGS__))
#define drop(...)            LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_drop(__VA_ARGS__))
#define step(...)            LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_step(__VA_ARGS__))
#define filter(...)          LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_filter(__VA_ARGS__))
#define take_while(...)      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_take_while(__VA_ARGS__))
#define drop_while(...)      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_drop_while(__VA_ARGS__))
#define map(...)             LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_map(__VA_ARGS__))
#define map_to(...)          LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_map_to(__VA_ARGS__))
#define flat(...)            LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_flat(__VA_ARGS__))
#define accumulate(...)      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_accumulate(__VA_ARGS__))
#define accumulate_by(...)   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_accumulate_by(__VA_ARGS__))
#define cycle(...)           LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_cycle(__VA_ARGS__))
#define shuffle(...)         LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_shuffle(__VA_ARGS__))
#define window(...)          LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_window(__VA_ARGS__))
#define pairwise(...)        LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_pairwise(__VA_ARGS__))
#define chain(...)           LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_chain(__VA_ARGS__))
#define interleave(...)      LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_interleave(__VA_ARGS__))
#define merge(...)           LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_merge(__VA_ARGS__))
#define zip(...)             LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_zip(__VA_ARGS__))
#define enumerate(...)       LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_enumerate(__VA_ARGS__))
#define tee(...)             LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_tee(__VA_ARGS__))
#define prefetch(...)        LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_prefetch(__VA_ARGS__))
#define parallel_map(...)    LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_parallel_map(__VA_ARGS__))
#define parallel_map_to(...) LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_parallel_map_to(__VA_ARGS__))

#define list(...)           LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_list(__VA_ARGS__))
#define tuple(...)          LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_tuple(__VA_ARGS__))
#define strings(...)        LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_strings(__VA_ARGS__))
#define set(...)            LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_set(__VA_ARGS__))
#define dict(...)           LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_dict(__VA_ARGS__))
#define dict_get(...)       LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_dict_get(__VA_ARGS__))
#define array(...)          LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_array(__VA_ARGS__))
#define list_auto(...)      lade_list_auto(__VA_ARGS__)
#define tuple_auto(...)     lade_tuple_auto(__VA_ARGS__)
#define container_free(...) LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_container_free(__VA_ARGS__))
#define len(...)            LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_len(__VA_ARGS__))
#define contains(...)       LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_contains(__VA_ARGS__))
#define reshape(...)        LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_reshape(__VA_ARGS__))
#define print(...)          LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_print(__VA_ARGS__))

#define batched(...) LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_batched(__VA_ARGS__))
#define sample(...)  LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_sample(__VA_ARGS__))

#define sum(...)    LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_sum(__VA_ARGS__))
#define min(...)    LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_min(__VA_ARGS__))
#define max(...)    LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_max(__VA_ARGS__))
#define count(...)  LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_count(__VA_ARGS__))
#define any(...)    LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_any(__VA_ARGS__))
#define all(...)    LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_all(__VA_ARGS__))
#define first(...)  LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_first(__VA_ARGS__))
#define nth(...)    LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_nth(__VA_ARGS__))
#define last(...)   LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_last(__VA_ARGS__))
#define reduce(...) LADE__UNDEF_BEFORE_YOUR_OWN_FUNCTION(lade_reduce(__VA_ARGS__))

#endif
#endif
