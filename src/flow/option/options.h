/*
 * Options: defaults, ranges, and the text of those that shape the stream.
 */
#ifndef LADE_FLOW_OPTION_OPTIONS_H
#define LADE_FLOW_OPTION_OPTIONS_H

#include <lade/flow.h>

/*
 * lade__options_resolve() - @out = @given with its defaults filled in (NULL: all), and without pointers. LADE_OK, or
 * LADE_EINVAL with @err naming the option, what was given and what is allowed.
 */
int lade__options_resolve(struct lade_flow_options *out, const struct lade_flow_options *given, struct lade_error *err);

/*
 * lade__options_describe_preprocessing() - makes *out the text that lade_flow_preprocessing() returns. The caller frees it
 * with lade_free(). Returns LADE_OK or LADE_ENOMEM.
 */
int lade__options_describe_preprocessing(const struct lade_flow_options *options, char **out, struct lade_error *err);

#endif
