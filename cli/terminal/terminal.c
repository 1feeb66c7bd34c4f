/*
 * Reads the properties of the terminal. The width is read at each call, because a window may be resized.
 */
#define _DEFAULT_SOURCE
#include "terminal/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static bool is_dumb(void) {
    const char *term = getenv("TERM");
    return !term || !*term || strcmp(term, "dumb") == 0;
}

bool terminal_is_interactive(int fd) {
    if (!isatty(fd) || is_dumb())
        return false;
    pid_t foreground = tcgetpgrp(fd); /* -1 if @fd is not the controlling terminal */
    return foreground < 0 || foreground == getpgrp();
}

bool terminal_has_colour(int fd) {
    const char *no = getenv("NO_COLOR");
    return !(no && *no) && isatty(fd) && !is_dumb();
}

void terminal_init(void) {
    setlocale(LC_CTYPE, ""); /* LC_NUMERIC is not set, so that numbers are printed with a decimal point */
}

bool terminal_has_utf8(void) {
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

int terminal_columns(int fd) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    const char *columns = getenv("COLUMNS");
    int given = columns ? atoi(columns) : 0;
    return given >= 20 && given <= 1000 ? given : 80;
}

double terminal_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}
