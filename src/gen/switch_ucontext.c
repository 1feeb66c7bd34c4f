/*
 * Implements the stack switch with POSIX ucontext, for CPUs without an assembly file. ucontext makes a system call for
 * each switch. The field `sp` of a context points to a ucontext_t, which is stored on the suspended stack.
 */
#include "gen/switch.h"

#if LADE__UCONTEXT

#include <fenv.h>
#include <ucontext.h>

/* swapcontext() also switches the rounding mode, but a generator function must run with the rounding mode of its
   caller, as a called function does. So the side that is resumed sets the floating-point environment of the side that
   was running before. The field `base` of a context points to the environment of the suspended side. */
void lade__switch(struct lade_port *port, int from) {
    ucontext_t here;
    fenv_t mine;
    fegetenv(&mine);
    port->context[from].sp = &here;
    port->context[from].base = &mine;
    swapcontext(&here, port->context[!from].sp);
    fesetenv(port->context[!from].base);
}

/* Makes a pointer from its two halves. makecontext() can pass only ints, so a pointer is passed as two halves. */
static void *join(unsigned high, unsigned low) {
    return (void *)(((uintptr_t)high << 16 << 16) | low);
}

static unsigned high_half(const void *p) {
    return (unsigned)((uintptr_t)p >> 16 >> 16);
}

static unsigned low_half(const void *p) {
    return (unsigned)(uintptr_t)p;
}

static void base(unsigned high, unsigned low) {
    lade__gen_main(join(high, low));
}

int lade__switch_prepare(struct lade_port *port, struct lade_stack *stack) {
    ucontext_t *context = (ucontext_t *)(void *)(stack->top - ((sizeof *context + 63) & ~(size_t)63));
    if (getcontext(context))
        return LADE_ERUNTIME;
    context->uc_stack.ss_sp = stack->low;
    context->uc_stack.ss_size = (size_t)((char *)context - stack->low);
    context->uc_link = NULL;
    makecontext(context, (void (*)(void))base, 2, high_half(port), low_half(port));
    port->context[LADE__INNER].sp = context;
    return LADE_OK;
}

struct call {
    void (*f)(struct lade_gen *, struct lade_port *);
    struct lade_gen *a;
    struct lade_port *b;
};

static void call_base(unsigned high, unsigned low) {
    struct call *call = join(high, low);
    call->f(call->a, call->b);
}

void lade__call_on(struct lade_stack *stack, void (*f)(struct lade_gen *, struct lade_port *), struct lade_gen *a,
                   struct lade_port *b) {
    struct call call = {f, a, b};
    ucontext_t here, there;
    if (getcontext(&there)) { /* if getcontext() fails, which no known system does, f runs on the current stack */
        f(a, b);
        return;
    }
    there.uc_stack.ss_sp = stack->low;
    there.uc_stack.ss_size = (size_t)(stack->top - stack->low);
    there.uc_link = &here;
    makecontext(&there, (void (*)(void))call_base, 2, high_half(&call), low_half(&call));
    swapcontext(&here, &there);
}

#endif
