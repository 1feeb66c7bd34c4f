/*
 * text.h - formats strings and numbers for messages, and measures the width of a string on the terminal.
 */
#ifndef LADE_CLI_TERMINAL_TEXT_H
#define LADE_CLI_TERMINAL_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * text_escape()    - returns the result of lade_text_escape() for @s. A backslash becomes two backslashes, so that
 *                    text_unescape() can restore @s. Tables and plots contain escaped paths and names, so that a file
 *                    name cannot send control codes to the terminal.
 * text_printable() - does the same as text_escape(), but does not change a backslash. This function is for messages,
 *                    because parts of a message may already be escaped.
 *
 * The caller must free() the string. Both functions end the program if memory runs out.
 */
char *text_escape(const char *s);
char *text_printable(const char *s);

/*
 * text_character() - returns the length of the UTF-8 character at @s, and stores the character in *@c. Returns 0 if the
 *                    bytes are not valid UTF-8 (RFC 3629). For example, overlong forms, surrogates and characters above
 *                    U+10FFFF are not valid.
 */
size_t text_character(const char *s, uint32_t *c);

/* text_encode() - writes the character @c as UTF-8, with NUL at the end. */
void text_encode(uint32_t c, char to[5]);

/* text_is_utf8() - returns true if @s is valid UTF-8. */
bool text_is_utf8(const char *s);

/* text_unescape() - reverses text_escape(). The caller must free() the string. */
char *text_unescape(const char *s);

/* text_base_name() - returns the last part of a path, for example "test" for "cifar/test/". The caller must free() the
   string. */
char *text_base_name(const char *path);

/* text_has_suffix() - returns true if @s ends with @suffix and is longer than @suffix. @suffix must be lower case.
   ASCII letters of @s may be upper case. The result does not depend on the locale. */
bool text_has_suffix(const char *s, const char *suffix);

/* text_printf() - returns a formatted string. The caller must free() the string. Ends the program if memory runs
   out. */
char *text_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *text_vprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* text_alloc() - returns @count * @size bytes, which are 0. The caller must free() the memory. Ends the program if
   memory runs out. */
void *text_alloc(size_t count, size_t size);

/* text_columns() - returns the width of a UTF-8 string in columns of the terminal. */
int text_columns(const char *s);

/* text_shorten() - returns a copy of the UTF-8 string @s. If @s is wider than @columns columns, an ellipsis replaces
   its middle, so that the result has at most @columns columns. The caller must free() the string. */
char *text_shorten(const char *s, int columns);

/* text_closest() - returns the entry of @words that is most similar to @word, or NULL if no entry is similar. @words
   ends with NULL. */
const char *text_closest(const char *word, const char *const *words);

/* A formatted number. The functions below return the struct by value, so that a call can be an argument of printf(). */
struct text {
    char s[48];
};
struct text text_count(int64_t n);                     /* 50,000 */
struct text text_counted(int64_t n, const char *noun); /* 1 image, 50,000 images */
struct text text_rate(double per_second);              /* 12,340 or 8.31 */
struct text text_bytes(int64_t bytes);                 /* 12.3 kB, 48.3 MB, 1.20 GB; 1 MB is 10^6 bytes */
struct text text_seconds(double seconds);              /* 0.42 s, 12.3 s, 2 min 05 s, 1 h 02 min */
struct text text_clock(double seconds);                /* 0:07, 12:34, 1:02:03 */
struct text text_number(double value);                 /* four significant digits: 0.1234, 12.3 */

#endif
