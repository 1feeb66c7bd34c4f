/*
 * Takes batches from a flow. Every wait releases the GIL, and wakes up several times each second to run signal handlers.
 */
#include <string.h>

#include "data/batch.h"
#include "flow/flow.h"
#include "base/job.h"
#include "data/stats.h"

/* Stores the next batch in *out and returns LADE_OK. On error, returns a negative status, and either fills @err or sets
   a Python exception. */
static int take(struct lade__py_flow *self, struct lade_batch **out, struct lade_error *err) {
    for (;;) {
        lade_flow *flow = lade__py_flow_read(self);
        struct timespec deadline = lade__py_deadline();
        int status = -1;
        if (!flow)
            return -1;
        Py_BEGIN_ALLOW_THREADS;
        status = lade_flow_next_until(flow, &deadline, out, err);
        Py_END_ALLOW_THREADS;
        lade__py_flow_unread(self);
        if (status != LADE_ETIMEDOUT)
            return status;
        if (PyErr_CheckSignals() < 0)
            return -1;
    }
}

PyObject *lade__py_flow_next(PyObject *object) {
    struct lade__py_flow *self = (struct lade__py_flow *)object;
    struct lade_batch *batch = NULL;
    struct lade_error err = {0};
    int status = take(self, &batch, &err);

    if (status == LADE_OK)
        return lade__py_batch_new(batch);
    return PyErr_Occurred() ? NULL : lade__py_failures_raise(&self->failures, &err);
}

static PyObject *next_batch(PyObject *self, PyObject *unused) {
    (void)unused;
    return lade__py_flow_next(self);
}

/* ---- Calls that run as a job ------------------------------------------------------------------------------------- */

struct flow_job {
    struct lade__py_job job;
    lade_flow *flow;
    int64_t epoch, step;
    struct lade_batch *batch;
    struct lade_error err;
    int status;
};

static void run_batch(struct lade__py_job *job) {
    struct flow_job *j = (struct flow_job *)job;

    j->status = lade_flow_batch(j->flow, j->epoch, j->step, &j->batch, &j->err);
}

static void run_fit(struct lade__py_job *job) {
    struct flow_job *j = (struct flow_job *)job;

    j->status = lade_flow_fit(j->flow, &j->err);
}

static void cancel(struct lade__py_job *job) {
    lade_flow_cancel(((struct flow_job *)job)->flow);
}

/* Runs the job. Returns 0, or -1 with an exception. After a signal, the flow continues at the same position. */
static int wait_for(struct lade__py_flow *self, struct flow_job *j) {
    j->flow = lade__py_flow_use(self);
    j->job.cancel = cancel;
    if (!j->flow)
        return -1;
    self->fitting = j->job.run == run_fit;
    int waited = lade__py_job_wait(&j->job);
    if (j->job.canceled && !self->closing)
        lade_flow_uncancel(j->flow);
    lade__py_flow_unuse(self);
    if (waited == 0 && j->status == LADE_OK)
        return 0;
    lade_batch_unref(j->batch);
    if (waited == 0)
        lade__py_failures_raise(&self->failures, &j->err);
    return -1;
}

static PyObject *batch_at(PyObject *object, PyObject *args) {
    struct flow_job j = {.job.run = run_batch};
    long long epoch, step;

    if (!PyArg_ParseTuple(args, "LL:batch", &epoch, &step))
        return NULL;
    j.epoch = epoch;
    j.step = step;
    return wait_for((struct lade__py_flow *)object, &j) < 0 ? NULL : lade__py_batch_new(j.batch);
}

/* While the statistics are computed, no other call may use the flow. */
static bool open_for_fit(struct lade__py_flow *self) {
    struct lade_error err = {0};

    if (!self->users)
        return true;
    lade_error_set(&err, LADE_ESTATE, "another thread uses the flow");
    lade__py_raise(&err);
    return false;
}

static PyObject *fit(PyObject *object, PyObject *unused) {
    struct lade__py_flow *self = (struct lade__py_flow *)object;
    struct flow_job j = {.job.run = run_fit};

    (void)unused;
    if (!open_for_fit(self))
        return NULL;
    int status = wait_for(self, &j);
    self->fitting = false;
    return status < 0 ? NULL : lade__py_stats_new(lade_stats_copy(lade_flow_stats(self->flow)));
}

/* ---- The position ------------------------------------------------------------------------------------------------ */

static PyObject *state(PyObject *object, PyObject *unused) {
    struct lade__py_flow *self = (struct lade__py_flow *)object;
    lade_flow *flow = lade__py_flow_read(self);
    struct lade_error err = {0};
    char *json = NULL;

    (void)unused;
    if (!flow)
        return NULL;
    int status = lade_flow_state(flow, &json, &err);
    lade__py_flow_unread(self);
    PyObject *text = status < 0 ? lade__py_raise(&err) : PyUnicode_FromString(json);
    lade_free(json);
    return text;
}

static PyObject *resume(PyObject *object, PyObject *text) {
    struct lade__py_flow *self = (struct lade__py_flow *)object;
    const char *json = PyUnicode_AsUTF8AndSize(text, NULL);
    lade_flow *flow = json ? lade__py_flow_read(self) : NULL;
    struct lade_error err = {0};
    int status;

    if (!flow)
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = lade_flow_resume(flow, json, &err);
    Py_END_ALLOW_THREADS;
    lade__py_flow_unread(self);
    return status < 0 ? lade__py_raise(&err) : Py_NewRef(Py_None);
}

PyMethodDef lade__py_flow_methods[] = {
    {"next", next_batch, METH_NOARGS,
     "next($self)\n--\n\nReturn the next Batch. After the last batch of an epoch comes the first batch of the next "
     "epoch."},
    {"batch", batch_at, METH_VARARGS,
     "batch($self, epoch, step, /)\n--\n\nReturn batch number `step` of an epoch. The position of the flow does not "
     "change."},
    {"fit", fit, METH_NOARGS,
     "fit($self)\n--\n\nCompute the statistics for the featurewise options and zca_whitening, in one pass over all "
     "samples.\n\n"
     "Returns\n-------\nStats\n    The flow uses the statistics from now on."},
    {"_state", state, METH_NOARGS, "_state($self)\n--\n\nReturn the position as JSON."},
    {"_resume", resume, METH_O, "_resume($self, json, /)\n--\n\nContinue from a state."},
    {0}};
