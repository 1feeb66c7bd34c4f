/*
 * interrupt.h - handles Ctrl-C and other signals. The first SIGINT, SIGTERM or SIGHUP sets a flag. Loops check this
 * flag. If the flag is set, the loops end, streams are closed and incomplete files are removed. The second signal ends
 * the process at once.
 */
#ifndef LADE_CLI_TERMINAL_INTERRUPT_H
#define LADE_CLI_TERMINAL_INTERRUPT_H

#include <stdbool.h>

/* Installs the signal handlers. A signal that was already ignored when the program started (nohup) stays ignored. */
void interrupt_install(void);

/* Returns true after the first signal. */
bool interrupted(void);

/* Returns the number of the first signal, or 0. */
int interrupt_signal(void);

/*
 * Sets the path of the file that the second signal removes. NULL means no file. The string must stay valid until the
 * next call.
 */
void interrupt_unlink(const char *path);

/*
 * Ends the program with SIGPIPE. It is called when the reader of the output has closed the pipe. If SIGPIPE was ignored
 * when the program started, the function returns, and the caller must print a message.
 */
void interrupt_by_pipe(void);

#endif
