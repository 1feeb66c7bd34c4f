/*
 * Runs computations of a net as jobs. A signal cancels the net and the flows that it reads.
 */
#include "train/net.h"

static void run(struct lade__py_job *job) {
    struct lade__py_net_job *j = (struct lade__py_net_job *)job;

    j->status = j->call(j);
}

static void cancel(struct lade__py_job *job) {
    struct lade__py_net_job *j = (struct lade__py_net_job *)job;

    lade_net_cancel(j->net->net);
    for (int i = 0; i < 2; i++)
        if (j->sources[i])
            lade__py_source_cancel(j->sources[i]);
}

/* Prepares the two sources of the job, of which each may be NULL. Returns 2, or the index of the source that cannot be
   prepared, with an exception. */
static int begin_sources(struct lade__py_net_job *j) {
    int count = 0;

    while (count < 2 &&
           (!j->sources[count] || lade__py_source_begin(j->sources[count], &j->job, count ? j->sources[0] : NULL) == 0))
        count++;
    return count;
}

static void end_sources(struct lade__py_net_job *j, int count) {
    for (int i = 0; i < count; i++)
        if (j->sources[i])
            lade__py_source_end(j->sources[i], j->job.canceled);
}

/* Raises the exception for the status of the call. If a function of the user has failed on a worker thread of a flow,
   raises the exception of this function. */
static int raise_error(struct lade__py_net_job *j) {
    struct lade__py_failures none = {0};

    for (int i = 0; i < 2 && !PyErr_Occurred(); i++)
        if (j->sources[i] && j->sources[i]->flow && j->sources[i]->flow->failures.list)
            lade__py_failures_raise(&j->sources[i]->flow->failures, &j->err);
    if (!PyErr_Occurred())
        lade__py_failures_raise(&none, &j->err);
    return -1;
}

lade_net *lade__py_net_use(PyObject *object) {
    struct lade__py_net *self = (struct lade__py_net *)object;
    struct lade_error err = {0};

    if (!self->busy)
        return self->net;
    lade_error_set_subject(&err, LADE_ESTATE, "net", "another thread, or the source of a run, uses the net");
    lade__py_raise(&err);
    return NULL;
}

int lade__py_net_run(struct lade__py_net_job *j) {
    if (!lade__py_net_use((PyObject *)j->net))
        return -1;
    j->job.run = run;
    j->job.cancel = cancel;
    int count = begin_sources(j);
    if (count < 2) {
        end_sources(j, count);
        return -1;
    }
    j->net->busy = true;
    int waited = lade__py_job_wait(&j->job);
    j->net->busy = false;
    if (j->job.canceled)
        lade_net_uncancel(j->net->net);
    end_sources(j, count);
    if (PyErr_Occurred() || waited < 0)
        return -1;
    return j->status < 0 ? raise_error(j) : 0;
}
