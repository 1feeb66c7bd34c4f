/*
 * Handles signals. The handler calls only async-signal-safe functions. SA_RESTART prevents EINTR errors in code that
 * does not expect EINTR. The handler wakes a helper thread, which may use locks. The helper thread cancels the
 * streams and nets. If the main thread has not ended the process after GRACE_MS milliseconds, the helper thread ends
 * the process.
 *
 * SIGXFSZ is ignored, so that a write beyond the limit of the file size (ulimit -f) fails with EFBIG. SIGPIPE is
 * ignored, so that a write to a closed pipe fails and the program can close its streams and remove incomplete files.
 * After the cleanup, the program ends itself with SIGPIPE, because a shell expects this signal, for example in `lade
 * scan photos | head -1`.
 */
#define _XOPEN_SOURCE 700 /* declares SIGXFSZ */
#include "terminal/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CANCELS = 8, GRACE_MS = 60 };

static volatile sig_atomic_t asked; /* number of the first signal; 0 means that no signal has arrived */
static bool pipe_ignored;           /* SIGPIPE was ignored when the program started */
static const char *volatile partial_file;
static bool is_protected; /* set by interrupt_protect(); atomic */
static bool abandoned;
static sem_t arrived; /* the first signal posts this semaphore */

/* ---- The helper thread ------------------------------------------------------------------------------------------- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    void (*cancel)(void *ctx);
    void *ctx;
} cancels[MOST_CANCELS];

static void remove_partial_file(void) {
    if (partial_file)
        (void)unlink(partial_file);
}

/* Prints the message that main() would print. Does not use stdio, because the main thread may hold the locks of stdio.
   Prints nothing if the terminal is stopped. */
static void print_interrupted(void) {
    struct pollfd stderr_ready = {STDERR_FILENO, POLLOUT, 0};
    char text[100] = "\r\033[K", *end = isatty(STDERR_FILENO) ? text + 4 : text;
    strcpy(end, "lade: interrupted (");
    strncat(end, strsignal(asked), 40);
    strcat(end, ")\n");
    if (poll(&stderr_ready, 1, 0) == 1 && (stderr_ready.revents & POLLOUT))
        (void)!write(STDERR_FILENO, text, strlen(text));
}

static void *help(void *unused) {
    (void)unused;
    while (sem_wait(&arrived) != 0 && errno == EINTR)
        ;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MOST_CANCELS; i++)
        if (cancels[i].cancel)
            cancels[i].cancel(cancels[i].ctx);
    pthread_mutex_unlock(&lock);
    /* Waits until GRACE_MS milliseconds have passed without protection. */
    bool was_protected;
    do {
        was_protected = __atomic_load_n(&is_protected, __ATOMIC_RELAXED);
        nanosleep(&(struct timespec){.tv_nsec = GRACE_MS * 1000000}, NULL);
    } while (was_protected || __atomic_load_n(&is_protected, __ATOMIC_RELAXED));
    pthread_mutex_lock(&lock); /* never unlocked, so that the name of the partial file stays valid */
    remove_partial_file();
    print_interrupted();
    _exit(128 + asked);
}

static void start_helper(void) {
    pthread_t thread;
    pthread_attr_t small;
    sigset_t all, before;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 1 << 18);
    pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    (void)pthread_create(&thread, &small, help, NULL); /* if no thread can be created, `asked` still ends the loops */
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&small);
}

void interrupt_cancels(void (*cancel)(void *ctx), void *ctx) {
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MOST_CANCELS; i++)
        if (!cancels[i].cancel) {
            cancels[i].cancel = cancel;
            cancels[i].ctx = ctx;
            break;
        }
    if (asked)
        cancel(ctx);
    pthread_mutex_unlock(&lock);
}

void interrupt_forget(void *ctx) {
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MOST_CANCELS; i++)
        if (cancels[i].ctx == ctx)
            cancels[i].cancel = NULL;
    pthread_mutex_unlock(&lock);
}

void interrupt_protect(bool on) {
    __atomic_store_n(&is_protected, on, __ATOMIC_RELAXED);
}

void interrupt_abandon(void) {
    abandoned = true;
}

bool interrupt_abandoned(void) {
    return abandoned;
}

/* ---- The handler ------------------------------------------------------------------------------------------------- */

static void on_signal(int number) {
    if (asked) {
        remove_partial_file();
        _exit(128 + number);
    }
    asked = number;
    (void)sem_post(&arrived);
}

static bool is_ignored(int number) {
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

void interrupt_install(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    sem_init(&arrived, 0, 0);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (is_ignored(numbers[i]))
            continue;
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
        sigemptyset(&action.sa_mask);
        sigaction(numbers[i], &action, NULL);
    }
    pipe_ignored = is_ignored(SIGPIPE);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    start_helper();
}

bool interrupted(void) {
    return asked != 0;
}

int interrupt_signal(void) {
    return asked;
}

void interrupt_unlink(const char *path) {
    pthread_mutex_lock(&lock);
    partial_file = path;
    pthread_mutex_unlock(&lock);
}

void interrupt_by_pipe(void) {
    if (pipe_ignored)
        return;
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}
