/*
 * The option parser. getopt_long is not used: it knows no types, and its messages name neither what was given nor what
 * is allowed.
 */
#define _POSIX_C_SOURCE 200809L
#include "opt.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "out.h"
#include "term.h"
#include "text.h"

/* An option while it is read: its table entry, the struct it fills, and the words for messages. */
struct reading {
    const struct opt *opt;
    char *into;
    char *text; /* the value as given, in argv */
};

static const char *dashes(const struct opt *opt) {
    return opt->name[0] ? "--" : "";
}

/* "lade flow: --batch-size 0: " + what is allowed; returns false, as the readers below do. */
static bool refuse(const struct reading *r, const char *allowed) {
    char *given = text_escape(r->text);
    out_usage("%s%s %s: %s", dashes(r->opt), r->opt->name, *given ? given : "''", allowed);
    free(given);
    return false;
}

static bool refuse_range(const struct reading *r, const char *what) {
    const struct opt *opt = r->opt;
    char *allowed;
    if (isinf(opt->low))
        allowed = text_printf("give %s, or a quotient such as 1/255", what);
    else if (isinf(opt->high))
        allowed = text_printf("give %s %s %.15g", what, opt->above ? "above" : "of at least", opt->low);
    else
        allowed = text_printf("give %s from %s%.15g to %.15g", what, opt->above ? "above " : "", opt->low, opt->high);
    refuse(r, allowed);
    free(allowed);
    return false;
}

static bool in_range(const struct opt *opt, double value) {
    return value <= opt->high && (opt->above ? value > opt->low : value >= opt->low);
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

/* A whole number in decimal; *@end is where it stops. */
static bool whole(const char *s, const char **end, int64_t *value) {
    if (!isdigit((unsigned char)s[s[0] == '-' || s[0] == '+']))
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
    if (!whole(r->text, &end, &value) || *end || !in_range(r->opt, (double)value))
        return refuse_range(r, "a whole number");
    store_int(r->into + r->opt->at, r->opt->bytes, value);
    return true;
}

static bool read_seed(const struct reading *r) {
    char *end;
    errno = 0;
    uint64_t value = strtoull(r->text, &end, 10);
    if (!isdigit((unsigned char)r->text[0]) || *end || errno)
        return refuse(r, "give a whole number from 0 to 18446744073709551615");
    memcpy(r->into + r->opt->at, &value, sizeof value);
    return true;
}

static bool read_real(const struct reading *r) {
    char *end;
    double value = strtod(r->text, &end);
    bool number = end != r->text && !isspace((unsigned char)r->text[0]);
    if (number && *end == '/') {
        const char *divisor = end + 1;
        value /= strtod(divisor, &end);
        number = end != divisor && !isspace((unsigned char)*divisor);
    }
    if (!number || *end || !isfinite(value) || !in_range(r->opt, value))
        return refuse_range(r, "a number");
    if (r->opt->bytes == sizeof(float)) {
        float narrow = (float)value;
        memcpy(r->into + r->opt->at, &narrow, sizeof narrow);
    } else {
        memcpy(r->into + r->opt->at, &value, sizeof value);
    }
    return true;
}

static bool read_choice(const struct reading *r) {
    for (const struct opt_word *w = r->opt->words; w->word; w++)
        if (strcmp(w->word, r->text) == 0) {
            store_int(r->into + r->opt->at, r->opt->bytes, w->value);
            return true;
        }
    char *list = opt_word_list(r->opt->words);
    char *allowed = text_printf("give one of %s", list);
    refuse(r, allowed);
    free(allowed);
    free(list);
    return false;
}

static bool read_size(const struct reading *r) {
    int64_t height, width;
    const char *end;
    bool size = whole(r->text, &end, &height);
    width = height;
    if (size && (*end == 'x' || *end == 'X'))
        size = whole(end + 1, &end, &width);
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

/* Lists are never given back: like argv, which their words point into, they live as long as the program. */
static struct list {
    struct list *before;
    const char *words[];
} * lists;

/* @text is argv's own memory, which belongs to the program: its commas become ends of strings. */
static bool read_list(const struct reading *r, char *text) {
    size_t count = 1;
    for (const char *c = text; *c; c++)
        count += *c == ',';
    if (!*text || *text == ',' || text[strlen(text) - 1] == ',' || strstr(text, ",,"))
        return refuse(r, "give words with one comma between each two");
    struct list *list = text_alloc(1, sizeof *list + (count + 1) * sizeof *list->words);
    list->before = lists;
    lists = list;
    for (size_t i = 0; i < count; i++) {
        list->words[i] = text;
        text += strcspn(text, ",");
        *text++ = '\0'; /* the last time, the one that is there */
    }
    const char *const *words = list->words;
    memcpy(r->into + r->opt->at, &words, sizeof words);
    return true;
}

static bool read_value(const struct reading *r) {
    switch (r->opt->type) {
    case OPT_FLAG:
        store_int(r->into + r->opt->at, r->opt->bytes, r->opt->store ? r->opt->store : 1);
        return true;
    case OPT_INT:
        return read_int(r);
    case OPT_SEED:
        return read_seed(r);
    case OPT_REAL:
        return read_real(r);
    case OPT_CHOICE:
        return read_choice(r);
    case OPT_SIZE:
        return read_size(r);
    case OPT_TEXT:
        if (!*r->text)
            return refuse(r, "the value is empty");
        memcpy(r->into + r->opt->at, &r->text, sizeof r->text);
        return true;
    case OPT_LIST:
        return read_list(r, r->text);
    }
    return false;
}

/* The option called @name (@length bytes of it), or with the letter @letter. */
static bool find(const struct opt_spec *spec, const char *name, size_t length, char letter, struct reading *r) {
    for (const struct opt_group *g = spec->groups; g->title; g++)
        for (const struct opt *o = g->options; o->name; o++)
            if (letter ? o->letter == letter : strlen(o->name) == length && memcmp(o->name, name, length) == 0) {
                *r = (struct reading){.opt = o, .into = g->into};
                return true;
            }
    return false;
}

static void refuse_unknown(const struct opt_spec *spec, const char *argument, size_t length) {
    size_t count = 2;
    for (const struct opt_group *g = spec->groups; g->title; g++)
        for (const struct opt *o = g->options; o->name; o++)
            count++;
    const char **names = text_alloc(count, sizeof *names);
    size_t n = 0;
    names[n++] = "help";
    for (const struct opt_group *g = spec->groups; g->title; g++)
        for (const struct opt *o = g->options; o->name; o++)
            names[n++] = o->name;
    char *shown = text_printf("%.*s", (int)length, argument);
    char *given = text_escape(shown);
    const char *near = length > 2 ? text_near(shown + 2, names) : NULL;
    if (near)
        out_usage("unknown option %s; did you mean --%s?", given, near);
    else
        out_usage("unknown option %s", given);
    free(given);
    free(shown);
    free(names);
}

/* Reads the option at argv[*i] and, where it takes one, its value. */
static bool read_option(const struct opt_spec *spec, int argc, char **argv, int *i) {
    char *argument = argv[*i];
    struct reading r;
    char *attached = NULL;
    if (argument[1] == '-') {
        size_t length = strcspn(argument, "=");
        attached = argument[length] ? argument + length + 1 : NULL;
        if (!find(spec, argument + 2, length - 2, 0, &r)) {
            refuse_unknown(spec, argument, length);
            return false;
        }
    } else {
        if (!find(spec, NULL, 0, argument[1], &r)) {
            refuse_unknown(spec, argument, strlen(argument));
            return false;
        }
        attached = argument[2] ? argument + 2 : NULL;
    }
    if (r.opt->type == OPT_FLAG) {
        r.text = attached;
        if (attached)
            return refuse(&r, "this option takes no value");
    } else if (attached) {
        r.text = attached;
    } else if (*i + 1 < argc && strncmp(argv[*i + 1], "--", 2) != 0) {
        r.text = argv[++*i];
    } else {
        out_usage("--%s needs a value", r.opt->name);
        return false;
    }
    if (!read_value(&r))
        return false;
    if (r.opt->given)
        *(bool *)(r.into + r.opt->given - 1) = true;
    return true;
}

static bool read_argument(const struct opt_spec *spec, char *argument, int *count) {
    const struct opt_argument *a = spec->arguments;
    for (int n = 0; a->name; a++, n++)
        if (n == *count) {
            if (!*argument) {
                out_usage("%s is empty", a->name);
                return false;
            }
            *a->into = argument;
            ++*count;
            return true;
        }
    char *given = text_escape(argument);
    out_usage("there is one argument too many: %s", given);
    free(given);
    return false;
}

bool opt_parse(const struct opt_spec *spec, int argc, char **argv, int *exit_code) {
    int count = 0;
    bool options = true;
    *exit_code = EXIT_USAGE;
    for (int i = 1; i < argc; i++) {
        if (options && (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
            opt_help(spec, term_columns(1));
            *exit_code = EXIT_OK;
            return false;
        }
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && argv[i][0] == '-' && argv[i][1]) {
            if (!read_option(spec, argc, argv, &i))
                return false;
        } else if (!read_argument(spec, argv[i], &count)) {
            return false;
        }
    }
    const struct opt_argument *missing = spec->arguments + count;
    if (missing->name) {
        out_usage("%s is missing: %s", missing->name, missing->help);
        return false;
    }
    return true;
}

char *opt_word_list(const struct opt_word *words) {
    char *list = text_alloc(1, 1);
    for (const struct opt_word *w = words; w->word; w++) {
        const char *join = w == words ? "" : w[1].word ? ", " : " or ";
        char *longer = text_printf("%s%s%s", list, join, w->word);
        free(list);
        list = longer;
    }
    return list;
}

const char *opt_word_for(const struct opt_word *words, int value) {
    for (const struct opt_word *w = words; w->word; w++)
        if (w->value == value)
            return w->word;
    return "?";
}
