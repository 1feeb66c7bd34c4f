/*
 * Converts the values of options to text, as a user gives them on the command line.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "option/opt.h"
#include "terminal/text.h"

/* Returns the @i-th number of the field @at, which has @count numbers. */
static int64_t whole_number(const struct opt *opt, const char *at, size_t i, size_t count) {
    size_t size = opt->bytes / count;
    int64_t wide;
    int narrow;
    if (size == sizeof wide) {
        memcpy(&wide, at + i * size, sizeof wide);
        return wide;
    }
    if (size != sizeof narrow)
        return *at;
    memcpy(&narrow, at + i * size, sizeof narrow);
    return narrow;
}

/* Returns a number as text. A float such as 1/255 becomes a quotient. */
static char *real_text(const char *at, bool narrow) {
    double value;
    float single;
    memcpy(&single, at, sizeof single);
    if (!narrow)
        memcpy(&value, at, sizeof value);
    else
        value = (double)single;
    double divisor = rint(1 / value);
    if (value > 0 && value < 1 && divisor <= 65535 && (narrow ? 1 / (float)divisor == single : 1 / divisor == value))
        return text_printf("1/%.0f", divisor);
    return text_printf(narrow ? "%.9g" : "%.17g", value);
}

static char *range_text(const char *at, size_t bytes) {
    bool narrow = bytes == 2 * sizeof(float);
    char *from = real_text(at, narrow), *to = real_text(at + bytes / 2, narrow);
    char *text = text_printf("%s,%s", from, to);
    free(from);
    free(to);
    return text;
}

static char *word_text(const struct opt *opt, int64_t value) {
    const struct lade_word *w = opt->words;
    while (w->word && w->value != value)
        w++;
    return text_printf("%s", w->word ? w->word : "another value");
}

static char *list_text(const char *const *words) {
    char *text = text_printf("%s", words[0] ? words[0] : "");
    for (size_t i = 1; words[0] && words[i]; i++) {
        char *longer = text_printf("%s,%s", text, words[i]);
        free(text);
        text = longer;
    }
    return text;
}

bool opt_is_default(const struct opt *opt, const void *into) {
    const char *at = (const char *)into + opt->at;
    size_t zeros = 0;
    if (opt->type == OPT_FLAG)
        return whole_number(opt, at, 0, 1) != (opt->store ? opt->store : 1);
    while (zeros < opt->bytes && !at[zeros])
        zeros++;
    return zeros == opt->bytes;
}

char *opt_text(const struct opt *opt, const void *into) {
    const char *at = (const char *)into + opt->at;
    const void *pointer;
    uint64_t seed;
    switch (opt->type) {
    case OPT_FLAG:
        return text_printf("%s", opt_is_default(opt, into) ? "off" : "on");
    case OPT_INT:
    case OPT_BYTES:
        return text_printf("%lld", (long long)whole_number(opt, at, 0, 1));
    case OPT_SEED:
        memcpy(&seed, at, sizeof seed);
        return text_printf("%llu", (unsigned long long)seed);
    case OPT_REAL:
        return real_text(at, opt->bytes == sizeof(float));
    case OPT_RANGE:
        return range_text(at, opt->bytes);
    case OPT_CHOICE:
        return word_text(opt, whole_number(opt, at, 0, 1));
    case OPT_SIZE:
        return text_printf("%lldx%lld", (long long)whole_number(opt, at, 0, 2), (long long)whole_number(opt, at, 1, 2));
    case OPT_TEXT:
    case OPT_LIST:
        memcpy(&pointer, at, sizeof pointer);
        return opt->type == OPT_LIST && pointer ? list_text(pointer)
                                                : text_printf("%s", pointer ? (const char *)pointer : "");
    }
    return text_printf("%s", "");
}
