/*
 * Converts the values of options from text, checks their ranges, and prints messages for values that are not allowed.
 */
#include "option/opt_value.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/output.h"
#include "terminal/text.h"

/* An option that is being read. */
struct reading {
    const struct opt *opt;
    char *into; /* the struct that receives the value */
    char *text; /* the text of the value, a string of argv */
};

/* Prints an error message with the option, its value and the text @allowed. Returns false. */
static bool refuse(const struct reading *r, const char *allowed) {
    char *given = text_escape(r->text);
    out_usage("--%s %s: %s", r->opt->name, *given ? given : "''", allowed);
    free(given);
    return false;
}

/* Returns a number as text, without an exponent if it is an integer. The caller must free() the string. */
static char *number_text(double value) {
    return fabs(value) < 1e18 && value == floor(value) ? text_printf("%.0f", value) : text_printf("%.15g", value);
}

static bool refuse_range(const struct reading *r, const char *what) {
    const struct opt *opt = r->opt;
    char *low = number_text(opt->low), *high = number_text(opt->high), *allowed;
    if (isinf(opt->low))
        allowed = text_printf("give %s, or a quotient such as 1/255", what);
    else if (isinf(opt->high))
        allowed = text_printf("give %s %s %s", what, opt->above ? "above" : "of at least", low);
    else if (opt->above || opt->below)
        allowed = text_printf("give %s %s %s and %s %s", what, opt->above ? "above" : "of at least", low,
                              opt->below ? "below" : "at most", high);
    else
        allowed = text_printf("give %s from %s to %s", what, low, high);
    refuse(r, allowed);
    free(allowed);
    free(high);
    free(low);
    return false;
}

static bool in_range(const struct opt *opt, double value) {
    return (opt->below ? value < opt->high : value <= opt->high) && (opt->above ? value > opt->low : value >= opt->low);
}

static void store_int(char *at, size_t bytes, int64_t value) {
    if (bytes == sizeof(int64_t)) {
        memcpy(at, &value, sizeof value);
    } else if (bytes == sizeof(int)) {
        int narrow = (int)value;
        memcpy(at, &narrow, sizeof narrow);
    } else {
        bool truth = value != 0;
        memcpy(at, &truth, sizeof truth);
    }
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Reads a decimal integer. Stores the position after the integer in *@end. */
static bool read_whole_number(const char *s, const char **end, int64_t *value) {
    if (!is_digit(s[s[0] == '-' || s[0] == '+']))
        return false;
    char *stop;
    errno = 0;
    *value = strtoll(s, &stop, 10);
    *end = stop;
    return errno == 0;
}

static bool read_int(const struct reading *r) {
    int64_t value;
    const char *end;
    if (!read_whole_number(r->text, &end, &value) || *end || !in_range(r->opt, (double)value))
        return refuse_range(r, "a whole number");
    store_int(r->into + r->opt->at, r->opt->bytes, value);
    return true;
}

static bool read_bytes(const struct reading *r) {
    static const char suffixes[] = "KMGkmg";
    int64_t value;
    const char *end;
    bool good = read_whole_number(r->text, &end, &value);
    const char *suffix = good && *end ? strchr(suffixes, *end) : NULL;
    if (suffix) {
        good = !__builtin_mul_overflow(value, INT64_C(1024) << 10 * ((suffix - suffixes) % 3), &value);
        end++;
    }
    if (!good || *end || !in_range(r->opt, (double)value))
        return refuse(r, "give a number of bytes, for example 20000000, 20M or 1G");
    store_int(r->into + r->opt->at, r->opt->bytes, value);
    return true;
}

static bool read_seed(const struct reading *r) {
    char *end;
    errno = 0;
    uint64_t value = strtoull(r->text, &end, 10);
    if (!is_digit(r->text[0]) || *end || errno)
        return refuse(r, "give a whole number from 0 to 18446744073709551615");
    memcpy(r->into + r->opt->at, &value, sizeof value);
    return true;
}

/* Returns true if a number can begin with @c. strtod() also skips white space, which no value may contain. */
static bool begins_number(char c) {
    return is_digit(c) || c == '-' || c == '+' || c == '.';
}

/* Reads a number or a quotient such as 1/255. Stores the position after the text in *@end. */
static bool read_number(const char *s, const char **end, double *value) {
    char *stop;
    *value = strtod(s, &stop);
    bool number = stop != s && begins_number(s[0]);
    if (number && *stop == '/') {
        const char *divisor = stop + 1;
        *value /= strtod(divisor, &stop);
        number = stop != divisor && begins_number(*divisor);
    }
    *end = stop;
    return number && isfinite(*value);
}

static void store_real(char *at, size_t bytes, double value) {
    if (bytes == sizeof(float)) {
        float narrow = (float)value;
        memcpy(at, &narrow, sizeof narrow);
    } else {
        memcpy(at, &value, sizeof value);
    }
}

static bool read_real(const struct reading *r) {
    const char *end;
    double value;
    if (!read_number(r->text, &end, &value) || *end || !in_range(r->opt, value))
        return refuse_range(r, "a number");
    store_real(r->into + r->opt->at, r->opt->bytes, value);
    return true;
}

static bool read_range(const struct reading *r) {
    const char *end;
    double from, to = 0;
    bool good = read_number(r->text, &end, &from), single = good && r->opt->single && !*end;
    if (good && !single)
        good = *end == ',' && read_number(end + 1, &end, &to) && in_range(r->opt, to) && from <= to;
    if (!good || *end || !in_range(r->opt, from))
        return refuse_range(r, r->opt->single ? "one number, or two numbers A,B with A <= B, each"
                                              : "two numbers A,B with A <= B, each");
    store_real(r->into + r->opt->at, r->opt->bytes / 2, from);
    store_real(r->into + r->opt->at + r->opt->bytes / 2, r->opt->bytes / 2, to);
    return true;
}

static bool read_choice(const struct reading *r) {
    for (const struct lade_word *w = r->opt->words; w->word; w++)
        if (strcmp(w->word, r->text) == 0) {
            store_int(r->into + r->opt->at, r->opt->bytes, w->value);
            return true;
        }
    char *list = opt_word_list(r->opt->words, "or");
    char *allowed = text_printf("give one of %s", list);
    refuse(r, allowed);
    free(allowed);
    free(list);
    return false;
}

static bool read_size(const struct reading *r) {
    int64_t height, width;
    const char *end;
    bool size = read_whole_number(r->text, &end, &height);
    width = height;
    if (size && (*end == 'x' || *end == 'X'))
        size = read_whole_number(end + 1, &end, &width);
    if (!size || *end || !in_range(r->opt, (double)height) || !in_range(r->opt, (double)width)) {
        char *allowed = text_printf("give height and width in pixels as HxW, each from %g to %g, for example 224x224",
                                    r->opt->low, r->opt->high);
        refuse(r, allowed);
        free(allowed);
        return false;
    }
    store_int(r->into + r->opt->at, r->opt->bytes / 2, height);
    store_int(r->into + r->opt->at + r->opt->bytes / 2, r->opt->bytes / 2, width);
    return true;
}

/* All lists of OPT_LIST. The lists are never freed, because they must be valid as long as argv. */
static struct list {
    struct list *before;
    const char *words[];
} * lists;

/* Reads a list of words. Replaces the commas of @text, which is a string of argv, with NUL bytes. */
static bool read_list(const struct reading *r, char *text) {
    size_t count = 1;
    for (const char *c = text; *c; c++)
        count += *c == ',';
    if (!*text || *text == ',' || text[strlen(text) - 1] == ',' || strstr(text, ",,"))
        return refuse(r, "give words with one comma between two words, and no comma at the start or end");
    struct list *list = text_alloc(1, sizeof *list + (count + 1) * sizeof *list->words);
    list->before = lists;
    lists = list;
    for (size_t i = 0; i < count; i++) {
        list->words[i] = text;
        text += strcspn(text, ",");
        *text++ = '\0'; /* ends the word, or skips the NUL at the end of @text */
    }
    const char *const *words = list->words;
    memcpy(r->into + r->opt->at, &words, sizeof words);
    return true;
}

bool opt_value_read(const struct opt *opt, void *into, char *text) {
    struct reading r = {opt, into, text};
    switch (opt->type) {
    case OPT_FLAG:
        if (text)
            return refuse(&r, "this option takes no value");
        store_int(r.into + opt->at, opt->bytes, opt->store ? opt->store : 1);
        return true;
    case OPT_INT:
        return read_int(&r);
    case OPT_BYTES:
        return read_bytes(&r);
    case OPT_SEED:
        return read_seed(&r);
    case OPT_REAL:
        return read_real(&r);
    case OPT_RANGE:
        return read_range(&r);
    case OPT_CHOICE:
        return read_choice(&r);
    case OPT_SIZE:
        return read_size(&r);
    case OPT_TEXT:
        if (!*text)
            return refuse(&r, "the value is empty");
        memcpy(r.into + opt->at, &text, sizeof text);
        return true;
    case OPT_LIST:
        return read_list(&r, text);
    }
    return false;
}

char *opt_word_list(const struct lade_word *words, const char *last_join) {
    char *list = text_alloc(1, 1);
    for (const struct lade_word *w = words; w->word; w++) {
        char *longer = w == words  ? text_printf("%s", w->word)
                       : w[1].word ? text_printf("%s, %s", list, w->word)
                                   : text_printf("%s %s %s", list, last_join, w->word);
        free(list);
        list = longer;
    }
    return list;
}
