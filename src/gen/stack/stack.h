/*
 * Provides stacks for generators from a pool. See stack.c.
 */
#ifndef LADE_GEN_STACK_H
#define LADE_GEN_STACK_H

#include "gen/stack/arena.h"
#include "gen/stack/thread.h"

/* Returns a stack of the default size, or of 2^order bytes if this size is larger. On error, fills *err and returns
   NULL. */
LADE__THREAD_BOUND struct lade_stack *lade__stack_take(int order, struct lade_error *err);

/* Returns the order (log2 of the size) of the smallest stacks that have at least `bytes` bytes. The result is between
   LADE__MIN_ORDER and LADE__MAX_ORDER. */
int lade__stack_order(size_t bytes);

/* Returns a stack to the pool. Any thread. */
LADE__THREAD_BOUND void lade__stack_give(struct lade_stack *stack);

/* Returns the lowest usable address of the current stack. `here` is an address on this stack. */
LADE__THREAD_BOUND char *lade__stack_limit(char *here);

/* Returns LADE_OK if the current stack has @bytes bytes left. Otherwise returns LADE_ELIMIT with the subject
   "stack". @what names the computation in the message. The library lade-train calls this function. Cost: two
   comparisons. */
LADE_API int lade__stack_check(size_t bytes, const char *what, struct lade_error *err);

#endif
