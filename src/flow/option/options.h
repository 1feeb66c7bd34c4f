/*
 * Checks the options of a stream and fills in their defaults.
 */
#ifndef LADE_SRC_FLOW_OPTION_OPTIONS_H
#define LADE_SRC_FLOW_OPTION_OPTIONS_H

#include <lade/flow.h>

/*
 * lade__options_resolve() - copies @given (NULL: all defaults) to @out, fills in the defaults and checks the result.
 * Saved states contain 0 for the defaults of some options (state_keeps_zero in option_table.h). These options keep the
 * value 0 until lade__options_complete() is called. Sets `classes` to NULL. Returns LADE_OK, or LADE_EINVAL with the
 * option, its value and the allowed values in @err.
 *
 * lade__options_complete() - sets the defaults that lade__options_resolve() leaves at 0.
 *
 * lade__options_augment()  - copies the options of augmentation to @out. Returns true if at least one of them changes
 *                            images at random.
 */
int lade__options_resolve(struct lade_flow_options *out, const struct lade_flow_options *given, struct lade_error *err);
void lade__options_complete(struct lade_flow_options *options);
bool lade__options_augment(const struct lade_flow_options *options, struct lade_augment *out);

/*
 * lade__options_upright()     - returns true if images are turned upright.
 * lade__options_set_upright() - sets the options so that images are, or are not, turned upright.
 */
bool lade__options_upright(const struct lade_flow_options *options);
void lade__options_set_upright(struct lade_flow_options *options, bool upright);

/*
 * lade__options_describe_preprocessing() - sets *out to the text that lade_flow_preprocessing() returns. The caller
 * frees the text with lade_free(). Returns LADE_OK or LADE_ENOMEM.
 */
int lade__options_describe_preprocessing(const struct lade_flow_options *options, char **out, struct lade_error *err);

#endif
