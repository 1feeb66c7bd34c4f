/*
 * Defines the type Flow, from which the class lade.Flow is derived, and closes flows. A flow is closed by close(), when
 * its last reference is removed, or when the garbage collector finds a cycle. The worker threads may need the GIL to
 * finish their current sample. Therefore the flow is first canceled, and the GIL is released during the wait for the
 * threads.
 */
#include "flow/flow.h"

#include <string.h>
#include <time.h>

#include "base/job.h"

static PyTypeObject *flow_type;

static lade_flow *refuse(const char *reason) {
    struct lade_error err = {0};

    lade_error_set(&err, LADE_ESTATE, "%s", reason);
    lade__py_raise(&err);
    return NULL;
}

lade_flow *lade__py_flow_use(struct lade__py_flow *self) {
    if (!self->flow || self->closing)
        return refuse("the flow is closed");
    if (self->fitting)
        return refuse("another thread computes the statistics of the flow (fit)");
    self->users++;
    return self->flow;
}

lade_flow *lade__py_flow_read(struct lade__py_flow *self) {
    if (self->reading)
        return refuse("another thread reads the flow");
    lade_flow *flow = lade__py_flow_use(self);
    self->reading = flow != NULL;
    return flow;
}

void lade__py_flow_unuse(struct lade__py_flow *self) {
    self->users--;
}

void lade__py_flow_unread(struct lade__py_flow *self) {
    self->reading = false;
    self->users--;
}

struct lade__py_flow *lade__py_flow_get(PyObject *object) {
    if (PyObject_TypeCheck(object, flow_type))
        return (struct lade__py_flow *)object;
    PyErr_Format(PyExc_TypeError, "the argument must be a lade.Flow, not %R", (PyObject *)Py_TYPE(object));
    return NULL;
}

struct lade__py_flow *lade__py_flow_new(PyObject *class) {
    struct lade__py_flow *self = lade__py_new((PyTypeObject *)class);

    if (self)
        self->callback.failures = &self->failures;
    return self;
}

/* ---- The end ----------------------------------------------------------------------------------------------------- */

/* Frees the flow. If a worker is calling a function of the user, waits until this function returns. */
static void free_flow(struct lade__py_flow *self) {
    lade_flow *flow = self->flow;

    self->flow = NULL;
    self->reader = NULL;
    if (!flow)
        return;
    Py_BEGIN_ALLOW_THREADS;
    lade_flow_free(flow);
    Py_END_ALLOW_THREADS;
}

/* Waits until no worker makes a sample and no thread uses the flow. Returns -1 if a signal handler raises an exception;
   a second call continues to wait. */
static int wait_idle(struct lade__py_flow *self) {
    const struct timespec pause = {.tv_nsec = 1000000};
    lade_flow *flow = self->flow;
    int status = LADE_ETIMEDOUT;

    while (status == LADE_ETIMEDOUT || self->users) {
        struct timespec deadline = lade__py_deadline();
        Py_BEGIN_ALLOW_THREADS;
        status = lade_flow_wait_idle(flow, &deadline, NULL);
        if (status == LADE_OK && self->users)
            nanosleep(&pause, NULL);
        Py_END_ALLOW_THREADS;
        if (PyErr_CheckSignals() < 0)
            return -1;
        if (!self->flow) /* another thread has closed the flow */
            return 0;
    }
    return 0;
}

static PyObject *close_flow(PyObject *object, PyObject *unused) {
    struct lade__py_flow *self = (struct lade__py_flow *)object;

    (void)unused;
    if (!self->flow)
        Py_RETURN_NONE;
    self->closing = true;
    lade_flow_cancel(self->flow);
    if (wait_idle(self) < 0)
        return NULL;
    free_flow(self);
    Py_CLEAR(self->callback.function);
    lade__py_failures_clear(&self->failures);
    Py_RETURN_NONE;
}

/* The garbage collector calls this function before it clears a cycle. dealloc() also calls it. */
static void finalize(PyObject *object) {
    struct lade__py_flow *self = (struct lade__py_flow *)object;
    PyObject *type, *value, *traceback;

    if (!self->flow)
        return;
    PyErr_Fetch(&type, &value, &traceback);
    self->closing = true;
    lade_flow_cancel(self->flow);
    free_flow(self);
    PyErr_Restore(type, value, traceback);
}

static int traverse(PyObject *object, visitproc visit, void *arg) {
    struct lade__py_flow *self = (struct lade__py_flow *)object;

    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->callback.function);
    Py_VISIT(self->failures.list);
    Py_VISIT(self->reader);
    return 0;
}

/* Usually finalize() has already freed the flow. As long as the flow exists, its worker threads may call the function,
   so the references are then not removed. */
static int clear(PyObject *object) {
    struct lade__py_flow *self = (struct lade__py_flow *)object;

    if (!self->flow) {
        Py_CLEAR(self->callback.function);
        lade__py_failures_clear(&self->failures);
    }
    return 0;
}

static void dealloc(PyObject *object) {
    PyObject_GC_UnTrack(object);
    finalize(object);
    clear(object);
    lade__py_free(object);
}

static PyObject *get_closed(PyObject *self, void *unused) {
    (void)unused;
    return PyBool_FromLong(!((struct lade__py_flow *)self)->flow);
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

static PyMethodDef methods[40] = {
    {"close", close_flow, METH_NOARGS,
     "close($self)\n--\n\nEnd the worker threads and free the memory, except batches that are still used.\n\n"
     "A second call does nothing. Another thread may call close() while a thread waits for a batch."}};
static PyGetSetDef properties[24] = {{"closed", get_closed, NULL, "bool: True after close().", NULL}};

/* Appends the elements of @more to the array @all, which has @capacity elements. */
static void append_methods(PyMethodDef *all, const PyMethodDef *more) {
    while (all->ml_name)
        all++;
    while (more->ml_name)
        *all++ = *more++;
}

static void append_properties(PyGetSetDef *all, const PyGetSetDef *more) {
    while (all->name)
        all++;
    while (more->name)
        *all++ = *more++;
}

int lade__py_add_flow(PyObject *module) {
    static PyType_Slot slots[] = {{Py_tp_dealloc, (void *)dealloc},
                                  {Py_tp_finalize, (void *)finalize},
                                  {Py_tp_traverse, (void *)traverse},
                                  {Py_tp_clear, (void *)clear},
                                  {Py_tp_methods, methods},
                                  {Py_tp_getset, properties},
                                  {Py_tp_iternext, (void *)lade__py_flow_next},
                                  {Py_tp_iter, (void *)PyObject_SelfIter},
                                  {0}};
    static PyType_Spec spec = {
        "lade._lade.Flow", sizeof(struct lade__py_flow), 0,
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};

    append_methods(methods, lade__py_flow_constructors);
    append_methods(methods, lade__py_flow_methods);
    append_methods(methods, lade__py_flow_plan_methods);
    append_methods(methods, lade__py_flow_info_methods);
    append_properties(properties, lade__py_flow_properties);
    return (flow_type = lade__py_type(module, &spec)) ? 0 : -1;
}
