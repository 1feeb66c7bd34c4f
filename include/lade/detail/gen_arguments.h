/*
 * lade/detail/gen_arguments.h - counts the arguments of macros, and makes parameters and struct fields from the
 * arguments of lade_generator(). C and C++ use this header.
 */
#ifndef LADE_DETAIL_GEN_ARGUMENTS_H
#define LADE_DETAIL_GEN_ARGUMENTS_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/detail/gen_runtime.h>

/* ---- Arguments of a generator function --------------------------------------------------------------------------- */

#define LADE__CAT(a, b)    LADE__CAT_(a, b)
#define LADE__CAT_(a, b)   a##b
#define LADE__UNPAREN(...) __VA_ARGS__
#define LADE__NARG(...) \
    LADE__NARG_(__VA_ARGS__, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define LADE__NARG_(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, n, ...) n

#define LADE__DECL(T, name, proto)    \
    LADE_MUST_CHECK lade_gen_owned(T) \
    name proto

/*
 * The arguments of a generator function are pairs of a type and a name. X(type, name) is expanded for each pair. An
 * empty argument ends the list.
 */
#define LADE__PAIRS(X, ...) LADE__CAT(LADE__PAIRS_, LADE__NARG(__VA_ARGS__))(X, __VA_ARGS__)
#define LADE__PAIRS_1(X, end)
#define LADE__PAIRS_3(X, t, a, ...)  X(t, a)
#define LADE__PAIRS_5(X, t, a, ...)  X(t, a) LADE__PAIRS_3(X, __VA_ARGS__)
#define LADE__PAIRS_7(X, t, a, ...)  X(t, a) LADE__PAIRS_5(X, __VA_ARGS__)
#define LADE__PAIRS_9(X, t, a, ...)  X(t, a) LADE__PAIRS_7(X, __VA_ARGS__)
#define LADE__PAIRS_11(X, t, a, ...) X(t, a) LADE__PAIRS_9(X, __VA_ARGS__)
#define LADE__PAIRS_13(X, t, a, ...) X(t, a) LADE__PAIRS_11(X, __VA_ARGS__)
#define LADE__PAIRS_15(X, t, a, ...) X(t, a) LADE__PAIRS_13(X, __VA_ARGS__)
#define LADE__PARAMETER(t, a)        , t a
#define LADE__FIELD(t, a)            t a;
#ifdef __cplusplus
#define LADE__VALUE(t, a)    static_cast<t &&>(a),
#define LADE__ARGUMENT(t, a) , static_cast<t &&>(lade__f->a)
#else
#define LADE__VALUE(t, a)    a,
#define LADE__ARGUMENT(t, a) , lade__f->args.a
#endif

/* Expands to TWO for 2 arguments, to EVEN for an even number of arguments from 4 to 18, and to BAD for all other
   numbers. */
#define LADE__WORDS(...)                                                                                            \
    LADE__NARG_(__VA_ARGS__, BAD, BAD, EVEN, BAD, EVEN, BAD, EVEN, BAD, EVEN, BAD, EVEN, BAD, EVEN, BAD, EVEN, BAD, \
                EVEN, BAD, TWO, BAD, )

#define LADE__GENERATOR(storage, ...)              LADE__CAT(LADE__GENERATOR_, LADE__WORDS(__VA_ARGS__))(storage, __VA_ARGS__, )
#define LADE__GENERATOR_TWO(storage, T, name, end) LADE__DEFINE(storage, T, name, (void), (), (), (), ())
#define LADE__GENERATOR_EVEN(storage, T, name, t, a, ...)                           \
    LADE__DEFINE(storage, T, name, (t a LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)), \
                 (t a; LADE__PAIRS(LADE__FIELD, __VA_ARGS__)),                      \
                 (LADE__VALUE(t, a) LADE__PAIRS(LADE__VALUE, __VA_ARGS__)),         \
                 (LADE__ARGUMENT(t, a) LADE__PAIRS(LADE__ARGUMENT, __VA_ARGS__)),   \
                 (, t a LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)))
#define LADE__GENERATOR_BAD(...)                                                                               \
    _Static_assert(0, "generator(T, name, type, arg, ...): every argument needs a type and a name; at most 8 " \
                      "arguments")

#define LADE__GENERATOR_DECL(...)              LADE__CAT(LADE__GENERATOR_DECL_, LADE__WORDS(__VA_ARGS__))(__VA_ARGS__, )
#define LADE__GENERATOR_DECL_TWO(T, name, end) LADE__DECL(T, name, (void))
#define LADE__GENERATOR_DECL_EVEN(T, name, t, a, ...) \
    LADE__DECL(T, name, (t a LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)))
#define LADE__GENERATOR_DECL_BAD LADE__GENERATOR_BAD

/* LADE__GENERATOR_OVER() defines a generator that owns its source. The first pair is the source. */
#define LADE__GENERATOR_OVER(storage, ...) \
    LADE__CAT(LADE__GENERATOR_OVER_, LADE__WORDS(__VA_ARGS__))(storage, __VA_ARGS__, )
#ifdef __cplusplus
#define LADE__GENERATOR_OVER_EVEN(storage, T, name, U, source, ...) \
    LADE__GENERATOR_EVEN(storage, T, name, ::lade::generator<U>, source, __VA_ARGS__)
#define LADE__GENERATOR_OVER_2_EVEN(storage, T, name, U, a, V, b, ...) \
    LADE__GENERATOR_EVEN(storage, T, name, ::lade::generator<U>, a, ::lade::generator<V>, b, __VA_ARGS__)
#else
#define LADE__GENERATOR_OVER_2_EVEN(storage, T, name, U, a, V, b, ...)                                      \
    LADE__DEFINE_OVER(storage, T, name, (LADE__DROP_SOURCE(a) LADE__DROP_SOURCE(b)),                        \
                      (LADE__FREE_SOURCE(a) LADE__FREE_SOURCE(b)),                                          \
                      (lade_gen_owned(U) a, lade_gen_owned(V) b LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)), \
                      (lade_gen_owned(U) a; lade_gen_owned(V) b; LADE__PAIRS(LADE__FIELD, __VA_ARGS__)),    \
                      (a, b, LADE__PAIRS(LADE__VALUE, __VA_ARGS__)),                                        \
                      (, lade__f->args.a, lade__f->args.b LADE__PAIRS(LADE__ARGUMENT, __VA_ARGS__)),        \
                      (, lade_gen(U) a, lade_gen(V) b LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)))
#define LADE__GENERATOR_OVER_EVEN(storage, T, name, U, source, ...)                               \
    LADE__DEFINE_OVER(storage, T, name, (LADE__DROP_SOURCE(source)), (LADE__FREE_SOURCE(source)), \
                      (lade_gen_owned(U) source LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)),       \
                      (lade_gen_owned(U) source; LADE__PAIRS(LADE__FIELD, __VA_ARGS__)),          \
                      (source, LADE__PAIRS(LADE__VALUE, __VA_ARGS__)),                            \
                      (, lade__f->args.source LADE__PAIRS(LADE__ARGUMENT, __VA_ARGS__)),          \
                      (, lade_gen(U) source LADE__PAIRS(LADE__PARAMETER, __VA_ARGS__)))
#endif
#define LADE__GENERATOR_OVER_TWO LADE__GENERATOR_OVER_BAD
/* LADE__GENERATOR_OVER_2() defines a generator that owns two sources. The first two pairs are the sources. */
#define LADE__GENERATOR_OVER_2(storage, ...) \
    LADE__CAT(LADE__GENERATOR_OVER_2_, LADE__WORDS(__VA_ARGS__))(storage, __VA_ARGS__, )
#define LADE__GENERATOR_OVER_2_TWO LADE__GENERATOR_OVER_BAD
#define LADE__GENERATOR_OVER_2_BAD LADE__GENERATOR_OVER_BAD
#define LADE__GENERATOR_OVER_BAD(...)                                                                                \
    _Static_assert(0,                                                                                                \
                   "generator_over(T, name, U, source, type, arg, ...): every argument needs a type and a name; at " \
                   "most 7 arguments")

#endif
