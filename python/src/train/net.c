/*
 * Defines the type Net, from which the class lade.Net is derived.
 */
#include "train/net.h"

#include <stdlib.h>
#include <string.h>

#include "data/tensor.h"

static PyTypeObject *net_type;

struct lade__py_net *lade__py_net_get(PyObject *object) {
    if (PyObject_TypeCheck(object, net_type))
        return (struct lade__py_net *)object;
    PyErr_Format(PyExc_TypeError, "the argument must be a lade.Net, not %R", (PyObject *)Py_TYPE(object));
    return NULL;
}

static const lade_net *net_of(PyObject *self) {
    return ((struct lade__py_net *)self)->net;
}

/* ---- Options ----------------------------------------------------------------------------------------------------- */

static int no_special_option(void *context, const struct lade_option_info *option, PyObject *value, void *field) {
    (void)context, (void)value, (void)field;
    PyErr_Format(PyExc_NotImplementedError, "the Python package cannot set the option %s", option->name);
    return -1;
}

const struct lade__py_option_kind lade__py_net_options = {"net", lade_net_option_info, no_special_option};

/* ---- Making, loading, saving ------------------------------------------------------------------------------------- */

/* Returns an object of @class that owns @net. If @net is NULL, raises the exception for @err and returns NULL. */
static PyObject *wrap(PyObject *class, lade_net *net, const struct lade_error *err) {
    struct lade__py_net *self = net ? lade__py_new((PyTypeObject *)class) : NULL;

    if (!net)
        return lade__py_raise(err);
    if (self)
        self->net = net;
    else
        lade_net_free(net);
    return (PyObject *)self;
}

static PyObject *make(PyObject *class, PyObject *args) {
    const char *spec;
    PyObject *shape, *values, *keep = PyList_New(0);
    struct lade_net_options options = {0};
    struct lade_error err = {0};
    int64_t sizes[LADE_MAX_DIMS] = {0};
    lade_net *net = NULL;

    if (!keep || !PyArg_ParseTuple(args, "sO!O!", &spec, &PyTuple_Type, &shape, &PyDict_Type, &values) ||
        lade__py_options_read(&lade__py_net_options, values, &options, NULL, keep) < 0)
        goto end;
    while (options.class_names && options.class_names[options.class_names_count])
        options.class_names_count++;
    Py_ssize_t ndim = PyTuple_Size(shape);
    for (Py_ssize_t i = 0; i < ndim && i < LADE_MAX_DIMS; i++)
        sizes[i] = PyLong_AsLongLong(PyTuple_GetItem(shape, i));
    if (PyErr_Occurred())
        goto end;
    Py_BEGIN_ALLOW_THREADS;
    net = lade_net_new(spec, (int)ndim, sizes, &options, &err);
    Py_END_ALLOW_THREADS;
end:
    Py_XDECREF(keep);
    return PyErr_Occurred() ? NULL : wrap(class, net, &err);
}

static PyObject *load(PyObject *class, PyObject *args) {
    PyObject *path, *bytes;
    struct lade_error err = {0};
    lade_net *net;
    int threads;

    if (!PyArg_ParseTuple(args, "Oi", &path, &threads) || !(bytes = lade__py_path(path, "path")))
        return NULL;
    const char *name = PyBytes_AsString(bytes);
    Py_BEGIN_ALLOW_THREADS;
    net = lade_net_load(name, threads, &err);
    Py_END_ALLOW_THREADS;
    Py_DECREF(bytes);
    return wrap(class, net, &err);
}

static PyObject *save(PyObject *self, PyObject *path) {
    struct lade__py_net *owner = (struct lade__py_net *)self;
    lade_net *net = lade__py_net_use(self);
    PyObject *bytes = net ? lade__py_path(path, "path") : NULL;
    struct lade_error err = {0};
    int status;

    if (!bytes)
        return NULL;
    const char *name = PyBytes_AsString(bytes);
    owner->busy = true;
    Py_BEGIN_ALLOW_THREADS;
    status = lade_net_save(net, name, &err);
    Py_END_ALLOW_THREADS;
    owner->busy = false;
    Py_DECREF(bytes);
    return status < 0 ? lade__py_raise(&err) : Py_NewRef(Py_None);
}

static void dealloc(PyObject *object) {
    struct lade__py_net *self = (struct lade__py_net *)object;
    lade_net *net = self->net;

    Py_BEGIN_ALLOW_THREADS;
    lade_net_free(net);
    Py_END_ALLOW_THREADS;
    lade__py_free(self);
}

/* ---- Computing --------------------------------------------------------------------------------------------------- */

struct predict_job {
    struct lade__py_net_job job;
    struct lade_tensor *x, *out;
};

static int call_predict(struct lade__py_net_job *job) {
    struct predict_job *j = (struct predict_job *)job;

    return lade_net_predict(job->net->net, j->x, lade_tensor_data(j->out), &job->err);
}

static PyObject *predict(PyObject *object, PyObject *array) {
    struct predict_job j = {.job = {.call = call_predict, .net = (struct lade__py_net *)object},
                            .x = lade__py_tensor_from(array, "x")};

    if (!j.x)
        return NULL;
    int64_t shape[2] = {j.x->dl.ndim ? j.x->shape[0] : 0, lade_net_info(net_of(object))->outputs};
    j.out = lade_tensor_new(LADE_FLOAT32, 2, shape);
    int status = j.out ? lade__py_net_run(&j.job) : -1;
    lade_tensor_unref(j.x);
    if (status == 0)
        return lade__py_tensor_new(j.out);
    lade_tensor_unref(j.out);
    return PyErr_Occurred() ? NULL : PyErr_NoMemory();
}

struct evaluate_job {
    struct lade__py_net_job job;
    struct lade__py_source source;
    int64_t steps;
    struct lade_score score;
};

static int call_evaluate(struct lade__py_net_job *job) {
    struct evaluate_job *j = (struct evaluate_job *)job;

    return lade_net_evaluate(job->net->net, j->source.source, j->steps, &j->score, &job->err);
}

static PyObject *evaluate(PyObject *object, PyObject *args) {
    struct evaluate_job j = {.job = {.call = call_evaluate, .net = (struct lade__py_net *)object}};
    PyObject *source, *result = NULL;
    long long steps;

    if (!PyArg_ParseTuple(args, "OL", &source, &steps))
        return NULL;
    j.steps = steps;
    int status = lade__py_source_init(&j.source, source);
    j.job.sources[0] = &j.source;
    if (status == 0 && lade__py_net_run(&j.job) == 0)
        result = Py_BuildValue("(Ldd)", (long long)j.score.samples, j.score.loss, j.score.accuracy);
    lade__py_source_release(&j.source);
    return result;
}

/* ---- Properties -------------------------------------------------------------------------------------------------- */

static PyObject *names_of(const char *const *names, int count) {
    PyObject *list = PyList_New(0);

    for (int i = 0; list && i < count; i++) {
        PyObject *name = lade__py_name(names[i]);
        if (!name || PyList_Append(list, name) < 0)
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    return list;
}

static PyObject *info(PyObject *self, PyObject *unused) {
    const struct lade_net_info *i = lade_net_info(net_of(self));
    PyObject *shape = PyTuple_New(i->sample_ndim);
    PyObject *names = i->class_names ? names_of(i->class_names, i->class_names_count) : Py_NewRef(Py_None);

    (void)unused;
    for (int d = 0; shape && d < i->sample_ndim; d++)
        PyTuple_SetItem(shape, d, PyLong_FromLongLong(i->sample_shape[d]));
    return Py_BuildValue("{ss sN sL sL si sK ss si sN sN sz}", "spec", i->spec, "sample_shape", shape, "outputs",
                         (long long)i->outputs, "parameters", (long long)i->parameters, "layers", i->layers, "seed",
                         (unsigned long long)i->seed, "loss", lade_loss_name(i->loss), "threads", i->threads,
                         "channels_first", PyBool_FromLong(i->channels_first), "class_names", names, "preprocessing",
                         i->preprocessing);
}

static PyObject *describe(PyObject *self, PyObject *unused) {
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);

    (void)unused;
    if (!f)
        return PyErr_NoMemory();
    lade_net_describe(net_of(self), f);
    fclose(f);
    PyObject *result = PyUnicode_DecodeUTF8(text, (Py_ssize_t)size, "replace");
    free(text);
    return result;
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

int lade__py_add_net(PyObject *module) {
    static PyMethodDef methods[12] = {
        {"_make", make, METH_VARARGS | METH_CLASS, "_make(spec, sample_shape, options, /)\n--\n\n"},
        {"_load", load, METH_VARARGS | METH_CLASS, "_load(path, threads, /)\n--\n\n"},
        {"_predict", predict, METH_O, "_predict($self, x, /)\n--\n\n"},
        {"_evaluate", evaluate, METH_VARARGS, "_evaluate($self, source, steps, /)\n--\n\n"},
        {"_info", info, METH_NOARGS, "_info($self)\n--\n\n"},
        {"save", save, METH_O,
         "save($self, path, /)\n--\n\nWrite the net to a safetensors file, which ``Net.load()`` and other libraries "
         "read.\n\n"
         "The file is replaced at once, so it always contains either the old or the new net."},
        {"describe", describe, METH_NOARGS,
         "describe($self)\n--\n\nReturn a table with the shape and the number of parameters of each layer."}};
    static PyType_Slot slots[] = {{Py_tp_dealloc, (void *)dealloc}, {Py_tp_methods, methods}, {0}};
    static PyType_Spec spec = {"lade._lade.Net", sizeof(struct lade__py_net), 0,
                               Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
    PyMethodDef *end = methods;

    while (end->ml_name)
        end++;
    for (const PyMethodDef *m = lade__py_net_parameter_methods; m->ml_name; m++)
        *end++ = *m;
    return (net_type = lade__py_type(module, &spec)) ? 0 : -1;
}
