/*
 * Ports: where the items of a body go, and exceptions that are in flight through a chain of bodies.
 *
 * An exception lives in the port, not in a generator: all bodies that run in place share one port, so a delegate's
 * error is its delegator's at once. `pending` is the status; every yield that finds it set returns from its body.
 */
#include "gen/gen_impl.h"
#include "base/error.h"

/* Make the next yield of a drained body come to lade__port_full(), whatever room is left. */
static void stop_at_next_yield(struct lade_port *port) {
    if (port->end)
        port->room_end = port->end;
    port->end = NULL;
}

/* The exception has been caught: the window is as before. */
static void go_on(struct lade_port *port) {
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

/* Does the body that runs now delegate for another one, which is the one that is pulled? */
static int is_delegate(const struct lade_port *port) {
    return port->full == lade__pull_full && ((const struct lade_gen *)(const void *)port)->delegate;
}

int lade__port_catch(struct lade_port *port, int status) {
    if (!status)
        return 0;
    lade_free(port->error);
    port->error = NULL;
    port->pending = 0;
    go_on(port);
    if (status == LADE_EXIT && port->exiting && is_delegate(port)) {
        /* Its next yield would hand an item to whoever closes the delegator. It is the delegator's error instead: one
           that waits here, to be raised by that yield, or taken back where the delegate ends. */
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

/* StopIteration that leaves a body as an error would be taken for its end (PEP 479); 0 and above are no errors. */
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
    if (status == LADE_STOP) { /* thrown in and not caught */
        status = LADE_ERUNTIME;
        if (*error)
            (*error)->code = status;
    }
    return status;
}

struct lade_error lade__error_or(int code, const struct lade_error *error) {
    if (error)
        return *error;
    struct lade_error words = {0};
    lade_error_set(&words, code, "%s", lade_status_text(code));
    return words;
}

int lade__deliver_pending(struct lade_port *from, struct lade_error *err, struct lade_port *body) {
    struct lade_error *error;
    int asked = from->exiting, status = lade__port_take(from, &error);
    if (!status || (status == LADE_EXIT && asked)) { /* the consumer itself asked for the end */
        lade_free(error);
        return LADE_OK;
    }
    if (body && !err) {
        raise_owned(body, status, error);
        return status;
    }
    const struct lade_error words = lade__error_or(status, error);
    lade_free(error);
    if (err)
        *err = words;
    else
        lade_unhandled(&words);
    return status;
}
