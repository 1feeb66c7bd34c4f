/*
 * Defines the type Epoch, an iterator over the batches until the end of an epoch. The iterator holds no reference to a
 * batch. A generator function of Python would hold a reference to its last batch.
 */
#include "data/batch.h"
#include "flow/flow.h"

struct epoch {
    PyObject_HEAD PyObject *flow; /* NULL at the end */
};

static PyObject *make(PyTypeObject *type, PyObject *args, PyObject *keywords) {
    PyObject *flow;

    (void)keywords;
    if (!PyArg_ParseTuple(args, "O:Epoch", &flow) || !lade__py_flow_get(flow))
        return NULL;
    struct epoch *self = lade__py_new(type);
    if (self)
        self->flow = Py_NewRef(flow);
    return (PyObject *)self;
}

static PyObject *next(PyObject *object) {
    struct epoch *self = (struct epoch *)object;

    if (!self->flow)
        return NULL;
    PyObject *item = lade__py_flow_next(self->flow);
    struct lade_batch *batch = item ? lade__py_batch_get(item) : NULL;
    struct lade__py_flow *flow = lade__py_flow_get(self->flow);
    if (batch && (!flow->flow || batch->step + 1 >= lade_flow_steps(flow->flow)))
        Py_CLEAR(self->flow);
    return item;
}

static int traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((struct epoch *)self)->flow);
    return 0;
}

static int clear(PyObject *self) {
    Py_CLEAR(((struct epoch *)self)->flow);
    return 0;
}

static void dealloc(PyObject *self) {
    PyObject_GC_UnTrack(self);
    clear(self);
    lade__py_free(self);
}

int lade__py_add_epoch(PyObject *module) {
    static PyType_Slot slots[] = {{Py_tp_doc, (char *)"An iterator over the batches of an epoch."},
                                  {Py_tp_new, (void *)make},
                                  {Py_tp_dealloc, (void *)dealloc},
                                  {Py_tp_traverse, (void *)traverse},
                                  {Py_tp_clear, (void *)clear},
                                  {Py_tp_iter, (void *)PyObject_SelfIter},
                                  {Py_tp_iternext, (void *)next},
                                  {0}};
    static PyType_Spec spec = {"lade._lade.Epoch", sizeof(struct epoch), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
                               slots};

    return lade__py_type(module, &spec) ? 0 : -1;
}
