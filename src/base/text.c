/*
 * Checks, quotes and parses text that may come from an untrusted file.
 */
#define _GNU_SOURCE /* strtod_l, newlocale */
#include "base/text.h"

#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- UTF-8 ------------------------------------------------------------------------------------------------------- */

/* Returns the length of the UTF-8 character at the start of the `size` bytes at `s`, or 0 if these bytes do not begin
   with a valid character. */
static size_t utf8_length(const unsigned char *s, size_t size) {
    if (s[0] < 0x80)
        return 1;
    if (s[0] < 0xc2 || s[0] > 0xf4)
        return 0;
    size_t length = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (length > size)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
    bool surrogate = s[0] == 0xed && s[1] >= 0xa0;
    bool above_10ffff = s[0] == 0xf4 && s[1] >= 0x90;
    return overlong || surrogate || above_10ffff ? 0 : length;
}

bool lade__is_utf8(const char *text) {
    const unsigned char *s = (const unsigned char *)text;
    size_t size = strlen(text);
    while (size > 0) {
        size_t length = utf8_length(s, size);
        if (length == 0)
            return false;
        s += length;
        size -= length;
    }
    return true;
}

/* ---- ASCII ------------------------------------------------------------------------------------------------------- */

static char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool lade__ascii_equal(const char *a, const char *b) {
    while (*a && ascii_lower(*a) == ascii_lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

/* ---- Messages ---------------------------------------------------------------------------------------------------- */

/* Returns true for a character that could change the state of a terminal or the order of the displayed text. */
static bool is_unsafe(uint32_t c) {
    bool control = c < ' ' || (c >= 0x7f && c <= 0x9f);
    bool separator = c == 0x2028 || c == 0x2029;
    bool direction =
        c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    return control || separator || direction;
}

/* Returns the length of the character at the start of `s`, or 0 if the character is not valid UTF-8 or must not be
   printed. All functions that escape text use this rule. */
static size_t printable_length(const unsigned char *s, size_t size) {
    size_t length = utf8_length(s, size);
    uint32_t c = length > 1 ? s[0] & (0x7fu >> length) : s[0];
    for (size_t i = 1; i < length; i++)
        c = c << 6 | (s[i] & 0x3fu);
    return is_unsafe(c) ? 0 : length;
}

/* Appends @part to the result if all of @part fits and no earlier part was left out. *@kept is the length of the
   result. *@needed is the length that the result would have in a larger buffer. */
static void append(char *buffer, size_t size, size_t *kept, size_t *needed, const char *part, size_t length) {
    if (*kept == *needed && *needed + length < size) {
        memcpy(buffer + *kept, part, length);
        *kept += length;
    }
    *needed += length;
}

size_t lade_text_escape(const char *text, size_t length, bool backslash, char *buffer, size_t size) {
    const unsigned char *s = (const unsigned char *)text;
    size_t kept = 0, needed = 0;
    for (size_t i = 0; i < length;) {
        size_t n = printable_length(s + i, length - i);
        char escaped[5];
        if (n == 0) {
            snprintf(escaped, sizeof escaped, "\\x%02x", s[i++]);
            append(buffer, size, &kept, &needed, escaped, 4);
        } else if (s[i] == '\\' && backslash) {
            append(buffer, size, &kept, &needed, "\\\\", 2);
            i++;
        } else {
            append(buffer, size, &kept, &needed, text + i, n);
            i += n;
        }
    }
    if (size)
        buffer[kept] = '\0';
    return needed;
}

const char *lade__quote(const char *text, size_t length, char quoted[LADE__QUOTED]) {
    const unsigned char *s = (const unsigned char *)text;
    size_t most = LADE__QUOTED - sizeof "...", kept = 0, i = 0;
    while (i < length) {
        size_t n = printable_length(s + i, length - i);
        if (kept + (n ? n : 1) > most)
            break;
        if (n)
            memcpy(quoted + kept, s + i, n);
        else
            quoted[kept] = s[i] && strchr("\t\n\v\f\r", s[i]) ? ' ' : '?';
        kept += n ? n : 1;
        i += n ? n : 1;
    }
    strcpy(quoted + kept, i < length ? "..." : "");
    return quoted;
}

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

static locale_t c_locale;

static void make_c_locale(void) {
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

double lade__parse_double(const char *text, char **end) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_c_locale);
    /* If there is no memory for the "C" locale, the locale of the program is used, which is "C" in most programs. */
    return c_locale ? strtod_l(text, end, c_locale) : strtod(text, end);
}

/* ---- Nesting ----------------------------------------------------------------------------------------------------- */

bool lade__nests_too_deeply(const char *text, size_t size) {
    int level = 0;
    bool string = false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (string && c == '\\')
            i++; /* the next character is escaped */
        else if (c == '"')
            string = !string;
        else if (string)
            continue;
        else if ((c == '[' || c == '{') && ++level > LADE__NESTING_LIMIT)
            return true;
        else if (c == ']' || c == '}')
            level--;
    }
    return false;
}
