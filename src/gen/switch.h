/*
 * Declares the stack switch. There are three implementations, each in its own file: switch_x86_64.S, switch_aarch64.S
 * and switch_ucontext.c. Only the two assembly files use the same contexts as the inlined switch of gen_switch.h.
 */
#ifndef LADE_GEN_SWITCH_PRIVATE_H
#define LADE_GEN_SWITCH_PRIVATE_H

#include "gen/stack/stack.h"
#include <lade/gen.h>
#include <unwind.h>

#if defined(LADE_FORCE_UCONTEXT) || \
    !((defined(__x86_64__) && !defined(__ILP32__)) || (defined(__aarch64__) && defined(__AARCH64EL__)))
#define LADE__UCONTEXT 1
#else
#define LADE__UCONTEXT 0
#endif

/* A port has two sides: the body (LADE__INNER) and its caller (LADE__OUTER). Saves the state of the running side in
   context[from] and continues on the stack of the other side. Returns when the other side switches to this side. While
   a side runs, the pc in its context is NULL. */
void lade__switch(struct lade_port *port, int from);

/* Prepares context[LADE__INNER] so that the first switch calls lade__gen_main(port) on `stack`. lade__gen_main() never
   returns. */
int lade__switch_prepare(struct lade_port *port, struct lade_stack *stack);

/* Calls f(a, b) on another stack and returns when f returns. */
void lade__call_on(struct lade_stack *stack, void (*f)(struct lade_gen *, struct lade_port *), struct lade_gen *a,
                   struct lade_port *b);

/* lade__gen_main() is the first function on the stack of a generator. lade__unwound() is the personality function of
   the code that calls lade__gen_main(). Both functions are in resume.c. */
void lade__gen_main(struct lade_port *port);
_Unwind_Reason_Code lade__unwound(int version, _Unwind_Action actions, _Unwind_Exception_Class class,
                                  struct _Unwind_Exception *exception, struct _Unwind_Context *context);

#endif
