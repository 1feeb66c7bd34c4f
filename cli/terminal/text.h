/*
 * text.h - words and numbers for people: escaping of names, thousands separators, sizes, times, and how wide a string
 * is on a screen.
 */
#ifndef LADE_CLI_TERMINAL_TEXT_H
#define LADE_CLI_TERMINAL_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/*
 * text_escape() - @s as valid, printable UTF-8: a byte that is not part of a UTF-8 character becomes "\xHH", so does a
 * control character, and a backslash becomes two, so that the name can be had back. Everything else stays. Paths are
 * shown this way in messages, tables and pictures: a file name cannot send codes to the terminal.
 *
 * Returns a string to free(); ends the program when there is no memory.
 */
char *text_escape(const char *s);

/* text_unescape() - the bytes that text_escape() made @s of; a string to free(). */
char *text_unescape(const char *s);

/* text_base_name() - the last part of a path, "test" of "cifar/test/"; a string to free(). */
char *text_base_name(const char *path);

/* text_printf() - a formatted string to free(); ends the program when there is no memory. */
char *text_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *text_vprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* text_alloc() - @count * @size cleared bytes to free(); ends the program when there is no memory. */
void *text_alloc(size_t count, size_t size);

/* text_columns() - how many terminal columns a UTF-8 string takes. */
int text_columns(const char *s);

/* text_closest() - the entry of @words (NULL at the end) that @word was probably meant to be, or NULL. */
const char *text_closest(const char *word, const char *const *words);

/* A number as people read it; each returns its struct by value so that it can be used right in a printf argument. */
struct text {
    char s[48];
};
struct text text_count(int64_t n);                     /* 50,000 */
struct text text_counted(int64_t n, const char *noun); /* 1 image, 50,000 images */
struct text text_rate(double per_second);              /* 12,340 or 8.31 */
struct text text_bytes(int64_t bytes);                 /* 12.3 kB, 48.3 MB: 10^6 bytes, 1.20 GB */
struct text text_seconds(double seconds);              /* 0.42 s, 12.3 s, 2 min 05 s, 1 h 02 min */
struct text text_clock(double seconds);                /* 0:07, 12:34, 1:02:03 */
struct text text_number(double value);                 /* 0.1234, 12.3: four significant digits */

#endif
