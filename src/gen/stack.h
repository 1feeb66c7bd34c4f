/*
 * Stacks for generators: guarded, pooled, cheap to take and to give back. See stack.c.
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

/* For functions that reach thread-locals. Inlined into a body, even by the linker, they would leave there what was
   worked out about them; the body may go on on another thread. */
#define LADE__THREAD_BOUND __attribute__((noinline))

/* A stack of the current size, or of 2^order bytes if that is more; NULL with *err filled. */
LADE__THREAD_BOUND struct lade_stack *lade__stack_take(int order, struct lade_error *err);

/* The smallest order whose stacks hold so many bytes, within what is allowed. */
int lade__stack_order(size_t bytes);

/* Give one back, on whatever thread. */
LADE__THREAD_BOUND void lade__stack_give(struct lade_stack *stack);

/* See that what this thread keeps for itself is given back when it ends: 0, or not 0 where that cannot be had. */
LADE__THREAD_BOUND int lade__thread_will_flush(void);

/* The lowest usable address of the stack that this thread runs on now, its own or a generator's; `here` is on it. */
LADE__THREAD_BOUND char *lade__stack_limit(char *here);

#endif
