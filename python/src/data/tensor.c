/*
 * Defines the type Tensor, an array whose memory belongs to lade. NumPy, PyTorch and JAX use the memory without a copy,
 * through the buffer protocol or DLPack. Each view holds a reference, so a flow reuses a slot only after the last view
 * of the slot is deleted.
 */
#include "data/tensor.h"

static PyTypeObject *tensor_type;

static struct lade_tensor *tensor_of(PyObject *self) {
    return ((struct lade__py_tensor *)self)->tensor;
}

PyObject *lade__py_tensor_new(struct lade_tensor *tensor) {
    struct lade__py_tensor *self = tensor ? lade__py_new(tensor_type) : NULL;

    if (!tensor)
        return PyErr_NoMemory();
    if (!self) {
        lade_tensor_unref(tensor);
        return NULL;
    }
    self->tensor = tensor;
    Py_ssize_t stride = (Py_ssize_t)lade_dtype_size(tensor->dtype);
    for (int i = tensor->dl.ndim - 1; i >= 0; i--) {
        self->shape[i] = (Py_ssize_t)tensor->shape[i];
        self->strides[i] = stride;
        stride *= self->shape[i] > 0 ? self->shape[i] : 1;
    }
    return (PyObject *)self;
}

static void dealloc(PyObject *self) {
    lade_tensor_unref(tensor_of(self));
    lade__py_free(self);
}

/* ---- The buffer protocol ----------------------------------------------------------------------------------------- */

const char *lade__py_tensor_format(enum lade_dtype dtype) {
    static const char *const formats[LADE_DTYPE_COUNT] = {
        [LADE_FLOAT32] = "f", [LADE_UINT8] = "B",  [LADE_INT8] = "b",  [LADE_INT16] = "h",  [LADE_UINT16] = "H",
        [LADE_INT32] = "i",   [LADE_UINT32] = "I", [LADE_INT64] = "q", [LADE_UINT64] = "Q", [LADE_FLOAT64] = "d"};

    return formats[dtype];
}

static int get_buffer(PyObject *object, Py_buffer *view, int flags) {
    struct lade__py_tensor *self = (struct lade__py_tensor *)object;
    struct lade_tensor *t = self->tensor;

    if ((flags & PyBUF_WRITABLE) && t->read_only) {
        PyErr_SetString(PyExc_BufferError, "the tensor is read-only");
        return -1;
    }
    *view = (Py_buffer){.buf = lade_tensor_data(t),
                        .obj = Py_NewRef(object),
                        .len = (Py_ssize_t)lade_tensor_bytes(t),
                        .itemsize = (Py_ssize_t)lade_dtype_size(t->dtype),
                        .readonly = t->read_only,
                        .ndim = t->dl.ndim};
    if (flags & PyBUF_FORMAT)
        view->format = (char *)lade__py_tensor_format(t->dtype);
    if (flags & PyBUF_ND)
        view->shape = self->shape;
    if ((flags & PyBUF_STRIDES) == PyBUF_STRIDES)
        view->strides = self->strides;
    return 0;
}

/* ---- Properties -------------------------------------------------------------------------------------------------- */

static PyObject *get_shape(PyObject *object, void *unused) {
    struct lade__py_tensor *self = (struct lade__py_tensor *)object;
    PyObject *shape = PyTuple_New(self->tensor->dl.ndim);

    (void)unused;
    for (int i = 0; shape && i < self->tensor->dl.ndim; i++) {
        PyObject *size = PyLong_FromSsize_t(self->shape[i]);
        if (!size || PyTuple_SetItem(shape, i, size) < 0)
            Py_CLEAR(shape);
    }
    return shape;
}

static PyObject *get_dtype(PyObject *self, void *unused) {
    (void)unused;
    return PyUnicode_FromString(lade_dtype_name(tensor_of(self)->dtype));
}

static PyObject *get_ndim(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromLong(tensor_of(self)->dl.ndim);
}

static PyObject *get_size(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromLongLong(lade_tensor_count(tensor_of(self)));
}

static PyObject *get_nbytes(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromSize_t(lade_tensor_bytes(tensor_of(self)));
}

static PyObject *get_address(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromVoidPtr(lade_tensor_data(tensor_of(self)));
}

static Py_ssize_t length(PyObject *self) {
    if (tensor_of(self)->dl.ndim)
        return ((struct lade__py_tensor *)self)->shape[0];
    PyErr_SetString(PyExc_TypeError, "a tensor without dimensions has no len()");
    return -1;
}

/* ---- NumPy ------------------------------------------------------------------------------------------------------- */

static PyObject *numpy(PyObject *self, PyObject *unused) {
    PyObject *module = PyImport_ImportModule("numpy");
    PyObject *array = module ? PyObject_CallMethod(module, "asarray", "O", self) : NULL;

    (void)unused;
    Py_XDECREF(module);
    return array;
}

static PyObject *subscript(PyObject *self, PyObject *key) {
    PyObject *array = numpy(self, NULL);
    PyObject *item = array ? PyObject_GetItem(array, key) : NULL;

    Py_XDECREF(array);
    return item;
}

static PyObject *repr(PyObject *self) {
    PyObject *shape = get_shape(self, NULL);
    PyObject *text =
        shape ? PyUnicode_FromFormat("<lade.Tensor %s %R>", lade_dtype_name(tensor_of(self)->dtype), shape) : NULL;

    Py_XDECREF(shape);
    return text;
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

int lade__py_add_tensor(PyObject *module) {
    static PyGetSetDef properties[] = {
        {"shape", get_shape, NULL, "tuple of int: The size of each dimension.", NULL},
        {"dtype", get_dtype, NULL, "str: The name of the element type in NumPy, for example ``\"float32\"``.", NULL},
        {"ndim", get_ndim, NULL, "int: The number of dimensions.", NULL},
        {"size", get_size, NULL, "int: The number of elements.", NULL},
        {"nbytes", get_nbytes, NULL, "int: The size of all elements in bytes.", NULL},
        {"address", get_address, NULL, "int: The address of the first element.", NULL},
        {0}};
    static PyMethodDef methods[] = {
        {"numpy", numpy, METH_NOARGS,
         "numpy($self)\n--\n\nReturn a NumPy array that uses the memory of the tensor. ``numpy.asarray(tensor)`` does "
         "the same."},
        {"__dlpack__", (PyCFunction)(void (*)(void))lade__py_tensor_dlpack, METH_VARARGS | METH_KEYWORDS,
         "__dlpack__($self, *, stream=None, max_version=None, dl_device=None, copy=None)\n--\n\n"
         "Return a capsule of DLPack. Users call ``torch.from_dlpack(tensor)`` and similar functions instead."},
        {"__dlpack_device__", lade__py_tensor_dlpack_device, METH_NOARGS,
         "__dlpack_device__($self)\n--\n\nReturn the device as a pair: (1, 0), which is the CPU."},
        {0}};
    static PyType_Slot slots[] = {
        {Py_tp_doc, (char *)"An array whose memory belongs to lade.\n\n"
                            "``numpy.asarray(t)``, ``torch.from_dlpack(t)`` and ``jax.numpy.from_dlpack(t)`` use the "
                            "memory without a copy. The memory stays valid as long as a view of it exists."},
        {Py_tp_dealloc, (void *)dealloc},
        {Py_tp_repr, (void *)repr},
        {Py_tp_getset, properties},
        {Py_tp_methods, methods},
        {Py_bf_getbuffer, (void *)get_buffer},
        {Py_mp_length, (void *)length},
        {Py_mp_subscript, (void *)subscript},
        {0}};
    static PyType_Spec spec = {"lade.Tensor", sizeof(struct lade__py_tensor), 0,
                               Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};

    return (tensor_type = lade__py_type(module, &spec)) ? 0 : -1;
}
