/*
 * flow.h - declares the type Flow, which is the base class of lade.Flow.
 */
#ifndef LADE_PYTHON_FLOW_H
#define LADE_PYTHON_FLOW_H

#include <lade/flow.h>

#include "flow/callback.h"
#include "base/extension.h"

/*
 * An object of the type Flow.
 */
struct lade__py_flow {
    PyObject_HEAD lade_flow *flow; /* NULL after close() */
    struct lade__py_callback callback;
    struct lade__py_failures failures;
    PyObject *reader; /* the Reader of flow_from_sequence(), or NULL; borrowed: lade_flow_free() drops the reference */
    int users;        /* number of threads that use `flow` without the GIL; guarded by the GIL */
    bool reading;     /* a thread waits for a batch, or changes the position; guarded by the GIL */
    bool fitting;     /* a thread computes the statistics; guarded by the GIL */
    bool closing;     /* close() was called */
};

/*
 * lade__py_flow_use()    - returns the flow and increments self->users. If the flow is closed, raises an exception and
 *                          returns NULL. After a successful call, the caller must call lade__py_flow_unuse().
 * lade__py_flow_read()   - does the same for a call that needs the position of the flow. If another thread is in such a
 *                          call, raises an exception and returns NULL. After a successful call, the caller must call
 *                          lade__py_flow_unread().
 * lade__py_flow_unuse(), lade__py_flow_unread() - end a use.
 * lade__py_flow_get()    - returns the struct of an object of the type Flow, or NULL with a TypeError.
 * lade__py_flow_new()    - allocates an object of @class, a subclass of the type Flow, without a flow.
 * lade__py_flow_options_read() - stores the dict @values in @options. The option preprocessing_function calls
 *                          self->callback. @keep is a list, as for lade__py_options_read().
 */
lade_flow *lade__py_flow_use(struct lade__py_flow *self);
void lade__py_flow_unuse(struct lade__py_flow *self);
lade_flow *lade__py_flow_read(struct lade__py_flow *self);
void lade__py_flow_unread(struct lade__py_flow *self);
struct lade__py_flow *lade__py_flow_get(PyObject *object);
struct lade__py_flow *lade__py_flow_new(PyObject *class);
int lade__py_flow_options_read(struct lade__py_flow *self, PyObject *values, struct lade_flow_options *options,
                               PyObject *keep);

/* The methods of the type Flow, in arrays that end with {0}: constructors, batches, plans, properties. */
extern PyMethodDef lade__py_flow_constructors[];
extern PyMethodDef lade__py_flow_methods[];
extern PyMethodDef lade__py_flow_plan_methods[];
extern PyMethodDef lade__py_flow_info_methods[];
extern PyGetSetDef lade__py_flow_properties[];

/* Returns the next batch. Releases the GIL while it waits. On error, raises an exception and returns NULL. */
PyObject *lade__py_flow_next(PyObject *self);

#endif
