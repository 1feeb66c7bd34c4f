/*
 * opt_value.h - reads the values of options.
 */
#ifndef LADE_CLI_OPTION_OPT_VALUE_H
#define LADE_CLI_OPTION_OPT_VALUE_H

#include "option/opt.h"

/*
 * Reads the value of @opt from @text and stores the value in the struct @into. @text must be a string of argv, or NULL
 * for an OPT_FLAG. On error, prints a message with the option, its value and the allowed values, and returns false.
 */
bool opt_value_read(const struct opt *opt, void *into, char *text);

#endif
