/*
 * job.h - runs a call of the library that can take a long time, so that signals such as Ctrl-C end the call.
 */
#ifndef LADE_PYTHON_JOB_H
#define LADE_PYTHON_JOB_H

#include <pthread.h>

#include "base/extension.h"

/* The longest time between two checks for signals, in nanoseconds. */
#define LADE__PY_POLL_NS 40000000

/*
 * A call of the library. The caller embeds the struct in a struct with the arguments and results of the call.
 */
struct lade__py_job {
    void (*run)(struct lade__py_job *job);    /* makes the call, on another thread, without the GIL */
    void (*cancel)(struct lade__py_job *job); /* makes the call end soon; does not wait; may be NULL */
    /* private */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool done, canceled;
    void (*request)(void *argument); /* a function that `run` wants to be called with the GIL; or NULL */
    void *argument;
};

/*
 * lade__py_job_wait() - runs @job on a thread and waits for its end without the GIL. If a signal handler raises an
 *                       exception, calls job->cancel, waits for the end, and returns -1 with the exception.
 *
 * lade__py_job_call() - is called by job->run. Calls @function(@argument) on the thread that waits for the job, with the
 *                       GIL. Returns false if the job was canceled and the function was not called.
 */
int lade__py_job_wait(struct lade__py_job *job);
bool lade__py_job_call(struct lade__py_job *job, void (*function)(void *), void *argument);

/*
 * lade__py_stop() - is called very often by a long call of the library, without the GIL and on the thread of the caller.
 *                   From time to time, takes the GIL and runs signal handlers. Returns true if a handler has raised an
 *                   exception, which stays set. @next is the time of the next check, {0} at first.
 */
bool lade__py_stop(void *next);

/*
 * lade__py_deadline() - returns the time of CLOCK_MONOTONIC at which a wait must be interrupted to check for signals.
 */
struct timespec lade__py_deadline(void);

#endif
