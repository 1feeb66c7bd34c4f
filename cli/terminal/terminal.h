/*
 * terminal.h - what the terminal can do, if there is one.
 */
#ifndef LADE_CLI_TERMINAL_TERMINAL_H
#define LADE_CLI_TERMINAL_TERMINAL_H

#include <stdbool.h>

/* Is @fd a terminal that understands cursor movement (not TERM=dumb), with this program in its foreground? */
bool terminal_is_interactive(int fd);

/* Colours: a terminal, and neither NO_COLOR (https://no-color.org) nor TERM=dumb. */
bool terminal_has_colour(int fd);

/* Does the locale write UTF-8? Call terminal_init() first. */
bool terminal_has_utf8(void);
void terminal_init(void);

/* Its width; COLUMNS or 80 where it does not say. */
int terminal_columns(int fd);

/* Seconds on a clock that only goes forward. */
double terminal_now(void);

#endif
