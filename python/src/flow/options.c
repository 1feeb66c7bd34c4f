/*
 * Reads the options of a flow. This file has one function for each option that is not a number, a word or a string.
 */
#include <string.h>

#include "flow/flow.h"
#include "option/options.h"
#include "data/stats.h"

struct context {
    struct lade__py_flow *self;
    struct lade_flow_options *options;
    PyObject *keep;
};

static int store_function(struct context *c, PyObject *value) {
    if (!PyCallable_Check(value)) {
        PyErr_Format(PyExc_TypeError, "preprocessing_function is %R: it must be a function", value);
        return -1;
    }
    PyObject *module = PyImport_ImportModule("lade._callback");
    PyObject *function = module ? PyObject_CallMethod(module, "make_preprocessing", "O", value) : NULL;
    Py_XDECREF(module);
    if (!function)
        return -1;
    lade__py_replace(&c->self->callback.function, function);
    c->options->preprocessing_function = lade__py_callback_option(&c->self->callback);
    return 0;
}

static int store_stats(struct context *c, PyObject *value) {
    c->options->stats = lade__py_stats_get(value);
    return c->options->stats ? PyList_Append(c->keep, value) : -1;
}

static int store_class_weights(struct context *c, PyObject *value) {
    PyObject *list = PyDict_Check(value) || PyUnicode_Check(value) ? NULL : PySequence_List(value);
    Py_ssize_t count = list ? PyList_Size(list) : 0;

    if (!list) {
        PyErr_Clear();
        PyErr_Format(PyExc_TypeError, "class_weights is %R: it must be a list of one number for each class", value);
        return -1;
    }
    PyObject *memory = PyBytes_FromStringAndSize(NULL, (count + 1) * (Py_ssize_t)sizeof(double));
    double *weights = memory ? (double *)(void *)PyBytes_AsString(memory) : NULL;
    int status = memory ? PyList_Append(c->keep, memory) : -1;
    for (Py_ssize_t i = 0; status == 0 && i < count; i++) {
        weights[i] = PyFloat_AsDouble(PyList_GetItem(list, i));
        status = PyErr_Occurred() ? -1 : 0;
    }
    Py_XDECREF(memory);
    Py_DECREF(list);
    c->options->class_weights = weights;
    c->options->class_weights_count = (int)count;
    return status;
}

static int store_format(struct context *c, PyObject *value) {
    const char *name = PyUnicode_Check(value) ? PyUnicode_AsUTF8AndSize(value, NULL) : NULL;
    struct lade_error err = {0};

    if (name && lade_format_from_name(name, &c->options->save_format, &err) == LADE_OK)
        return 0;
    if (!PyErr_Occurred())
        lade__py_raise_option("save_format", "save_format is %R: it must be the name of a format, such as 'png'",
                              value);
    return -1;
}

static int store(void *context, const struct lade_option_info *option, PyObject *value, void *field) {
    static const struct {
        const char *name;
        int (*store)(struct context *, PyObject *);
    } special[] = {{"preprocessing_function", store_function},
                   {"stats", store_stats},
                   {"class_weights", store_class_weights},
                   {"save_format", store_format}};

    (void)field;
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (strcmp(special[i].name, option->name) == 0)
            return special[i].store(context, value);
    PyErr_Format(PyExc_NotImplementedError, "the Python package cannot set the option %s", option->name);
    return -1;
}

const struct lade__py_option_kind lade__py_flow_options = {"flow", lade_flow_option_info, store};

int lade__py_flow_options_read(struct lade__py_flow *self, PyObject *values, struct lade_flow_options *options,
                               PyObject *keep) {
    struct context context = {self, options, keep};

    return lade__py_options_read(&lade__py_flow_options, values, options, &context, keep);
}
