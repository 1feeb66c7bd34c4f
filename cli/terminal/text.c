/*
 * Formats strings and numbers for messages. This file decodes UTF-8 itself and does not use the C library, so that a
 * file name looks the same in every locale.
 */
#define _XOPEN_SOURCE 700
#include "terminal/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <lade/base.h>

#include "terminal/output.h"

void *text_alloc(size_t count, size_t size) {
    void *p = calloc(count ? count : 1, size);
    if (!p)
        out_die("out of memory");
    return p;
}

char *text_vprintf(const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size < 0)
        out_die("out of memory");
    char *s = text_alloc((size_t)size + 1, 1);
    vsnprintf(s, (size_t)size + 1, format, args);
    return s;
}

char *text_printf(const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *s = text_vprintf(format, args);
    va_end(args);
    return s;
}

size_t text_character(const char *s, uint32_t *c) {
    const unsigned char *u = (const unsigned char *)s;
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (u[0] < 0x80) {
        *c = u[0];
        return 1;
    }
    size_t length = u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;
    if (u[0] < 0xc2 || u[0] > 0xf4)
        return 0;
    uint32_t value = u[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((u[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (u[i] & 0x3fu);
    }
    if (value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *c = value;
    return length;
}

void text_encode(uint32_t c, char to[5]) {
    int length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (int i = length - 1; i > 0; i--, c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3f));
    to[0] = (char)(length == 1 ? c : (0xf00u >> length & 0xf0) | c);
    to[length] = '\0';
}

char *text_escape(const char *s) {
    size_t length = strlen(s), size = lade_text_escape(s, length, true, NULL, 0) + 1;
    char *escaped = text_alloc(size, 1);
    lade_text_escape(s, length, true, escaped, size);
    return escaped;
}

char *text_printable(const char *s) {
    size_t length = strlen(s), size = lade_text_escape(s, length, false, NULL, 0) + 1;
    char *printable = text_alloc(size, 1);
    lade_text_escape(s, length, false, printable, size);
    return printable;
}

bool text_is_utf8(const char *s) {
    for (uint32_t c = 0; *s;) {
        size_t length = text_character(s, &c);
        if (length == 0)
            return false;
        s += length;
    }
    return true;
}

char *text_unescape(const char *s) {
    char *bytes = text_alloc(strlen(s) + 1, 1), *to = bytes;
    while (*s) {
        unsigned byte = (unsigned char)*s;
        if (s[0] == '\\' && s[1] == '\\')
            s++;
        else if (sscanf(s, "\\x%2x", &byte) == 1)
            s += 3;
        *to++ = (char)byte;
        s++;
    }
    *to = '\0';
    return bytes;
}

char *text_base_name(const char *path) {
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t start = end > 1 ? end : 0; /* the base name of "/" is "/" */
    while (start > 0 && path[start - 1] != '/')
        start--;
    return text_printf("%.*s", (int)(end - start), path + start);
}

bool text_has_suffix(const char *s, const char *suffix) {
    size_t length = strlen(s), n = strlen(suffix);
    if (length <= n)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = s[length - n + i];
        if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != suffix[i])
            return false;
    }
    return true;
}

/* Stores the width of the character at @s in *@columns. Returns the number of bytes of the character, or 1 if the bytes
   are not valid UTF-8. */
static size_t character_columns(const char *s, int *columns) {
    uint32_t c = 0;
    size_t length = text_character(s, &c);
    int width = length ? wcwidth((wchar_t)c) : 1;
    *columns = width < 0 ? 1 : width;
    return length ? length : 1;
}

int text_columns(const char *s) {
    int columns = 0, width;
    for (; *s; columns += width)
        s += character_columns(s, &width);
    return columns;
}

char *text_shorten(const char *s, int columns) {
    int left = columns / 2, right = columns - left - 1, width;
    if (text_columns(s) <= columns || columns < 3)
        return text_printf("%s", s);
    size_t first = 0, last = 0, length;
    for (int used = 0; (length = character_columns(s + first, &width)), used + width <= left; used += width)
        first += length;
    while (text_columns(s + last) > right)
        last += character_columns(s + last, &width);
    return text_printf("%.*s\u2026%s", (int)first, s, s + last);
}

/*
 * Returns the optimal string alignment distance of @a and @b. The distance is the least number of insertions,
 * deletions, replacements and swaps of two adjacent letters that change @a to @b. Returns 40 if a word has more than 40
 * letters, because no option has such a long name.
 */
static int distance(const char *a, const char *b) {
    enum { LONGEST = 40 };
    int rows[3][LONGEST + 1];
    int length_a = (int)strlen(a), length_b = (int)strlen(b);
    if (length_a > LONGEST || length_b > LONGEST)
        return LONGEST;
    int *before = rows[0], *last = rows[1], *now = rows[2];
    for (int j = 0; j <= length_b; j++)
        last[j] = j;
    for (int i = 1; i <= length_a; i++) {
        now[0] = i;
        for (int j = 1; j <= length_b; j++) {
            int best = last[j - 1] + (a[i - 1] != b[j - 1]);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = before[j - 2] + 1 < best ? before[j - 2] + 1 : best;
            now[j] = best;
        }
        int *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[length_b];
}

const char *text_closest(const char *word, const char *const *words) {
    const char *nearest = NULL;
    int least = (int)strlen(word) / 3 + 1; /* allow one mistake, and one more for each three letters */
    for (; *words; words++) {
        if (strlen(word) >= 3 && strncmp(*words, word, strlen(word)) == 0)
            return *words; /* the entry begins with @word */
        int d = distance(word, *words);
        if (d <= least) {
            least = d - 1;
            nearest = *words;
        }
    }
    return nearest;
}

struct text text_count(int64_t n) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)n);
    struct text t;
    char *to = t.s;
    for (int i = 0; i < length; i++) {
        if (i > (n < 0) && (length - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return t;
}

struct text text_counted(int64_t n, const char *noun) {
    const char *ending = strstr(noun, "tch") ? "es" : "s"; /* "batches", "classes" and "epochs" */
    const char *plural = n == 1 ? "" : noun[strlen(noun) - 1] == 's' ? "es" : ending;
    struct text t = text_count(n);
    size_t at = strlen(t.s);
    snprintf(t.s + at, sizeof t.s - at, " %s%s", noun, plural);
    return t;
}

struct text text_rate(double per_second) {
    struct text t;
    if (!isfinite(per_second) || per_second < 0)
        snprintf(t.s, sizeof t.s, "-");
    else if (per_second < 100)
        snprintf(t.s, sizeof t.s, "%.3g", per_second);
    else
        t = text_count((int64_t)llround(per_second));
    return t;
}

struct text text_bytes(int64_t bytes) {
    struct text t;
    double mb = (double)bytes / 1e6;
    if (mb < 1)
        snprintf(t.s, sizeof t.s, "%.1f kB", mb * 1000);
    else if (mb >= 1000)
        snprintf(t.s, sizeof t.s, "%.2f GB", mb / 1000);
    else
        snprintf(t.s, sizeof t.s, "%.1f MB", mb);
    return t;
}

struct text text_seconds(double seconds) {
    struct text t;
    if (seconds < 10)
        snprintf(t.s, sizeof t.s, "%.2f s", seconds);
    else if (seconds < 60)
        snprintf(t.s, sizeof t.s, "%.1f s", seconds);
    else if (seconds < 3600)
        snprintf(t.s, sizeof t.s, "%d min %02d s", (int)seconds / 60, (int)seconds % 60);
    else
        snprintf(t.s, sizeof t.s, "%lld h %02d min", (long long)seconds / 3600, (int)((long long)seconds % 3600 / 60));
    return t;
}

struct text text_clock(double seconds) {
    struct text t;
    long long s = isfinite(seconds) && seconds > 0 && seconds < 1e9 ? (long long)(seconds + 0.5) : 0;
    if (s < 3600)
        snprintf(t.s, sizeof t.s, "%lld:%02lld", s / 60, s % 60);
    else
        snprintf(t.s, sizeof t.s, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
    return t;
}

struct text text_number(double value) {
    struct text t;
    snprintf(t.s, sizeof t.s, "%.4g", value);
    return t;
}
