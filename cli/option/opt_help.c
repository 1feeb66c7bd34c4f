/*
 * Prints the help text of a command from the tables that the parser uses.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option/opt.h"
#include "terminal/output.h"
#include "terminal/text.h"

enum { NARROWEST = 50, WIDEST = 96, LEFT = 28 };

/* Prints words, beginning at column @at. Lines have at most @columns columns, and all lines after the first line are
   indented by @indent columns. */
static void print_wrapped(const char *words, int at, int indent, int columns) {
    while (*words) {
        int length = (int)strcspn(words, " ");
        if (at > indent && at + 1 + length > columns) {
            out_print("\n%*s", indent, "");
            at = indent;
        } else if (at > indent) {
            out_print(" ");
            at++;
        }
        out_print("%.*s", length, words);
        at += length;
        words += length;
        words += strspn(words, " ");
    }
    out_print("\n");
}

/* Returns the placeholder of the value with a space before it, for example " N" or " HxW". Returns "" for a flag. The
   caller must free() the string. */
static char *value_name(const struct opt *o) {
    if (o->type == OPT_FLAG)
        return text_printf("%s", "");
    if (o->value)
        return text_printf(" %s", o->value);
    return text_printf(" %s", o->type == OPT_SIZE ? "HxW" : o->type == OPT_RANGE ? "A,B" : "WORD");
}

static void print_option(const struct opt *o, int columns) {
    char *value = value_name(o);
    char *left =
        o->letter ? text_printf("  -%c, --%s%s", o->letter, o->name, value) : text_printf("  --%s%s", o->name, value);
    int length = (int)strlen(left);
    out_print("%s", left);
    if (length > LEFT - 2) {
        out_print("\n");
        length = 0;
    }
    out_print("%*s", LEFT - length, "");
    char *list = o->words ? opt_word_list(o->words, "or") : NULL;
    char *help = text_printf("%s%s%s%s%s%s%s", o->help, list || o->preset ? " (" : "", list ? list : "",
                             list && o->preset ? "; " : "", o->preset ? "default " : "", o->preset ? o->preset : "",
                             list || o->preset ? ")" : "");
    print_wrapped(help, LEFT, LEFT, columns);
    free(help);
    free(list);
    free(left);
    free(value);
}

void opt_help(const struct opt_spec *spec, int columns) {
    columns = columns < NARROWEST ? NARROWEST : columns > WIDEST ? WIDEST : columns;
    out_print("Usage: lade %s", spec->name);
    for (const struct opt_argument *a = spec->arguments; a->name; a++)
        out_print(" %s%s", a->name, a->all ? " ..." : "");
    out_print(" [option ...]\n\n");
    print_wrapped(spec->description, 0, 0, columns);
    out_print("\n");
    for (const struct opt_argument *a = spec->arguments; a->name; a++) {
        out_print("  %-*s", LEFT - 2, a->name);
        print_wrapped(a->help, LEFT, LEFT, columns);
    }
    for (const struct opt_group *g = spec->groups; g->title; g++) {
        out_print("\n%s:\n", g->title);
        for (const struct opt *o = g->options; o->name; o++)
            print_option(o, columns);
    }
    out_print("\n  -h, --help%*sprint this text\n", LEFT - 12, "");
    out_print("\nExamples:\n");
    for (const char *const *e = spec->examples; *e; e += 2)
        out_print("  # %s\n  %s\n", e[0], e[1]);
    out_print("\nExit status: 0 success, 1 run-time error, 2 wrong usage, 130 after Ctrl-C.\n");
}
