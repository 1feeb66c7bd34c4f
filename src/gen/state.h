/*
 * gen/state.h - the states of a generator. Only the functions of this file decide whether a generator can be resumed.
 *
 *     CREATED --next--> RUNNING --yield--> SUSPENDED --next--> RUNNING ... --end, error, close--> DONE
 *
 * SUSPENDED_INLINE is the same as SUSPENDED, except that the switch inlined into lade_next() may enter the generator.
 * This state requires the library's own contexts (no ucontext) and a program without sanitizers. The inlined switch
 * does not write `state`. Instead it sets the pc of the generator's context to NULL while the generator runs, so
 * lade__state_of() reads both `state` and the pc to find out whether a generator runs. The pc is also NULL in every
 * other state in which the inlined switch must not enter the generator.
 *
 * DELEGATED means that another generator delegates to this generator.
 */
#ifndef LADE_GEN_STATE_H
#define LADE_GEN_STATE_H

#include "gen/switch.h"

/* Returns the address of the pc at which the body continues. */
static inline void **lade__resume_pc(struct lade_gen *g) {
    return &g->port.context[LADE__INNER].pc;
}

/* Returns the pc and sets the pc in the context to NULL, so that the switch inlined into lade_next() does not enter the
   generator. */
static inline void *lade__resume_pc_take(struct lade_gen *g) {
    void *pc = *lade__resume_pc(g);
    *lade__resume_pc(g) = NULL;
    return pc;
}

static inline int lade__state_of(const struct lade_gen *g) {
    return g->state == LADE__SUSPENDED_INLINE && !g->port.context[LADE__INNER].pc ? LADE__RUNNING : g->state;
}

static inline int lade__is_suspended(const struct lade_gen *g) {
    int state = lade__state_of(g);
    return state == LADE__SUSPENDED || state == LADE__SUSPENDED_INLINE;
}

/* Returns true if the switch inlined into lade_next() may enter this generator. */
static inline int lade__is_inline(const struct lade_gen *g) {
    return !LADE__UCONTEXT && !g->sanitizer;
}

static inline void lade__set_suspended(struct lade_gen *g) {
    g->state = lade__is_inline(g) ? LADE__SUSPENDED_INLINE : LADE__SUSPENDED;
}

static inline void lade__set_done(struct lade_gen *g) {
    g->state = LADE__DONE;
    *lade__resume_pc(g) = NULL;
}

/* The state and the pc of a generator before it became DELEGATED. */
struct lade__delegation {
    void *pc;
    unsigned char state;
};

static inline struct lade__delegation lade__delegation_begin(struct lade_gen *g) {
    struct lade__delegation before = {.state = g->state};
    g->state = LADE__DELEGATED;
    before.pc = lade__resume_pc_take(g);
    return before;
}

static inline void lade__delegation_end(struct lade_gen *g, struct lade__delegation before) {
    g->state = before.state;
    *lade__resume_pc(g) = before.pc;
}

#endif
