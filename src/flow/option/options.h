/*
 * Checks the options of a stream and fills in their defaults.
 */
#ifndef LADE_SRC_FLOW_OPTION_OPTIONS_H
#define LADE_SRC_FLOW_OPTION_OPTIONS_H

#include <lade/flow.h>

/*
 * lade__options_resolve() - copies @given (NULL: all defaults) to @out, fills in the defaults and checks the result.
 * If saved states contain 0 for a default, the field stays 0; lade__options_complete() sets such fields. Sets `classes`
 * to NULL. Returns LADE_OK, or LADE_EINVAL with the option, its value and the allowed values in @err.
 *
 * lade__options_complete() - sets the defaults that lade__options_resolve() leaves at 0.
 *
 * lade__options_augment()  - copies the options of augmentation to @out. Returns true if one of them changes images.
 */
int lade__options_resolve(struct lade_flow_options *out, const struct lade_flow_options *given, struct lade_error *err);
void lade__options_complete(struct lade_flow_options *options);
bool lade__options_augment(const struct lade_flow_options *options, struct lade_augment *out);

/*
 * lade__options_describe_preprocessing() - sets *out to the text that lade_flow_preprocessing() returns. The caller
 * frees the text with lade_free(). Returns LADE_OK or LADE_ENOMEM.
 */
int lade__options_describe_preprocessing(const struct lade_flow_options *options, char **out, struct lade_error *err);

#endif
