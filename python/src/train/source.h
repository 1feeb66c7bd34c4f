/*
 * source.h - makes sources of batches for nets from flows and from iterables of Python.
 */
#ifndef LADE_PYTHON_SOURCE_H
#define LADE_PYTHON_SOURCE_H

#include <lade/train.h>

#include "base/job.h"
#include "flow/flow.h"

/*
 * A source of a net, which is a flow or an object of Python.
 */
struct lade__py_source {
    struct lade_source source;
    PyObject *object;           /* a Flow, or a Source of python/lade/_source.py; NULL if there is no source */
    struct lade__py_flow *flow; /* the same object if it is a Flow, otherwise NULL */
    bool shared;                /* the other source of the job is the same flow, or the flow is closed */
    struct lade__py_job *job;   /* the job that uses the source now */
    PyObject *exception;        /* raised by the object during the job; or NULL */
    PyObject *text;             /* owns the strings of `source` */
};

/*
 * lade__py_source_init()    - fills @s. @object is a Flow or a Source, or None for no source.
 * lade__py_source_begin()   - must be called before each job that uses the source. Returns -1 if another thread reads the
 *                             flow. @other is the first source of the job, or NULL.
 * lade__py_source_end()     - must be called after the job. If the object has raised an exception, raises it again.
 * lade__py_source_cancel()  - makes a flow return LADE_ECANCELED. Does not wait.
 * lade__py_source_release() - releases the references.
 */
int lade__py_source_init(struct lade__py_source *s, PyObject *object);
int lade__py_source_begin(struct lade__py_source *s, struct lade__py_job *job, const struct lade__py_source *other);
void lade__py_source_end(struct lade__py_source *s, bool canceled);
void lade__py_source_cancel(struct lade__py_source *s);
void lade__py_source_release(struct lade__py_source *s);

#endif
