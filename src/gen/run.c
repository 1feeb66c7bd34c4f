/*
 * Running a generator in place: as a call, on the caller's stack, its items going to a port that stands ready. Reducers
 * do it with a port of their own (lade__run), `yield_from` with the delegator's (lade__yield_from), so that an item
 * costs the same at any depth of delegation. Only where little of the stack is left does a body get another one, from
 * the pool; it is called there and returns from there, so nothing else changes.
 */
#include "gen/gen_impl.h"
#include "gen/sanitize.h"
#include "gen/stack.h"
#include "gen/state.h"
#include "gen/switch.h"

enum {
    STACK_RESERVE = 16 * 1024, /* what a body finds at least: enough for printf and the like */
    FIRST_FRAMES = 4096        /* the pool's header, the stagger, the frames below the body */
};

/* What must be left for g to run here. Of a stack it asked for, the first frames have used a little already. */
static ptrdiff_t stack_wanted(const struct lade_gen *g) {
    return g->stack_order ? ((ptrdiff_t)1 << g->stack_order) - FIRST_FRAMES : STACK_RESERVE;
}

lade__entry *lade__body_of(const struct lade_gen *g, const struct lade_port *port) {
    /* With an exception in flight, caught by a delegate that is being closed, the entry that asks before it hands out
       an item. */
    int pulled = port->full == lade__pull_full && g->kind->pull && !port->pending && !LADE__UCONTEXT &&
                 !((const struct lade_gen *)(const void *)port)->sanitizer;
    return pulled ? g->kind->pull : g->kind->drain;
}

/* Little of this stack is left: on another one. */
static __attribute__((noinline)) void run_elsewhere(struct lade_gen *g, struct lade_port *port, lade__entry *body) {
    struct lade_error err;
    struct lade_stack *stack = lade__stack_take(g->stack_order, &err);
    if (!stack) {
        lade__drop(g); /* as it never ran */
        lade__raise_with(port, &err);
        return;
    }
    char *limit = port->limit;
    port->limit = stack->low;
    lade__call_on_told(stack, body, g, port);
    port->limit = limit;
    lade__stack_give(stack);
}

/* Run a generator that has not begun, here or on a stack of its own; what ended it is in the port. */
static inline void run_in_place(struct lade_gen *g, struct lade_port *port, lade__entry *body, char *here) {
    if (__builtin_expect(here - port->limit >= stack_wanted(g), 1))
        body(g, port);
    else
        run_elsewhere(g, port, body);
    g->state = LADE__DONE;
}

struct call {
    void (*f)(void *ctx);
    void *ctx;
};

/* A call in the shape of a body: what lade__call_on_told() calls. */
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
    struct lade_stack *stack = lade__stack_take(lade__stack_order(bytes + FIRST_FRAMES), &own);
    if (!stack)
        return lade_error_set(err, own.code, "%s", own.message);
    lade__call_on_told(stack, call_here, (struct lade_gen *)(void *)&(struct call){f, ctx}, NULL);
    lade__stack_give(stack);
    return LADE_OK;
}

/* g ended by itself: raise its error, if it is one, in the port. */
static void raise_error_of(struct lade_gen *g, struct lade_port *port) {
    const struct lade_error *error = lade__gen_error(g);
    if (error)
        lade__raise_with(port, error);
    lade__forget_error(g);
}

/* Raise the exception that waits in the port in g, at its yield: Python's forwarding of throw() and close(). Returns
   g's next item if it caught it and yielded; else NULL, and g's own end tells. */
static void *forward_exception(struct lade_gen *g, struct lade_port *port) {
    int code = port->pending; /* StopIteration, too: it becomes another error only where it leaves a body */
    struct lade_error *error = port->error;
    port->error = NULL;
    port->pending = 0;
    return lade__throw_owned(g, code, error);
}

/* Stores the items of a suspended generator in the port. */
static void pull_through(struct lade_gen *g, struct lade_port *port, int delegated) {
    for (void *item = lade__gen_resume(g, NULL); item;) {
        struct lade__delegation before;
        if (port->p != item) /* a consumer of large items uses the generator's own slot as its window */
            memcpy(port->p, item, port->item_size);
        port->p += port->item_size;
        if (delegated)
            before = lade__delegation_begin(g);
        int status = lade__port_is_full(port) ? lade__port_full(port) : 0;
        if (status && !delegated)
            return; /* the consumer wants no more items; the owner of g closes it */
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
        run_in_place(g, port, g->kind->drain, here);
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
    if (port->pending && port->exiting != LADE__EXIT_CAUGHT) { /* as a yield would have: nothing of sub runs any more */
        if (owned)
            lade__gen_free(sub);
        return port->pending;
    }
    if (!sub) {
        lade__raise_with(port, lade__gen_error(NULL));
        return port->pending;
    }
    int was_done = sub->state == LADE__DONE; /* its result was somebody else's */
    self->delegate = sub;
    if (sub->state == LADE__CREATED) {
        sub->state = LADE__DELEGATED;
        run_in_place(sub, port, lade__body_of(sub, port), __builtin_frame_address(0));
    } else {
        pull_through(sub, port, 1);
    }
    self->delegate = NULL;
    lade__port_settle(port);
    if (port->exiting && !port->pending) /* the delegate caught its closing; its delegator is closed all the same */
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
    static char entered; /* item: anything but NULL, to have the loop entered */
    return (struct lade_loop){.g = g, .item = &entered, .err = err, .body = body, .owned = owned};
}

void lade__loop_end(struct lade_loop *loop) {
    struct lade_gen *g = loop->g;
    if (loop->item && !loop->owned) /* left from inside: a borrowed one has nothing to tell, and may be gone by now */
        return;
    if (loop->item) /* else it has ended, or could not begin: closing would forget why */
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
