/*
 * Calls functions when a thread ends, and when dlclose() unloads the library.
 *
 * A thread-specific key makes the C library call thread_end(). When the library is unloaded, the key must be deleted.
 * Otherwise a thread that ends later would call code that is not mapped any more. The memory that the threads keep must
 * also be released, so all threads that keep memory are in a list.
 *
 * The destructor of a library is called by dlclose() and also by exit(). During exit(), other threads may still use
 * generators, so nothing may be released. So the destructor must find out which function has called it. exit() calls
 * all functions of atexit() before the first destructor. dlclose() calls the library's functions of atexit() after this
 * destructor, because a destructor that the compiler adds calls these functions, and the compiler's destructor is
 * always the last. So if process_exits(), a function of atexit(), was called before the destructor, the process exits.
 */
#include "gen/stack/thread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

_Thread_local struct lade__thread lade__thread;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool key_exists, exit_is_seen;
static atomic_bool ends; /* true after exit() has begun, or after dlclose() has begun to unload the library */
static const struct lade__thread_user *_Atomic users[LADE__USERS];
static struct lade__thread *threads; /* the list of registered threads; the lock protects it */

static void flush(struct lade__thread *thread) {
    for (int i = 0; i < LADE__USERS; i++) {
        const struct lade__thread_user *user = atomic_load_explicit(&users[i], memory_order_acquire);
        if (user && user->flush)
            user->flush(thread);
    }
}

static void end(struct lade__thread *thread) {
    flush(thread);
    for (int i = 0; i < LADE__USERS; i++) {
        const struct lade__thread_user *user = atomic_load_explicit(&users[i], memory_order_acquire);
        if (user && user->end)
            user->end(thread);
    }
}

static void list_remove(struct lade__thread *thread) {
    if (thread->previous)
        thread->previous->next = thread->next;
    else
        threads = thread->next;
    if (thread->next)
        thread->next->previous = thread->previous;
}

static void thread_end(void *value) {
    struct lade__thread *thread = value;
    end(thread);
    lade__stacks_lock();
    list_remove(thread);
    lade__stacks_unlock();
    thread->registered = false;
}

/* ---- fork, exit and dlclose -------------------------------------------------------------------------------------- */

static void lock(void) {
    pthread_mutex_lock(&mutex);
}

static void unlock(void) {
    pthread_mutex_unlock(&mutex);
}

/* In the child process, only this thread exists. New threads may get the memory of the other threads' variables, so
   these threads are removed from the list. */
static void unlock_in_child(void) {
    lade__thread.previous = lade__thread.next = NULL;
    threads = lade__thread.registered ? &lade__thread : NULL;
    unlock();
}

static void process_exits(void) {
    atomic_store(&ends, true);
}

static void prepare(void) {
    pthread_atfork(lock, unlock, unlock_in_child);
    key_exists = !pthread_key_create(&key, thread_end);
    exit_is_seen = !atexit(process_exits);
}

static __attribute__((destructor)) void unload(void) {
    if (!exit_is_seen || atomic_exchange(&ends, true))
        return;
    if (key_exists)
        pthread_key_delete(key);
    for (struct lade__thread *thread = threads; thread; thread = thread->next)
        end(thread);
    for (int i = 0; i < LADE__USERS; i++)
        if (users[i] && users[i]->unload)
            users[i]->unload();
}

/* ---- The interface ----------------------------------------------------------------------------------------------- */

void lade__stacks_lock(void) {
    pthread_once(&once, prepare);
    lock();
}

void lade__stacks_unlock(void) {
    unlock();
}

int lade__thread_register(enum lade__thread_slot slot, const struct lade__thread_user *user) {
    struct lade__thread *self = &lade__thread;
    pthread_once(&once, prepare);
    atomic_store_explicit(&users[slot], user, memory_order_release);
    if (!self->registered && key_exists && !atomic_load(&ends) && !pthread_setspecific(key, self)) {
        lock();
        self->previous = NULL;
        self->next = threads;
        if (threads)
            threads->previous = self;
        threads = self;
        unlock();
        self->registered = true;
    }
    return self->registered ? 0 : -1;
}

void lade__thread_flush(void) {
    flush(&lade__thread);
}
