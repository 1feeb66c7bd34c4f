/*
 * train/net/thread_pool.c - threads for data-parallel work. Who trains from a stream shares the cores with those who decode it,
 * and with whatever else runs. OpenMP's threads meet many times in a step, each with a share of its own, and spin while
 * they wait: on cores that were busy otherwise, a step of two such threads was seen to take five to ten times as long
 * as one thread takes alone. A team meets a few times in a step, sleeps while it waits, and whoever is free takes the
 * next part.
 */
#include "train/net/thread_pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

#include "base/sys.h"

#define STACK_BYTES ((size_t)1 << 20)

struct lade__thread_pool {
    int size, started; /* members: size - 1, for the caller is one of the team */
    pthread_mutex_t lock;
    pthread_cond_t begin, end;
    bool stop;
    int parts, taken, done; /* of the work at hand */
    void (*fn)(void *ctx, int part);
    void *ctx;
    pthread_t members[];
};

/* Takes parts until none is left. Called and left with the lock held. */
static void work(struct lade__thread_pool *t) {
    while (t->taken < t->parts) {
        int part = t->taken++;
        pthread_mutex_unlock(&t->lock);
        t->fn(t->ctx, part);
        pthread_mutex_lock(&t->lock);
        if (++t->done == t->parts)
            pthread_cond_signal(&t->end);
    }
}

static void *member_run(void *arg) {
    struct lade__thread_pool *t = arg;
    lade__sys_name_thread("lade-train");
    pthread_mutex_lock(&t->lock);
    while (!t->stop) {
        work(t);
        pthread_cond_wait(&t->begin, &t->lock);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

struct lade__thread_pool *lade__thread_pool_new(int threads) {
    struct lade__thread_pool *t = lade_calloc(1, sizeof *t + (size_t)(threads - 1) * sizeof *t->members);
    if (!t)
        return NULL;
    t->size = threads;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->begin, NULL);
    pthread_cond_init(&t->end, NULL);
    return t;
}

/* Starts members until @wanted are there, or no more can be. They take no signals: those are the caller's business. */
static void start(struct lade__thread_pool *t, int wanted) {
    sigset_t all, before;
    pthread_attr_t attributes;
    if (t->started >= wanted || pthread_attr_init(&attributes) != 0)
        return;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (t->started < wanted && pthread_create(&t->members[t->started], &attributes, member_run, t) == 0)
        t->started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
}

void lade__thread_pool_run(struct lade__thread_pool *t, int parts, void (*fn)(void *ctx, int part), void *ctx) {
    start(t, (parts < t->size ? parts : t->size) - 1);
    pthread_mutex_lock(&t->lock);
    t->fn = fn;
    t->ctx = ctx;
    t->taken = t->done = 0;
    t->parts = parts;
    if (parts > 1)
        pthread_cond_broadcast(&t->begin);
    work(t);
    while (t->done < t->parts)
        pthread_cond_wait(&t->end, &t->lock);
    pthread_mutex_unlock(&t->lock);
}

void lade__thread_pool_free(struct lade__thread_pool *t) {
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->stop = true;
    pthread_cond_broadcast(&t->begin);
    pthread_mutex_unlock(&t->lock);
    for (int i = 0; i < t->started; i++)
        pthread_join(t->members[i], NULL);
    pthread_cond_destroy(&t->begin);
    pthread_cond_destroy(&t->end);
    pthread_mutex_destroy(&t->lock);
    lade_free(t);
}
