/*
 * Signals. The handler calls only what POSIX lists as async-signal-safe. SA_RESTART keeps them from turning into
 * spurious EINTR errors in code that knows nothing of them: who wants to know asks interrupted().
 *
 * SIGPIPE is ignored, so that a closed pipe is an error of the write and cleaning up happens as for any other; the
 * program then ends by SIGPIPE, as the shell expects of `lade scan photos | head -1`.
 */
#define _POSIX_C_SOURCE 200809L
#include "terminal/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t asked;
static bool pipe_ignored; /* before we came */
static const char *volatile half_written;

static void on_signal(int number) {
    if (asked) {
        if (half_written)
            (void)unlink(half_written);
        _exit(128 + number);
    }
    asked = number;
}

static bool is_ignored(int number) {
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

void interrupt_install(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (is_ignored(numbers[i]))
            continue;
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
        sigemptyset(&action.sa_mask);
        sigaction(numbers[i], &action, NULL);
    }
    pipe_ignored = is_ignored(SIGPIPE);
    signal(SIGPIPE, SIG_IGN);
}

bool interrupted(void) {
    return asked != 0;
}

int interrupt_signal(void) {
    return asked;
}

void interrupt_unlink(const char *path) {
    half_written = path;
}

void interrupt_by_pipe(void) {
    if (pipe_ignored)
        return;
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}
