/*
 * Implements sanitize.h. Before each switch, the bounds of the next stack are passed to AddressSanitizer. After the
 * switch, AddressSanitizer returns the bounds of the stack that was left. The bounds are stored for each side of the
 * port: LADE__INNER is the body (the code of the generator function), and LADE__OUTER is its caller. The bounds are
 * stored at each switch, because a body may be suspended on another stack than the stack on which it was entered. For
 * example, a delegate may have its own stack. When a body leaves its stack for the last time, AddressSanitizer frees
 * the fake frames of this stack.
 */
#include "gen/sanitize.h"
#include "gen/state.h"
#include "gen/switch.h"

LADE__WEAK void __sanitizer_finish_switch_fiber(void *fake_stack_save, const void **bottom_old, size_t *size_old);
LADE__WEAK void *__tsan_get_current_fiber(void);
LADE__WEAK void *__tsan_create_fiber(unsigned flags);
LADE__WEAK void __tsan_destroy_fiber(void *fiber);

struct side {
    void *fake_stack;
    const void *bottom;
    size_t size;
    void *fiber;
};

struct bookkeeping {
    struct side side[2];
    /* The pc of the suspended generator. The pc in the context is NULL, so that lade_next() does not use the inlined
       switch. The inlined switch does not notify the sanitizers. */
    void *pc;
};

int lade__sanitizer_begin(struct lade_gen *g) {
    struct bookkeeping *book = lade_calloc(1, sizeof *book);
    if (!book)
        return LADE_ENOMEM;
    g->sanitizer = book;
    book->pc = *lade__resume_pc(g);
    book->side[LADE__INNER].bottom = g->stack->low;
    book->side[LADE__INNER].size = (size_t)(g->stack->top - g->stack->low);
    if (__tsan_create_fiber)
        book->side[LADE__INNER].fiber = __tsan_create_fiber(0);
    return LADE_OK;
}

void lade__sanitizer_end(struct lade_gen *g) {
    struct bookkeeping *book = g->sanitizer;
    if (__tsan_destroy_fiber && book->side[LADE__INNER].fiber)
        __tsan_destroy_fiber(book->side[LADE__INNER].fiber);
    lade_free(book);
    g->sanitizer = NULL;
}

/* Is called after the switch to side `at`. Completes the switch for AddressSanitizer. */
static void arrive(struct bookkeeping *book, int at) {
    struct side *left = &book->side[!at];
    if (__sanitizer_finish_switch_fiber)
        __sanitizer_finish_switch_fiber(book->side[at].fake_stack, &left->bottom, &left->size);
}

__attribute__((no_sanitize("thread"))) void lade__switch_notify(struct lade_gen *g, int from, int last) {
    struct bookkeeping *book = g->sanitizer;
    if (!book) {
        lade__switch(&g->port, from);
        return;
    }
    struct side *mine = &book->side[from], *other = &book->side[!from];
    if (__sanitizer_start_switch_fiber)
        __sanitizer_start_switch_fiber(last ? NULL : &mine->fake_stack, other->bottom, other->size);
    if (__tsan_switch_to_fiber) {
        if (from == LADE__OUTER)
            mine->fiber = __tsan_get_current_fiber();
        __tsan_switch_to_fiber(other->fiber, 0);
    }
    if (from == LADE__OUTER)
        *lade__resume_pc(g) = book->pc;
    lade__switch(&g->port, from);
    if (from == LADE__OUTER)
        book->pc = lade__resume_pc_take(g);
    arrive(book, from);
}

void lade__sanitizer_arrive(struct lade_gen *g) {
    if (g->sanitizer)
        arrive(g->sanitizer, LADE__INNER);
}

struct call {
    void (*f)(struct lade_gen *, struct lade_port *);
    struct lade_port *port;
    const void *bottom; /* lowest address of the stack that was left */
    size_t size;
    void *fake_stack;
};

/* The first function on the other stack. It completes the switch to this stack, calls f, and begins the switch to the
   stack of the caller. */
static void call_and_notify(struct lade_gen *g, struct lade_port *opaque) {
    struct call *call = (struct call *)(void *)opaque;
    __sanitizer_finish_switch_fiber(NULL, &call->bottom, &call->size);
    call->f(g, call->port);
    __sanitizer_start_switch_fiber(NULL, call->bottom, call->size);
}

void lade__call_on_notify(struct lade_stack *stack, void (*f)(struct lade_gen *, struct lade_port *),
                          struct lade_gen *a, struct lade_port *b) {
    if (!__sanitizer_start_switch_fiber) {
        lade__call_on(stack, f, a, b);
        return;
    }
    struct call call = {.f = f, .port = b};
    __sanitizer_start_switch_fiber(&call.fake_stack, stack->low, (size_t)(stack->top - stack->low));
    lade__call_on(stack, call_and_notify, a, (struct lade_port *)(void *)&call);
    __sanitizer_finish_switch_fiber(call.fake_stack, NULL, NULL);
}
