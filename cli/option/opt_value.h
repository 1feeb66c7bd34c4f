/*
 * opt_value.h - how an option's value is read: the parser's other half.
 */
#ifndef LADE_CLI_OPTION_OPT_VALUE_H
#define LADE_CLI_OPTION_OPT_VALUE_H

#include "option/opt.h"

/*
 * Read @text, a string of argv (NULL for an OPT_FLAG), as the value of @opt and store it in the struct @into.
 * False after a message that names the option, what was given and what is allowed.
 */
bool opt_value_read(const struct opt *opt, void *into, char *text);

#endif
