/*
 * A generator's life, seen from outside: made, resumed, sent to, thrown into, closed, freed.
 *
 *     CREATED --next--> RUNNING --yield--> SUSPENDED --next--> RUNNING ... --end, error, close--> DONE
 *
 * SUSPENDED_INLINE is SUSPENDED where the switch that lade_next has inlined may be used: the library's own contexts,
 * and no sanitizer in the program. That switch leaves the state alone: while the body runs, the place where it would go
 * on is NULL. A generator is DELEGATED while another one yields from it. A stack is taken at the
 * first resume from outside and given back as soon as the body has ended, by the side that resumed it.
 */
#include "gen/gen_impl.h"
#include "base/error.h"
#include "gen/frame.h"
#include "gen/sanitize.h"
#include "gen/stack.h"
#include "gen/switch.h"

/* ---- Making and dropping ----------------------------------------------------------------------------------------- */

LADE__THREAD_BOUND void *lade__gen_new(const struct lade_gen_kind *kind) {
    struct lade_gen *g = lade__frame_take(kind->frame_size);
    if (!g)
        return NULL;
    g->frame_size = kind->frame_size;
    /* The port is written when the generator is first pulled; clearing all of it too would be most of the cost here. */
    g->kind = kind;
    g->item_size = kind->item_size;
    g->slot = (char *)g + kind->slot_offset;
    g->state = LADE__CREATED;
    g->arithmetic = (unsigned char)kind->arithmetic;
    g->error_seen = g->has_result = g->has_from_result = 0;
    g->stack_order = 0;
    g->port.context[LADE__INNER].pc = NULL;
    g->stack = NULL;
    g->delegate = NULL;
    g->error = NULL;
    g->sanitizer = NULL;
    return g;
}

LADE__THREAD_BOUND void *lade__gen_new_sized(const struct lade_gen_kind *kind, size_t item_size, int arithmetic,
                                             size_t room) {
    const size_t frame = LADE__ROUND_16(kind->frame_size), slot = LADE__ROUND_16(item_size);
    if (room > SIZE_MAX / 2)
        return NULL;
    struct lade_gen *g = lade__frame_take(frame + slot + room);
    if (!g)
        return NULL;
    memset(g, 0, frame + slot + room);
    g->frame_size = frame + slot + room;
    g->kind = kind;
    g->item_size = item_size;
    g->slot = (char *)g + frame;
    g->arithmetic = (unsigned char)arithmetic;
    return g;
}

struct lade_gen *lade__gen_stack(struct lade_gen *g, size_t bytes) {
    if (g && g->state == LADE__CREATED)
        g->stack_order = (unsigned char)lade__stack_order(bytes);
    return g;
}

void lade__drop(struct lade_gen *g) {
    g->state = LADE__DONE;
    if (g->kind->drop)
        g->kind->drop(g);
}

/* Errors that take no memory, or for which there is none. */
static struct lade_error exit_error = {LADE_EXIT, "generator exit"};
static struct lade_error no_memory = {LADE_ENOMEM, "out of memory, also for the words of an error"};

static void drop_error(struct lade_gen *g) {
    if (g->error != &exit_error && g->error != &no_memory)
        lade_free(g->error);
    g->error = NULL;
}

void lade__forget_error(struct lade_gen *g) {
    if (g->error) {
        if (!g->error_seen)
            lade_unhandled(g->error);
        drop_error(g);
    }
    g->error_seen = 0; /* also where there was none: asking before it came does not count */
}

void lade__misuse(struct lade_gen *g, int code, const char *fmt, ...) {
    lade__forget_error(g);
    g->error = lade_alloc(sizeof *g->error);
    if (!g->error) {
        g->error = &no_memory;
        return;
    }
    va_list args;
    va_start(args, fmt);
    lade__error_format(g->error, code, NULL, fmt, args);
    va_end(args);
}

/* ---- Switching --------------------------------------------------------------------------------------------------- */

int lade__pull_full(struct lade_port *port) {
    struct lade_gen *g = (struct lade_gen *)(void *)port; /* a pulled port is the first member of its generator */
    port->p -= port->item_size;
    lade__switch_told(g, LADE__INNER, 0);
    return port->pending;
}

void lade__gen_main(struct lade_port *port) {
    struct lade_gen *g = (struct lade_gen *)(void *)port;
    lade__sanitizer_arrive(g);
    lade__body_of(g, port)(g, port);
    port->item = NULL;
#if LADE__INLINE_SWITCH && !LADE__UCONTEXT
    if (!g->sanitizer) {
        void *none = NULL;
        LADE__LEAVE(port, none);
        __builtin_unreachable();
    }
#endif
    lade__switch_told(g, LADE__INNER, 1);
    __builtin_unreachable();
}

static int start(struct lade_gen *g) {
    struct lade_error err; /* written on failure only: clearing it costs more than taking a stack */
    g->stack = lade__stack_take(g->stack_order, &err);
    if (!g->stack) {
        lade__misuse(g, err.code, "%s", err.message);
        return err.code;
    }
    lade__port_init(&g->port, lade__pull_full, g->item_size);
    g->port.p = g->port.item = g->slot;
    g->port.end = g->slot + g->item_size;
    g->port.limit = g->stack->low;
    int status = lade__switch_prepare(&g->port, g->stack);
    if (!status && lade__sanitizer_present())
        status = lade__sanitizer_begin(g);
    if (status) {
        lade__stack_give(g->stack);
        g->stack = NULL;
        lade__misuse(g, status, "%s", lade_status_text(status));
    }
    return status;
}

/* The body has ended and its stack is free: what lade_next does then, apart from returning NULL. */
void *lade__gen_ended(struct lade_gen *g) {
    if (g->sanitizer)
        lade__sanitizer_end(g);
    lade__stack_give(g->stack);
    g->stack = NULL;
    g->state = LADE__DONE;
    g->port.context[LADE__INNER].pc = NULL;
    struct lade_error *error;
    int status = lade__port_take(&g->port, &error);
    lade__forget_error(g); /* a misuse while it ran */
    if (!status || error)
        g->error = error;
    else if (status == LADE_EXIT) /* closed: no words, and none needed */
        g->error = &exit_error;
    else /* no memory for the words that were thrown */
        lade__misuse(g, status, "%s", lade_status_text(status));
    return NULL;
}

/* May lade_next switch to g by itself? */
static int is_inline(const struct lade_gen *g) {
    return !LADE__UCONTEXT && !g->sanitizer;
}

/* Resume a suspended generator, whatever it will find at its yield. */
static void *enter(struct lade_gen *g, const void *sent) {
    g->state = LADE__RUNNING;
    g->port.sent = sent;
    lade__switch_told(g, LADE__OUTER, 0);
    g->port.sent = NULL;
    if (!g->port.item)
        return lade__gen_ended(g);
    g->state = is_inline(g) ? LADE__SUSPENDED_INLINE : LADE__SUSPENDED;
    return g->port.item;
}

/* What lade_next has inlined tells of a run by the context alone. */
static int state_of(const struct lade_gen *g) {
    return g->state == LADE__SUSPENDED_INLINE && !g->port.context[LADE__INNER].pc ? LADE__RUNNING : g->state;
}

static int is_suspended(const struct lade_gen *g) {
    int state = state_of(g);
    return state == LADE__SUSPENDED || state == LADE__SUSPENDED_INLINE;
}

/* Not now? Then the misuse is noted in g. */
static int refused(struct lade_gen *g) {
    if (state_of(g) == LADE__RUNNING)
        lade__misuse(g, LADE_ESTATE, "generator already executing: %s", g->kind->name);
    else if (g->state == LADE__DELEGATED)
        lade__misuse(g, LADE_ESTATE, "another generator is yielding from this one: %s", g->kind->name);
    else
        return 0;
    return LADE_ESTATE;
}

void *lade__gen_resume(struct lade_gen *g, const void *sent) {
    if (!g || refused(g))
        return NULL;
    lade__forget_error(g);
    if (g->state == LADE__DONE || (g->state == LADE__CREATED && start(g)))
        return NULL;
    return enter(g, sent);
}

/*
 * For a lade_next that finds no place to go to: begin, and return the place; or do it all, and return NULL with *item
 * what lade_next returns. The one who asks should be the one who switches: a `ret` behind a switch is one that the CPU
 * predicts wrongly.
 */
void *lade__gen_ready(struct lade_gen *g, void **item) {
    *item = NULL;
    if (!g || g->state != LADE__CREATED) {
        *item = lade__gen_resume(g, NULL);
        return NULL;
    }
    lade__forget_error(g);
    if (start(g))
        return NULL;
    if (!is_inline(g)) {
        *item = enter(g, NULL);
        return NULL;
    }
    g->state = LADE__SUSPENDED_INLINE;
    return g->port.context[LADE__INNER].pc;
}

void *lade__gen_send(struct lade_gen *g, const void *value) {
    if (g && g->state == LADE__CREATED) {
        lade__misuse(g, LADE_ESTATE, "cannot send to %s before its first yield: call next() once", g->kind->name);
        return NULL;
    }
    return lade__gen_resume(g, value);
}

/* Raise `code` at the yield where g waits. */
static void *raise_in(struct lade_gen *g, int code, struct lade_error *error) {
    g->port.pending = code;
    g->port.exiting = code == LADE_EXIT;
    g->port.error = error;
    void *item = enter(g, NULL);
    if (item)
        g->port.exiting = 0;
    return item;
}

void *lade__throw_owned(struct lade_gen *g, int code, struct lade_error *error) {
    lade__forget_error(g);
    if (is_suspended(g))
        return raise_in(g, code, error);
    if (g->state == LADE__CREATED)
        lade__drop(g);
    if (error)
        g->error = error;
    else
        lade__misuse(g, code, "%s", lade_status_text(code));
    return NULL;
}

void *lade__gen_throw(struct lade_gen *g, int code, const char *fmt, ...) {
    if (!g || refused(g))
        return NULL;
    if (code >= 0) {
        lade__misuse(g, LADE_EINVAL, "throw: %d is no error status: those are negative", code);
        return NULL;
    }
    struct lade_error *error = lade_alloc(sizeof *error);
    va_list args;
    va_start(args, fmt);
    lade__error_format(error, code, NULL, fmt, args);
    va_end(args);
    return lade__throw_owned(g, code, error);
}

static int finish(struct lade_gen *g) {
    if (!g || g->state == LADE__DONE)
        return LADE_OK;
    if (refused(g))
        return LADE_ESTATE;
    lade__forget_error(g);
    if (g->state == LADE__CREATED) {
        lade__drop(g);
        return LADE_OK;
    }
    if (raise_in(g, LADE_EXIT, NULL)) {
        lade__misuse(g, LADE_ERUNTIME, "%s ignored its being closed: it yielded again", g->kind->name);
        return LADE_ERUNTIME;
    }
    if (g->error && g->error->code == LADE_EXIT) /* came out as it went in: closed */
        drop_error(g);
    return g->error ? g->error->code : LADE_OK;
}

int lade__gen_close(struct lade_gen *g) {
    int status = finish(g);
    if (status)
        g->error_seen = 1; /* the caller has it */
    return status;
}

/* Close a generator that is about to be freed, whatever it takes: 0, or LADE_ESTATE. */
static int finish_for_good(struct lade_gen *g) {
    if (refused(g)) {
        lade__forget_error(g);
        return LADE_ESTATE;
    }
    if (finish(g) && is_suspended(g))
        finish(g);
    if (is_suspended(g)) { /* it will not end: what it holds is lost, the stack is not */
        if (g->sanitizer)
            lade__sanitizer_end(g);
        lade__stack_give(g->stack);
    }
    return LADE_OK;
}

int lade__gen_free(struct lade_gen *g) {
    if (!g)
        return LADE_OK;
    if (g->state != LADE__DONE && finish_for_good(g))
        return LADE_ESTATE;
    lade__forget_error(g);
    lade__frame_give(g, g->frame_size);
    return LADE_OK;
}

void lade__gen_auto_end(void *handle) {
    struct lade_gen *g;
    memcpy(&g, handle, sizeof g);
    lade__gen_free(g);
}

/* ---- Looking ----------------------------------------------------------------------------------------------------- */

const struct lade_error *lade__gen_error(struct lade_gen *g) {
    static const struct lade_error no_generator = {LADE_ENOMEM, "out of memory: the generator could not be made"};
    if (!g)
        return &no_generator;
    g->error_seen = 1;
    return g->error;
}

void *lade__gen_result(struct lade_gen *g) {
    return g && g->has_result ? (char *)g + g->kind->result_offset : NULL;
}

void *lade__result_room(struct lade_gen *self) {
    self->has_result = 1;
    return (char *)self + self->kind->result_offset;
}

void *lade__from_result(struct lade_gen *self) {
    return self->has_from_result ? (char *)self + self->kind->result_offset + self->item_size : NULL;
}

int lade__gen_state(const struct lade_gen *g) {
    static const int public_states[] = {[LADE__CREATED] = LADE_GEN_CREATED,
                                        [LADE__SUSPENDED] = LADE_GEN_SUSPENDED,
                                        [LADE__SUSPENDED_INLINE] = LADE_GEN_SUSPENDED,
                                        [LADE__RUNNING] = LADE_GEN_RUNNING,
                                        [LADE__DELEGATED] = LADE_GEN_DELEGATED,
                                        [LADE__DONE] = LADE_GEN_DONE};
    return g ? public_states[state_of(g)] : LADE_GEN_DONE;
}

struct lade_gen *lade__gen_delegate(const struct lade_gen *g) {
    return g ? g->delegate : NULL;
}

const char *lade__gen_name(const struct lade_gen *g) {
    return g ? g->kind->name : "";
}
