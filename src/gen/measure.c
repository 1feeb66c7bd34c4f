/*
 * Measures the stack frames of generator functions, so that a generator function with large local arrays gets a larger
 * stack. Without the measurement, a frame that is larger than a stack and its guard would overwrite the stack of
 * another generator, unless the function was compiled with -fstack-clash-protection.
 *
 * A generator function is measured before the first of its generators runs. It is called without a port on a large
 * stack, calls lade__measured() at once, and returns. A frame contains the local variables of the generator function
 * and of functions that the compiler inlined into it. Memory of alloca() and the frames of functions that the generator
 * function calls are not measured.
 */
#include "gen/measure.h"
#include "gen/sanitize.h"

enum {
    LARGE_ORDER = 24, /* 16 MiB, the largest frame that can be measured */
    SMALL_FRAME = 4096
};

struct measure {
    const char *low;
};

__attribute__((noinline)) void lade__measured(struct lade_gen *measure) {
    ((struct measure *)(void *)measure)->low = __builtin_frame_address(0);
}

static size_t frame_size(void (*body)(struct lade_gen *, struct lade_port *), struct lade_stack *stack) {
    struct measure measure = {stack->top};
    lade__call_on_told(stack, body, (struct lade_gen *)(void *)&measure, NULL);
    return (size_t)(stack->top - measure.low);
}

/* Returns a stack of 16 MiB, or of the default size if there is not enough address space. */
static struct lade_stack *large_stack(void) {
    struct lade_error err;
    struct lade_stack *stack = lade__stack_take(LARGE_ORDER, &err);
    return stack ? stack : lade__stack_take(0, &err);
}

static unsigned limited(size_t units) {
    return units < LADE__UNMEASURED ? (unsigned)units : LADE__UNMEASURED - 1;
}

void lade__stack_measure(struct lade_gen *g) {
    unsigned units = lade__kind_units(g->kind);
    if (units == LADE__UNMEASURED) {
        struct lade_stack *stack = large_stack();
        if (!stack) {
            g->stack_units = 0; /* the next request for a stack fails as well, and reports the error */
            return;
        }
        size_t size = frame_size(g->kind->drain, stack);
        size_t pulled = g->kind->pull ? frame_size(g->kind->pull, stack) : 0;
        lade__stack_give(stack);
        size = size > pulled ? size : pulled;
        units = size > SMALL_FRAME ? limited((size - SMALL_FRAME - 1) / LADE__STACK_UNIT + 1) : 0;
        /* The kind of a function that is not measured yet is not const. Every thread stores the same value. */
        unsigned short *of_kind = (unsigned short *)(uintptr_t)&g->kind->stack_units;
        __atomic_store_n(of_kind, (unsigned short)units, __ATOMIC_RELAXED);
    }
    g->stack_units = (unsigned short)units;
}

int lade__stack_order_of(struct lade_gen *g) {
    if (g->stack_units == LADE__UNMEASURED)
        lade__stack_measure(g);
    return g->stack_units ? lade__stack_order((size_t)lade__stack_wanted(g) + LADE__FIRST_FRAMES) : 0;
}

struct lade_gen *lade__gen_stack(struct lade_gen *g, size_t bytes) {
    if (!g || g->state != LADE__CREATED)
        return g;
    lade__stack_measure(g);
    const size_t usual = LADE__STACK_RESERVE + LADE__FIRST_FRAMES;
    unsigned units = bytes > usual ? limited((bytes - usual) / LADE__STACK_UNIT) : 0;
    if (units > g->stack_units)
        g->stack_units = (unsigned short)units;
    return g;
}
