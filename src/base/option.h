/*
 * base/option.h - checks the values of options against their descriptions.
 */
#ifndef LADE_SRC_BASE_OPTION_H
#define LADE_SRC_BASE_OPTION_H

#include <lade/base.h>

/*
 * lade__option_size()  - returns the size of one value of @type in bytes, or 0 if @type is neither a number nor an
 *                        enum.
 * lade__option_value() - returns value @i (0 or 1) of the option at @field. The option is a number or an enum.
 * lade__option_is_zero() - returns true if all bytes of the option at @field are zero.
 *
 * lade__option_default() - replaces a value of zero by the default of @option. @options is the struct that contains the
 *                          option.
 *
 * lade__option_check() - returns LADE_OK if the value of @option in @options is allowed. Otherwise returns LADE_EINVAL
 *                        and fills @err. The message contains the name, the value and the allowed values; the subject
 *                        is the name.
 *
 * Any thread.
 */
LADE_API size_t lade__option_size(enum lade_option_type type);
LADE_API double lade__option_value(enum lade_option_type type, const void *field, int i);
LADE_API bool lade__option_is_zero(const struct lade_option_info *option, const void *options);
LADE_API void lade__option_default(const struct lade_option_info *option, void *options);
LADE_API int lade__option_check(const struct lade_option_info *option, const void *options, struct lade_error *err);

#endif
