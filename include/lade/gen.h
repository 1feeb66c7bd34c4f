/*
 * lade/gen.h - generators: functions that produce one item at a time and continue where they stopped (PEP 255, 342,
 * 380, 479).
 *
 *     lade_generator(long, nsquared, long, n) {
 *         for (; n; n--)
 *             lade_yield(n * n);
 *     }
 *
 *     lade_gen_auto(long) g = nsquared(10);
 *     for (long *p; (p = lade_next(g));)
 *         printf("%ld\n", *p);
 *     if (lade_gen_error(g))                                   // the loop ended because of an error
 *         fprintf(stderr, "%s\n", lade_gen_error(g)->message);
 *
 *     lade_for_each (x, nsquared(10)) {                        // break, return and goto close the generator
 *         printf("%ld\n", x);
 *     }
 *
 * <lade/short.h> defines the same macros without the prefix lade_: generator, yield, next, for_each, ...
 *
 * How it works. A generator function stores its items in a *port*. A port contains a *window*, which is memory for
 * items, and a function that is called when the window is full. lade_next() provides a port with a window of one item,
 * and the function of this port switches stacks. A reducer such as lade_sum() provides a port with a larger window, and
 * the function of this port reads the items or enlarges the window. So the same generator function works with both
 * kinds of port. A generator is *pulled* if lade_next() requests its items one at a time. A generator is *drained* if
 * one call runs it to its end; no stack is then switched. A generator function starts when its first item is requested.
 * If lade_next() makes this request, the function gets a stack of its own.
 *
 * Owned and named generators. A generator function returns an *owned* generator, lade_gen_owned(T). The consumer that
 * receives an owned generator must free it, and lade_for_each, lade_yield_from, reducers and combinators do so. A
 * generator that is stored in a variable, lade_gen(T) or lade_gen_auto(T), is *named*. Consumers borrow a named
 * generator, and the owner of the variable frees it. Owned and named generators have different types, so each macro
 * selects the right behaviour at compile time. Generators of different item types also have different types.
 *
 * Closing. If a generator is closed while it is suspended at a yield, `lade_yield` returns from the generator function.
 * The functions of lade_cleanup() are called, as after every return. Memory that is not freed by such a function leaks,
 * as in every C function that returns early.
 *
 * Threads. One thread at a time may use a generator. Between two items, another thread may continue with the generator,
 * if the generator function does not keep the address of a thread-local variable (for example errno) across a yield.
 * The generator function runs in the floating-point environment of the thread that resumes the generator, as a called
 * function does.
 *
 * Cancellation. If pthread_cancel() or pthread_exit() ends a thread while a generator function runs, glibc unwinds the
 * stacks of all generators that run on the thread, and the cleanup functions in code that was compiled with
 * -fexceptions are called. These generators have then ended with LADE_ERUNTIME, and another thread can free them. If
 * only the local variables of these generator functions point to other generators or to allocated memory, these other
 * generators and this memory are never freed. Other C libraries, for example musl, do not unwind: the generators stay
 * in the state LADE_GEN_RUNNING and cannot be freed. With such a C library, disable cancellation
 * (pthread_setcancelstate) while a thread uses generators.
 *
 * fork(). A child process can use the generators of the thread that called fork(), except a running lade_prefetch()
 * (see iter.h). A generator that runs on another thread of the parent can neither be resumed nor freed in the child.
 *
 * dlclose(). If dlclose() unloads lade, or a plugin that contains lade, the stacks and frames of all threads are
 * released. Before dlclose(), free all generators and stop all threads of lade_prefetch(). Other threads that used
 * generators may still run, and may end later.
 *
 * C++. All macros of this header work in C++17 if <lade/lade.hpp> is included. gen.hpp describes how generator
 * functions in C++ differ: arguments and locals may have any type, and errors are exceptions.
 */
#ifndef LADE_GEN_H
#define LADE_GEN_H

#pragma GCC system_header /* see gen_runtime.h */

#include <lade/base.h>
#include <lade/detail/gen_consume.h>
#include <lade/detail/gen_define.h>
#include <lade/gen/stacks.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Handles ----------------------------------------------------------------------------------------------------- */

/*
 * lade_gen(T)       - the type of a variable that holds a generator of T. Free the generator with lade_gen_free().
 * lade_gen_owned(T) - the type that a generator function returns. This type converts to lade_gen(T) by assignment. Use
 *                     this type for the result of your own functions that make a generator.
 * lade_gen_auto(T)  - declares a lade_gen(T) whose generator is closed and freed at the end of the scope.
 * lade_gen_move(g)  - returns the generator of the variable g as an owned generator, and sets g to NULL. The consumer
 *                     that receives the owned generator frees it.
 *
 * Generators of different T cannot be mixed. The compiler reports "incompatible pointer type" as an error.
 */
#define lade_gen(T)       __typeof__(__typeof__(T) *(*const *)(struct lade_brand *))
#define lade_gen_owned(T) __typeof__(__typeof__(T) *(**)(struct lade_brand *))
#define lade_gen_auto(T)  lade_cleanup(lade__gen_auto_end) lade_gen(T)
#define lade_gen_move(g)  ((__typeof__(lade__item(g) * (**)(struct lade_brand *)))lade__gen_move(lade__variable(g)))

/* ---- Writing a generator ----------------------------------------------------------------------------------------- */

/*
 * lade_generator(T, name, type, arg, ...) { ... } - defines a generator function `lade_gen_owned(T) name(type arg,
 * ...)` that yields items of type T and has up to 8 arguments. A call of the function copies the arguments and
 * allocates one small block of memory, but runs no line of the block (PEP 255). The call returns NULL if there is no
 * memory; every consumer treats NULL as a generator that ended with LADE_ENOMEM. The compiler warns if the result is
 * ignored.
 *
 * lade_generator_static()  - defines a generator function with internal linkage.
 * lade_generator_decl()    - declares a generator function, for headers and mutual recursion.
 *
 * T is any complete object type that is neither an array nor const. T and the types of the arguments may be aligned to
 * at most 16 bytes. The stack of a generator holds a copy of the item at each yield, so yield large items by pointer,
 * or enlarge the stack with lade_gen_stack(). The block after lade_generator() must not contain setjmp() or the address
 * of a label, because the compiler inlines the block twice. Functions that the block calls may contain both.
 */
#define lade_generator(...)        LADE__GENERATOR(, __VA_ARGS__)
#define lade_generator_static(...) LADE__GENERATOR(static __attribute__((unused)), __VA_ARGS__)
#define lade_generator_decl(...)   LADE__GENERATOR_DECL(__VA_ARGS__)

/*
 * lade_generator_over(T, name, U, source, type, arg, ...) { ... } - defines a generator function that owns and reads
 * another generator. The items of this other generator have the type U. The first argument of a call is an owned
 * generator, or lade_gen_move(g). In the block, this generator is the variable `source` of type lade_gen(U). This
 * generator is closed and freed when the function ends for any reason, and also if the function never starts. Up to 7
 * arguments may follow the source.
 *
 * A function that lade_generator() defines may also have an argument of type lade_gen(U). Such an argument is borrowed:
 * the caller passes a named generator, which must outlive the new generator.
 *
 *     lade_generator_over(long, doubled, long, source) {
 *         lade_for_each (x, source)
 *             lade_yield(2 * x);
 *     }
 *
 * lade_generator_over_static() - defines such a function with internal linkage.
 * lade_generator_over_2(T, name, U, a, V, b, type, arg, ...), lade_generator_over_2_static() - define a generator
 *     function that owns two generators, of U and of V. Up to 6 arguments may follow.
 */
#define lade_generator_over(...)          LADE__GENERATOR_OVER(, __VA_ARGS__)
#define lade_generator_over_static(...)   LADE__GENERATOR_OVER(static __attribute__((unused)), __VA_ARGS__)
#define lade_generator_over_2(...)        LADE__GENERATOR_OVER_2(, __VA_ARGS__)
#define lade_generator_over_2_static(...) LADE__GENERATOR_OVER_2(static __attribute__((unused)), __VA_ARGS__)

/*
 * lade_yield(v) - used in a generator function. Passes v to the consumer and continues when the next item is requested.
 * v is converted to T as in an assignment. A floating-point v for an integer T is a compile-time error.
 *
 * The expression has the type T. Its value is the value that lade_gen_send() passed, or zero if lade_next() resumed the
 * generator. If the generator was closed or an error was thrown into the generator, lade_yield returns from the
 * generator function instead.
 *
 * Cost: one store and one comparison if the generator is drained, a stack switch if it is pulled by lade_next().
 */
#define lade_yield(...) LADE__YIELD(__VA_ARGS__)

/*
 * lade_try_yield(v) - does the same as lade_yield(v), but never returns from the generator function. The value of the
 * expression is an int: 0, or the status of the error that was thrown into the generator (`try: yield v; except E as e:
 * ...`). A thrown error then counts as handled, and the generator function continues. The status LADE_EXIT means that
 * lade_gen_close() was called. The generator function must then clean up and return, because another yield is an error
 * (PEP 342).
 */
#define lade_try_yield(...) LADE__TRY_YIELD(__VA_ARGS__)

/*
 * lade_yield_from(g) - used in a generator function. Yields all items of g, a generator of the same T. Values that a
 *                      caller sends, errors that a caller throws and lade_gen_close() are forwarded to g (PEP 380).
 *
 * The expression has the type T. Its value is the value that g passed to lade_gen_return(), or zero. If g ends with an
 * error, or the delegating generator is closed, lade_yield_from returns from the generator function.
 *
 * If g has not started, it runs on the stack of the delegating generator, as a called function. So an item costs the
 * same at every depth of delegation. During the delegation, a named g has the state LADE_GEN_DELEGATED, and afterwards
 * LADE_GEN_DONE. The owner of a named g frees it.
 */
#define lade_yield_from(...) LADE__YIELD_FROM(__VA_ARGS__)

/*
 * lade_gen_return(v) - used in a generator function. Ends the generator with the result v (`return v`), which
 * lade_gen_result() returns. A plain `return`, or the end of the function, ends the generator without a result.
 */
#define lade_gen_return(...) LADE__RETURN(__VA_ARGS__)

/*
 * lade_fail(fmt, ...)              - used in a generator function. Ends the generator with an error of status
 *                                    LADE_ERUNTIME and a printf message (`raise RuntimeError`).
 * lade_fail_status(code, fmt, ...) - does the same with the status `code`. LADE_STOP becomes LADE_ERUNTIME (PEP 479).
 * lade_fail_with(err)              - does the same with a copy of a struct lade_error *.
 */
#define lade_fail(...)              LADE__FAIL(LADE_ERUNTIME, __VA_ARGS__)
#define lade_fail_status(code, ...) LADE__FAIL(code, __VA_ARGS__)
#define lade_fail_with(err)         LADE__FAIL_WITH(err)

/* ---- Using a generator ------------------------------------------------------------------------------------------- */

/*
 * lade_next(g) - runs the named generator g to its next yield.
 *
 * Returns a pointer (T *) to the item, which is valid until the generator is resumed, closed or freed. Returns NULL at
 * the end, and at every later call (StopIteration). If the generator failed, lade_gen_error(g) returns the error after
 * the first NULL. After later calls of lade_next(g), lade_gen_error(g) returns NULL. If g has the state
 * LADE_GEN_RUNNING or LADE_GEN_DELEGATED, lade_next(g) returns NULL, lade_gen_error(g) returns the error LADE_ESTATE,
 * and nothing else changes.
 *
 * Cost: two stack switches and no allocation. The first call takes a stack from the pool.
 */
#define lade_next(g) LADE__NEXT(g)

/*
 * lade_for_each (x, g) { ... }  or  lade_for_each (x, g, &err) { ... } - runs the block for each item. x is a new
 * variable of type T. If break, return or goto leaves the loop, an owned g is closed and freed, and a named g stays
 * suspended.
 *
 * An error of g ends the loop and is stored in err. If the loop has no argument &err and is in a generator function,
 * the error is raised in the generator of this function: the next yield returns from the generator function. If the
 * loop has no argument &err and is in another function, the error is passed to the hook of lade_set_unhandled_hook().
 */
#define lade_for_each(...) LADE__FOR_EACH(__VA_ARGS__)

/*
 * lade_gen_send(g, v) - resumes g. The lade_yield() at which g is suspended has the value v (of type T).
 *
 * Returns the same as lade_next(). If g has not started, returns NULL with the error LADE_ESTATE, and lade_next() can
 * still start g.
 */
#define lade_gen_send(g, ...) LADE__SEND(g, __VA_ARGS__)

/*
 * lade_gen_throw(g, code, fmt, ...) - raises an error in g at the yield at which g is suspended.
 *
 * @code  a negative status; any other value causes the error LADE_EINVAL. If g does not catch LADE_STOP, the error
 * becomes LADE_ERUNTIME.
 *
 * Returns the next item if the generator function caught the error (lade_try_yield) and yielded. Otherwise returns
 * NULL. lade_gen_error(g) then returns the error that ended g, or NULL if g caught the error and ended without another
 * error. If g has not started or has ended, the generator function does not run, and g ends with the error.
 */
#define lade_gen_throw(g, ...) LADE__THROW(g, __VA_ARGS__)

/*
 * lade_gen_close(g) - ends g: the yield at which g is suspended returns from the generator function, and cleanup
 * functions are called. If g has not started, nothing runs. A second call for the same g is allowed, and g may be NULL.
 *
 * Returns LADE_OK; LADE_ESTATE if g runs or another generator delegates to g; LADE_ERUNTIME if the generator function
 * yielded instead of ending; or the status of the error that the generator function raised during the close.
 * lade_gen_error(g) returns the details.
 */
#define lade_gen_close(g) lade__gen_close(lade__untyped(g))

/*
 * lade_gen_free(g) - closes the generator in the variable g, frees all its memory and sets g to NULL. If closing g
 *                    causes an error, or if g has an earlier error that the caller has not read, this error is passed
 *                    to the hook of lade_set_unhandled_hook(). g may be NULL.
 *
 * If the program has copied g to another variable, this copy is not set to NULL and must not be used. A function that
 * gets such a copy returns LADE_ESTATE until another generator uses the memory. AddressSanitizer and valgrind report
 * each use of such a copy.
 *
 * Returns LADE_OK. Returns LADE_ESTATE and does not change g if g runs, if another generator delegates to g, or if g
 * was already freed.
 */
#define lade_gen_free(g) lade__gen_free_at(lade__variable(g))

/*
 * lade_gen_error(g) - is called after lade_next() has returned NULL. Returns the error that ended g, or NULL if g ended
 * without an error. If the call of lade_next() was not allowed, returns the error LADE_ESTATE. If g is NULL, returns
 * the error LADE_ENOMEM. The error is borrowed and valid until g is used again.
 */
#define lade_gen_error(g) lade__gen_error(lade__untyped(g))

/*
 * lade_gen_result(g) - returns a pointer (T *) to the value that g passed to lade_gen_return(), or NULL if there is no
 * such value. The pointer is valid until g is freed.
 */
#define lade_gen_result(g) ((lade__item(g) *)lade__gen_result(lade__untyped(g)))

/*
 * lade_gen_state(g) - returns the state, an enum lade_gen_state, as inspect.getgeneratorstate() does in Python.
 */
#define lade_gen_state(g) lade__gen_state(lade__untyped(g))

enum lade_gen_state {
    LADE_GEN_CREATED,   /* the generator function has not started */
    LADE_GEN_SUSPENDED, /* suspended at a yield */
    LADE_GEN_RUNNING,   /* the generator function is running */
    LADE_GEN_DELEGATED, /* another generator delegates to this generator */
    LADE_GEN_DONE       /* the generator function returned or failed, or the generator was closed */
};

/*
 * lade_gen_delegate(g) - returns the generator, a lade_gen(T), to which g delegates now, or NULL (gi_yieldfrom in
 * Python). The returned generator is borrowed: the program may read its state and name, but must not resume it.
 */
#define lade_gen_delegate(g) ((lade_gen(lade__item(g)))(void *)lade__gen_delegate(lade__untyped(g)))

/*
 * lade_gen_name(g) - returns the name of the generator function, a static string, or "" if g is NULL.
 */
#define lade_gen_name(g) lade__gen_name(lade__untyped(g))

#ifdef __cplusplus
}
#endif
#endif
