/*
 * Calls the function of the option `reduce` of Net.fit() before each update, and defines the type Gradients, a mapping
 * from the names of the parameters to their gradients. The function runs on the thread of the caller, as the sources of
 * a run do.
 */
#include "train/gradients.h"

#include "base/failure.h"
#include "data/tensor.h"

struct gradients {
    PyObject_HEAD lade_trainer *trainer; /* NULL after the call of the function */
    const lade_net *net;
};

static PyTypeObject *gradients_type;

/* ---- The mapping ------------------------------------------------------------------------------------------------- */

/* Returns true during the call of the function. Otherwise raises an exception. */
static bool is_valid(const struct gradients *self) {
    struct lade_error err = {0};

    if (self->trainer)
        return true;
    lade_error_set(&err, LADE_ESTATE, "the gradients can be used only during the call of the function reduce");
    lade__py_raise(&err);
    return false;
}

/* Returns the parameter with the name @key, or NULL with an exception. */
static const struct lade_parameter_info *find(const struct gradients *self, PyObject *key) {
    const struct lade_parameter_info *p;

    if (!is_valid(self))
        return NULL;
    for (int i = 0; PyUnicode_Check(key) && (p = lade_net_parameter_info(self->net, i)); i++)
        if (!p->is_buffer && PyUnicode_CompareWithASCIIString(key, p->name) == 0)
            return p;
    PyErr_Format(PyExc_KeyError, "there is no gradient with the name %R", key);
    return NULL;
}

static PyObject *get(PyObject *object, PyObject *key) {
    struct gradients *self = (struct gradients *)object;
    const struct lade_parameter_info *p = find(self, key);
    struct lade_error err = {0};

    if (!p)
        return NULL;
    struct lade_tensor *t = lade_tensor_new(LADE_FLOAT32, p->ndim, p->shape);
    if (t && lade_trainer_get_gradient(self->trainer, p->name, t, &err) < 0) {
        lade_tensor_unref(t);
        return lade__py_raise(&err);
    }
    return lade__py_tensor_new(t);
}

static int set(PyObject *object, PyObject *key, PyObject *value) {
    struct gradients *self = (struct gradients *)object;
    const struct lade_parameter_info *p = find(self, key);
    struct lade_error err = {0};

    if (!p)
        return -1;
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "a gradient cannot be deleted");
        return -1;
    }
    struct lade_tensor *t = lade__py_tensor_from(value, p->name);
    if (!t)
        return -1;
    int status = lade_trainer_set_gradient(self->trainer, p->name, t, &err);
    lade_tensor_unref(t);
    if (status < 0)
        lade__py_raise(&err);
    return status < 0 ? -1 : 0;
}

static PyObject *names(PyObject *object) {
    struct gradients *self = (struct gradients *)object;
    PyObject *list = is_valid(self) ? PyList_New(0) : NULL;
    const struct lade_parameter_info *p;

    for (int i = 0; list && (p = lade_net_parameter_info(self->net, i)); i++) {
        if (p->is_buffer)
            continue;
        PyObject *name = PyUnicode_FromString(p->name);
        if (!name || PyList_Append(list, name) < 0)
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    return list;
}

static PyObject *iterate(PyObject *object) {
    PyObject *list = names(object), *iterator = list ? PyObject_GetIter(list) : NULL;

    Py_XDECREF(list);
    return iterator;
}

static Py_ssize_t length(PyObject *object) {
    PyObject *list = names(object);
    Py_ssize_t count = list ? PyList_Size(list) : -1;

    Py_XDECREF(list);
    return count;
}

/* ---- The call of the function ------------------------------------------------------------------------------------ */

struct call {
    const struct lade__py_reduce *reduce;
    lade_trainer *trainer;
    bool failed;
};

/* Runs with the GIL, on the thread of the caller. */
static void serve(void *argument) {
    struct call *c = argument;
    struct gradients *gradients = lade__py_new(gradients_type);
    PyObject *result = NULL;

    if (gradients) {
        gradients->trainer = c->trainer;
        gradients->net = c->reduce->net->net;
        result = PyObject_CallFunctionObjArgs(c->reduce->function, gradients, NULL);
        gradients->trainer = NULL;
    }
    c->failed = !result;
    if (!result)
        lade__py_replace(&c->reduce->source->exception, lade__py_take_exception());
    Py_XDECREF(result);
    Py_XDECREF((PyObject *)gradients);
}

int lade__py_reduce(void *ctx, lade_trainer *trainer, struct lade_error *err) {
    struct call c = {.reduce = ctx, .trainer = trainer};

    if (!lade__py_job_call(c.reduce->source->job, serve, &c))
        return lade_error_set(err, LADE_ECANCELED, "the call was interrupted");
    return c.failed ? lade_error_set(err, LADE_ERUNTIME, "the function reduce raised an exception") : LADE_OK;
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

static void dealloc(PyObject *self) {
    lade__py_free(self);
}

int lade__py_add_gradients(PyObject *module) {
    static PyType_Slot slots[] = {
        {Py_tp_doc,
         (char *)"The gradient of each parameter, for the function of the option `reduce` of ``Net.fit()``.\n\n"
                 "``gradients[name]`` is a copy, as a float32 Tensor. ``gradients[name] = array`` replaces "
                 "the gradient. ``for name in gradients`` are the names of the parameters. The object can "
                 "be used only during the call of the function."},
        {Py_tp_dealloc, (void *)dealloc},
        {Py_tp_iter, (void *)iterate},
        {Py_mp_length, (void *)length},
        {Py_mp_subscript, (void *)get},
        {Py_mp_ass_subscript, (void *)set},
        {0}};
    static PyType_Spec spec = {"lade.Gradients", sizeof(struct gradients), 0,
                               Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};

    return (gradients_type = lade__py_type(module, &spec)) ? 0 : -1;
}
