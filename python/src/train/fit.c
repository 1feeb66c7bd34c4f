/*
 * Defines the type Run, which is a training run that yields metrics. The class lade.Run, which lade.Net.fit() returns,
 * contains an object of this type.
 */
#include <string.h>

#include "train/gradients.h"

struct run {
    PyObject_HEAD struct lade__py_net *net;
    struct lade__py_source source, validation;
    struct lade_fit_options options;
    float *class_weight;
    struct lade__py_reduce reduce;
    PyObject *keep; /* owns the strings of the options */
    lade_fit_run *run;
    struct lade_metrics *metrics; /* of the last item, or NULL */
};

/* ---- Options ----------------------------------------------------------------------------------------------------- */

static int no_special_option(void *context, const struct lade_option_info *option, PyObject *value, void *field) {
    (void)context, (void)value, (void)field;
    PyErr_Format(PyExc_NotImplementedError, "the Python package cannot set the option %s", option->name);
    return -1;
}

const struct lade__py_option_kind lade__py_optimizer_options = {"optimizer", lade_optimizer_option_info,
                                                                no_special_option};
const struct lade__py_option_kind lade__py_schedule_options = {"schedule", lade_schedule_option_info,
                                                               no_special_option};

/* Stores a dict of the fields of an optimizer or schedule. */
static int store_struct(const struct lade__py_option_kind *kind, struct run *self, PyObject *value, void *field) {
    if (PyDict_Check(value))
        return lade__py_options_read(kind, value, field, NULL, self->keep);
    PyErr_Format(PyExc_TypeError, "%s is %R: it must be a dict", kind->name, value);
    return -1;
}

/* Checks the length of the list, because the library only gets a pointer. A net with one output needs two weights.
   Every other net needs one weight for each output. */
static int store_class_weight(struct run *self, PyObject *value) {
    int64_t outputs = lade_net_info(self->net->net)->outputs, wanted = outputs == 1 ? 2 : outputs;
    PyObject *list = PyDict_Check(value) || PyUnicode_Check(value) ? NULL : PySequence_List(value);

    if (!list) {
        PyErr_Clear();
        PyErr_Format(PyExc_TypeError, "class_weight is %R: it must be a list of numbers", value);
        return -1;
    }
    Py_ssize_t count = PyList_Size(list);
    int status = 0;
    if (count != wanted)
        status = lade__py_raise_option("class_weight", "class_weight has %zd numbers: the net needs %lld", count,
                                       (long long)wanted);
    else if (!(self->class_weight = PyMem_Calloc((size_t)count + 1, sizeof *self->class_weight)))
        PyErr_NoMemory();
    for (Py_ssize_t i = 0; self->class_weight && i < count; i++)
        self->class_weight[i] = (float)PyFloat_AsDouble(PyList_GetItem(list, i));
    Py_DECREF(list);
    self->options.class_weight = self->class_weight;
    return status < 0 || PyErr_Occurred() ? -1 : 0;
}

static int store_reduce(struct run *self, PyObject *value) {
    if (!PyCallable_Check(value)) {
        PyErr_Format(PyExc_TypeError, "reduce is %R: it must be a function", value);
        return -1;
    }
    self->reduce = (struct lade__py_reduce){Py_NewRef(value), self->net, &self->source};
    self->options.reduce = lade__py_reduce;
    self->options.reduce_ctx = &self->reduce;
    return 0;
}

static int store(void *context, const struct lade_option_info *option, PyObject *value, void *field) {
    struct run *self = context;

    if (strcmp(option->name, "optimizer") == 0)
        return store_struct(&lade__py_optimizer_options, self, value, field);
    if (strcmp(option->name, "schedule") == 0)
        return store_struct(&lade__py_schedule_options, self, value, field);
    if (strcmp(option->name, "class_weight") == 0)
        return store_class_weight(self, value);
    if (strcmp(option->name, "reduce") == 0)
        return store_reduce(self, value);
    if (strcmp(option->name, "validation") == 0) {
        int status = lade__py_source_init(&self->validation, value);
        self->options.validation = self->validation.source;
        return status;
    }
    return no_special_option(context, option, value, field);
}

const struct lade__py_option_kind lade__py_fit_options = {"fit", lade_fit_option_info, store};

/* ---- Calls of the library ---------------------------------------------------------------------------------------- */

struct fit_job {
    struct lade__py_net_job job;
    struct run *self;
};

static int call_new(struct lade__py_net_job *job) {
    struct run *self = ((struct fit_job *)job)->self;

    self->run = lade_fit_new(self->net->net, &self->source.source, &self->options, &job->err);
    return self->run ? LADE_OK : job->err.code;
}

static int call_next(struct lade__py_net_job *job) {
    struct run *self = ((struct fit_job *)job)->self;

    return lade_fit_next(self->run, &self->metrics, &job->err);
}

static int call_close(struct lade__py_net_job *job) {
    struct run *self = ((struct fit_job *)job)->self;
    lade_fit_run *run = self->run;

    self->run = NULL;
    self->metrics = NULL;
    return lade_fit_close(run, &job->err);
}

static int run_job(struct run *self, int (*call)(struct lade__py_net_job *)) {
    struct fit_job j = {.job = {.call = call, .net = self->net, .sources = {&self->source, &self->validation}},
                        .self = self};

    return lade__py_net_run(&j.job);
}

/* ---- Methods ----------------------------------------------------------------------------------------------------- */

static PyObject *make(PyTypeObject *type, PyObject *args, PyObject *keywords) {
    PyObject *net, *source, *values;

    (void)keywords;
    if (!PyArg_ParseTuple(args, "OOO!", &net, &source, &PyDict_Type, &values) || !lade__py_net_get(net))
        return NULL;
    struct run *self = lade__py_new(type);
    if (!self)
        return NULL;
    self->net = (struct lade__py_net *)Py_NewRef(net);
    self->keep = PyList_New(0);
    if (!self->keep || lade__py_source_init(&self->source, source) < 0 ||
        lade__py_options_read(&lade__py_fit_options, values, &self->options, self, self->keep) < 0 ||
        run_job(self, call_new) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static PyObject *metrics_dict(const struct lade_metrics *m) {
    return Py_BuildValue("{si si sL sL sL sN sN sd sd sd sd sd sd sd sd sd si}", "epoch", m->epoch, "epochs", m->epochs,
                         "step", (long long)m->step, "steps", (long long)m->steps, "samples", (long long)m->samples,
                         "epoch_end", PyBool_FromLong(m->epoch_end), "replayed", PyBool_FromLong(m->replayed), "loss",
                         m->loss, "accuracy", m->accuracy, "val_loss", m->val_loss, "val_accuracy", m->val_accuracy,
                         "seconds", m->seconds, "wait_seconds", m->wait_seconds, "images_per_s", m->images_per_s,
                         "last_lr", m->last_lr, "lr", m->lr, "best_epoch", m->best_epoch);
}

static PyObject *next(PyObject *object, PyObject *unused) {
    struct run *self = (struct run *)object;

    (void)unused;
    if (!self->run || run_job(self, call_next) < 0)
        return self->run ? NULL : Py_NewRef(Py_None);
    return self->metrics ? metrics_dict(self->metrics) : Py_NewRef(Py_None);
}

static PyObject *set_lr(PyObject *object, PyObject *value) {
    struct run *self = (struct run *)object;
    double lr = PyFloat_AsDouble(value);

    if (PyErr_Occurred())
        return NULL;
    if (!(lr >= 0 && lr < 1e30)) {
        lade__py_raise_option("lr", "lr is %R: it must be a number from 0", value);
        return NULL;
    }
    if (self->metrics)
        self->metrics->lr = lr;
    Py_RETURN_NONE;
}

static PyObject *close_run(PyObject *object, PyObject *unused) {
    struct run *self = (struct run *)object;

    (void)unused;
    return self->run && run_job(self, call_close) < 0 ? NULL : Py_NewRef(Py_None);
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

static void finalize(PyObject *object) {
    PyObject *type, *value, *traceback;

    PyErr_Fetch(&type, &value, &traceback);
    PyObject *result = close_run(object, NULL);
    if (!result)
        PyErr_WriteUnraisable((PyObject *)Py_TYPE(object)); /* prints the type, because the object may have no
                                                               references */
    Py_XDECREF(result);
    PyErr_Restore(type, value, traceback);
}

static int traverse(PyObject *object, visitproc visit, void *arg) {
    struct run *self = (struct run *)object;

    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->net);
    Py_VISIT(self->source.object);
    Py_VISIT(self->validation.object);
    Py_VISIT(self->reduce.function);
    return 0;
}

/* The run uses the sources until its end. finalize() has ended the run, except after an error. */
static int clear(PyObject *object) {
    struct run *self = (struct run *)object;

    if (!self->run) {
        lade__py_source_release(&self->source);
        lade__py_source_release(&self->validation);
        Py_CLEAR(self->reduce.function);
    }
    return 0;
}

static void dealloc(PyObject *object) {
    struct run *self = (struct run *)object;

    PyObject_GC_UnTrack(object);
    finalize(object);
    if (self->run) /* close_run() has failed, for example because a flow is closed */
        lade_fit_close(self->run, NULL);
    self->run = NULL;
    clear(object);
    PyMem_Free(self->class_weight);
    Py_XDECREF(self->keep);
    Py_XDECREF((PyObject *)self->net);
    lade__py_free(self);
}

int lade__py_add_run(PyObject *module) {
    static PyMethodDef methods[] = {
        {"next", next, METH_NOARGS, "next($self)\n--\n\nTrain until the next item. Return a dict, or None at the end."},
        {"set_lr", set_lr, METH_O, "set_lr($self, lr, /)\n--\n\nSet the learning rate of the next step."},
        {"close", close_run, METH_NOARGS, "close($self)\n--\n\nEnd the run and write the checkpoint."},
        {0}};
    static PyType_Slot slots[] = {{Py_tp_doc, (char *)"Run(net, source, options, /)\n--\n\nA training run."},
                                  {Py_tp_new, (void *)make},
                                  {Py_tp_dealloc, (void *)dealloc},
                                  {Py_tp_finalize, (void *)finalize},
                                  {Py_tp_traverse, (void *)traverse},
                                  {Py_tp_clear, (void *)clear},
                                  {Py_tp_methods, methods},
                                  {0}};
    static PyType_Spec spec = {"lade._lade.Run", sizeof(struct run), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};

    return lade__py_type(module, &spec) ? 0 : -1;
}
