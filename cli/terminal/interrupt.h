/*
 * interrupt.h - Ctrl-C and other signals. The first SIGINT, SIGTERM or SIGHUP sets a flag; loops check it, close their
 * streams and remove incomplete files. The second signal ends the process at once.
 */
#ifndef LADE_CLI_TERMINAL_INTERRUPT_H
#define LADE_CLI_TERMINAL_INTERRUPT_H

#include <stdbool.h>

/* Installs the signal handlers. A signal that was ignored when the program started (nohup) stays ignored. */
void interrupt_install(void);

/* Returns true after the first signal. */
bool interrupted(void);

/* Returns the number of the first signal, or 0. */
int interrupt_signal(void);

/*
 * Sets the file to remove if a second signal ends the process; NULL for none. The string must stay valid until the next
 * call.
 */
void interrupt_unlink(const char *path);

/*
 * Ends the program by SIGPIPE, because the reader of its output has gone away. If SIGPIPE was ignored when the program
 * started, the function returns, and the caller prints a message instead.
 */
void interrupt_by_pipe(void);

#endif
