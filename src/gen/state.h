/*
 * gen/state.h - the states of a generator, and the only place that decides whether a generator can be resumed.
 *
 *     CREATED --next--> RUNNING --yield--> SUSPENDED --next--> RUNNING ... --end, error, close--> DONE
 *
 * SUSPENDED_INLINE is the same as SUSPENDED, except that the switch inlined into lade_next() may enter the generator.
 * It requires the library's own contexts (no ucontext) and a program without sanitizers. The inlined switch does not
 * write `state`. Instead it sets the pc of the generator's context to NULL while the generator runs, so the state and
 * the pc together say whether a generator runs: see lade__state_of(). Where lade_next() must not enter by itself, the
 * pc is NULL.
 *
 * DELEGATED means that another generator yields from this one.
 */
#ifndef LADE_GEN_STATE_H
#define LADE_GEN_STATE_H

#include "gen/switch.h"

/* The pc at which the generator function continues. */
static inline void **lade__resume_pc(struct lade_gen *g) {
    return &g->port.context[LADE__INNER].pc;
}

/* Takes the pc out of the context, so that lade_next() does not enter by itself, and returns it. */
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

/* True if lade_next() may switch to this generator by itself. */
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

/* A suspended generator that is DELEGATED for a while. */
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
