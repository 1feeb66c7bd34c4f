/*
 * lade/base/text.h - makes text from files and file names printable. lade/base.h includes this header.
 */
#ifndef LADE_BASE_TEXT_H
#define LADE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <lade/base/attributes.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * lade_text_escape() - copies @length bytes of @text to @buffer as printable UTF-8. A file name, a class name or the
 * header of a column may contain bytes that change the state of a terminal or the order of the text that is displayed.
 * Each byte of the following characters becomes "\xHH", with two hexadecimal digits:
 *
 *   - control characters: U+0000 to U+001F (such as newline and ESC) and U+007F to U+009F
 *   - line and paragraph separators: U+2028 and U+2029
 *   - marks that change the direction of text: U+061C, U+200E, U+200F, U+202A to U+202E, and U+2066 to U+2069
 *   - bytes that are not UTF-8 (RFC 3629)
 *
 * @backslash  true: a backslash becomes two backslashes, so that the original bytes can be restored. false: a backslash
 *             is copied, so escaping the result a second time does not change it.
 * @buffer     NULL is allowed if @size is 0
 * @size       the size of @buffer. A longer result is cut between two characters, and never inside of "\xHH". The
 *             result ends with NUL if @size is not 0
 *
 * Returns the length of the whole result without the NUL, as snprintf() does. Every message of a struct lade_error is
 * escaped with this function. Any thread.
 */
LADE_API size_t lade_text_escape(const char *text, size_t length, bool backslash, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif
#endif
