/*
 * Parses options. getopt_long() is not used, because it has no types, and its messages contain neither the value nor
 * the allowed values.
 */
#define _POSIX_C_SOURCE 200809L
#include "option/opt.h"

#include <stdlib.h>
#include <string.h>

#include "option/opt_value.h"
#include "terminal/exit_code.h"
#include "terminal/output.h"
#include "terminal/terminal.h"
#include "terminal/text.h"

/*
 * Finds an option by its letter @letter or, if @letter is 0, by its name @name of @length bytes. Stores the struct that
 * receives the value in *@into. Returns NULL if there is no such option.
 */
static const struct opt *find(const struct opt_spec *spec, const char *name, size_t length, char letter, void **into) {
    for (const struct opt_group *g = spec->groups; g->title; g++)
        for (const struct opt *o = g->options; o->name; o++)
            if (letter ? o->letter == letter : strlen(o->name) == length && memcmp(o->name, name, length) == 0) {
                *into = g->into;
                return o;
            }
    return NULL;
}

static void print_unknown_option(const struct opt_spec *spec, const char *argument, size_t length) {
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
    const char *near = length > 2 ? text_closest(shown + 2, names) : NULL;
    if (near)
        out_usage("unknown option %s; did you mean --%s?", given, near);
    else
        out_usage("unknown option %s", given);
    free(given);
    free(shown);
    free(names);
}

char *opt_name(const char *field) {
    char *name = text_printf("%s", field);
    for (char *c = name; *c; c++)
        *c = *c == '_' ? '-' : *c;
    return name;
}

/* The fields in which opt_parse() has stored values. The array is never freed. */
static const void **filled;
static int filled_count;

bool opt_given(const void *field) {
    for (int i = 0; i < filled_count; i++)
        if (filled[i] == field)
            return true;
    return false;
}

/* Reads the option at argv[*i] and its value. Increases *i if the value is the next argument. On error, prints a
   message and returns false. */
static bool read_option(const struct opt_spec *spec, int argc, char **argv, int *i) {
    char *argument = argv[*i], *value = NULL;
    void *into;
    bool word = argument[1] == '-';
    size_t length = word ? strcspn(argument, "=") : 2;
    const struct opt *opt =
        word ? find(spec, argument + 2, length - 2, 0, &into) : find(spec, NULL, 0, argument[1], &into);
    if (!opt) {
        print_unknown_option(spec, argument, word ? length : strlen(argument));
        return false;
    }
    if (argument[length])
        value = argument + length + word; /* the argument is --name=value or -nvalue */
    else if (opt->type != OPT_FLAG && *i + 1 < argc && strncmp(argv[*i + 1], "--", 2) != 0)
        value = argv[++*i];
    if (!value && opt->type != OPT_FLAG) {
        out_usage("--%s needs a value", opt->name);
        return false;
    }
    filled[filled_count++] = (const char *)into + opt->at;
    return opt_value_read(opt, into, value);
}

/* The values of a positional argument that may be repeated. The array is never freed. */
static const char **rest;
static int rest_count;

static bool read_argument(const struct opt_spec *spec, char *argument, int *count) {
    const struct opt_argument *a = spec->arguments;
    for (int n = 0; a->name; a++, n++)
        if (n == *count) {
            if (!*argument) {
                out_usage("%s is empty", a->name);
                return false;
            }
            if (a->all)
                rest[rest_count++] = argument;
            else
                *a->into = argument;
            *count += !a->all;
            return true;
        }
    char *given = text_escape(argument);
    out_usage("too many arguments: %s", given);
    free(given);
    return false;
}

bool opt_parse(const struct opt_spec *spec, int argc, char **argv, int *exit_code) {
    int count = 0;
    bool options = true;
    *exit_code = EXIT_USAGE;
    rest = text_alloc((size_t)argc + 1, sizeof *rest);
    filled = text_alloc((size_t)argc + 1, sizeof *filled);
    for (int i = 1; i < argc; i++) {
        if (options && (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
            opt_help(spec, terminal_columns(1));
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
    if (missing->name && missing->all) {
        *missing->all = rest;
        missing += rest_count > 0;
    }
    if (missing->name) {
        out_usage("%s is missing: %s", missing->name, missing->help);
        return false;
    }
    return true;
}
