/*
 * Measures the stack space that a generator function needs. See measure.c.
 */
#ifndef LADE_GEN_MEASURE_H
#define LADE_GEN_MEASURE_H

#include "gen/stack/stack.h"
#include <lade/gen.h>

enum {
    LADE__STACK_RESERVE = 16 * 1024, /* minimum stack space of a body, which is the code of a generator function; enough
                                        for printf() and similar functions */
    LADE__FIRST_FRAMES = 4096,       /* space for the different start addresses of stacks (see arena.c), and for the
                                        functions that call the body */
    LADE__STACK_UNIT = 16 * 1024     /* bytes in one unit of the field `stack_units` */
};

/* Returns the number of stack units that generators of this kind need, or LADE__UNMEASURED. Another thread may write
   the field at the same time, so the field is read atomically. */
static inline unsigned short lade__kind_units(const struct lade_gen_kind *kind) {
    return __atomic_load_n(&kind->stack_units, __ATOMIC_RELAXED);
}

/* Returns the number of bytes that must be left on the current stack before g can run there. The number is very
   large if g has not been measured. */
static inline ptrdiff_t lade__stack_wanted(const struct lade_gen *g) {
    return LADE__STACK_RESERVE + (ptrdiff_t)g->stack_units * LADE__STACK_UNIT;
}

/* Returns the order (log2 of the size in bytes) of the stack that g needs if g is pulled. Measures g first if g has not
   been measured. */
int lade__stack_order_of(struct lade_gen *g);

/* Sets the stack_units of g. */
void lade__stack_measure(struct lade_gen *g);

#endif
