/*
 * Prints results and messages. If the disk is full, a write may fail only when the buffer is flushed, and errno may
 * change before the program ends. Therefore out_print(), out_flush() and out_close() store the errno of the first
 * failed write.
 */
#define _POSIX_C_SOURCE 200809L
#include "terminal/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "terminal/exit_code.h"
#include "terminal/interrupt.h"
#include "terminal/text.h"

static const char *command;
static void (*hide_progress)(void);
static int first_errno; /* errno of the first failed write to stdout; 0 means no error */

/* If stdin or stdout is closed, its descriptor is opened only for reading, so that a write to a closed stdout still
   fails. */
void out_open(void) {
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY) < 0)
            _exit(EXIT_FAILED);
}

void out_command(const char *name) {
    command = name;
}

void out_before_message(void (*function)(void)) {
    hide_progress = function;
}

static void remember(void) {
    if (!first_errno)
        first_errno = errno ? errno : EIO;
}

void out_print(const char *format, ...) {
    va_list args;
    va_start(args, format);
    errno = 0;
    if (vprintf(format, args) < 0)
        remember();
    va_end(args);
}

bool out_flush(void) {
    errno = 0;
    if (fflush(stdout))
        remember();
    return first_errno == 0;
}

static void print_message(const char *format, va_list args) {
    if (hide_progress)
        hide_progress();
    char *message = text_vprintf(format, args), *printable = text_printable(message);
    fprintf(stderr, "lade%s%s: %s\n", command ? " " : "", command ? command : "", printable);
    free(printable);
    free(message);
}

void out_error(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_message(format, args);
    va_end(args);
}

void out_die(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_message(format, args);
    va_end(args);
    _exit(EXIT_FAILED);
}

int out_usage(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_message(format, args);
    va_end(args);
    fprintf(stderr, "Try 'lade%s%s --help'.\n", command ? " " : "", command ? command : "");
    return EXIT_USAGE;
}

int out_close(int code) {
    out_flush();
    errno = 0;
    if (fclose(stdout))
        remember();
    if (!first_errno)
        return code;
    if (first_errno == EPIPE)
        interrupt_by_pipe();
    out_error("cannot write to standard output: %s", strerror(first_errno));
    return code == EXIT_OK ? EXIT_FAILED : code;
}
