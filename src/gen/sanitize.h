/*
 * Telling AddressSanitizer and ThreadSanitizer about stack switches. The calls are weak: the same library serves
 * programs with and without a sanitizer, whichever of the two was built with one.
 */
#ifndef LADE_GEN_SANITIZE_H
#define LADE_GEN_SANITIZE_H

#include "gen/stack.h"
#include <lade/gen.h>

#define LADE__WEAK __attribute__((weak))

LADE__WEAK void __sanitizer_start_switch_fiber(void **fake_stack_save, const void *bottom, size_t size);
LADE__WEAK void __tsan_switch_to_fiber(void *fiber, unsigned flags);

/* Is a sanitizer in this program? Then the inlined switches must not be used. */
static inline int lade__sanitizer_present(void) {
    return __sanitizer_start_switch_fiber != NULL || __tsan_switch_to_fiber != NULL;
}

/* The bookkeeping of a generator that is about to get a stack; undone when it gives the stack back. Nothing to do, and
   0, without a sanitizer; LADE_ENOMEM. */
int lade__sanitizer_begin(struct lade_gen *g);
void lade__sanitizer_end(struct lade_gen *g);

/* lade__switch() with the sanitizers told. `last`: the body has ended, its side will not be entered again. */
void lade__switch_told(struct lade_gen *g, int from, int last);

/* The body's first act on a new stack. */
void lade__sanitizer_arrive(struct lade_gen *g);

/* lade__call_on() with the sanitizers told. */
void lade__call_on_told(struct lade_stack *stack, void (*f)(struct lade_gen *, struct lade_port *), struct lade_gen *a,
                        struct lade_port *b);

#endif
