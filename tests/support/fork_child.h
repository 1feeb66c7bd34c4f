/*
 * Runs a part of a test in a child process.
 */
#ifndef LADE_TESTS_FORK_CHILD_H
#define LADE_TESTS_FORK_CHILD_H

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/check_main.h"

#define NO_THREADS_IN_CHILD CHECK_UNDER_TSAN /* ThreadSanitizer ends a child process that starts a thread */

/* Skips the test under ThreadSanitizer. With ThreadSanitizer, a child process cannot start threads, and false data
   races between the stacks of generators are reported. */
#define NEED_THREADS_IN_CHILD() \
    if (NO_THREADS_IN_CHILD)    \
    CHECK_SKIP("ThreadSanitizer does not support threads in a child process")

/* Skips the test if a fork is not possible while another thread allocates memory. */
#if defined __SANITIZE_ADDRESS__ || __has_feature(address_sanitizer)
#define BUSY_FORK_HANGS 1 /* AddressSanitizer of gcc 12 and clang 14 does not unlock its allocator in the child */
#else
#define BUSY_FORK_HANGS 0
#endif
#define NEED_BUSY_FORK()     \
    NEED_THREADS_IN_CHILD(); \
    if (BUSY_FORK_HANGS)     \
    CHECK_SKIP("AddressSanitizer does not support a fork while another thread allocates memory")

/* Returns true if no thread of this process is running, except the caller. */
static inline bool threads_sleep(void) {
    char path[300], text[512];
    int running = 0;
    DIR *threads = opendir("/proc/self/task");
    for (struct dirent *thread; threads && (thread = readdir(threads));) {
        snprintf(path, sizeof path, "/proc/self/task/%s/stat", thread->d_name);
        FILE *f = thread->d_name[0] == '.' ? NULL : fopen(path, "r");
        if (!f) /* the entry is not a thread, or the thread has ended */
            continue;
        const char *name_end = fgets(text, sizeof text, f) ? strrchr(text, ')') : NULL;
        running += name_end && strncmp(name_end, ") S", 3) != 0;
        fclose(f);
    }
    if (threads)
        closedir(threads);
    return running <= 1;
}

/* Waits until all other threads of this process sleep. Call this function before a fork if the other threads have no
   work. A sanitizer needs the wait. If another thread allocates memory or starts during the fork, the locks of the
   sanitizer stay locked in the child process. Without a sanitizer, the function does nothing, because the other
   threads may be in any state during the fork. */
static inline void let_threads_sleep(void) {
    for (int times = 0; (BUSY_FORK_HANGS || NO_THREADS_IN_CHILD) && times < 3; times = threads_sleep() ? times + 1 : 0)
        usleep(1000);
}

/* Calls @f in a child process, and checks that @f returns 0. The child must use CHILD_ASSERT() instead of the
   assertions of Check. If the child does not end, Check kills the test and the child after the timeout of the test. */
static inline void in_child(int (*f)(void *ctx), void *ctx) {
    int status = 0;
    fflush(NULL);
    let_threads_sleep();
    pid_t child = fork();
    if (child == 0)
        _exit(f(ctx) & 0x7f);
    ck_assert_int_gt(child, 0);
    while (waitpid(child, &status, 0) < 0)
        ck_assert_int_eq(errno, EINTR);
    ck_assert_msg(!WIFSIGNALED(status), "the child was ended by signal %d", WTERMSIG(status));
    ck_assert_msg(WEXITSTATUS(status) == 0, "the child ended with exit code %d", WEXITSTATUS(status));
}

/* CHILD_ASSERT(condition) is the assertion for functions that run in a child process. If the condition is false, the
   macro prints the condition and returns 1 from the function. */
#define CHILD_ASSERT(condition)                                                       \
    do {                                                                              \
        if (!(condition)) {                                                           \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
            return 1;                                                                 \
        }                                                                             \
    } while (0)

/* Returns the current time of CLOCK_MONOTONIC plus @milliseconds. */
static inline struct timespec time_in(long milliseconds) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += milliseconds / 1000;
    t.tv_nsec += milliseconds % 1000 * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

/* Returns the current time of CLOCK_MONOTONIC in seconds. */
static inline double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

#endif
