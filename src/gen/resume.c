/*
 * Runs generators on their own stacks. The functions for next, send, throw and close are in this file. state.h explains
 * the states of a generator. The body is the code of the generator function.
 *
 * The first lade_next() takes a stack from the pool. When the body has returned, the function that resumed the body
 * returns the stack to the pool. run.c runs generators that need no stack of their own.
 */
#include "gen/gen_impl.h"
#include "base/error.h"
#include "gen/measure.h"
#include "gen/sanitize.h"
#include "gen/stack/stack.h"
#include "gen/state.h"
#include "gen/switch.h"

#include <unwind.h>

/* ---- Switching --------------------------------------------------------------------------------------------------- */

int lade__pull_full(struct lade_port *port) {
    struct lade_gen *g = (struct lade_gen *)(void *)port; /* the port is the first member of the generator */
    port->p -= port->item_size;
    lade__switch_notify(g, LADE__INNER, 0);
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
    lade__switch_notify(g, LADE__INNER, 1);
    __builtin_unreachable();
}

/* ---- The end of a thread ----------------------------------------------------------------------------------------- */

/*
 * The unwinder calls lade__unwound() when it reaches the base of a generator's stack (see switch_*.S). If
 * pthread_cancel() or pthread_exit() ends the thread, the unwinder would stop at this base, and the cleanup functions
 * of the callers of lade_next() would not run. So lade__unwound() ends the generator and switches to the stack of the
 * caller, and lade__gen_ended() continues to unwind this stack. The address of the port is stored at the base of the
 * generator's stack, and @context contains the address of the base.
 *
 * With C libraries other than glibc, threads end without unwinding, and static programs contain no unwinder.
 */
#ifdef __GLIBC__
_Unwind_Reason_Code lade__unwound(int version, _Unwind_Action actions, _Unwind_Exception_Class class,
                                  struct _Unwind_Exception *exception, struct _Unwind_Context *context) {
    (void)version, (void)class;
    if (!(actions & _UA_FORCE_UNWIND) || !(actions & _UA_CLEANUP_PHASE))
        return _URC_CONTINUE_UNWIND;
    struct lade_port *port = *(struct lade_port **)_Unwind_GetCFA(context);
    struct lade_gen *g = (struct lade_gen *)(void *)port;
    lade__raise(port, LADE_ERUNTIME, "the thread that ran %s was cancelled or called pthread_exit()", g->kind->name);
    port->item = NULL;
    port->full = NULL; /* lade__gen_ended() checks this field */
    port->p = (char *)exception;
    g->delegate = NULL;
    lade__switch_notify(g, LADE__INNER, 1);
    __builtin_unreachable();
}

static void continue_to_unwind(void *exception) {
    _Unwind_Resume(exception);
}
#else
_Unwind_Reason_Code lade__unwound(int version, _Unwind_Action actions, _Unwind_Exception_Class class,
                                  struct _Unwind_Exception *exception, struct _Unwind_Context *context) {
    (void)version, (void)actions, (void)class, (void)exception, (void)context;
    return _URC_CONTINUE_UNWIND;
}

static void continue_to_unwind(void *exception) {
    (void)exception;
}
#endif

/* ---- Starting and resuming --------------------------------------------------------------------------------------- */

/* Takes a stack for g and prepares the context for the first switch. Returns 0. On error, stores the error in g and
   returns the status of the error. */
static int start(struct lade_gen *g) {
    struct lade_error err; /* not cleared, because this would take more time than taking a stack */
    g->stack = lade__stack_take(g->stack_units ? lade__stack_order_of(g) : 0, &err);
    if (!g->stack) {
        lade__misuse(g, err.code, "%s", err.message);
        return err.code;
    }
    g->stack->g = g;
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

/* Is called when the body has returned. Returns the stack to the pool and stores the error in g. Returns NULL, which is
   the result of lade_next(). */
void *lade__gen_ended(struct lade_gen *g) {
    if (g->sanitizer)
        lade__sanitizer_end(g);
    lade__stack_give(g->stack);
    g->stack = NULL;
    lade__set_done(g);
    struct lade_error *error;
    int status = lade__port_take(&g->port, &error);
    lade__forget_error(g); /* while the body ran, a call that was not allowed may have stored an error */
    if (!status || error)
        g->error = error;
    else if (status == LADE_EXIT) /* the generator was closed, so no error was allocated */
        g->error = &lade__exit_error;
    else /* there was no memory for the error */
        lade__misuse(g, status, "%s", lade_status_text(status));
    if (status && !g->port.full)
        continue_to_unwind(g->port.p);
    return NULL;
}

/* Resumes a suspended generator. If the port contains an exception, the yield at which g is suspended raises the
   exception. Returns the next item, or NULL at the end. */
static void *enter(struct lade_gen *g, const void *sent) {
    g->state = LADE__RUNNING;
    g->port.sent = sent;
    lade__switch_notify(g, LADE__OUTER, 0);
    g->port.sent = NULL;
    if (!g->port.item)
        return lade__gen_ended(g);
    lade__set_suspended(g);
    return g->port.item;
}

/* Returns 0 if g may be resumed or closed now. Otherwise stores the error in g and returns LADE_ESTATE. */
static int refused(struct lade_gen *g) {
    if (g->state == LADE__FREED) /* stores no error, because the frame was freed */
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
 * Is called by lade_next() if the pc in the context is NULL. If g has not started, prepares g and returns the pc to
 * which lade_next() must jump. Otherwise returns NULL, and *item is the result of lade_next(). lade_next() itself
 * switches the stacks, because the CPU would mispredict the `ret` of a function that switches stacks.
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
        lade__misuse(g, LADE_EINVAL, "throw: %d is not an error status, because it is not negative", code);
        return NULL;
    }
    struct lade_error *error = lade_alloc(sizeof *error);
    va_list args;
    va_start(args, fmt);
    lade__error_format(error, code, NULL, fmt, args);
    va_end(args);
    return lade__throw_owned(g, code, error);
}

/* Does the same as lade_gen_close(), but does not mark the error as seen. */
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
    if (g->error && g->error->code == LADE_EXIT) /* the body did not catch LADE_EXIT */
        lade__error_drop(g);
    return g->error ? g->error->code : LADE_OK;
}

int lade__gen_close(struct lade_gen *g) {
    int status = finish(g);
    if (status && g->state != LADE__FREED)
        g->error_seen = 1; /* the caller receives the status of the error */
    return status;
}

int lade__finish_for_good(struct lade_gen *g) {
    if (refused(g)) {
        if (g->state != LADE__FREED)
            lade__forget_error(g);
        return LADE_ESTATE;
    }
    if (finish(g) && lade__is_suspended(g)) {
        struct lade_error *first = g->error; /* the hook for unhandled errors gets only this error, even if the second
                                                finish() fails */
        g->error = NULL;
        finish(g);
        lade__error_drop(g);
        g->error = first;
    }
    if (lade__is_suspended(g)) { /* the body has yielded both times instead of ending, so only its stack can be
                                    released */
        if (g->sanitizer)
            lade__sanitizer_end(g);
        lade__stack_give(g->stack);
    }
    return LADE_OK;
}
