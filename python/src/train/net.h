/*
 * net.h - declares the type Net, which is the base class of lade.Net, and jobs that compute with a net.
 */
#ifndef LADE_PYTHON_NET_H
#define LADE_PYTHON_NET_H

#include <lade/train.h>

#include "option/options.h"
#include "train/source.h"

/*
 * An object of the type Net.
 */
struct lade__py_net {
    PyObject_HEAD lade_net *net;
    bool busy; /* a thread computes with the net; guarded by the GIL */
};

/*
 * A job that computes with a net. `call` runs without the GIL, returns a status and fills `err`. The caller embeds the
 * struct in a larger struct.
 */
struct lade__py_net_job {
    struct lade__py_job job;
    int (*call)(struct lade__py_net_job *job);
    struct lade__py_net *net;
    struct lade__py_source *sources[2]; /* sources that the call may use, or NULL */
    struct lade_error err;
    int status;
};

/*
 * lade__py_net_run() - runs the job. Returns 0, or -1 with an exception: the exception of a source, of a signal handler,
 *                      or of the library. After a signal, the net and the sources are no longer canceled.
 * lade__py_net_use() - returns the net. If a thread computes with the net, raises an exception and returns NULL.
 * lade__py_net_get() - returns the struct of an object of the type Net, or NULL with a TypeError.
 */
int lade__py_net_run(struct lade__py_net_job *job);
lade_net *lade__py_net_use(PyObject *object);
struct lade__py_net *lade__py_net_get(PyObject *object);

/* The methods that read and change parameters. The array ends with {0}. */
extern PyMethodDef lade__py_net_parameter_methods[];

#endif
