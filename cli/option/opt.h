/*
 * opt.h - options, from tables. A table says for each option its name, its type, the values allowed, where the value
 * goes and one sentence for the help; parser, messages and `--help` all read the same table.
 *
 *     struct settings { int64_t per_class; int size[2]; };
 *     static const struct opt table[] = {
 *         {"per-class", OPT_INT, OPT_AT(struct settings, per_class), .value = "N", .low = 1, .high = 1000000,
 *          .help = "images in each class", .preset = "200"},
 *         {"size", OPT_SIZE, OPT_AT(struct settings, size), .low = 8, .high = 4096, .help = "height and width
 * (64x64)"}, {0}};
 *
 * `--name value` and `--name=value` are the same; options and arguments may be mixed; `--` ends the options; the last
 * of several equal options counts.
 */
#ifndef LADE_CLI_OPTION_OPT_H
#define LADE_CLI_OPTION_OPT_H

#include <stdbool.h>
#include <stddef.h>

enum opt_type {
    OPT_FLAG,   /* takes no value: stores .store (0 counts as 1) in a bool or an int */
    OPT_INT,    /* a whole number, .low .. .high; int or int64_t */
    OPT_SEED,   /* a whole number, 0 .. 2^64-1; uint64_t */
    OPT_REAL,   /* a number or a quotient such as 1/255, .low .. .high; float or double */
    OPT_RANGE,  /* two such numbers with a comma between, the first not above the second; two float or two double */
    OPT_CHOICE, /* one of .words; an int or enum */
    OPT_SIZE,   /* HxW, or N for NxN, each .low .. .high; two int or two int64_t, height first */
    OPT_TEXT,   /* anything not empty; a const char *, which points into argv */
    OPT_LIST    /* words with commas between them; a const char *const *, NULL at the end. Lives as long as argv */
};

/* One word that an OPT_CHOICE may have, and its value; the list ends with a NULL word. */
struct opt_word {
    const char *word;
    int value;
};

struct opt {
    const char *name; /* without the dashes */
    enum opt_type type;
    size_t at, bytes;  /* where the value goes: OPT_AT(struct, field) */
    const char *value; /* what the help calls the value; NULL: HxW for OPT_SIZE, the words for OPT_CHOICE */
    char letter;       /* a one-letter name besides, 'o'; 0: none */
    double low, high;
    bool above;  /* the number must be larger than .low, not equal */
    bool single; /* OPT_RANGE: one number will do; the second is 0 then */
    int store;   /* what OPT_FLAG stores */
    const struct opt_word *words;
    const char *help;
    const char *preset; /* what holds without the option, for the help; NULL: nothing to tell */
};

#define OPT_AT(type, field) offsetof(type, field), sizeof(((type *)0)->field)

/* Options that belong together under a heading of the help, and the struct they fill. */
struct opt_group {
    const char *title;
    const struct opt *options; /* ends with a NULL name */
    void *into;
};

/* A positional argument: "DIR", and where it goes. All are required. */
struct opt_argument {
    const char *name;
    const char *help;
    const char **into;
    const char *const *
        *all; /* instead, the last one only: it and all that follow, NULL at the end. Live as argv does */
};

/* What a subcommand takes; the lists end with a NULL name, title or pointer. */
struct opt_spec {
    const char *name;        /* "flow" */
    const char *description; /* one or two sentences */
    const struct opt_argument *arguments;
    const struct opt_group *groups;
    const char *const *examples; /* pairs: what it is for, the command line */
};

/*
 * opt_parse() - read argv[1..].
 *
 * Returns true with everything filled in, or false with *@exit_code what the program ends with: EXIT_OK after --help,
 * EXIT_USAGE after a message that names the option, what was given and what is allowed.
 */
bool opt_parse(const struct opt_spec *spec, int argc, char **argv, int *exit_code);

/* opt_given() - did opt_parse() read an option into @field of the struct that its group fills? */
bool opt_given(const void *field);

/*
 * opt_keep_given() - copy those fields of @into's struct from @from that opt_parse() read an option of @options into;
 * the others of @into stay. @from is what the group's `into` was.
 */
void opt_keep_given(const struct opt *options, const void *from, void *into);

/* opt_help() - the help text, to stdout, for a terminal of @columns. */
void opt_help(const struct opt_spec *spec, int columns);

/* The words of an OPT_CHOICE as "categorical, binary or none"; a string to free(). */
char *opt_word_list(const struct opt_word *words);

#endif
