/*
 * Handles signals. The handler calls only async-signal-safe functions. SA_RESTART prevents EINTR errors in code that
 * does not expect EINTR.
 *
 * SIGPIPE is ignored, so that a write to a closed pipe fails and the program can close its streams and remove
 * incomplete files. After that, the program ends itself with SIGPIPE, because a shell expects this from `lade scan
 * photos | head -1`.
 */
#define _POSIX_C_SOURCE 200809L
#include "terminal/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t asked;
static bool pipe_ignored; /* SIGPIPE was ignored when the program started */
static const char *volatile partial_file;

static void on_signal(int number) {
    if (asked) {
        if (partial_file)
            (void)unlink(partial_file);
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
    partial_file = path;
}

void interrupt_by_pipe(void) {
    if (pipe_ignored)
        return;
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}
