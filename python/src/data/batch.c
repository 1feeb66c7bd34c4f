/*
 * Defines the type Batch. A Batch unpacks as x, y or as x, y, sample_weight. The tensors hold their own references, so
 * they stay valid after the Batch and its flow are deleted.
 */
#include "data/batch.h"

#include "data/tensor.h"

struct batch {
    PyObject_HEAD struct lade_batch *batch;
    PyObject *x, *y, *sample_weight; /* Tensors, made when they are first used; or NULL */
};

static PyTypeObject *batch_type;

PyObject *lade__py_batch_new(struct lade_batch *batch) {
    struct batch *self = lade__py_new(batch_type);

    if (self)
        self->batch = batch;
    else
        lade_batch_unref(batch);
    return (PyObject *)self;
}

struct lade_batch *lade__py_batch_get(PyObject *object) {
    if (Py_TYPE(object) == batch_type)
        return ((struct batch *)object)->batch;
    PyErr_Format(PyExc_TypeError, "the argument must be a lade.Batch, not %R", (PyObject *)Py_TYPE(object));
    return NULL;
}

static void dealloc(PyObject *object) {
    struct batch *self = (struct batch *)object;

    Py_CLEAR(self->x);
    Py_CLEAR(self->y);
    Py_CLEAR(self->sample_weight);
    lade_batch_unref(self->batch);
    lade__py_free(self);
}

/* ---- Tensors ----------------------------------------------------------------------------------------------------- */

static PyObject *tensor_for(PyObject **cached, struct lade_tensor *tensor) {
    if (!*cached)
        *cached = tensor ? lade__py_tensor_new(lade_tensor_ref(tensor)) : Py_NewRef(Py_None);
    return Py_XNewRef(*cached);
}

static PyObject *get_x(PyObject *object, void *unused) {
    struct batch *self = (struct batch *)object;

    (void)unused;
    return tensor_for(&self->x, self->batch->x);
}

static PyObject *get_y(PyObject *object, void *unused) {
    struct batch *self = (struct batch *)object;

    (void)unused;
    if (self->batch->y == self->batch->x) /* class_mode "input" */
        return get_x(object, NULL);
    return tensor_for(&self->y, self->batch->y);
}

static PyObject *get_sample_weight(PyObject *object, void *unused) {
    struct batch *self = (struct batch *)object;

    (void)unused;
    return tensor_for(&self->sample_weight, self->batch->sample_weight);
}

static void unref_batch(void *batch) {
    lade_batch_unref(batch);
}

static PyObject *get_indices(PyObject *object, void *unused) {
    struct lade_batch *batch = ((struct batch *)object)->batch;
    struct lade_tensor *t =
        lade_tensor_wrap((void *)(uintptr_t)batch->indices, LADE_INT64, 1, &batch->n, unref_batch, batch);

    (void)unused;
    if (!t)
        return PyErr_NoMemory();
    lade_batch_ref(batch);
    t->read_only = true;
    return lade__py_tensor_new(t);
}

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

static PyObject *get_epoch(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromLongLong(((struct batch *)self)->batch->epoch);
}

static PyObject *get_step(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromLongLong(((struct batch *)self)->batch->step);
}

static PyObject *get_n(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromLongLong(((struct batch *)self)->batch->n);
}

/* ---- The sequence x, y, sample_weight ---------------------------------------------------------------------------- */

static Py_ssize_t length(PyObject *self) {
    return ((struct batch *)self)->batch->sample_weight ? 3 : 2;
}

static PyObject *item(PyObject *self, Py_ssize_t i) {
    if (i == 0)
        return get_x(self, NULL);
    if (i == 1)
        return get_y(self, NULL);
    if (i == 2 && length(self) == 3)
        return get_sample_weight(self, NULL);
    PyErr_Format(PyExc_IndexError, "a batch has %zd items", length(self));
    return NULL;
}

static PyObject *iterate(PyObject *self) {
    PyObject *x = get_x(self, NULL), *y = get_y(self, NULL);
    PyObject *weight = length(self) == 3 ? get_sample_weight(self, NULL) : NULL;
    PyObject *tuple = x && y ? weight ? PyTuple_Pack(3, x, y, weight) : PyTuple_Pack(2, x, y) : NULL;
    PyObject *iterator = tuple ? PyObject_GetIter(tuple) : NULL;

    Py_XDECREF(x);
    Py_XDECREF(y);
    Py_XDECREF(weight);
    Py_XDECREF(tuple);
    return iterator;
}

static PyObject *repr(PyObject *self) {
    const struct lade_batch *b = ((struct batch *)self)->batch;
    PyObject *x = get_x(self, NULL), *y = get_y(self, NULL);
    PyObject *text = x && y ? PyUnicode_FromFormat("<lade.Batch epoch=%lld step=%lld x=%R y=%R>", (long long)b->epoch,
                                                   (long long)b->step, x, y)
                            : NULL;

    Py_XDECREF(x);
    Py_XDECREF(y);
    return text;
}

/* Returns a PNG file with the images, which a notebook shows. */
static PyObject *repr_png(PyObject *self, PyObject *unused) {
    PyObject *module = PyImport_ImportModule("lade._display");
    PyObject *png = module ? PyObject_CallMethod(module, "contact_sheet", "O", self) : NULL;

    (void)unused;
    Py_XDECREF(module);
    return png;
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

int lade__py_add_batch(PyObject *module) {
    static PyGetSetDef properties[] = {
        {"x", get_x, NULL, "Tensor: The samples, of the shape (n, H, W, C) or (n, C, H, W), float32, uint8 or uint16.",
         NULL},
        {"y", get_y, NULL,
         "Tensor or None: The labels, float32. The shape is (n, classes) for class_mode \"categorical\", (n, 1) for "
         "\"binary\" and \"sparse\", and (n, columns) for \"raw\". For \"input\", y is x. For None, y is None.",
         NULL},
        {"sample_weight", get_sample_weight, NULL, "Tensor or None: The weight of each row, float32 of the shape (n,).",
         NULL},
        {"indices", get_indices, NULL, "Tensor: The sample number of each row, int64 of the shape (n,).", NULL},
        {"epoch", get_epoch, NULL, "int: The number of the epoch, from 0.", NULL},
        {"step", get_step, NULL, "int: The number of the batch in its epoch, from 0.", NULL},
        {"n", get_n, NULL, "int: The number of rows.", NULL},
        {0}};
    static PyMethodDef methods[] = {{"_repr_png_", repr_png, METH_NOARGS, NULL}, {0}};
    static PyType_Slot slots[] = {
        {Py_tp_doc,
         (char *)"A batch of samples. It unpacks as ``x, y``, or as ``x, y, sample_weight`` if samples have weights."},
        {Py_tp_dealloc, (void *)dealloc},
        {Py_tp_repr, (void *)repr},
        {Py_tp_getset, properties},
        {Py_tp_methods, methods},
        {Py_tp_iter, (void *)iterate},
        {Py_sq_length, (void *)length},
        {Py_sq_item, (void *)item},
        {0}};
    static PyType_Spec spec = {"lade.Batch", sizeof(struct batch), 0,
                               Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};

    return (batch_type = lade__py_type(module, &spec)) ? 0 : -1;
}
