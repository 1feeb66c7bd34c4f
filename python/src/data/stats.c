/*
 * Defines the type Stats. Each object owns its statistics, so they stay valid after the flow that computed them is closed.
 */
#include "data/stats.h"

#include <lade/flow.h>

struct stats {
    PyObject_HEAD struct lade_stats *stats;
};

static PyTypeObject *stats_type;

PyObject *lade__py_stats_new(struct lade_stats *stats) {
    struct stats *self = stats ? lade__py_new(stats_type) : NULL;

    if (!stats)
        return PyErr_NoMemory();
    if (self)
        self->stats = stats;
    else
        lade_stats_free(stats);
    return (PyObject *)self;
}

const struct lade_stats *lade__py_stats_get(PyObject *value) {
    const char *name = PyUnicode_Check(value) ? PyUnicode_AsUTF8AndSize(value, NULL) : NULL;
    struct lade_error err = {0};

    if (PyObject_TypeCheck(value, stats_type))
        return ((struct stats *)value)->stats;
    if (PyErr_Occurred())
        return NULL;
    const struct lade_stats *stats = name ? lade_stats_named(name, &err) : NULL;
    if (!stats)
        lade__py_raise_option("stats", "stats is %R: it must be a lade.Stats or a name: 'imagenet'", value);
    return stats;
}

static void dealloc(PyObject *object) {
    lade_stats_free(((struct stats *)object)->stats);
    lade__py_free(object);
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

static PyObject *load(PyObject *class, PyObject *path) {
    PyObject *bytes = lade__py_path(path, "path");
    struct lade_error err = {0};

    (void)class;
    if (!bytes)
        return NULL;
    struct lade_stats *stats = lade_stats_load(PyBytes_AsString(bytes), &err);
    Py_DECREF(bytes);
    return stats ? lade__py_stats_new(stats) : lade__py_raise(&err);
}

static PyObject *named(PyObject *class, PyObject *name) {
    const struct lade_stats *stats = lade__py_stats_get(name);

    (void)class;
    return stats ? lade__py_stats_new(lade_stats_copy(stats)) : NULL;
}

static PyObject *save(PyObject *self, PyObject *path) {
    PyObject *bytes = lade__py_path(path, "path");
    struct lade_error err = {0};

    if (!bytes)
        return NULL;
    int status = lade_stats_save(((struct stats *)self)->stats, PyBytes_AsString(bytes), &err);
    Py_DECREF(bytes);
    return status < 0 ? lade__py_raise(&err) : Py_NewRef(Py_None);
}

/* ---- Properties -------------------------------------------------------------------------------------------------- */

static PyObject *channel_values(PyObject *self, const double *values) {
    int channels = ((struct stats *)self)->stats->channels;
    PyObject *tuple = PyTuple_New(channels);

    for (int i = 0; tuple && i < channels; i++) {
        PyObject *value = PyFloat_FromDouble(values[i]);
        if (!value || PyTuple_SetItem(tuple, i, value) < 0)
            Py_CLEAR(tuple);
    }
    return tuple;
}

static PyObject *get_mean(PyObject *self, void *unused) {
    (void)unused;
    return channel_values(self, ((struct stats *)self)->stats->mean);
}

static PyObject *get_std(PyObject *self, void *unused) {
    (void)unused;
    return channel_values(self, ((struct stats *)self)->stats->std);
}

static PyObject *get_images(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromLongLong(((struct stats *)self)->stats->images);
}

static PyObject *get_left_out(PyObject *self, void *unused) {
    (void)unused;
    return PyLong_FromLongLong(((struct stats *)self)->stats->left_out);
}

static PyObject *repr(PyObject *self) {
    PyObject *mean = get_mean(self, NULL), *std = get_std(self, NULL);
    PyObject *text = mean && std ? PyUnicode_FromFormat("<lade.Stats mean=%R std=%R>", mean, std) : NULL;

    Py_XDECREF(mean);
    Py_XDECREF(std);
    return text;
}

int lade__py_add_stats(PyObject *module) {
    static PyGetSetDef properties[] = {
        {"mean", get_mean, NULL, "tuple of float: The mean of each channel, after rescale.", NULL},
        {"std", get_std, NULL, "tuple of float: The standard deviation of each channel, after rescale.", NULL},
        {"images", get_images, NULL, "int: The number of images from which the statistics were computed; 0 if unknown.",
         NULL},
        {"left_out", get_left_out, NULL, "int: The number of files that were invalid and are not in the statistics.",
         NULL},
        {0}};
    static PyMethodDef methods[] = {
        {"load", load, METH_O | METH_CLASS, "load(path, /)\n--\n\nRead statistics from a JSON file of save()."},
        {"named", named, METH_O | METH_CLASS, "named(name, /)\n--\n\nReturn known statistics: \"imagenet\"."},
        {"save", save, METH_O, "save($self, path, /)\n--\n\nWrite the statistics to a JSON file."},
        {0}};
    static PyType_Slot slots[] = {
        {Py_tp_doc,
         (char *)"The mean and the standard deviation of a data set, for the featurewise options of a flow."},
        {Py_tp_dealloc, (void *)dealloc},
        {Py_tp_repr, (void *)repr},
        {Py_tp_getset, properties},
        {Py_tp_methods, methods},
        {0}};
    static PyType_Spec spec = {"lade.Stats", sizeof(struct stats), 0,
                               Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};

    return (stats_type = lade__py_type(module, &spec)) ? 0 : -1;
}
