/*
 * Running generators from outside: next, send, throw, close. See state.h for the states.
 *
 * A stack is taken from the pool at the first resume from outside. When the generator function has returned, the side
 * that resumed it gives the stack back at once. run.c runs generators without a stack of their own.
 */
#include "gen/gen_impl.h"
#include "base/error.h"
#include "gen/measure.h"
#include "gen/sanitize.h"
#include "gen/stack.h"
#include "gen/state.h"
#include "gen/switch.h"

/* ---- Switching --------------------------------------------------------------------------------------------------- */

int lade__pull_full(struct lade_port *port) {
    struct lade_gen *g = (struct lade_gen *)(void *)port; /* the port is the first member of the generator */
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

/* Gives g a stack and the context of its first resume. Returns 0 or a status, which is also the error of g. */
static int start(struct lade_gen *g) {
    struct lade_error err; /* not cleared, because that would cost more than taking a stack */
    g->stack = lade__stack_take(g->stack_units ? lade__stack_order_of(g) : 0, &err);
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

/* Is called when the generator function has returned. Gives the stack back and stores the error. Returns NULL for
   lade_next(). */
void *lade__gen_ended(struct lade_gen *g) {
    if (g->sanitizer)
        lade__sanitizer_end(g);
    lade__stack_give(g->stack);
    g->stack = NULL;
    lade__set_done(g);
    struct lade_error *error;
    int status = lade__port_take(&g->port, &error);
    lade__forget_error(g); /* from misuse while it ran */
    if (!status || error)
        g->error = error;
    else if (status == LADE_EXIT) /* closed: no error was allocated */
        g->error = &lade__exit_error;
    else /* there was no memory for the error */
        lade__misuse(g, status, "%s", lade_status_text(status));
    return NULL;
}

/* Resumes a suspended generator; its yield may find an exception. Returns the next item or NULL. */
static void *enter(struct lade_gen *g, const void *sent) {
    g->state = LADE__RUNNING;
    g->port.sent = sent;
    lade__switch_told(g, LADE__OUTER, 0);
    g->port.sent = NULL;
    if (!g->port.item)
        return lade__gen_ended(g);
    lade__set_suspended(g);
    return g->port.item;
}

/* Returns 0 if g may be resumed or closed now; otherwise LADE_ESTATE, which is also the error of g. */
static int refused(struct lade_gen *g) {
    if (g->state == LADE__FREED) /* lade_gen_error() finds that itself; the memory of the frame is not written */
        return LADE_ESTATE;
    if (lade__state_of(g) == LADE__RUNNING)
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
 * For a lade_next() that finds no pc in the context. If g has not started, it is prepared and the pc is returned.
 * Otherwise NULL is returned and *item is the result of lade_next(). The switch itself is left to lade_next(), because
 * the CPU predicts a `ret` wrongly if it follows a switch.
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
    if (!lade__is_inline(g)) {
        *item = enter(g, NULL);
        return NULL;
    }
    lade__set_suspended(g);
    return *lade__resume_pc(g);
}

void *lade__gen_send(struct lade_gen *g, const void *value) {
    if (g && g->state == LADE__CREATED) {
        lade__misuse(g, LADE_ESTATE, "cannot send to %s before its first yield: call next() once", g->kind->name);
        return NULL;
    }
    return lade__gen_resume(g, value);
}

/* Raises `code` at the yield at which g is suspended. Takes ownership of `error`. */
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
    if (lade__is_suspended(g))
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
        lade__misuse(g, LADE_EINVAL, "throw: %d is not an error status, which is negative", code);
        return NULL;
    }
    struct lade_error *error = lade_alloc(sizeof *error);
    va_list args;
    va_start(args, fmt);
    lade__error_format(error, code, NULL, fmt, args);
    va_end(args);
    return lade__throw_owned(g, code, error);
}

/* lade_gen_close() without marking the error as seen. */
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
        lade__misuse(g, LADE_ERUNTIME, "%s yielded again instead of ending when it was closed", g->kind->name);
        return LADE_ERUNTIME;
    }
    if (g->error && g->error->code == LADE_EXIT) /* the generator function did not catch it */
        lade__error_drop(g);
    return g->error ? g->error->code : LADE_OK;
}

int lade__gen_close(struct lade_gen *g) {
    int status = finish(g);
    if (status && g->state != LADE__FREED)
        g->error_seen = 1; /* the caller gets the status */
    return status;
}

int lade__finish_for_good(struct lade_gen *g) {
    if (refused(g)) {
        if (g->state != LADE__FREED)
            lade__forget_error(g);
        return LADE_ESTATE;
    }
    if (finish(g) && lade__is_suspended(g)) {
        struct lade_error *first = g->error; /* the hook gets one error, even if the second attempt fails as well */
        g->error = NULL;
        finish(g);
        lade__error_drop(g);
        g->error = first;
    }
    if (lade__is_suspended(g)) { /* it yields whenever it is closed, so what it holds is lost, but not its stack */
        if (g->sanitizer)
            lade__sanitizer_end(g);
        lade__stack_give(g->stack);
    }
    return LADE_OK;
}
