/*
 * lade/short_iter.h - short.h, and the words of iter.h and collect.h without their prefix. Include it last: words such
 * as `sum`, `list` and `take` become macros (only where a round bracket follows).
 */
#ifndef LADE_SHORT_ITER_H
#define LADE_SHORT_ITER_H

#include <lade/collect.h>
#include <lade/iter.h>
#include <lade/short.h>

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

#define genexpr(...)        lade_genexpr(__VA_ARGS__)
#define genexpr_static(...) lade_genexpr_static(__VA_ARGS__)

#define take(...) lade_take(__VA_ARGS__)
#define drop(...) lade_drop(__VA_ARGS__)
#define step(...) lade_step(__VA_ARGS__)

#define list(...)           lade_list(__VA_ARGS__)
#define tuple(...)          lade_tuple(__VA_ARGS__)
#define set(...)            lade_set(__VA_ARGS__)
#define dict(...)           lade_dict(__VA_ARGS__)
#define dict_get(...)       lade_dict_get(__VA_ARGS__)
#define array(...)          lade_array(__VA_ARGS__)
#define list_auto(...)      lade_list_auto(__VA_ARGS__)
#define tuple_auto(...)     lade_tuple_auto(__VA_ARGS__)
#define drop_container(...) lade_drop_container(__VA_ARGS__)
#define len(...)            lade_len(__VA_ARGS__)
#define contains(...)       lade_contains(__VA_ARGS__)
#define reshape(...)        lade_reshape(__VA_ARGS__)
#define print(...)          lade_print(__VA_ARGS__)

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
