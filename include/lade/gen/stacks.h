/*
 * lade/gen/stacks.h - the size of the stacks of generators, and the memory of unused stacks. lade/gen.h includes this
 * header.
 */
#ifndef LADE_GEN_STACKS_H
#define LADE_GEN_STACKS_H

#pragma GCC system_header /* see lade/detail/gen_runtime.h */

#include <lade/detail/gen_source.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * lade_set_stack_size() - sets the stack size of generators that start after the call. The default is 65536 bytes; the
 * size is rounded up to a power of two. Only pages of the stack that have been used take memory. Below each stack is a
 * guard of pages without access, so an overflow raises SIGSEGV; see lade_explain_overflow().
 *
 * Each generator that was pulled and has not ended takes address space: the size of its stack, and 256 KiB for the
 * guard and for a gap before the next stack. The library maps address space in pieces. The first piece has 1 MiB. Each
 * later piece is as large as all earlier pieces together, but has at most 64 MiB. Only the stacks, and not the guards
 * and gaps, count for RLIMIT_DATA, vm.overcommit_memory=2 and mlockall(). If the program has called
 * mlockall(MCL_FUTURE), the kernel allocates the memory of each new stack at once. If the system refuses a stack,
 * lade_next() returns NULL, and the message of the error contains the limit and a solution.
 *
 * If the local variables of a generator function take more than 4 KiB, its stack is enlarged automatically, up to 16
 * MiB. The variables of inlined functions count, too. The memory of alloca() and of the functions that the generator
 * function calls does not count. If alloca() or a called function takes more than 256 KiB at once, compile the code
 * with -fstack-clash-protection. Otherwise the code may overwrite the stack of another generator. If you use pkg-config
 * or the CMake package, this option is set.
 *
 * Returns LADE_OK, or LADE_EINVAL if @bytes is less than 32 KiB or more than 1 GiB. Any thread.
 */
LADE_API int lade_set_stack_size(size_t bytes);

/*
 * lade_gen_stack(g, bytes) - sets the minimum stack size of g, which must not have started. @bytes is rounded up to a
 * power of two.
 *
 * Use this macro for generator functions that need much stack, for example because they call other libraries:
 *
 *     lade_gen_owned(row) rows(db *db) { return lade_gen_stack(read_rows(db), 1 << 20); }
 *
 * Returns g, with the same type. g may be NULL. If @bytes is outside of the allowed range (see lade_set_stack_size()),
 * the nearest allowed size is used.
 */
#define lade_gen_stack(g, bytes) ((__typeof__(g))(void *)lade__gen_stack(lade__untyped(g), bytes))

/*
 * lade_call_with_stack() - calls f(ctx) with at least @bytes of stack and returns when f returns. If the current stack
 * has fewer bytes left, f runs on a stack from the pool. Use lade_call_with_stack() if only one part of a generator
 * function needs much stack.
 *
 * Returns LADE_OK. If no stack is available, returns LADE_ENOMEM or LADE_ELIMIT with @err, and f is not called. Any
 * thread.
 */
LADE_API int lade_call_with_stack(size_t bytes, void (*f)(void *ctx), void *ctx, struct lade_error *err);

/*
 * lade_explain_overflow() - installs a handler of SIGSEGV that prints a message to stderr if the stack of a generator
 * overflows. The message contains the name of the generator function and a solution. Then the handler calls the handler
 * that was installed before; if there was none, the process ends. The handler needs a signal stack. If a thread has no
 * signal stack, lade calls sigaltstack() when the thread takes a generator stack from the pool. Call
 * lade_explain_overflow() once, at the start of main().
 *
 * Returns LADE_OK, or LADE_ERUNTIME if the handler cannot be installed. Any thread.
 */
LADE_API int lade_explain_overflow(void);

/*
 * lade_release_stacks() - returns the memory of all unused stacks in the pool to the system, except for the stacks that
 * other threads keep for themselves (up to 64 for each thread). Address space is returned in the pieces in which it was
 * mapped: a piece is unmapped if all its stacks are unused. If more than 8192 stacks are unused, the pool returns
 * memory without this call. Any thread.
 */
LADE_API void lade_release_stacks(void);

#ifdef __cplusplus
}
#endif

#endif
