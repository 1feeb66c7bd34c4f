/*
 * option_family.h - describes the options of the two families, optimizers and schedules. A family has several kinds,
 * for example adam and sgd, and each kind uses only some of the options. The descriptions come from
 * lade_optimizer_info() and lade_schedule_info().
 */
#ifndef LADE_CLI_OPTION_OPTION_FAMILY_H
#define LADE_CLI_OPTION_OPTION_FAMILY_H

#include <stdbool.h>

#include "option/opt.h"

/* The default momentum of sgd on the command line. The default of the library is 0. */
#define OPTION_SGD_MOMENTUM 0.9f

struct option_family;

/* Returns the family of an option of struct training_options, or NULL if all kinds use the option. */
const struct option_family *option_family_of(const struct opt *o);

/* Returns true if kind @i uses the option. */
bool option_family_uses(const struct option_family *f, int i, const struct opt *o);

/* Returns the names of the kinds that use the option, for example "adam and adamw". If @value is not NAN, returns only
   kinds with the default @value. The caller must free() the string. */
char *option_family_users(const struct option_family *f, const struct opt *o, double value);

/* Returns the defaults of an option, for example "0.01; 0.001 for adam and adamw". The caller must free() the
   string. */
char *option_family_default(const struct option_family *f, const struct opt *o);

/* Returns the name of kind @i. */
const char *option_family_name(const struct option_family *f, int i);

/* Returns the name of the option that selects the kind, for example "optimizer". Also stores in *@kind
   the kind that is selected in @options. */
const char *option_family_selector(const struct option_family *f, const void *options, int *kind);

#endif
