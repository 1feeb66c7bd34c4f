/*
 * Implements ports. A body (the code of a generator function) passes its items and its exception to the consumer
 * through a port.
 *
 * An exception is stored in the port, not in a generator. If a generator delegates to another generator with
 * lade_yield_from(), the other generator is called the delegate. A delegate that runs in place uses the port of the
 * delegating generator, so an error of the delegate is immediately an error of the delegating generator. The field
 * `pending` is the status of the exception. If `pending` is set, every yield returns from its body.
 */
#include "gen/gen_impl.h"
#include "base/error.h"

/* Makes the next yield of a drained body call lade__port_full(), even if the window is not full. */
static void stop_at_next_yield(struct lade_port *port) {
    if (port->end)
        port->room_end = port->end;
    port->end = NULL;
}

/* Is called when an exception was caught. Undoes stop_at_next_yield(). */
static void restore_window(struct lade_port *port) {
    if (!port->end)
        port->end = port->room_end;
}

static void raise_ignored(struct lade_port *port) {
    lade__raise(port, LADE_ERUNTIME, "the generator yielded again instead of ending when it was closed");
    port->exiting = LADE__EXIT_IGNORED;
}

void lade__port_settle(struct lade_port *port) {
    if (port->exiting == LADE__EXIT_CAUGHT) {
        port->exiting = 1;
        port->pending = 0;
    } else if (port->exiting == LADE__EXIT_IGNORED && !port->pending) {
        raise_ignored(port);
    }
}

int lade__port_full(struct lade_port *port) {
    if (port->full != lade__pull_full) {
        if (port->exiting && !port->pending)
            raise_ignored(port);
        if (port->pending) {
            port->p -= port->item_size;
            return port->pending;
        }
    } else if (port->pending) {
        port->p -= port->item_size;
        return lade__port_pending(port);
    }
    int status = port->full(port);
    if (status && port->full != lade__pull_full) {
        port->pending = status;
        port->exiting |= status == LADE_EXIT;
        stop_at_next_yield(port);
    }
    return status;
}

int lade__port_pending(struct lade_port *port) {
    if (port->exiting == LADE__EXIT_CAUGHT)
        raise_ignored(port);
    return port->pending;
}

/* Returns true if the running body is a delegate of the generator that is pulled. */
static int is_delegate(const struct lade_port *port) {
    return port->full == lade__pull_full && ((const struct lade_gen *)(const void *)port)->delegate;
}

int lade__port_catch(struct lade_port *port, int status) {
    if (!status)
        return 0;
    lade_free(port->error);
    port->error = NULL;
    port->pending = 0;
    restore_window(port);
    if (status == LADE_EXIT && port->exiting && is_delegate(port)) {
        /* If the delegate yielded now, the item would be passed to the caller that closes the delegating generator.
           Such a yield must fail. So the status LADE_ERUNTIME is stored now, and the next yield raises the error. If
           the delegate ends without a yield, lade__port_settle() removes the error. */
        port->exiting = LADE__EXIT_CAUGHT;
        port->pending = LADE_ERUNTIME;
    }
    return status;
}

static void raise_owned(struct lade_port *port, int code, struct lade_error *error) {
    lade_free(port->error);
    port->exiting = port->exiting != 0;
    port->pending = code;
    port->error = error;
    if (port->full != lade__pull_full)
        stop_at_next_yield(port);
}

/* Returns `code` if a body may raise it, otherwise LADE_ERUNTIME. LADE_STOP is not allowed, because it would look like
   the normal end of the body (PEP 479). Numbers that are not negative are not allowed, because they are not errors. */
static int allowed_code(int code) {
    return code == LADE_STOP || code >= 0 ? LADE_ERUNTIME : code;
}

void lade__raise(struct lade_port *port, int code, const char *fmt, ...) {
    struct lade_error *error = lade_alloc(sizeof *error);
    va_list args;
    va_start(args, fmt);
    lade__error_format(error, allowed_code(code), NULL, fmt, args);
    va_end(args);
    raise_owned(port, allowed_code(code), error);
}

void lade__raise_with(struct lade_port *port, const struct lade_error *err) {
    struct lade_error *error = lade_alloc(sizeof *error);
    if (error) {
        *error = *err;
        error->code = allowed_code(err->code);
    }
    raise_owned(port, allowed_code(err->code), error);
}

int lade__port_take(struct lade_port *port, struct lade_error **error) {
    lade__port_settle(port);
    int status = port->pending;
    *error = port->error;
    port->pending = port->exiting = 0;
    port->error = NULL;
    if (status == LADE_STOP) { /* the caller threw LADE_STOP and the body did not catch it */
        status = LADE_ERUNTIME;
        if (*error)
            (*error)->code = status;
    }
    return status;
}

struct lade_error lade__error_or(int code, const struct lade_error *error) {
    if (error)
        return *error;
    struct lade_error e = {0};
    lade_error_set(&e, code, "%s", lade_status_text(code));
    return e;
}

int lade__deliver_pending(struct lade_port *from, struct lade_error *err, struct lade_port *body) {
    struct lade_error *error;
    int requested = from->exiting, status = lade__port_take(from, &error);
    if (!status || (status == LADE_EXIT && requested)) { /* no error: the consumer stopped the body */
        lade_free(error);
        return LADE_OK;
    }
    if (body && !err) {
        raise_owned(body, status, error);
        return status;
    }
    const struct lade_error e = lade__error_or(status, error);
    lade_free(error);
    if (err)
        *err = e;
    else
        lade_unhandled(&e);
    return status;
}
