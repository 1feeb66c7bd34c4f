/*
 * Contains the C code that both assembly switches need. The code makes the first context, and checks that the offsets
 * in the assembly files are equal to the offsets in the structs.
 */
#include "gen/switch.h"

#if !LADE__UCONTEXT

_Static_assert(offsetof(struct lade_port, item) == 104, "ITEM in src/gen/switch_*.S");
_Static_assert(offsetof(struct lade_port, context) == 0, "CONTEXT in src/gen/switch_*.S");
_Static_assert(sizeof(struct lade_context) == 32 && LADE__INNER == 0 && LADE__OUTER == 1,
               "INNER and OUTER in src/gen/switch_*.S");
_Static_assert(offsetof(struct lade_context, sp) == 0 && offsetof(struct lade_context, pc) == 8 &&
                   offsetof(struct lade_context, fp) == 16 && offsetof(struct lade_context, base) == 24,
               "the offsets in src/gen/switch_*.S");

void lade__switch_base(void);
void lade__call_at(void *top, void (*f)(struct lade_gen *, struct lade_port *), struct lade_gen *a,
                   struct lade_port *b);

int lade__switch_prepare(struct lade_port *port, struct lade_stack *stack) {
    port->context[LADE__INNER] = (struct lade_context){.sp = stack->top, .pc = (void *)(uintptr_t)lade__switch_base};
    port->context[LADE__OUTER].pc = NULL; /* the inlined switch of lade_next() reads this field */
    return LADE_OK;
}

void lade__call_on(struct lade_stack *stack, void (*f)(struct lade_gen *, struct lade_port *), struct lade_gen *a,
                   struct lade_port *b) {
    lade__call_at(stack->top, f, a, b);
}

#endif
