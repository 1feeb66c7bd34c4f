/*
 * output.h - messages and results. Results go to stdout, and messages go to stderr. Every failed write to stdout is
 * remembered, and out_close() reports it and makes the exit code 1.
 */
#ifndef LADE_CLI_TERMINAL_OUTPUT_H
#define LADE_CLI_TERMINAL_OUTPUT_H

#include <stdbool.h>

/*
 * Opens /dev/null in place of each standard stream that is closed, so that no file that the program opens later gets
 * the descriptor 0, 1 or 2. Call out_open() before any other function.
 */
void out_open(void);

/* Sets the name of the subcommand that messages begin with, "flow"; NULL for the program itself. Borrows @name. */
void out_command(const char *name);

/* Sets a function that is called before each message. The progress line uses it to clear its line. */
void out_before_message(void (*function)(void));

/* Prints to stdout like printf(). */
void out_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Flushes stdout. Returns false if any write to stdout has failed so far. */
bool out_flush(void);

/* Prints "lade flow: MESSAGE" to stderr. */
void out_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints a message like out_error() and exits with EXIT_FAILED at once. Only for lack of memory. */
_Noreturn void out_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints a message like out_error(), and a second line that refers to --help. Returns EXIT_USAGE. */
int out_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Flushes and closes stdout at the end of the program. Returns @code, or EXIT_FAILED after a message if a write to
 * stdout failed. If the reader of a pipe has gone away, the program ends by SIGPIPE and the function does not return.
 */
int out_close(int code);

#endif
