/*
 * base/option.h - checks the values of options against their descriptions.
 */
#ifndef LADE_SRC_BASE_OPTION_H
#define LADE_SRC_BASE_OPTION_H

#include <lade/base.h>

/*
 * lade__option_size()  - returns the size of one value of @type in bytes. Returns 0 if @type is not bool, a number or
 *                        an enum.
 * lade__option_value() - returns value @i of the option at @field. @i is 0, or 1 for the second number of a pair. @type
 *                        is bool, a number or an enum.
 * lade__option_is_zero() - returns true if all bytes of @option in the struct @options are zero.
 *
 * lade__option_default() - stores the default of @option in the struct @options, if the value there is zero.
 *
 * lade__option_check() - returns LADE_OK if the value of @option in @options is allowed. Otherwise returns LADE_EINVAL
 *                        and fills @err. The message contains the name, the value and the allowed values; the subject
 *                        is the name.
 *
 * lade__reserved_check() - returns LADE_OK if the @size reserved bytes at the end of an options struct are zero.
 *                          Otherwise returns LADE_EINVAL with the subject "reserved", because a byte that is not zero
 *                          may belong to an option of a later version of lade. @what is the name of the struct.
 * LADE__RESERVED_CHECK() - calls lade__reserved_check() for the field `reserved` of *@options.
 *
 * Any thread.
 */
#define LADE__RESERVED_CHECK(options, what, err) \
    lade__reserved_check((options)->reserved, sizeof(options)->reserved, what, err)
LADE_API int lade__reserved_check(const unsigned char *reserved, size_t size, const char *what, struct lade_error *err);
LADE_API size_t lade__option_size(enum lade_option_type type);
LADE_API double lade__option_value(enum lade_option_type type, const void *field, int i);
LADE_API bool lade__option_is_zero(const struct lade_option_info *option, const void *options);
LADE_API void lade__option_default(const struct lade_option_info *option, void *options);
LADE_API int lade__option_check(const struct lade_option_info *option, const void *options, struct lade_error *err);

#endif
