/*
 * Requests to valgrind, if its headers are installed. Without the headers, these requests do nothing.
 *
 * Valgrind's leak check searches all mapped memory for pointers. So a lost generator would never be reported if a list
 * of free frames or its own stack contained a pointer to it. Under valgrind no thread keeps free frames or stacks, and
 * a stack in use is like a block of the allocator: valgrind searches it only after it has found a pointer to it.
 */
#ifndef LADE_GEN_VALGRIND_H
#define LADE_GEN_VALGRIND_H

#include "gen/stack.h"

#include <stdlib.h>

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef RUNNING_ON_VALGRIND
#define RUNNING_ON_VALGRIND                                 0
#define VALGRIND_STACK_REGISTER(low, high)                  ((void)(low), (void)(high))
#define VALGRIND_MALLOCLIKE_BLOCK(low, size, redzone, zero) ((void)(low))
#define VALGRIND_FREELIKE_BLOCK(low, redzone)               ((void)(low))
#endif

/* Is called when a stack is taken from the depot. Returns the struct that the caller must use for the stack. Under
   valgrind this is an allocated copy, because valgrind always searches the memory of the original struct. */
static inline struct lade_stack *lade__valgrind_taken(struct lade_stack *stack) {
    struct lade_stack *copy = stack && RUNNING_ON_VALGRIND ? malloc(sizeof *copy) : NULL;
    if (!copy)
        return stack;
    *copy = *stack;
    copy->next = stack;
    stack->low = stack->top = NULL;
    VALGRIND_MALLOCLIKE_BLOCK(copy->low, (size_t)1 << copy->order, 0, 1);
    return copy;
}

/* Is called before a stack is returned to the depot. Returns the original struct of the stack. */
static inline struct lade_stack *lade__valgrind_given(struct lade_stack *stack) {
    if (!RUNNING_ON_VALGRIND || !stack->next || stack->next->low)
        return stack;
    struct lade_stack *original = stack->next;
    original->low = stack->low;
    original->top = stack->top;
    VALGRIND_FREELIKE_BLOCK(stack->low, 0);
    free(stack);
    return original;
}

#endif
