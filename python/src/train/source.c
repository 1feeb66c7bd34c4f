/*
 * Makes a struct lade_source from a flow, or from an object with the methods of Source in python/lade/_source.py. The
 * library calls the functions of a source on the thread of a job. The methods of Python run on the thread of the caller,
 * so an iterator may use data that belong to this thread, and Ctrl-C interrupts the iterator.
 */
#include "train/source.h"

#include <string.h>

#include "base/failure.h"
#include "data/tensor.h"

/* ---- Batches from arrays ----------------------------------------------------------------------------------------- */

/* A batch whose tensors use arrays of Python. */
struct array_batch {
    struct lade_batch batch;
    int64_t indices[];
};

static void release_batch(struct lade_batch *batch, void *unused) {
    (void)unused;
    lade_tensor_unref(batch->x);
    lade_tensor_unref(batch->y);
    lade_tensor_unref(batch->sample_weight);
    lade_free(batch);
}

/* Makes a batch of a tuple (x, y, sample_weight or None). Returns NULL with an exception. */
static struct lade_batch *make_batch(PyObject *tuple) {
    PyObject *x, *y, *weight;

    if (!PyArg_ParseTuple(tuple, "OOO", &x, &y, &weight))
        return NULL;
    struct lade_tensor *tx = lade__py_tensor_from(x, "x");
    struct lade_tensor *ty = tx && y != Py_None ? lade__py_tensor_from(y, "y") : NULL;
    struct lade_tensor *tw = tx && weight != Py_None ? lade__py_tensor_from(weight, "sample_weight") : NULL;
    int64_t n = tx && tx->dl.ndim ? tx->shape[0] : 0;
    struct array_batch *b = PyErr_Occurred() ? NULL : lade_calloc(1, sizeof *b + (size_t)n * sizeof *b->indices);
    if (!b) {
        lade_tensor_unref(tx);
        lade_tensor_unref(ty);
        lade_tensor_unref(tw);
        return PyErr_Occurred() ? NULL : (struct lade_batch *)PyErr_NoMemory();
    }
    for (int64_t i = 0; i < n; i++)
        b->indices[i] = i;
    b->batch = (struct lade_batch){
        .x = tx, .y = ty, .sample_weight = tw, .indices = b->indices, .n = n, .refs = 1, .release = release_batch};
    return &b->batch;
}

/* ---- Functions of a source, which run on the thread of the job --------------------------------------------------- */

/* A call of a method on the thread of the caller. */
struct request {
    struct lade__py_source *source;
    const char *method;
    const char *argument; /* a JSON text, or NULL */
    struct lade_batch *batch;
    char *text;
    int status;
};

/* Runs with the GIL. */
static void serve(void *argument) {
    struct request *r = argument;
    PyObject *object = r->source->object;
    PyObject *result = r->argument ? PyObject_CallMethod(object, r->method, "s", r->argument)
                                   : PyObject_CallMethod(object, r->method, NULL);

    if (result && strcmp(r->method, "next_batch") == 0) {
        r->batch = make_batch(result);
        r->status = r->batch ? LADE_OK : LADE_ERUNTIME;
    } else if (result && strcmp(r->method, "get_state") == 0) {
        const char *json = PyUnicode_AsUTF8AndSize(result, NULL);
        r->text = json ? lade_strdup(json) : NULL;
        r->status = r->text ? LADE_OK : LADE_ERUNTIME;
    } else if (result) {
        r->status = LADE_OK;
    }
    Py_XDECREF(result);
    if (r->status == LADE_OK)
        return;
    /* LADE_ECANCELED means that the run can continue later. */
    r->status = PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) ? LADE_ECANCELED : LADE_ERUNTIME;
    lade__py_replace(&r->source->exception, lade__py_take_exception());
}

static int ask(struct request *r, struct lade_error *err) {
    r->status = LADE_ECANCELED;
    if (lade__py_job_call(r->source->job, serve, r) && r->status == LADE_OK)
        return LADE_OK;
    return lade_error_set(err, r->status, "the source of batches raised an exception, or the call was interrupted");
}

static int next(void *context, struct lade_batch **out, struct lade_error *err) {
    struct request r = {.source = context, .method = "next_batch"};
    int status = ask(&r, err);

    *out = r.batch;
    return status;
}

static int state_get(void *context, char **out, struct lade_error *err) {
    struct request r = {.source = context, .method = "get_state"};
    int status = ask(&r, err);

    *out = r.text;
    return status;
}

static int state_set(void *context, const char *state, struct lade_error *err) {
    struct request r = {.source = context, .method = "set_state", .argument = state};

    return ask(&r, err);
}

/* ---- Flows ------------------------------------------------------------------------------------------------------- */

/* A program may close a flow while a run still reads the flow. So these functions first check that the flow is open. */
static lade_flow *open_flow(struct lade__py_source *s, struct lade_error *err) {
    if (!s->flow->flow)
        lade_error_set(err, LADE_ESTATE, "the flow is closed");
    return s->flow->flow;
}

static int flow_next(void *context, struct lade_batch **out, struct lade_error *err) {
    lade_flow *flow = open_flow(context, err);

    return flow ? lade_flow_next(flow, out, err) : LADE_ESTATE;
}

static int flow_state_get(void *context, char **out, struct lade_error *err) {
    lade_flow *flow = open_flow(context, err);

    return flow ? lade_flow_state(flow, out, err) : LADE_ESTATE;
}

static int flow_state_set(void *context, const char *state, struct lade_error *err) {
    lade_flow *flow = open_flow(context, err);

    return flow ? lade_flow_resume(flow, state, err) : LADE_ESTATE;
}

static int64_t flow_sample_name(void *context, int64_t index, char *buffer, size_t size) {
    lade_flow *flow = open_flow(context, NULL);

    return flow ? lade_flow_filename(flow, index, buffer, size) : snprintf(buffer, size, "%lld", (long long)index);
}

/* ---- The source -------------------------------------------------------------------------------------------------- */

static int64_t integer(PyObject *object, const char *name) {
    PyObject *value = PyObject_GetAttrString(object, name);
    int64_t number = value ? PyLong_AsLongLong(value) : -1;

    Py_XDECREF(value);
    return number;
}

static int fill(struct lade__py_source *s, PyObject *object) {
    PyObject *shape = PyObject_GetAttrString(object, "sample_shape");
    Py_ssize_t ndim = shape ? PyTuple_Size(shape) : -1;

    s->source = (struct lade_source){.next = next, .ctx = s};
    if (ndim < 0 || ndim >= LADE_MAX_DIMS) {
        Py_XDECREF(shape);
        return PyErr_Occurred()
                   ? -1
                   : lade__py_raise_option("source", "a sample has %zd dimensions: at most 7 are possible", ndim);
    }
    s->source.sample_ndim = (int)ndim;
    for (Py_ssize_t i = 0; i < ndim; i++)
        s->source.sample_shape[i] = PyLong_AsLongLong(PyTuple_GetItem(shape, i));
    Py_DECREF(shape);
    s->source.steps = integer(object, "steps");
    s->source.samples = integer(object, "samples");
    s->source.classes = integer(object, "classes");
    if (integer(object, "has_state") > 0) {
        s->source.state_get = state_get;
        s->source.state_set = state_set;
    }
    return PyErr_Occurred() ? -1 : 0;
}

int lade__py_source_init(struct lade__py_source *s, PyObject *object) {
    *s = (struct lade__py_source){0};
    if (object == Py_None)
        return 0;
    s->object = Py_NewRef(object);
    if (!PyObject_HasAttrString(object, "next_batch")) {
        s->flow = lade__py_flow_get(object);
        lade_flow *flow = s->flow ? lade__py_flow_use(s->flow) : NULL;
        if (!flow)
            return -1;
        s->source = lade_flow_source(flow);
        s->source.next = flow_next;
        s->source.state_get = flow_state_get;
        s->source.state_set = flow_state_set;
        s->source.sample_name = flow_sample_name;
        s->source.ctx = s;
        lade__py_flow_unuse(s->flow);
        return 0;
    }
    return fill(s, object);
}

int lade__py_source_begin(struct lade__py_source *s, struct lade__py_job *job, const struct lade__py_source *other) {
    s->job = job;
    s->shared = s->flow && ((other && other->flow == s->flow) || !s->flow->flow);
    return s->flow && !s->shared && !lade__py_flow_read(s->flow) ? -1 : 0;
}

void lade__py_source_end(struct lade__py_source *s, bool canceled) {
    s->job = NULL;
    if (s->flow && !s->shared) {
        if (canceled && !s->flow->closing)
            lade_flow_uncancel(s->flow->flow);
        lade__py_flow_unread(s->flow);
    }
    if (s->exception && !PyErr_Occurred())
        PyErr_SetObject((PyObject *)Py_TYPE(s->exception), s->exception);
    Py_CLEAR(s->exception);
}

void lade__py_source_cancel(struct lade__py_source *s) {
    if (s->flow && s->flow->flow)
        lade_flow_cancel(s->flow->flow);
}

void lade__py_source_release(struct lade__py_source *s) {
    Py_CLEAR(s->exception);
    Py_CLEAR(s->object);
    Py_CLEAR(s->text);
    s->flow = NULL;
}
