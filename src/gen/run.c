/*
 * Runs generators in place: the body of the generator (the code of the generator function) is called as a function on
 * the current stack. The body stores its items in the port of its consumer. A reducer has its own port (lade__run()).
 * `yield_from` uses the port of the delegating generator (lade__yield_from()), so an item costs the same at every depth
 * of delegation. If the current stack has too little space left, the body is called on another stack from the pool.
 */
#include "gen/gen_impl.h"
#include "gen/measure.h"
#include "gen/sanitize.h"
#include "gen/stack/stack.h"
#include "gen/state.h"
#include "gen/switch.h"

lade__entry *lade__body_of(const struct lade_gen *g, const struct lade_port *port) {
    /* If a delegate has caught LADE_EXIT, the port contains an exception. In this case `drain` must run, because `pull`
       passes an item without looking for an exception in the port. */
    int pulled = port->full == lade__pull_full && g->kind->pull && !port->pending && !LADE__UCONTEXT &&
                 !((const struct lade_gen *)(const void *)port)->sanitizer;
    return pulled ? g->kind->pull : g->kind->drain;
}

static void give_back(struct lade_stack **stack) {
    lade__stack_give(*stack);
}

/* Runs a body on another stack. If it is not known yet how much stack space the body needs, the body is measured first
   (see measure.c). If the current stack turns out to have enough space, the body runs on the current stack. */
static __attribute__((noinline)) void run_elsewhere(struct lade_gen *g, struct lade_port *port, lade__entry *body) {
    struct lade_error err;
    if (g->stack_units == LADE__UNMEASURED) {
        lade__stack_measure(g);
        if ((char *)__builtin_frame_address(0) - port->limit >= lade__stack_wanted(g) + port->up) {
            body(g, port);
            return;
        }
    }
    struct lade_stack *stack = lade__stack_take(lade__stack_order_of(g), &err);
    if (!stack) {
        lade__drop(g); /* the body did not run, so it has freed nothing */
        lade__raise_with(port, &err);
        return;
    }
    lade_cleanup(give_back) struct lade_stack *used = stack; /* give_back() runs even if the thread ends in the body */
    char *limit = port->limit;
    port->limit = stack->low;
    stack->g = g;
    lade__call_on_notify(stack, body, g, port);
    port->limit = limit;
}

/* A generator that runs on the stack of its caller. */
struct running {
    struct lade_gen *g; /* NULL if no body is running */
    int owned;
};

/* Ends the generator if pthread_cancel() or pthread_exit() ends the thread while the body runs. This requires the
   compiler option -fexceptions. */
static inline void thread_ends(const struct running *running) {
    if (running->g) {
        running->g->delegate = NULL;
        lade__set_done(running->g);
        if (running->owned)
            lade__gen_free(running->g);
    }
}

/* Runs a generator from its start to its end. If the generator fails, the port contains the exception afterwards. */
static inline void run_in_place(struct lade_gen *g, int owned, struct lade_port *port, lade__entry *body, char *here) {
    lade_cleanup(thread_ends) struct running running = {g, owned};
    if (__builtin_expect(here - port->limit >= lade__stack_wanted(g) + port->up, 1))
        body(g, port);
    else
        run_elsewhere(g, port, body);
    g->state = LADE__DONE;
    running.g = NULL;
}

struct call {
    void (*f)(void *ctx);
    void *ctx;
};

/* Calls the function in a struct call. This wrapper has the type that lade__call_on_notify() requires. */
static void call_here(struct lade_gen *call, struct lade_port *unused) {
    (void)unused;
    ((struct call *)(void *)call)->f(((struct call *)(void *)call)->ctx);
}

int lade_call_with_stack(size_t bytes, void (*f)(void *ctx), void *ctx, struct lade_error *err) {
    char *here = __builtin_frame_address(0);
    if ((size_t)(here - lade__stack_limit(here)) >= bytes) {
        f(ctx);
        return LADE_OK;
    }
    struct lade_error own;
    struct lade_stack *stack = lade__stack_take(lade__stack_order(bytes + LADE__FIRST_FRAMES), &own);
    if (!stack)
        return lade_error_set(err, own.code, "%s", own.message);
    stack->g = NULL;
    lade__call_on_notify(stack, call_here, (struct lade_gen *)(void *)&(struct call){f, ctx}, NULL);
    lade__stack_give(stack);
    return LADE_OK;
}

/* Is called when g has ended. If g has an error, stores the error in the port as an exception. */
static void raise_error_of(struct lade_gen *g, struct lade_port *port) {
    const struct lade_error *error = lade__gen_error(g);
    if (error)
        lade__raise_with(port, error);
    lade__forget_error(g);
}

/* Moves the pending exception of the port to g, and raises it at the yield at which g is suspended. Python forwards
   throw() and close() to a delegate in the same way. If g catches the exception and yields, returns the item.
   Otherwise returns NULL. */
static void *forward_exception(struct lade_gen *g, struct lade_port *port) {
    int code = port->pending; /* LADE_STOP is replaced by LADE_ERUNTIME only when LADE_STOP leaves a body */
    struct lade_error *error = port->error;
    port->error = NULL;
    port->pending = 0;
    return lade__throw_owned(g, code, error);
}

/* Stores the items of a suspended generator in the port. */
static void pull_through(struct lade_gen *g, struct lade_port *port, int delegated) {
    for (void *item = lade__gen_resume(g, NULL); item;) {
        struct lade__delegation before;
        if (port->p != item) /* p and item are equal if the consumer reads the items in the slot of g */
            memcpy(port->p, item, port->item_size);
        port->p += port->item_size;
        if (delegated)
            before = lade__delegation_begin(g);
        int status = lade__port_is_full(port) ? lade__port_full(port) : 0;
        if (status && !delegated)
            return; /* the consumer needs no more items; the owner of g closes g */
        if (delegated)
            lade__delegation_end(g, before);
        item = status ? forward_exception(g, port) : lade__gen_resume(g, port->sent);
        if (item && status && port->exiting) {
            lade__raise(port, LADE_ERUNTIME, "%s yielded again instead of ending when it was closed", g->kind->name);
            return;
        }
    }
    raise_error_of(g, port);
}

void lade__run(struct lade_gen *g, int how, struct lade_port *port) {
    char *here = __builtin_frame_address(0);
    if (!port->limit)
        port->limit = lade__stack_limit(here);
    if (__builtin_expect(g && g->state == LADE__CREATED && how, 1)) {
        g->state = LADE__RUNNING;
        run_in_place(g, how & LADE__OWNED, port, g->kind->drain, here);
    } else if (g) {
        pull_through(g, port, 0);
    } else {
        lade__raise_with(port, lade__gen_error(NULL));
    }
    if (how & LADE__OWNED)
        lade__gen_free(g);
}

int lade__yield_from(struct lade_gen *self, struct lade_port *port, struct lade_gen *sub, int owned) {
    self->has_from_result = 0;
    if (port->pending && port->exiting != LADE__EXIT_CAUGHT) { /* sub does not run, because the delegating generator
                                                                  returns at once */
        if (owned)
            lade__gen_free(sub);
        return port->pending;
    }
    if (!sub) {
        lade__raise_with(port, lade__gen_error(NULL));
        return port->pending;
    }
    int was_done = sub->state == LADE__DONE; /* if true, the result of sub does not belong to this delegation */
    self->delegate = sub;
    if (sub->state == LADE__CREATED) {
        sub->state = LADE__DELEGATED;
        run_in_place(sub, owned, port, lade__body_of(sub, port), __builtin_frame_address(0));
    } else {
        pull_through(sub, port, 1);
    }
    self->delegate = NULL;
    lade__port_settle(port);
    if (port->exiting && !port->pending) /* the delegate has caught LADE_EXIT, but self must also be closed */
        port->pending = LADE_EXIT;
    if (sub->has_result && !was_done && !port->pending) {
        memcpy((char *)self + self->kind->result_offset + self->item_size, lade__gen_result(sub), self->item_size);
        self->has_from_result = 1;
    }
    if (owned)
        lade__gen_free(sub);
    return port->pending;
}

struct lade_loop lade__loop_start(struct lade_gen *g, int owned, struct lade_error *err, struct lade_port *body) {
    static char entered; /* only its address is used: `item` must not be NULL, so that the loop starts */
    return (struct lade_loop){.g = g, .item = &entered, .err = err, .body = body, .owned = owned};
}

void lade__loop_end(struct lade_loop *loop) {
    struct lade_gen *g = loop->g;
    if (loop->item && !loop->owned) /* after break or return, the owner of g may have freed g */
        return;
    if (loop->item) /* if `item` is NULL, g has ended; then g is not closed, so that its error is kept */
        lade__gen_close(g);
    const struct lade_error *error = lade__gen_error(g);
    if (error) {
        struct lade_port carrier = {.full = lade__pull_full};
        lade__raise_with(&carrier, error);
        lade__deliver(&carrier, loop->err, loop->body);
    }
    if (loop->owned)
        lade__gen_free(g);
}
