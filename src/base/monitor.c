/*
 * Implements monitors. A handler of pthread_atfork() counts forks. Each monitor stores the count at the time when its
 * mutex was made, so a different count shows that the process was forked since then. The handler does not lock the
 * mutexes of monitors, because a program may have thousands of monitors, and a fork would have to wait for each thread
 * that has locked a monitor. A fork locks only the mutex `renewing`, which belongs to no monitor.
 */
#include "base/monitor.h"

static unsigned forks; /* changes only in a child process, before the process has a second thread */
static pthread_mutex_t renewing = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* ---- Forks ------------------------------------------------------------------------------------------------------- */

static void before_fork(void) {
    pthread_mutex_lock(&renewing);
}

static void after_fork_in_parent(void) {
    pthread_mutex_unlock(&renewing);
}

static void after_fork_in_child(void) {
    __atomic_store_n(&forks, forks + 1, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&renewing);
}

static void count_forks(void) {
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

unsigned lade__forks(void) {
    pthread_once(&once, count_forks);
    return __atomic_load_n(&forks, __ATOMIC_RELAXED);
}

/* ---- Monitors ---------------------------------------------------------------------------------------------------- */

static int make(struct lade__monitor *m) {
    pthread_condattr_t monotonic;
    int failed = pthread_mutex_init(&m->mutex, NULL);
    if (failed || (failed = pthread_condattr_init(&monotonic)))
        return LADE_ENOMEM;
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    for (int i = 0; i < 2; i++)
        failed = failed ? failed : pthread_cond_init(&m->conditions[i], &monotonic);
    pthread_condattr_destroy(&monotonic);
    return failed ? LADE_ENOMEM : LADE_OK; /* no cleanup: on Linux, mutexes and conditions own no memory */
}

int lade__monitor_init(struct lade__monitor *m, void (*renew)(void *ctx), void *ctx) {
    m->renew = renew;
    m->ctx = ctx;
    m->forks = lade__forks();
    return make(m);
}

/* Calls lade__forks(), because the first use of a static monitor must install the handlers of fork(). */
bool lade__monitor_stale(const struct lade__monitor *m) {
    return __atomic_load_n(&m->forks, __ATOMIC_ACQUIRE) != lade__forks();
}

void lade__monitor_release(struct lade__monitor *m) {
    if (lade__monitor_stale(m)) /* pthread_cond_destroy() would wait for threads that exist only in the parent */
        return;
    pthread_cond_destroy(&m->conditions[0]);
    pthread_cond_destroy(&m->conditions[1]);
    pthread_mutex_destroy(&m->mutex);
}

static __attribute__((noinline)) void renew(struct lade__monitor *m) {
    pthread_mutex_lock(&renewing);
    if (lade__monitor_stale(m)) {
        make(m); /* cannot fail, because the same calls have succeeded before */
        if (m->renew)
            m->renew(m->ctx);
        __atomic_store_n(&m->forks, forks, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&renewing);
}

void lade__monitor_renew(struct lade__monitor *m) {
    if (__builtin_expect(lade__monitor_stale(m), 0))
        renew(m);
}

void lade__monitor_enter(struct lade__monitor *m) {
    lade__monitor_renew(m);
    pthread_mutex_lock(&m->mutex);
}

void lade__monitor_leave(struct lade__monitor *m) {
    pthread_mutex_unlock(&m->mutex);
}

bool lade__monitor_wait(struct lade__monitor *m, int which, const struct timespec *deadline) {
    LADE__DEFER_CANCEL;
    pthread_cond_t *condition = &m->conditions[which];
    if (deadline)
        return pthread_cond_timedwait(condition, &m->mutex, deadline) == 0;
    return pthread_cond_wait(condition, &m->mutex) == 0;
}

int lade__deadline_check(const struct timespec *deadline, struct lade_error *err) {
    if (!deadline || (deadline->tv_nsec >= 0 && deadline->tv_nsec < 1000000000))
        return LADE_OK;
    return lade_error_set_subject(err, LADE_EINVAL, "deadline",
                                  "deadline: tv_nsec is %ld; it must be 0 to 999999999, so add whole seconds to tv_sec",
                                  (long)deadline->tv_nsec);
}

void lade__monitor_wake(struct lade__monitor *m, int which) {
    pthread_cond_broadcast(&m->conditions[which]);
}

void lade__monitor_wake_one(struct lade__monitor *m, int which) {
    pthread_cond_signal(&m->conditions[which]);
}

/* ---- pthread_cancel() -------------------------------------------------------------------------------------------- */

int lade__cancel_defer(void) {
    int before;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    return before;
}

void lade__cancel_restore(int *before) {
    pthread_setcancelstate(*before, NULL);
}
