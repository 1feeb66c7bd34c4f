/*
 * lade/detail/iter_stages.h - the macros of iter.h for sources and for combinators of one generator. iter_functions.h
 * explains the adapters, which these macros select.
 */
#ifndef LADE_DETAIL_ITER_STAGES_H
#define LADE_DETAIL_ITER_STAGES_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/detail/iter_functions.h>

#ifndef __cplusplus

/*
 * These variables are never defined. If a call of a macro has the wrong number of arguments, the compiler reports the
 * mistake, and then reads the name of the macro as the name of a variable. Because of these declarations, the compiler
 * does not also report an unknown name.
 */
typedef struct lade__no_item *(**const lade__no_generator)(struct lade_brand *);
extern lade__no_generator lade_take, lade_drop, lade_step, lade_filter, lade_take_while, lade_drop_while, lade_map,
    lade_map_to, lade_flat, lade_accumulate, lade_accumulate_by, lade_cycle, lade_shuffle, lade_window, lade_pairwise,
    lade_zip, lade_enumerate, lade_prefetch, lade_parallel_map, lade_parallel_map_to, lade_batched;

/* ---- Choosing adapters ------------------------------------------------------------------------------------------- */

#define LADE__ASSOCIATE_TYPE(name, T, ...) \
    T:                                     \
    LADE__TYPE_##name,
/* The enum lade__type of x. */
#define lade__type_of(x)       _Generic((x), LADE__TYPES(LADE__ASSOCIATE_TYPE, ) default : LADE__TYPE_OTHER)
#define lade__is_number(x)     (lade__type_of(x) >= 1 && lade__type_of(x) <= LADE__TYPE_LAST_NUMBER)
#define lade__comparator_of(x) lade__comparator_for(lade__type_of(x))

/* Reports an error at compile time if @ok is false. If the type of the items is unknown because of an earlier error,
   there is no second message. */
#define LADE__CHECK_ITEMS(T, ok, message) LADE__REQUIRE((ok) || !lade__is_item(T), message)
/* Checks the type of the user's function, because an adapter that calls a function of another type would have undefined
   behaviour. */
#define LADE__CHECK_FUNCTION(T, ok, message)                                                      \
    enum { lade__valid = LADE__IS_VALID(lade__called), lade__right = !lade__is_item(T) || (ok) }; \
    LADE__REQUIRE(lade__right, message)
/* The item type of a combinator whose function was checked: U if the function has the correct type, otherwise struct
   lade__no_item. For items of this struct, the combinators that follow do not check their functions. */
#define lade__checked(U) lade__item_if(lade__valid &&lade__right, U)
/* The type of the parameter of a function that takes an item: T, or const T * if T is not in LADE__TYPES. */
#define lade__parameter(T) \
    __typeof__(*lade__select(lade__type_of(lade__some(T)) != LADE__TYPE_OTHER, (T *)0, (T const **)0))

/* Selects the adapter for a predicate f. The first two cases of the first _Generic are for functions that take a
   const T * although T is in LADE__TYPES. */
#define lade__predicate_of(f, T)                                        \
    lade__predicate_for(_Generic((f), bool (*)(T const *)               \
                                 : LADE__TYPE_OTHER, int (*)(T const *) \
                                 : LADE__TYPE_OTHER, default            \
                                 : lade__type_of(lade__some(T))),       \
                        _Generic((f), bool (*)(T const *)               \
                                 : LADE__TYPE_boolean, bool (*)(T)      \
                                 : LADE__TYPE_boolean, default          \
                                 : LADE__TYPE_int))
#define lade__is_predicate(f, T)                                               \
    _Generic((f), bool (*)(T const *) : 1, int (*)(T const *) : 1, bool (*)(T) \
             : lade__type_of(lade__some(T)) != LADE__TYPE_OTHER, int (*)(T)    \
             : lade__type_of(lade__some(T)) != LADE__TYPE_OTHER, default : 0)

/* f is a function that takes a P. lade__result_of() is the type of the result of f. lade__result_type_of() is the enum
   lade__type of this type. */
#define LADE__ASSOCIATE_RESULT_TYPE(name, U, dtype, P) U (*)(P) : LADE__TYPE_##name,
#define LADE__ASSOCIATE_RESULT(name, U, dtype, P)      U (*)(P) : (U *)0,
#define lade__result_type_of(f, P)                     _Generic((f), LADE__TYPES(LADE__ASSOCIATE_RESULT_TYPE, P) default : LADE__TYPE_OTHER)
#define lade__result_of(f, P) \
    __typeof__(*_Generic((f), LADE__TYPES(LADE__ASSOCIATE_RESULT, P) default : (struct lade__no_item *)0))

/* ---- One source -------------------------------------------------------------------------------------------------- */

/*
 * Each macro stores its generator in lade__source by LADE__BIND() and uses only this name, so that the preprocessed
 * text of a pipeline grows by a constant for each stage. The names of two stages do not clash, because each stage has
 * its own block.
 */
/* The last statements of a statement expression. They call the combinator f(source, owned, ...), where `owned` is 1 for
   an owned source and 0 for a named source. The result is an owned generator of U. */
#define LADE__COMBINE(U, f, ...) LADE__MADE(U, f(lade__bound, lade__owned, __VA_ARGS__))
/* The variable has a given type, so that the statement expression has a type even if `generator` contains an error. */
#define LADE__MADE(U, generator)             \
    struct lade_gen *lade__made = generator; \
    (__typeof__(U) *(**)(struct lade_brand *))(void *) lade__made

/* Expands to n, or to 0 if the source contains an error. For example, the arguments in take(10, g) are in the wrong
   order, and the compiler must not print a second message for the argument n. */
#define lade__if_item(n) __builtin_choose_expr(lade__is_item(lade__source_item), (n), 0)
#define LADE__LINEAR(g, f, ...)                           \
    __extension__({                                       \
        LADE__BIND(g);                                    \
        LADE__COMBINE(lade__source_item, f, __VA_ARGS__); \
    })
#define LADE__PREFETCH(g, n)                                                                             \
    __extension__({                                                                                      \
        LADE__BIND(g);                                                                                   \
        LADE__REQUIRE(lade__owned, "prefetch: pass an owned generator, or gen_move(g) for a named one"); \
        LADE__COMBINE(lade__source_item, lade__prefetch, n);                                             \
    })
#define LADE__WINDOW(g, n)                                         \
    __extension__({                                                \
        LADE__BIND(g);                                             \
        LADE__COMBINE(const lade__source_item *, lade__window, n); \
    })
/* Stores the function f in lade__called, so that the text of f is expanded once. */
#define LADE__CALL(f) __auto_type lade__called = (f)
#define LADE__CALLED  (lade__function *)(void *)lade__if_pointer(lade__called)
#define LADE__FILTERED(combinator, f, g)                                                                  \
    __extension__({                                                                                       \
        LADE__BIND(g);                                                                                    \
        LADE__CALL(f);                                                                                    \
        LADE__CHECK_FUNCTION(lade__source_item, lade__is_predicate(lade__called, lade__source_item),      \
                             "write the function as bool f(T) if the items are numbers or strings, else " \
                             "as bool f(const T *); T must be exactly the item type");                    \
        LADE__COMBINE(lade__checked(lade__source_item), combinator,                                       \
                      lade__predicate_of(lade__called, lade__source_item), LADE__CALLED);                 \
    })

/* Each of these macros calls the combinator map or parallel_map. The last argument of LADE__MAP_() and LADE__MAP_TO_() is
   appended to the arguments of the combinator. It is empty, or a comma and `workers`. */
#define LADE__MAP(f, g)                         LADE__MAP_(lade__map, f, g, )
#define LADE__PARALLEL_MAP(f, g, workers)       LADE__MAP_(lade__parallel_map, f, g, LADE__MORE(workers))
#define LADE__MAP_TO(U, f, g)                   LADE__MAP_TO_(lade__map, U, f, g, )
#define LADE__PARALLEL_MAP_TO(U, f, g, workers) LADE__MAP_TO_(lade__parallel_map, U, f, g, LADE__MORE(workers))
#define LADE__MORE(...)                         , __VA_ARGS__
#define LADE__MAP_(combinator, f, g, ...)                                                                  \
    __extension__({                                                                                        \
        LADE__BIND(g);                                                                                     \
        LADE__CALL(f);                                                                                     \
        typedef lade__parameter(lade__source_item) lade__argument;                                         \
        typedef lade__result_of(lade__called, lade__argument) lade__result;                                \
        LADE__CHECK_FUNCTION(lade__source_item, lade__is_item(lade__result),                               \
                             "write the function as U f(T) if the items are numbers or strings, else as "  \
                             "U f(const T *); T must be exactly the item type, and U a number or string"); \
        LADE__COMBINE(lade__checked(lade__result), combinator, sizeof(lade__result),                       \
                      lade__class_at((lade__result *)0),                                                   \
                      lade__mapper_for(lade__type_of(lade__some(lade__source_item)),                       \
                                       lade__result_type_of(lade__called, lade__argument)),                \
                      LADE__CALLED __VA_ARGS__);                                                           \
    })
#define LADE__MAP_TO_(combinator, U, f, g, ...)                                                              \
    __extension__({                                                                                          \
        LADE__BIND(g);                                                                                       \
        LADE__CALL(f);                                                                                       \
        LADE__CHECK_FUNCTION(                                                                                \
            lade__source_item,                                                                               \
            _Generic((lade__called), void (*)(lade__source_item const *, __typeof__(U) *) : 1, default : 0), \
            "map_to(U, f, g): write the function as void f(const T *item, U *result); T must be "            \
            "exactly the item type");                                                                        \
        LADE__COMBINE(lade__checked(U), combinator, sizeof(__typeof__(U)), lade__item_class(lade__some(U)),  \
                      lade__mapper_for(LADE__TYPE_OTHER, LADE__TYPE_OTHER), LADE__CALLED __VA_ARGS__);       \
    })

#define LADE__ACCUMULATE(g)                                                                       \
    __extension__({                                                                               \
        LADE__BIND(g);                                                                            \
        LADE__CHECK_ITEMS(lade__source_item,                                                      \
                          lade__is_number(lade__some(lade__source_item)) &&                       \
                              lade__type_of(lade__some(lade__source_item)) != LADE__TYPE_boolean, \
                          "accumulate: the items must be numbers, and not bool; map them first"); \
        LADE__COMBINE(lade__source_item, lade__accumulate,                                        \
                      lade__adder_for(lade__type_of(lade__some(lade__source_item))));             \
    })
#define LADE__ACCUMULATE_BY(f, g)                                                                                      \
    __extension__({                                                                                                    \
        LADE__BIND(g);                                                                                                 \
        LADE__CALL(f);                                                                                                 \
        LADE__CHECK_FUNCTION(                                                                                          \
            lade__source_item,                                                                                         \
            lade__type_of(lade__some(lade__source_item)) != LADE__TYPE_OTHER &&                                        \
                _Generic((lade__called), lade__source_item(*)(lade__source_item, lade__source_item) : 1, default : 0), \
            "accumulate_by: write the function as T f(T, T); T must be exactly the item "                              \
            "type, a number or string");                                                                               \
        LADE__COMBINE(lade__checked(lade__source_item), lade__accumulate_by,                                           \
                      lade__folder_for(lade__type_of(lade__some(lade__source_item))), LADE__CALLED);                   \
    })

#define LADE__FLAT(g)                                                                                           \
    __extension__({                                                                                             \
        LADE__BIND(g);                                                                                          \
        typedef lade__item(lade__some(lade__source_item)) lade__inner;                                          \
        LADE__COMBINE(lade__inner, lade__flat, sizeof(lade__inner), lade__item_class(lade__some(lade__inner))); \
    })

#define LADE__RANGE_1(n)          lade__range(0, n, 1)
#define LADE__RANGE_2(a, b)       lade__range(a, b, 1)
#define LADE__RANGE_3(a, b, step) lade__range(a, b, step)

#define LADE__REPEAT_1(v) LADE__REPEAT_2(v, -1)
#define LADE__REPEAT_2(v, n)                                                                  \
    __extension__({                                                                           \
        __auto_type lade__value = (v);                                                        \
        (lade_gen_owned(__typeof__(lade__value)))(void *)                                     \
            lade__repeat(&lade__value, sizeof lade__value, lade__item_class(lade__value), n); \
    })
#define LADE__FROM_ARRAY_1(a)                                                                         \
    __extension__({                                                                                   \
        enum { lade__fits = lade__is_array(a) };                                                      \
        LADE__REQUIRE(lade__fits, "from_array(a) needs an array of known size; for a pointer, write " \
                                  "from_array(p, number of items)");                                  \
        LADE__FROM_ARRAY_2(a, sizeof(a) / (0 + sizeof *(a)));                                         \
    })
#define LADE__FROM_ARRAY_2(p, n)                                                                                       \
    __extension__({                                                                                                    \
        const __auto_type lade__items = lade__select(lade__is_pointer(p), (p), (struct lade__no_item *)0);             \
        LADE__REQUIRE(lade__is_pointer(p), "from_array(p, n): p must be an array or a pointer to its first item");     \
        (lade_gen_owned(lade__plain(lade__items)))(void *)                                                             \
            lade__from_array(lade__items, sizeof *lade__items, lade__item_class(lade__some(lade__plain(lade__items))), \
                             (n), LADE__HAS_LITERAL(p));                                                               \
    })

#endif /* __cplusplus */

#endif
