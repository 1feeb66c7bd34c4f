/*
 * Python runs signal handlers only on its main thread, and only if this thread calls PyErr_CheckSignals(). So a long call
 * of the library runs on another thread, and the calling thread wakes up regularly. Functions of the user that the call
 * needs, such as an iterator, run on the calling thread.
 */
#include "base/job.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

struct timespec lade__py_deadline(void) {
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += LADE__PY_POLL_NS;
    if (t.tv_nsec >= 1000000000) {
        t.tv_nsec -= 1000000000;
        t.tv_sec++;
    }
    return t;
}

bool lade__py_stop(void *next_check) {
    struct timespec now, *next = next_check;

    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec < next->tv_sec || (now.tv_sec == next->tv_sec && now.tv_nsec < next->tv_nsec))
        return false;
    PyGILState_STATE state = PyGILState_Ensure();
    bool raised = PyErr_CheckSignals() < 0;
    PyGILState_Release(state);
    *next = lade__py_deadline();
    return raised;
}

static void init(struct lade__py_job *job) {
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&job->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&job->mutex, NULL);
    job->done = job->canceled = false;
    job->request = NULL;
}

static void *run(void *argument) {
    struct lade__py_job *job = argument;

    job->run(job);
    pthread_mutex_lock(&job->mutex);
    job->done = true;
    pthread_cond_broadcast(&job->changed);
    pthread_mutex_unlock(&job->mutex);
    return NULL;
}

/* Starts the thread with all signals blocked, so that the threads of Python receive them. Returns 0 or an errno. */
static int start(struct lade__py_job *job, pthread_t *thread) {
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(thread, NULL, run, job);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

/* Waits until the job ends, the job requests a function call, or LADE__PY_POLL_NS nanoseconds have passed. Is called
   without the GIL. */
static void wait_for_change(struct lade__py_job *job) {
    struct timespec deadline = lade__py_deadline();
    int error = 0;

    pthread_mutex_lock(&job->mutex);
    while (!job->done && !job->request && !error)
        error = pthread_cond_timedwait(&job->changed, &job->mutex, &deadline);
    pthread_mutex_unlock(&job->mutex);
}

/* Calls the requested function, except after a cancellation, and wakes the thread of the job. */
static void serve_request(struct lade__py_job *job) {
    if (!job->canceled)
        job->request(job->argument);
    pthread_mutex_lock(&job->mutex);
    job->request = NULL;
    pthread_cond_broadcast(&job->changed);
    pthread_mutex_unlock(&job->mutex);
}

bool lade__py_job_call(struct lade__py_job *job, void (*function)(void *), void *argument) {
    pthread_mutex_lock(&job->mutex);
    job->argument = argument;
    job->request = function;
    pthread_cond_broadcast(&job->changed);
    while (job->request)
        pthread_cond_wait(&job->changed, &job->mutex);
    bool called = !job->canceled;
    pthread_mutex_unlock(&job->mutex);
    return called;
}

static void cancel(struct lade__py_job *job) {
    pthread_mutex_lock(&job->mutex);
    job->canceled = true;
    pthread_mutex_unlock(&job->mutex);
    if (job->cancel)
        job->cancel(job);
}

int lade__py_job_wait(struct lade__py_job *job) {
    pthread_t thread;

    init(job);
    int error = start(job, &thread);
    if (error) {
        errno = error;
        PyErr_SetFromErrno(PyExc_OSError);
        job->done = true;
    }
    while (!job->done) {
        Py_BEGIN_ALLOW_THREADS;
        wait_for_change(job);
        Py_END_ALLOW_THREADS;
        if (job->request)
            serve_request(job);
        if (!job->canceled && PyErr_CheckSignals() < 0)
            cancel(job);
    }
    if (!error)
        pthread_join(thread, NULL);
    pthread_mutex_destroy(&job->mutex);
    pthread_cond_destroy(&job->changed);
    return error || job->canceled ? -1 : 0;
}
