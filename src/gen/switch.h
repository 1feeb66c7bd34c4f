/*
 * The stack switch, one small file per way of doing it: switch_x86_64.S, switch_aarch64.S, switch_ucontext.c. All keep
 * the same contract; only the first two share contexts with the switch that gen_switch.h inlines.
 */
#ifndef LADE_GEN_SWITCH_PRIVATE_H
#define LADE_GEN_SWITCH_PRIVATE_H

#include "gen/stack.h"
#include <lade/gen.h>

#if defined(LADE_FORCE_UCONTEXT) || \
    !((defined(__x86_64__) && !defined(__ILP32__)) || (defined(__aarch64__) && defined(__AARCH64EL__)))
#define LADE__UCONTEXT 1
#else
#define LADE__UCONTEXT 0
#endif

/* Store the running stack in context[from] and go on with the other one; returns when somebody switches back. While a
   side runs, its pc is NULL. */
void lade__switch(struct lade_port *port, int from);

/* Prepare context[LADE__INNER]: the first switch to it calls lade__gen_main(port), which never returns, on `stack`. */
int lade__switch_prepare(struct lade_port *port, struct lade_stack *stack);

/* Call f(a, b) on another stack and return when it returns. */
void lade__call_on(struct lade_stack *stack, void (*f)(struct lade_gen *, struct lade_port *), struct lade_gen *a,
                   struct lade_port *b);

/* The first frame of a generator's stack; in gen.c. */
void lade__gen_main(struct lade_port *port);

#endif
