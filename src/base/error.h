/*
 * base/error.h - declares lade__error_format(), which fills an error from a va_list. Functions that take printf
 *                arguments call lade__error_format().
 */
#ifndef LADE_SRC_BASE_ERROR_H
#define LADE_SRC_BASE_ERROR_H

#include <lade/base.h>
#include <stdarg.h>

/* Does the same as lade_error_set_subject(), but takes a va_list. Returns @code. */
int lade__error_format(struct lade_error *err, int code, const char *subject, const char *fmt, va_list args)
    __attribute__((format(printf, 4, 0)));

#endif
