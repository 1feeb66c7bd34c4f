/*
 * train/spec/words.c - splits the text of a specification.
 */
#include "train/spec/words.h"

#include <string.h>

#include "base/text.h"

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct lade__text lade__text_trim(struct lade__text t) {
    while (t.at < t.end && is_blank(*t.at))
        t.at++;
    while (t.at < t.end && is_blank(t.end[-1]))
        t.end--;
    return t;
}

bool lade__text_is(struct lade__text t, const char *word) {
    return (size_t)(t.end - t.at) == strlen(word) && memcmp(t.at, word, strlen(word)) == 0;
}

struct lade__text lade__next_word(struct lade__text *t) {
    *t = lade__text_trim(*t);
    struct lade__text word = {t->at, t->at};
    while (word.end < t->end && !is_blank(*word.end))
        word.end++;
    t->at = word.end;
    return word;
}

/* ---- Parts ------------------------------------------------------------------------------------------------------- */

/* Returns the address of the first @separator that is not in parentheses, or t.end. */
static const char *find_separator(struct lade__text t, char separator) {
    int depth = 0;
    for (; t.at < t.end && (*t.at != separator || depth > 0); t.at++)
        if (*t.at == '(')
            depth++;
        else if (*t.at == ')' && depth > 0)
            depth--;
    return t.at;
}

struct lade__text lade__next_part(struct lade__text *t, char separator, bool *more) {
    struct lade__text part = {t->at, find_separator(*t, separator)};
    *more = part.end < t->end;
    t->at = part.end + *more;
    return lade__text_trim(part);
}

int lade__count_parts(struct lade__text t, char separator) {
    int count = 1;
    for (; (t.at = find_separator(t, separator)) < t.end; t.at++)
        count++;
    return count;
}

const char *lade__closing(struct lade__text t) {
    int depth = 0;
    for (; t.at < t.end; t.at++) {
        depth += (*t.at == '(') - (*t.at == ')');
        if (depth == 0)
            return t.at;
    }
    return NULL;
}

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

bool lade__read_number(struct lade__text word, int64_t *out) {
    int64_t value = 0;
    if (word.at == word.end)
        return false;
    for (const char *c = word.at; c < word.end; c++) {
        if (*c < '0' || *c > '9' || value > INT32_MAX / 10)
            return false;
        value = value * 10 + (*c - '0');
    }
    *out = value;
    return value <= INT32_MAX;
}

bool lade__read_rate(struct lade__text word, double *out) {
    char digits[32], *end;
    size_t length = (size_t)(word.end - word.at);
    if (length == 0 || length >= sizeof digits || strspn(word.at, "0123456789.") < length)
        return false;
    memcpy(digits, word.at, length);
    digits[length] = '\0';
    *out = lade__parse_double(digits, &end);
    return *end == '\0' && *out < 1;
}
