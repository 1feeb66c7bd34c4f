/*
 * Reads and changes the parameters of a net.
 */
#include <string.h>

#include "data/tensor.h"
#include "train/net.h"

static const struct lade_parameter_info *find(const lade_net *net, const char *name) {
    const struct lade_parameter_info *p;

    for (int i = 0; (p = lade_net_parameter_info(net, i)); i++)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}

static PyObject *names(PyObject *self, PyObject *unused) {
    const lade_net *net = ((struct lade__py_net *)self)->net;
    const struct lade_parameter_info *p;
    PyObject *list = PyList_New(0);

    (void)unused;
    for (int i = 0; list && (p = lade_net_parameter_info(net, i)); i++) {
        PyObject *name = PyUnicode_FromString(p->name);
        if (!name || PyList_Append(list, name) < 0)
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    return list;
}

static PyObject *get(PyObject *self, PyObject *name_object) {
    const lade_net *net = lade__py_net_use(self);
    const char *name = net ? PyUnicode_AsUTF8AndSize(name_object, NULL) : NULL;
    const struct lade_parameter_info *p = name ? find(net, name) : NULL;
    struct lade_error err = {0};

    if (!p)
        return name ? PyErr_Format(PyExc_KeyError, "the net has no parameter %R", name_object) : NULL;
    struct lade_tensor *t = lade_tensor_new(LADE_FLOAT32, p->ndim, p->shape);
    if (t && lade_net_get_parameter(net, name, t, &err) < 0) {
        lade_tensor_unref(t);
        return lade__py_raise(&err);
    }
    return lade__py_tensor_new(t);
}

static PyObject *set(PyObject *self, PyObject *args) {
    lade_net *net = lade__py_net_use(self);
    struct lade_error err = {0};
    const char *name;
    PyObject *array;

    if (!net || !PyArg_ParseTuple(args, "sO:set_parameter", &name, &array))
        return NULL;
    if (!find(net, name))
        return PyErr_Format(PyExc_KeyError, "the net has no parameter '%s'", name);
    struct lade_tensor *t = lade__py_tensor_from(array, name);
    if (!t)
        return NULL;
    int status = lade_net_set_parameter(net, name, t, &err);
    lade_tensor_unref(t);
    return status < 0 ? lade__py_raise(&err) : Py_NewRef(Py_None);
}

static PyObject *set_class_names(PyObject *self, PyObject *value) {
    PyObject *owner;
    const char *const *list = lade__py_names(value, "class_names", &owner);
    struct lade_error err = {0};
    int count = 0;

    if (!list)
        return NULL;
    while (list[count])
        count++;
    lade_net *net = lade__py_net_use(self);
    int status = net ? lade_net_set_class_names(net, list, count, &err) : -1;
    Py_DECREF(owner);
    if (!net)
        return NULL;
    return status < 0 ? lade__py_raise(&err) : Py_NewRef(Py_None);
}

PyMethodDef lade__py_net_parameter_methods[] = {
    {"_set_class_names", set_class_names, METH_O, "_set_class_names($self, names, /)\n--\n\n"},
    {"parameter_names", names, METH_NOARGS,
     "parameter_names($self)\n--\n\nReturn the names of the parameters, for example ``[\"0.weight\", \"0.bias\"]``."},
    {"get_parameter", get, METH_O,
     "get_parameter($self, name, /)\n--\n\nReturn a copy of a parameter, as a float32 Tensor.\n\n"
     "Raises\n------\nKeyError\n    The net has no such parameter."},
    {"set_parameter", set, METH_VARARGS,
     "set_parameter($self, name, values, /)\n--\n\nReplace a parameter by a float32 array of the same shape."},
    {0}};
