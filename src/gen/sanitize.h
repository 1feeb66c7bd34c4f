/*
 * Notifies AddressSanitizer and ThreadSanitizer of stack switches. The functions of the sanitizers are weak symbols, so
 * that the library works in programs with and without a sanitizer.
 */
#ifndef LADE_GEN_SANITIZE_H
#define LADE_GEN_SANITIZE_H

#include "gen/stack/stack.h"
#include <lade/gen.h>

#define LADE__WEAK __attribute__((weak))

LADE__WEAK void __sanitizer_start_switch_fiber(void **fake_stack_save, const void *bottom, size_t size);
LADE__WEAK void __tsan_switch_to_fiber(void *fiber, unsigned flags);

/* Returns true if the program is compiled with a sanitizer. Then the inlined switches must not be used. */
static inline int lade__sanitizer_present(void) {
    return __sanitizer_start_switch_fiber != NULL || __tsan_switch_to_fiber != NULL;
}

/* These functions make and free the data that the sanitizers need for a generator that has a stack.
   lade__sanitizer_begin() returns 0 or LADE_ENOMEM. */
int lade__sanitizer_begin(struct lade_gen *g);
void lade__sanitizer_end(struct lade_gen *g);

/* Calls lade__switch() and notifies the sanitizers. `last` is true if the body has ended and does not run again. */
void lade__switch_notify(struct lade_gen *g, int from, int last);

/* Must be the first function that is called on a new stack. */
void lade__sanitizer_arrive(struct lade_gen *g);

/* Calls lade__call_on() and notifies the sanitizers. */
void lade__call_on_notify(struct lade_stack *stack, void (*f)(struct lade_gen *, struct lade_port *),
                          struct lade_gen *a, struct lade_port *b);

#endif
