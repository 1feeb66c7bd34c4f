/*
 * terminal.h - returns the properties of the terminal.
 */
#ifndef LADE_CLI_TERMINAL_TERMINAL_H
#define LADE_CLI_TERMINAL_TERMINAL_H

#include <stdbool.h>

/* Returns true if @fd is a terminal, TERM is not "dumb" and this program is in the foreground. */
bool terminal_is_interactive(int fd);

/* Returns true if @fd is a terminal, and neither NO_COLOR (https://no-color.org) nor TERM=dumb is set. */
bool terminal_has_colour(int fd);

/* Returns true if the locale uses UTF-8. Call terminal_init() first. */
bool terminal_has_utf8(void);
void terminal_init(void);

/* Returns the width of the terminal in columns. If the width is unknown, returns the value of the environment variable
   COLUMNS, or 80 if COLUMNS is not set. */
int terminal_columns(int fd);

/* Returns the seconds of a monotonic clock. */
double terminal_now(void);

#endif
