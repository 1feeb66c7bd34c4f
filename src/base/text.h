/*
 * base/text.h - checks and converts text that may come from an untrusted file.
 *
 * These functions are not public. LADE_API exports them, because the libraries lade-data and lade-train call them. Any
 * thread may call them.
 */
#ifndef LADE_SRC_BASE_TEXT_H
#define LADE_SRC_BASE_TEXT_H

#include <lade/base.h>
#include <stdbool.h>

/*
 * lade__is_utf8() - returns true if @text is valid UTF-8 (RFC 3629: no overlong forms, no surrogates).
 */
LADE_API bool lade__is_utf8(const char *text);

/*
 * lade__ascii_equal() - returns true if @a and @b are equal apart from the case of ASCII letters. The result does not
 *                       depend on the locale. With strcasecmp(), "GIF" and "gif" differ in a Turkish locale.
 */
LADE_API bool lade__ascii_equal(const char *a, const char *b);

/*
 * lade__quote() - copies @text into @quoted for use in an error message. Copies at most 64 bytes, and appends "..." if
 *                 @text is longer. White space is replaced by ' '. Each other byte that lade_text_escape() escapes is
 *                 replaced by '?', so that the result is short. Returns @quoted.
 */
#define LADE__QUOTED 68
LADE_API const char *lade__quote(const char *text, size_t length, char quoted[LADE__QUOTED]);

/*
 * lade__parse_double() - does what strtod() does in the "C" locale, in which the decimal separator is a point.
 */
LADE_API double lade__parse_double(const char *text, char **end);

/*
 * lade__nests_too_deeply() - returns true if a JSON text of @size bytes has more than LADE__NESTING_LIMIT levels of [
 *                            and {. The result may be wrong for text after a syntax error, but jansson stops at the
 *                            error.
 *
 * jansson accepts 2048 levels and calls itself recursively for each level, but the stack of a generator has only 64
 * KiB.
 */
#define LADE__NESTING_LIMIT 32 /* lade itself writes at most 5 levels */
LADE_API bool lade__nests_too_deeply(const char *text, size_t size);

#endif
