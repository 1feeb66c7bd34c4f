/*
 * Provides stacks with guards for generators, from a pool. See stack.c.
 */
#ifndef LADE_GEN_STACK_H
#define LADE_GEN_STACK_H

#include <lade/base.h>

struct lade_stack {
    char *low;                /* lowest usable address; the guard is below it */
    char *top;                /* address at which the first frame begins, aligned to 64 bytes */
    int order;                /* log2 of the size of the stack in bytes */
    const struct lade_gen *g; /* the generator that runs on the stack; NULL if the stack has another use */
    struct lade_stack *next;
};

/* Marks functions that use thread-local variables. Such a function must not be inlined into a body, not even by the
   linker: the body could keep the address of a thread-local variable, and then continue on another thread. */
#define LADE__THREAD_BOUND __attribute__((noinline))

/* Returns a stack of the default size, or of 2^order bytes if this is larger. On error, fills *err and returns NULL. */
LADE__THREAD_BOUND struct lade_stack *lade__stack_take(int order, struct lade_error *err);

/* Returns the smallest order whose stacks have at least `bytes` bytes, limited to the allowed range. */
int lade__stack_order(size_t bytes);

/* Returns a stack to the pool. Any thread. */
LADE__THREAD_BOUND void lade__stack_give(struct lade_stack *stack);

/* Prepares this thread for lade_explain_overflow(). */
void lade__stack_thread_begin(void);

/* Registers a function that releases the free stacks and frames of this thread when the thread ends. Returns 0 on
   success. */
LADE__THREAD_BOUND int lade__thread_will_flush(void);

/* Returns the lowest usable address of the current stack. `here` is an address on this stack. */
LADE__THREAD_BOUND char *lade__stack_limit(char *here);

#endif
