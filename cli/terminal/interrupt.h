/*
 * interrupt.h - handles Ctrl-C and other signals. The first SIGINT, SIGTERM or SIGHUP sets a flag and cancels the
 * streams and nets. Loops check the flag. If the flag is set, the loops end, streams are closed and incomplete files
 * are removed. If the program has not ended after a short time, for example because a file system does not answer, a
 * helper thread ends the process. The second signal ends the process at once.
 */
#ifndef LADE_CLI_TERMINAL_INTERRUPT_H
#define LADE_CLI_TERMINAL_INTERRUPT_H

#include <stdbool.h>

/* Installs the signal handlers. A signal that was already ignored when the program started (nohup) stays ignored. */
void interrupt_install(void);

/*
 * interrupt_cancels() - makes the first signal call @cancel(@ctx) on the helper thread, so that a call of the library
 *                       returns. If the first signal has arrived already, @cancel is called at once.
 * interrupt_forget()  - reverses interrupt_cancels() for @ctx. After the call, @cancel is not called with @ctx.
 */
void interrupt_cancels(void (*cancel)(void *ctx), void *ctx);
void interrupt_forget(void *ctx);

/*
 * interrupt_protect() - if @on is true, the helper thread does not end the process until interrupt_protect(false) is
 * called. This protection is for code that must save or remove files after the first signal.
 */
void interrupt_protect(bool on);

/*
 * interrupt_abandon()   - records that a thread of a stream cannot end, because the thread is waiting for a file.
 * interrupt_abandoned() - returns true if such a thread exists. The program must then end with _exit().
 */
void interrupt_abandon(void);
bool interrupt_abandoned(void);

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
 * Ends the program with SIGPIPE. out_close() calls this function when the reader of the output has closed the pipe. If
 * SIGPIPE was ignored when the program started, the function returns, and the caller must print a message.
 */
void interrupt_by_pipe(void);

#endif
