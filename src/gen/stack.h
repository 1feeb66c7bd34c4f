/*
 * Stacks for generators, with guards, from a pool. See stack.c.
 */
#ifndef LADE_GEN_STACK_H
#define LADE_GEN_STACK_H

#include <lade/base.h>

struct lade_stack {
    char *low; /* lowest usable address; the guard lies below */
    char *top; /* where the first frame begins, aligned to 64 */
    int order; /* log2 of its size */
    struct lade_stack *next;
};

/* For functions that use thread-local variables. They must not be inlined into a body, not even by the linker, because
   the body would keep the address of such a variable although it may continue on another thread. */
#define LADE__THREAD_BOUND __attribute__((noinline))

/* Returns a stack of the default size, or of 2^order bytes if that is more; NULL with *err. */
LADE__THREAD_BOUND struct lade_stack *lade__stack_take(int order, struct lade_error *err);

/* The least order whose stacks have `bytes` bytes, limited to the allowed range. */
int lade__stack_order(size_t bytes);

/* Gives a stack back. Any thread. */
LADE__THREAD_BOUND void lade__stack_give(struct lade_stack *stack);

/* Arranges that the free stacks and frames of this thread are given back when it ends. Returns 0 if that succeeded. */
LADE__THREAD_BOUND int lade__thread_will_flush(void);

/* The lowest usable address of the current stack. `here` is an address on it. */
LADE__THREAD_BOUND char *lade__stack_limit(char *here);

#endif
