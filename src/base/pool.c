/*
 * Implements thread pools. A computation is divided into numbered parts. A thread that has nothing to do takes the next
 * part; if no part is left, the thread sleeps. OpenMP is not used, because OpenMP assigns the parts to threads in
 * advance, and waiting threads spin. So OpenMP is slow if other threads need the cores. On two busy cores, a training
 * step with two OpenMP threads took five to ten times as long as a step with one thread.
 */
#include "base/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "base/limits.h"
#include "base/monitor.h"
#include "base/sys.h"

enum { BEGIN, END }; /* the conditions of the monitor */
enum { LEAST_STACK = 128 << 10, LARGEST_STACK = 1 << 30 };

/* Size of the stack of each thread in bytes. Decoders, oneDNN and the library itself use less than 64 KiB. The rest is
   for functions of the user. The default size of the C library is not used: in glibc, the default is usually 8 MiB, and
   mlockall(MCL_FUTURE) would load the complete stack into memory. In musl, the default is only 128 KiB. */
static _Atomic size_t stack_size = 1 << 20;

struct lade__pool {
    const char *name;
    int size, started;
    struct lade__monitor monitor;
    bool stop;
    int parts, taken, done; /* the current computation: number of all parts, of started parts, and of finished parts */
    lade__pool_fn *fn;
    void *ctx;
    pthread_t threads[];
};

/* Runs parts until no part is left to take. The caller must hold the lock. The function releases the lock while a part
   runs, and holds the lock when it returns. */
static void work(struct lade__pool *p) {
    while (p->taken < p->parts) {
        int part = p->taken++;
        lade__monitor_leave(&p->monitor);
        p->fn(p->ctx, part);
        lade__monitor_enter(&p->monitor);
        if (++p->done == p->parts)
            lade__monitor_wake_one(&p->monitor, END);
    }
}

static void *thread_main(void *arg) {
    struct lade__pool *p = arg;
    lade__sys_name_thread(p->name);
    lade__monitor_enter(&p->monitor);
    for (;;) {
        work(p);
        if (p->stop)
            break;
        lade__monitor_wait(&p->monitor, BEGIN, NULL);
    }
    lade__monitor_leave(&p->monitor);
    return NULL;
}

/* Is called in a child process after fork(). The threads do not exist there. */
static void renew(void *pool) {
    struct lade__pool *p = pool;
    p->started = p->parts = p->taken = p->done = 0;
    p->stop = false;
}

int lade_set_thread_stack_size(size_t bytes) {
    const size_t page = lade__sys_page_size();
    if (bytes < LEAST_STACK || bytes > LARGEST_STACK)
        return LADE_EINVAL;
    atomic_store(&stack_size, (bytes + page - 1) / page * page);
    return LADE_OK;
}

struct lade__pool *lade__pool_new(const char *name, int threads) {
    struct lade__pool *p = lade_calloc(1, sizeof *p + (size_t)threads * sizeof *p->threads);
    if (!p)
        return NULL;
    p->name = name;
    p->size = threads;
    if (lade__monitor_init(&p->monitor, renew, p) == LADE_OK)
        return p;
    lade_free(p);
    return NULL;
}

/* Starts threads until `wanted` threads are running. Returns 0 or an errno value. */
static int start_threads(struct lade__pool *p, int wanted) {
    sigset_t all, before;
    pthread_attr_t attributes;
    if (p->started >= wanted)
        return 0;
    int failure = pthread_attr_init(&attributes);
    if (failure)
        return failure;
    pthread_attr_setstacksize(&attributes, atomic_load(&stack_size));
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* new threads inherit the mask */
    while (!failure && p->started < wanted) {
        failure = pthread_create(&p->threads[p->started], &attributes, thread_main, p);
        p->started += !failure;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return failure;
}

/* Begins a computation. The caller must hold the lock. */
static void begin(struct lade__pool *p, int parts, lade__pool_fn *fn, void *ctx) {
    p->fn = fn;
    p->ctx = ctx;
    p->taken = p->done = 0;
    p->parts = parts;
}

bool lade__pool_lost(const struct lade__pool *p) {
    return lade__monitor_stale(&p->monitor);
}

int lade__pool_start(struct lade__pool *p, lade__pool_fn *fn, void *ctx, struct lade_error *err) {
    lade__monitor_renew(&p->monitor);
    int failure = start_threads(p, p->size);
    if (failure)
        return lade__limit_of_threads(err, atomic_load(&stack_size), failure, "cannot start thread %d of %d",
                                      p->started + 1, p->size);
    lade__monitor_enter(&p->monitor);
    begin(p, p->size, fn, ctx);
    lade__monitor_wake(&p->monitor, BEGIN);
    lade__monitor_leave(&p->monitor);
    return LADE_OK;
}

void lade__pool_run(struct lade__pool *p, int parts, lade__pool_fn *fn, void *ctx) {
    int helpers = parts - 1;
    lade__monitor_enter(&p->monitor); /* renews the pool in a child process */
    start_threads(p, helpers < p->size ? helpers : p->size);
    begin(p, parts, fn, ctx);
    if (helpers > 0)
        lade__monitor_wake(&p->monitor, BEGIN);
    work(p);
    while (p->done < p->parts)
        lade__monitor_wait(&p->monitor, END, NULL);
    lade__monitor_leave(&p->monitor);
}

void lade__pool_free(struct lade__pool *p) {
    if (!p)
        return;
    LADE__DEFER_CANCEL; /* pthread_join() is a cancellation point */
    lade__monitor_enter(&p->monitor);
    p->stop = true;
    lade__monitor_wake(&p->monitor, BEGIN);
    lade__monitor_leave(&p->monitor);
    for (int i = 0; i < p->started; i++)
        pthread_join(p->threads[i], NULL);
    lade__monitor_release(&p->monitor);
    lade_free(p);
}
