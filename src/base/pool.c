/*
 * Implements thread pools. A computation is divided into numbered parts. A thread that has nothing to do takes the next
 * part; if no part is left, the thread sleeps. OpenMP is not used, because it assigns the parts to threads in advance,
 * and its threads spin while they wait. So OpenMP is slow if other threads need the cores: on two busy cores, a
 * training step with two OpenMP threads took five to ten times as long as a step with one thread.
 */
#include "base/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>

#include "base/sys.h"

enum { LEAST_STACK = 1 << 20 }; /* some C libraries give threads only 128 KiB by default */

struct lade__pool {
    const char *name;
    int size, started;
    pthread_mutex_t lock;
    pthread_cond_t begin, end;
    bool stop;
    int parts, taken, done; /* the current computation: how many parts it has, are started and are finished */
    lade__pool_fn *fn;
    void *ctx;
    pthread_t threads[];
};

/* Runs parts until no part is left to take. The caller must hold the lock. The function releases the lock while a part
   runs, and holds the lock when it returns. */
static void work(struct lade__pool *p) {
    while (p->taken < p->parts) {
        int part = p->taken++;
        pthread_mutex_unlock(&p->lock);
        p->fn(p->ctx, part);
        pthread_mutex_lock(&p->lock);
        if (++p->done == p->parts)
            pthread_cond_signal(&p->end);
    }
}

static void *thread_main(void *arg) {
    struct lade__pool *p = arg;
    lade__sys_name_thread(p->name);
    pthread_mutex_lock(&p->lock);
    for (;;) {
        work(p);
        if (p->stop)
            break;
        pthread_cond_wait(&p->begin, &p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

struct lade__pool *lade__pool_new(const char *name, int threads) {
    struct lade__pool *p = lade_calloc(1, sizeof *p + (size_t)threads * sizeof *p->threads);
    if (!p)
        return NULL;
    p->name = name;
    p->size = threads;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->begin, NULL);
    pthread_cond_init(&p->end, NULL);
    return p;
}

/* Starts threads until `wanted` threads are running. Returns 0 or an errno value. */
static int start_threads(struct lade__pool *p, int wanted) {
    sigset_t all, before;
    pthread_attr_t attributes;
    size_t stack;
    if (p->started >= wanted)
        return 0;
    int failure = pthread_attr_init(&attributes);
    if (failure)
        return failure;
    if (pthread_attr_getstacksize(&attributes, &stack) == 0 && stack < LEAST_STACK)
        pthread_attr_setstacksize(&attributes, LEAST_STACK);
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

/* The caller holds the lock. */
static void begin(struct lade__pool *p, int parts, lade__pool_fn *fn, void *ctx) {
    p->fn = fn;
    p->ctx = ctx;
    p->taken = p->done = 0;
    p->parts = parts;
}

int lade__pool_start(struct lade__pool *p, lade__pool_fn *fn, void *ctx, struct lade_error *err) {
    int failure = start_threads(p, p->size);
    if (failure)
        return lade_error_set(err, LADE_ERUNTIME, "cannot start thread %d of %d: %s", p->started + 1, p->size,
                              strerror(failure));
    pthread_mutex_lock(&p->lock);
    begin(p, p->size, fn, ctx);
    pthread_cond_broadcast(&p->begin);
    pthread_mutex_unlock(&p->lock);
    return LADE_OK;
}

void lade__pool_run(struct lade__pool *p, int parts, lade__pool_fn *fn, void *ctx) {
    int helpers = parts - 1;
    start_threads(p, helpers < p->size ? helpers : p->size);
    pthread_mutex_lock(&p->lock);
    begin(p, parts, fn, ctx);
    if (helpers > 0)
        pthread_cond_broadcast(&p->begin);
    work(p);
    while (p->done < p->parts)
        pthread_cond_wait(&p->end, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

void lade__pool_free(struct lade__pool *p) {
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_cond_broadcast(&p->begin);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->started; i++)
        pthread_join(p->threads[i], NULL);
    pthread_cond_destroy(&p->begin);
    pthread_cond_destroy(&p->end);
    pthread_mutex_destroy(&p->lock);
    lade_free(p);
}
