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
 *     if (lade_gen_error(g))                                   // NULL means the end or an error
 *         fprintf(stderr, "%s\n", lade_gen_error(g)->message);
 *
 *     lade_for_each (x, nsquared(10)) {                        // break, return and goto close the generator
 *         printf("%ld\n", x);
 *     }
 *
 * <lade/short.h> defines the same words without the prefix: generator, yield, next, for_each, ...
 *
 * How it works. A generator function stores its items in a *port*. A port contains a window, which is memory for items,
 * and a function that is called when the window is full. lade_next() uses a window of one item, and the function
 * switches stacks. A reducer uses a larger window, and the function reads or enlarges the window. So the same generator
 * function works in both cases, and it runs without a stack switch if it is drained. A generator function starts when
 * its first item is requested. It gets a stack of its own when lade_next() requests the first item.
 *
 * Owned and named generators. A generator function returns an *owned* generator, lade_gen_owned(T). The consumer that
 * receives it owns it: lade_for_each, lade_yield_from, reducers and combinators close and free it. A generator that is
 * stored in a variable, lade_gen(T) or lade_gen_auto(T), is *named*. Consumers borrow a named generator, and the owner
 * of the variable frees it. Owned and named generators have different types, so each macro selects the right behaviour
 * at compile time. Generators of different item types also have different types.
 *
 * Closing. If a generator is closed while it is suspended at a yield, `lade_yield` returns from the generator function.
 * Cleanup attributes run as after every return. Memory that no lade_cleanup() variable holds leaks, as in every C
 * function that returns early.
 *
 * Threads. One thread at a time may use a generator. Between two items another thread may continue with the generator,
 * unless the generator function keeps the address of a thread-local variable (for example errno) across a yield. The
 * generator function runs in the floating-point environment of the thread that resumes the generator, as a called
 * function does.
 *
 * Cancellation. If pthread_cancel() or pthread_exit() ends a thread while a generator function runs, glibc unwinds the
 * stacks of all generators that run on the thread, and the cleanup attributes of functions that were compiled with
 * -fexceptions run. The generators have then ended with LADE_ERUNTIME, and another thread can free them. Generators and
 * memory that only these generator functions owned leak. Other C libraries, for example musl, do not unwind: there the
 * generators stay LADE_GEN_RUNNING and cannot be freed, so disable cancellation (pthread_setcancelstate) while a
 * thread uses generators.
 *
 * fork(). A child process can use the generators of the thread that called fork(), except a running lade_prefetch()
 * (see iter.h). A generator that runs on another thread of the parent can neither be resumed nor freed in the child.
 *
 * dlclose(). If dlclose() unloads lade, or a plugin that contains it, the stacks and frames of all threads are
 * released. Free all generators and stop all prefetch threads before. Threads that used generators may end later.
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

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Handles ----------------------------------------------------------------------------------------------------- */

/*
 * lade_gen(T)       - the type of a variable that holds a generator of T. Free the generator with lade_gen_free().
 * lade_gen_owned(T) - the type that a generator function returns. It converts to lade_gen(T) by assignment. Use it as
 *                     the result type of functions that make a generator and return it.
 * lade_gen_auto(T)  - declares a lade_gen(T) whose generator is closed and freed at the end of the scope.
 * lade_gen_move(g)  - takes the generator out of the variable g, which is NULL afterwards, and returns it as an owned
 *                     generator. The consumer that receives it frees it.
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
 * ...)` that yields items of type T and has up to 8 arguments. A call copies the arguments, allocates one small block
 * of memory and runs no line of the function (PEP 255). It returns NULL if there is no memory; every consumer treats
 * NULL as a generator that ended with LADE_ENOMEM. The compiler warns if the result is ignored.
 *
 * lade_generator_static()  - defines a generator function with internal linkage.
 * lade_generator_decl()    - declares a generator function, for headers and mutual recursion.
 *
 * T is any complete object type except an array, and is not const. T and the types of the arguments may be aligned to
 * at most 16 bytes. The stack of a generator holds a copy of the item at each yield, so yield large items by pointer,
 * or enlarge the stack with lade_gen_stack(). The block after lade_generator() must not contain setjmp() or the address
 * of a label, because it is inlined twice; functions that it calls may contain both.
 */
#define lade_generator(...)        LADE__GENERATOR(, __VA_ARGS__)
#define lade_generator_static(...) LADE__GENERATOR(static __attribute__((unused)), __VA_ARGS__)
#define lade_generator_decl(...)   LADE__GENERATOR_DECL(__VA_ARGS__)

/*
 * lade_generator_over(T, name, U, source, type, arg, ...) { ... } - defines a generator function that reads another
 * generator, of U, and owns it. A call takes an owned generator, or lade_gen_move(g). Inside, `source` is a named
 * lade_gen(U). It is closed and freed when the function ends for any reason, and also if the function never starts.
 * Up to 7 arguments may follow the source.
 *
 * Without _over, an argument of type lade_gen(U) is only borrowed: the caller passes a named generator that outlives
 * the new one.
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
 * v is converted to T as by assignment, but a floating value is not converted to an integer.
 *
 * The value of the expression has type T: the value that lade_gen_send() passed, or zero after lade_next(). If the
 * generator was closed or an error was thrown into it, lade_yield returns from the generator function instead.
 *
 * Cost: one store and one comparison if the generator is drained, a stack switch if it is pulled by lade_next().
 */
#define lade_yield(...) LADE__YIELD(__VA_ARGS__)

/*
 * lade_try_yield(v) - does the same as lade_yield(v), but never returns from the generator function. The value
 * of the expression is an int: 0, or the status of the error that was thrown into the generator (`try: yield v; except
 * E as e: ...`). The error is then handled, and the generator function continues. LADE_EXIT, which lade_gen_close()
 * raises, must not be ignored: clean up and return, because another yield is an error (PEP 342).
 */
#define lade_try_yield(...) LADE__TRY_YIELD(__VA_ARGS__)

/*
 * lade_yield_from(g) - used in a generator function. Yields all items of g, a generator of the same T. Values that a
 *                      caller sends, errors that a caller throws and lade_gen_close() are forwarded to g (PEP 380).
 *
 * The value of the expression has type T: the value that g passed to lade_gen_return(), otherwise zero. If g ends with
 * an error, or the delegating generator is closed, lade_yield_from returns from the generator function.
 *
 * A g that has not started runs on the same stack, as a called function, so items cost the same at every depth of
 * delegation. During the delegation a named g has the state LADE_GEN_DELEGATED, and afterwards LADE_GEN_DONE. The owner
 * of g frees it.
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
 * lade_fail_status(code, fmt, ...) - does the same with another status. LADE_STOP becomes LADE_ERUNTIME (PEP 479).
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
 * the first NULL, and NULL after later calls. If g is running or DELEGATED, lade_next(g) returns NULL,
 * lade_gen_error(g) returns the error LADE_ESTATE, and nothing else changes.
 *
 * Cost: two stack switches and no allocation. The first call takes a stack from the pool.
 */
#define lade_next(g) LADE__NEXT(g)

/*
 * lade_for_each (x, g) { ... }  or  lade_for_each (x, g, &err) { ... } - runs the block for each item. x is a new
 * variable of type T. break, return and goto close an owned g; a named g remains as it is.
 *
 * An error of g ends the loop and is stored in err. If there is no err and the loop is in a generator function, the
 * error is raised in the generator of this function, and its next yield returns. If there is no err and the loop is in
 * another function, the error is passed to the hook of lade_set_unhandled_hook().
 */
#define lade_for_each(...) LADE__FOR_EACH(__VA_ARGS__)

/*
 * lade_gen_send(g, v) - resumes g. v (type T) becomes the value of the yield at which g is suspended.
 *
 * Returns the same as lade_next(). If g has not started, the error is LADE_ESTATE, and g still can be started.
 */
#define lade_gen_send(g, ...) LADE__SEND(g, __VA_ARGS__)

/*
 * lade_gen_throw(g, code, fmt, ...) - raises an error in g at the yield at which g is suspended.
 *
 * @code  a negative status; another value is refused with LADE_EINVAL. LADE_STOP that is not caught becomes
 * LADE_ERUNTIME.
 *
 * Returns the next item if the generator function caught the error (lade_try_yield) and yielded. Otherwise returns
 * NULL: lade_gen_error(g) is the error that ended g, or NULL if g caught the error and ended. If g has not started or
 * has ended, the generator function does not run, and g ends with the error.
 */
#define lade_gen_throw(g, ...) LADE__THROW(g, __VA_ARGS__)

/*
 * lade_gen_close(g) - ends g: its yield returns from the generator function, and cleanup attributes run. If g has not
 * started, nothing runs. Closing g twice is allowed, and g may be NULL.
 *
 * Returns LADE_OK; LADE_ESTATE if g runs or is delegated to; LADE_ERUNTIME if the generator function yielded instead of
 * ending; or the status of the error that the generator function raised during the close. lade_gen_error(g) returns the
 * details.
 */
#define lade_gen_close(g) lade__gen_close(lade__untyped(g))

/*
 * lade_gen_free(g) - closes the generator in the variable g, frees all its memory and sets g to NULL. An error of this
 *                    close, or an earlier error that the caller has not read, is passed to the unhandled-error hook. g
 *                    may be NULL.
 *
 * A copy of the handle in another variable is not cleared and must not be used. Such a use returns LADE_ESTATE as long
 * as no other generator uses the memory. AddressSanitizer and valgrind report each such use.
 *
 * Returns LADE_OK, or LADE_ESTATE if g runs, is delegated to or was freed before; then g is unchanged.
 */
#define lade_gen_free(g) lade__gen_free_at(lade__variable(g))

/*
 * lade_gen_error(g) - after lade_next() returned NULL: the error that ended g, the error LADE_ESTATE of a call that was
 * not allowed, or NULL at a plain end. If g is NULL, the error is LADE_ENOMEM. The error is borrowed and valid until g
 * is used again.
 */
#define lade_gen_error(g) lade__gen_error(lade__untyped(g))

/*
 * lade_gen_result(g) - a pointer (T *) to the value that g passed to lade_gen_return(), or NULL. It is valid as long as
 * g.
 */
#define lade_gen_result(g) ((lade__item(g) *)lade__gen_result(lade__untyped(g)))

/*
 * lade_gen_state(g) - the state, an enum lade_gen_state, as inspect.getgeneratorstate() in Python.
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
 * lade_gen_delegate(g) - the lade_gen(T) from which g yields now, or NULL (gi_yieldfrom). Borrowed; its state and name
 * may be read, but it must not be resumed.
 */
#define lade_gen_delegate(g) ((lade_gen(lade__item(g)))(void *)lade__gen_delegate(lade__untyped(g)))

/*
 * lade_gen_name(g) - the name of the generator function, a static string; "" if g is NULL.
 */
#define lade_gen_name(g) lade__gen_name(lade__untyped(g))

/* ---- Stacks ------------------------------------------------------------------------------------------------------ */

/*
 * lade_set_stack_size() - sets the stack size of generators that start after the call. The default is 65536 bytes; the
 * size is rounded up to a power of two. Only pages that are touched take memory. A guard lies below each stack, so an
 * overflow raises SIGSEGV; see lade_explain_overflow().
 *
 * Each generator that was pulled and has not ended takes its stack and 256 KiB of address space, which are its guard
 * and a gap. The library maps address space in pieces, the first of 1 MiB, and each later one as large as all pieces
 * before, up to 64 MiB. Only the stacks count for RLIMIT_DATA, vm.overcommit_memory=2 and mlockall(), and after
 * mlockall(MCL_FUTURE) the kernel loads each new stack completely. If the system refuses a stack, lade_next() returns
 * NULL, and the message of the error contains the limit and what to do.
 *
 * A generator function whose own local variables take more than 4 KiB gets a larger stack without a call. This includes
 * the variables of inlined functions, up to 16 MiB. It does not include alloca() and the functions that the generator
 * function calls. If one of these takes more than 256 KiB at once, compile it with -fstack-clash-protection; otherwise
 * it may overwrite the stack of another generator. pkg-config and the CMake package pass this option.
 *
 * Returns LADE_OK, or LADE_EINVAL if @bytes is less than 32 KiB or more than 1 GiB. Any thread.
 */
LADE_API int lade_set_stack_size(size_t bytes);

/*
 * lade_gen_stack(g, bytes) - sets the minimum stack size of g, which must not have started. @bytes is rounded up to a
 * power of two.
 * Use it for generator functions that call deeply into other libraries:
 *
 *     lade_gen_owned(row) rows(db *db) { return lade_gen_stack(read_rows(db), 1 << 20); }
 *
 * Returns g, with the same type. g may be NULL. A size outside of the allowed range counts as the nearest allowed size.
 */
#define lade_gen_stack(g, bytes) ((__typeof__(g))(void *)lade__gen_stack(lade__untyped(g), bytes))

/*
 * lade_call_with_stack() - calls f(ctx) with at least @bytes of stack and returns when f returns. If the current stack
 * has fewer bytes left, f runs on a stack from the pool. Use it if a generator function, or a function that
 * generators call, needs much stack in one place only.
 *
 * Returns LADE_OK. If no stack is available, returns LADE_ENOMEM or LADE_ELIMIT with @err, and f is not called. Any
 * thread.
 */
LADE_API int lade_call_with_stack(size_t bytes, void (*f)(void *ctx), void *ctx, struct lade_error *err);

/*
 * lade_explain_overflow() - installs a handler of SIGSEGV that prints a message to stderr if the stack of a generator
 * overflows. The message contains the name of the generator function and what to do. Then the handler calls the handler
 * that was installed before, or the process ends. A thread without a signal stack gets one by sigaltstack() when it
 * takes a generator stack from the pool. Call lade_explain_overflow() once, at the start of main().
 *
 * Returns LADE_OK, or LADE_ERUNTIME if the handler cannot be installed. Any thread.
 */
LADE_API int lade_explain_overflow(void);

/*
 * lade_release_stacks() - returns the memory of all unused stacks in the pool to the system, except for the stacks that
 * other threads keep (up to 64 each). Address space is returned in the pieces in which it was mapped, if all stacks of
 * a piece are unused. The pool also returns memory without this call if more than 8192 stacks are unused. Any thread.
 */
LADE_API void lade_release_stacks(void);

#ifdef __cplusplus
}
#endif
#endif
