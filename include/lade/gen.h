/*
 * lade/gen.h - generators: functions that give one item at a time and remember where they were (PEP 255, 342, 380,
 * 479).
 *
 *     lade_generator(long, nsquared, long, n) {
 *         for (; n; n--)
 *             lade_yield(n * n);
 *     }
 *
 *     lade_gen_auto(long) g = nsquared(10);
 *     for (long *p; (p = lade_next(g));)
 *         printf("%ld\n", *p);
 *     if (lade_gen_error(g))                                   // NULL from lade_next: the end, or an error
 *         fprintf(stderr, "%s\n", lade_gen_error(g)->message);
 *
 *     lade_for_each (x, nsquared(10)) {                        // break, return and goto close the generator
 *         printf("%ld\n", x);
 *     }
 *
 * <lade/short.h> gives the same words without the prefix: generator, yield, next, for_each, ...
 *
 * How it works. A body stores its items at a *port*: a window of room for items, and a function that is called when the
 * window is full. `lade_next` is a window of one that switches stacks when it is full; a reducer is a larger window
 * that is summed or grown; so one compiled body serves both, and a body that is drained never switches. A body starts
 * only when it is asked for its first item, and it gets a stack of its own only when that is asked by lade_next.
 *
 * Two types of handle. What a generator function returns is *owned*, lade_gen_owned(T): the one who takes it owns it,
 * and every consumer (lade_for_each, lade_yield_from, reducers, combinators) closes and frees it. Once it is kept in a
 * variable, lade_gen(T) or lade_gen_auto(T), it is *named*: consumers borrow it, its owner frees it. The compiler tells
 * the two apart, and tells generators of different item types apart.
 *
 * Closing. A generator that is closed at a yield returns from there: `lade_yield` itself returns from the body, so
 * cleanup attributes run as after any return. Memory that is in no lade_cleanup() variable leaks, as in any C function
 * left early.
 *
 * Threads. A generator is used by one thread at a time; between two items it may move to another thread. A body that
 * keeps something thread-local (errno included) across a yield must stay on its thread. The floating-point environment
 * is the resumer's, as in a called function.
 */
#ifndef LADE_GEN_H
#define LADE_GEN_H

#include <lade/base.h>
#include <lade/gen_detail.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Handles ----------------------------------------------------------------------------------------------------- */

/*
 * lade_gen(T)       - the type of a generator of T that somebody holds by name; free it with lade_gen_free().
 * lade_gen_owned(T) - the type a generator function returns: not yet held by a name. Converts to lade_gen(T) by
 *                     assignment; give it as the result type of functions that return a generator they made.
 * lade_gen_auto(T)  - declares a lade_gen(T) that is closed and freed at the end of its scope.
 * lade_gen_move(g)  - a named generator as an owned one: the consumer it is given to owns it from now on.
 *
 * Handles of different T do not mix: the compiler says "incompatible pointer type", which this header makes an error.
 */
#define lade_gen(T)       __typeof__(__typeof__(T) *(*const *)(struct lade_brand *))
#define lade_gen_owned(T) __typeof__(__typeof__(T) *(**)(struct lade_brand *))
#define lade_gen_auto(T)  lade_cleanup(lade__gen_auto_end) lade_gen(T)
#define lade_gen_move(g)  ((__typeof__(lade__item(g) * (**)(struct lade_brand *)))lade__untyped(g))

/* ---- Writing a generator ----------------------------------------------------------------------------------------- */

/*
 * lade_generator(T, name, type, arg, ...) { body } - define a generator function `lade_gen_owned(T) name(type arg,
 * ...)` with items of type T and up to 8 arguments. Calling it copies the arguments and runs nothing of the body (PEP
 * 255); it costs one small allocation. It returns NULL where there is no memory: every consumer takes NULL as a
 * generator that ended with LADE_ENOMEM. Ignoring the result is warned of.
 *
 * lade_generator_static()  - the same with internal linkage.
 * lade_generator_decl()    - declares one, for headers and mutual recursion.
 *
 * T is any complete object type but an array, and not const; neither T nor an argument may be aligned to more than 16
 * bytes. A body holds a copy of the item at each yield: yield large items by pointer, or give the body a stack to match
 * (lade_gen_stack()). A body is inlined into its two entries, so it cannot contain what compilers do not inline,
 * setjmp() and the address of a label; functions that it calls can.
 */
#define lade_generator(...)        LADE__GENERATOR(, __VA_ARGS__)
#define lade_generator_static(...) LADE__GENERATOR(static __attribute__((unused)), __VA_ARGS__)
#define lade_generator_decl(...)   LADE__GENERATOR_DECL(__VA_ARGS__)

/*
 * lade_generator_over(T, name, U, source, type, arg, ...) { body } - a generator over another one, of U, which it owns:
 * the constructor takes an owned generator (or lade_gen_move(g)), the body sees it as a named lade_gen(U), and it is
 * closed and freed when the body is over, however it ends, or was never begun. An ordinary argument of type lade_gen(U)
 * is only borrowed: it must be given a named generator that outlives this one. Up to 7 arguments behind the source.
 *
 *     lade_generator_over(long, doubled, long, source) {
 *         lade_for_each (x, source)
 *             lade_yield(2 * x);
 *     }
 *
 * lade_generator_over_static() - the same with internal linkage.
 */
#define lade_generator_over(...)        LADE__GENERATOR_OVER(, __VA_ARGS__)
#define lade_generator_over_static(...) LADE__GENERATOR_OVER(static __attribute__((unused)), __VA_ARGS__)

/*
 * lade_yield(v) - inside a body: hand out v, converted to T as by assignment (but floating to integer is refused), and
 * go on when the next item is asked for. An expression of type T: what was sent by lade_gen_send(), zero after
 * lade_next(). If the generator was closed, or an error was thrown into it, lade_yield returns from the body.
 *
 * Cost: one store and one compare when drained, a stack switch when pulled.
 */
#define lade_yield(...) LADE__YIELD(__VA_ARGS__)

/*
 * lade_try_yield(v) - lade_yield that does not return from the body: an int expression, 0 or the status that was thrown
 * in (`try: yield v; except E as e: ...`). Caught that way the error is gone and the body goes on; LADE_EXIT (close)
 * cannot be caught for good: clean up and return, for another yield is an error (PEP 342).
 */
#define lade_try_yield(...) LADE__TRY_YIELD(__VA_ARGS__)

/*
 * lade_yield_from(g) - inside a body: hand out all items of g, a generator of the same T; what is sent, thrown or
 * closed from outside goes through to g (PEP 380). An expression of type T: what g gave to lade_gen_return(), else
 * zero. If g ends with an error, or the delegation is closed, lade_yield_from returns from the body.
 *
 * An owned g that has not begun runs on the same stack, as a call: any depth of delegation costs nothing per item. A
 * named g is DELEGATED meanwhile and DONE afterwards; its owner still frees it.
 */
#define lade_yield_from(g) LADE__YIELD_FROM(g)

/*
 * lade_gen_return(v) - inside a body: end, with the result v (`return v`); see lade_gen_result(). A plain `return` or
 * the end of the body ends without a result.
 */
#define lade_gen_return(...) LADE__RETURN(__VA_ARGS__)

/*
 * lade_fail(fmt, ...)             - inside a body: end with an error, status LADE_ERUNTIME (`raise RuntimeError`).
 * lade_fail_status(code, fmt, ...)  - the same with another status; LADE_STOP becomes LADE_ERUNTIME (PEP 479).
 * lade_fail_with(err)             - the same with the status and words of a struct lade_error *.
 */
#define lade_fail(...)              LADE__FAIL(LADE_ERUNTIME, __VA_ARGS__)
#define lade_fail_status(code, ...) LADE__FAIL(code, __VA_ARGS__)
#define lade_fail_with(err)         LADE__FAIL_WITH(err)

/* ---- Using a generator ------------------------------------------------------------------------------------------- */

/*
 * lade_next(g) - run the named generator g to its next yield.
 *
 * Returns a pointer (T *) to the item, which lives until the generator is resumed, closed or freed; NULL at the end,
 * and for ever after (StopIteration). After an error the first NULL has it in lade_gen_error(g); later ones are plain
 * ends. Misuse is such an error too, LADE_ESTATE, and changes nothing: g is running already, or is being delegated to.
 *
 * Cost: two stack switches, no allocation; the first call takes a stack from the pool.
 */
#define lade_next(g) LADE__NEXT(g)

/*
 * lade_for_each (x, g) { ... }  or  lade_for_each (x, g, &err) { ... } - run the block with x, a new variable of type
 * T, for each item. Leaving the block by break, return or goto closes an owned g; a named one stays as it is.
 *
 * An error of g ends the loop and goes to err. Without err: inside a generator body it becomes the body's own error
 * (its next yield returns); elsewhere lade_set_unhandled_hook()'s hook hears of it.
 */
#define lade_for_each(...) LADE__FOR_EACH(__VA_ARGS__)

/*
 * lade_gen_send(g, v) - resume g with v (type T) as the value of the yield it waits in.
 *
 * Returns as lade_next(). Sending to a generator that has not begun is LADE_ESTATE and leaves it as it is.
 */
#define lade_gen_send(g, ...) LADE__SEND(g, __VA_ARGS__)

/*
 * lade_gen_throw(g, code, fmt, ...) - raise an error in g, at the yield where it waits.
 *
 * @code  a negative status; 0 or more is refused by LADE_EINVAL. LADE_STOP that is not caught becomes LADE_ERUNTIME.
 *
 * Returns the next item if the body caught it (lade_try_yield) and yielded; else NULL: with lade_gen_error(g) the error
 * that came out, or without if the body caught it and ended. Thrown into a generator that has not begun it ends that
 * without running it; thrown into one that has ended it comes straight back.
 */
#define lade_gen_throw(g, ...) LADE__THROW(g, __VA_ARGS__)

/*
 * lade_gen_close(g) - end g: its yield returns from the body, cleanup attributes run. One that has not begun runs
 * nothing; closing twice is fine, NULL too.
 *
 * Returns LADE_OK; LADE_ESTATE: g is running or being delegated to; LADE_ERUNTIME: the body yielded again instead of
 * ending; or the status the body failed with meanwhile, words in lade_gen_error(g).
 */
#define lade_gen_close(g) lade__gen_close(lade__untyped(g))

/*
 * lade_gen_free() - close g and give back all it holds. An error that comes up meanwhile, and one that nobody has asked
 * for, goes to the unhandled-error hook. NULL is fine.
 *
 * Returns LADE_OK, or LADE_ESTATE: g is running or being delegated to, and stays as it is.
 */
#define lade_gen_free(g) lade__gen_free(lade__untyped(g))

/*
 * lade_gen_error(g) - after NULL: the error that ended g (or the misuse), or NULL at a plain end. Borrowed: it lives
 * until g is used again. A NULL g has the error LADE_ENOMEM.
 */
#define lade_gen_error(g) lade__gen_error(lade__untyped(g))

/*
 * lade_gen_result(g) - pointer (T *) to what the body gave to lade_gen_return(), or NULL. Lives as long as g.
 */
#define lade_gen_result(g) ((lade__item(g) *)lade__gen_result(lade__untyped(g)))

/*
 * lade_gen_state(g) - where g stands; see enum lade_gen_state. Python's inspect.getgeneratorstate().
 */
#define lade_gen_state(g) lade__gen_state(lade__untyped(g))

enum lade_gen_state {
    LADE_GEN_CREATED,   /* nothing of the body has run */
    LADE_GEN_SUSPENDED, /* waiting at a yield */
    LADE_GEN_RUNNING,   /* the body is running now */
    LADE_GEN_DELEGATED, /* another generator yields from it */
    LADE_GEN_DONE       /* ended, failed or closed */
};

/*
 * lade_gen_delegate(g) - the lade_gen(T) that g is yielding from, or NULL (gi_yieldfrom). Borrowed; look, do not use.
 */
#define lade_gen_delegate(g) ((lade_gen(lade__item(g)))(void *)lade__gen_delegate(lade__untyped(g)))

/*
 * lade_gen_name(g) - the name it was defined by; a static string, "" for NULL.
 */
#define lade_gen_name(g) lade__gen_name(lade__untyped(g))

/* ---- Stacks ------------------------------------------------------------------------------------------------------ */

/*
 * lade_set_stack_size() - virtual bytes of stack for generators started from now on; default 65536, rounded up to a
 * power of two. Only touched pages take memory. Below each stack lies a guard: running over it is SIGSEGV.
 *
 * Returns LADE_OK, or LADE_EINVAL: less than 32 KiB or more than 1 GiB. Any thread.
 */
LADE_API int lade_set_stack_size(size_t bytes);

/*
 * lade_gen_stack(g, bytes) - have the body of g, which has not begun, find at least so much stack, rounded up to a
 * power of two. For bodies that call deep into other libraries:
 *
 *     lade_gen_owned(row) rows(db *db) { return lade_gen_stack(rows_body(db), 1 << 20); }
 *
 * Returns g, owned or named as it was; a NULL g too, and a size out of range counts as the nearest one within.
 */
#define lade_gen_stack(g, bytes) ((__typeof__(g))(void *)lade__gen_stack(lade__untyped(g), bytes))

/*
 * lade_call_with_stack() - call f(ctx) where it finds at least so many bytes of stack: right here if they are left,
 * else on a stack from the pool, and return when it returns. For a body, or a function that bodies call, which needs
 * much stack in one place only.
 *
 * Returns LADE_OK, or, f not called, LADE_ENOMEM or LADE_ELIMIT with @err filled: no stack could be had. Any thread.
 */
LADE_API int lade_call_with_stack(size_t bytes, void (*f)(void *ctx), void *ctx, struct lade_error *err);

/*
 * lade_release_stacks() - give the memory of all pooled stacks not in use back to the system. Any thread.
 */
LADE_API void lade_release_stacks(void);

#ifdef __cplusplus
}
#endif
#endif
