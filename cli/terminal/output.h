/*
 * output.h - prints results to stdout and messages to stderr. If any write to stdout fails, out_close() prints a
 * message and returns the exit code 1.
 */
#ifndef LADE_CLI_TERMINAL_OUTPUT_H
#define LADE_CLI_TERMINAL_OUTPUT_H

#include <stdbool.h>

/*
 * Opens /dev/null for each standard stream that is closed. Otherwise, a file that the program opens later could get the
 * descriptor 0, 1 or 2. Call out_open() before any other function.
 */
void out_open(void);

/* Sets the name of the subcommand, for example "flow". Each message begins with this name. NULL means no subcommand.
   Borrows @name. */
void out_command(const char *name);

/* Sets a function that is called before each message. For example, the function clears the progress line. */
void out_before_message(void (*function)(void));

/* Prints to stdout like printf(). */
void out_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Flushes stdout. Returns false if any write to stdout has failed so far. */
bool out_flush(void);

/* Prints "lade flow: MESSAGE" to stderr. The message is escaped with text_printable(). */
void out_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints a message like out_error() and exits with EXIT_FAILED at once. This function is for errors that no caller can
   handle, such as lack of memory. */
_Noreturn void out_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints a message like out_error(), and a second line that refers to --help. Returns EXIT_USAGE. */
int out_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Flushes and closes stdout at the end of the program. Returns @code. If a write to stdout failed, prints a message and
 * returns EXIT_FAILED. If stdout is a pipe that the reader has closed, ends the program with SIGPIPE and does not
 * return.
 */
int out_close(int code);

#endif
