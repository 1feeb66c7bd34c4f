/*
 * opt_value.h - reads the values of options.
 */
#ifndef LADE_CLI_OPTION_OPT_VALUE_H
#define LADE_CLI_OPTION_OPT_VALUE_H

#include "option/opt.h"

/*
 * Reads @text, a string of argv (NULL for an OPT_FLAG), as the value of @opt, and stores it in the struct @into.
 * Returns false after a message that names the option, its value and the allowed values.
 */
bool opt_value_read(const struct opt *opt, void *into, char *text);

#endif
