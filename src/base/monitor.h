/*
 * base/monitor.h - a mutex with two condition variables. Each function of the libraries that waits for another thread
 * uses a monitor. The only exceptions are pthread_join() in pool.c, the mutex in gen/stack/thread.c, which is locked
 * during fork(), and the mutex `renewing` in monitor.c.
 *
 * A monitor differs from a pthread mutex in two ways:
 *
 * - A monitor works in a child process after fork(). A child has only the thread that called fork(), so a mutex that
 *   another thread had locked would never be unlocked. The first lade__monitor_enter() in the child initialises the
 *   mutex and the conditions once more and calls `renew`, which repairs the data that the monitor guards.
 *
 * - pthread_cancel() does not end a thread that waits for a condition. Otherwise the thread would end with the mutex
 *   locked. The cancellation is deferred until the thread reaches a cancellation point outside of the library.
 */
#ifndef LADE_SRC_BASE_MONITOR_H
#define LADE_SRC_BASE_MONITOR_H

#include <lade/base.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

struct lade__monitor {
    pthread_mutex_t mutex;
    pthread_cond_t conditions[2];
    void (*renew)(void *ctx); /* see lade__monitor_init(); or NULL */
    void *ctx;
    unsigned forks; /* the value of lade__forks() when the mutex was made; atomic */
};

#define LADE__MONITOR_INITIALIZER \
    { PTHREAD_MUTEX_INITIALIZER, {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER}, NULL, NULL, 0 }

/*
 * lade__monitor_init()    - makes a monitor. Returns LADE_OK or LADE_ENOMEM.
 * lade__monitor_release() - destroys a monitor. Does nothing in a child process that has not entered the monitor.
 *
 * @renew  is called once in a child process, by the first lade__monitor_enter(). The child's other threads wait until
 *         @renew returns. If a thread of the parent was changing the data during the fork, the change may be incomplete
 *         in the child: the child sees the writes of that thread up to some moment, and no later write. @renew must not
 *         enter another monitor.
 */
LADE_API int lade__monitor_init(struct lade__monitor *m, void (*renew)(void *ctx), void *ctx);
LADE_API void lade__monitor_release(struct lade__monitor *m);

/*
 * lade__monitor_enter() - locks the mutex.
 * lade__monitor_leave() - unlocks the mutex.
 * lade__monitor_renew() - repairs the monitor in a child process, as the first lade__monitor_enter() does, but does not
 *                         lock the mutex.
 * lade__monitor_wait()  - waits for condition @which, 0 or 1. The caller must have entered the monitor. Returns true
 *                         after a wake-up, and false when CLOCK_MONOTONIC reaches @deadline. A @deadline of NULL means
 *                         no deadline. Like pthread_cond_wait(), the function may also return true without a wake-up.
 * lade__monitor_wake()  - wakes all threads that wait for the condition.
 * lade__monitor_wake_one() - wakes at least one of these threads.
 *
 * LADE__MONITOR_INITIALIZER initialises a static monitor. Such a monitor must not be used with a deadline, because its
 * conditions do not use CLOCK_MONOTONIC.
 */
LADE_API void lade__monitor_enter(struct lade__monitor *m);
LADE_API void lade__monitor_leave(struct lade__monitor *m);
LADE_API void lade__monitor_renew(struct lade__monitor *m);
LADE_API bool lade__monitor_wait(struct lade__monitor *m, int which, const struct timespec *deadline);
LADE_API void lade__monitor_wake(struct lade__monitor *m, int which);
LADE_API void lade__monitor_wake_one(struct lade__monitor *m, int which);

/*
 * lade__deadline_check() - returns LADE_OK if @deadline is NULL or a valid time. Otherwise fills @err, whose subject is
 *                          "deadline", and returns LADE_EINVAL.
 */
LADE_API int lade__deadline_check(const struct timespec *deadline, struct lade_error *err);

/*
 * lade__forks()         - returns the number of forks between the first process that used lade and this process.
 * lade__monitor_stale() - returns true if the process was forked after the monitor was last entered.
 */
LADE_API unsigned lade__forks(void);
LADE_API bool lade__monitor_stale(const struct lade__monitor *m);

/*
 * LADE__DEFER_CANCEL - a declaration that defers pthread_cancel() of this thread until the end of the scope. Public
 *                      functions that wait, or that own memory during a system call, begin with this declaration.
 */
#define LADE__DEFER_CANCEL lade_cleanup(lade__cancel_restore) int lade__cancel_before = lade__cancel_defer()
LADE_API int lade__cancel_defer(void);
LADE_API void lade__cancel_restore(int *before);

#endif
