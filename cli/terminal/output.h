/*
 * output.h - what the program says. Results go to stdout, everything else to stderr; every byte that cannot be written is
 * noticed, and out_close() turns it into a message and exit code 1.
 */
#ifndef LADE_CLI_TERMINAL_OUTPUT_H
#define LADE_CLI_TERMINAL_OUTPUT_H

#include <stdbool.h>

/* Before anything else: stand-ins for standard streams that are closed, so that no file of ours lands in their place.
 */
void out_open(void);

/* The command that speaks, "flow"; NULL: the program itself. Kept, not copied. */
void out_command(const char *name);

/* out_print() - to stdout, as printf; a failure is remembered for out_close(). out_flush() - the same for fflush;
   false: stdout is broken, there is no point in going on. */
void out_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool out_flush(void);

/* out_error() - "lade flow: MESSAGE" to stderr.   out_die() - the same, then exit 1 on the spot: for lack of memory
 * only. */
void out_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void out_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* out_usage() - a wrong use of the command: the message, where to read more; returns EXIT_USAGE. */
int out_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The end of the program: flush and close stdout. Returns @code, or EXIT_FAILED with a message where stdout could not
 * be written; does not return if the reader of a pipe went away: the program then ends by SIGPIPE.
 */
int out_close(int code);

#endif
