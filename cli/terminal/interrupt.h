/*
 * interrupt.h - Ctrl-C and its relatives. The first SIGINT, SIGTERM or SIGHUP only sets a flag: loops look at it, close
 * their streams in order and remove what is half written. The second one ends the process at once.
 */
#ifndef LADE_CLI_TERMINAL_INTERRUPT_H
#define LADE_CLI_TERMINAL_INTERRUPT_H

#include <stdbool.h>

/* Install the handlers. A signal that was ignored when the program started (nohup, a background job) stays so. */
void interrupt_install(void);

/* interrupted() - has a signal asked the program to end?   interrupt_signal() - which one; 0: none. */
bool interrupted(void);
int interrupt_signal(void);

/*
 * The file to unlink should a second signal end the process while it is half written; NULL: none. The string must stay
 * valid until the next call.
 */
void interrupt_unlink(const char *path);

/*
 * End the program by SIGPIPE, because the reader of its output went away. Returns where SIGPIPE was ignored when the
 * program started: then its parent wants to see an error message.
 */
void interrupt_by_pipe(void);

#endif
