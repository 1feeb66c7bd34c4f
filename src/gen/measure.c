/*
 * Measures the stack frames of generator functions, so that a generator function with large local arrays gets a larger
 * stack. Without the measurement, a stack frame that is larger than a stack and its guard could overwrite the stack of
 * another generator. (The compiler option -fstack-clash-protection also prevents this.)
 *
 * A generator function is measured before the first of its generators runs. For the measurement, the library calls the
 * generator function without a port, on a large stack. In such a call, the generator function only calls
 * lade__measured() and returns. The stack frame contains the local variables of the generator function and of the
 * functions that the compiler has inlined into the generator function. Memory of alloca() and the stack frames of
 * functions that the generator function calls are not measured.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "gen/measure.h"
#include "gen/sanitize.h"
#include "gen/stack/valgrind.h"

#include <sys/mman.h>

enum {
    LARGE = 16 << 20,     /* the largest frame that can be measured */
    SMALLEST = 256 << 10, /* the size of the smallest stack that large_stack() maps */
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
    lade__call_on_notify(stack, body, (struct lade_gen *)(void *)&measure, NULL);
    return (size_t)(stack->top - measure.low);
}

/*
 * Maps a large stack with a guard. If a memory limit does not allow the large stack, maps a smaller stack. The stack is
 * unmapped after each measurement, because measurements are rare. If the process called mlockall(MCL_FUTURE), munlock()
 * prevents the kernel from loading the complete stack into memory. Returns the size of the stack, or 0 if there is no
 * memory.
 */
static size_t large_stack(struct lade_stack *stack) {
    for (size_t size = LARGE; size >= SMALLEST; size /= 4) {
        char *p = mmap(NULL, LADE__GUARD + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED)
            continue;
        munlock(p, LADE__GUARD + size);
        if (!mprotect(p + LADE__GUARD, size, PROT_READ | PROT_WRITE)) {
            *stack = (struct lade_stack){.low = p + LADE__GUARD, .top = p + LADE__GUARD + size};
            return size;
        }
        munmap(p, LADE__GUARD + size);
    }
    return 0;
}

/* Measures the stack frames of the functions `drain` and `pull`, into which a generator function is compiled. Returns
   the larger size in bytes. */
static size_t larger_frame(const struct lade_gen_kind *kind, struct lade_stack *stack) {
    size_t drained = frame_size(kind->drain, stack), pulled = kind->pull ? frame_size(kind->pull, stack) : 0;
    return drained > pulled ? drained : pulled;
}

/* Returns the result of larger_frame(), or -1 if there is no memory for a stack. */
static ptrdiff_t measure(const struct lade_gen_kind *kind) {
    struct lade_stack large, *pooled;
    struct lade_error err;
    size_t size = large_stack(&large), frame;
    if (size) {
        unsigned id = VALGRIND_STACK_REGISTER(large.low, large.top);
        frame = larger_frame(kind, &large);
        VALGRIND_STACK_DEREGISTER(id);
        munmap(large.low - LADE__GUARD, LADE__GUARD + size);
    } else if ((pooled = lade__stack_take(0, &err))) {
        frame = larger_frame(kind, pooled);
        lade__stack_give(pooled);
    } else {
        return -1;
    }
    return (ptrdiff_t)frame;
}

static unsigned limited(size_t units) {
    return units < LADE__UNMEASURED ? (unsigned)units : LADE__UNMEASURED - 1;
}

void lade__stack_measure(struct lade_gen *g) {
    unsigned units = lade__kind_units(g->kind);
    if (units == LADE__UNMEASURED) {
        ptrdiff_t size = measure(g->kind);
        if (size < 0) {
            g->stack_units = 0; /* the next lade__stack_take() also fails, and reports the error */
            return;
        }
        units = size > SMALL_FRAME ? limited(((size_t)size - SMALL_FRAME - 1) / LADE__STACK_UNIT + 1) : 0;
        /* It is allowed to cast away const here: only the macros of C set LADE__UNMEASURED, and these macros define the
           kind as a variable that is not const. All threads store the same value. */
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
