/*
 * opt.h - reads command line options. The options are described by tables. Each row has the name of an option, its
 * type, the allowed values, the field that receives the value, and a text for the help. The parser, the messages and
 * --help use the same table.
 *
 *     struct settings { int64_t per_class; int size[2]; };
 *     static const struct opt table[] = {
 *         {"per-class", OPT_INT, OPT_AT(struct settings, per_class), .value = "N", .low = 1, .high = 1000000,
 *          .help = "images in each class", .preset = "200"},
 *         {"size", OPT_SIZE, OPT_AT(struct settings, size), .low = 8, .high = 4096,
 *          .help = "height and width (64x64)"},
 *         {0}};
 *
 * `--name value` and `--name=value` mean the same. Options and arguments may be mixed, and `--` ends the options. If an
 * option is given several times, the last value is used.
 */
#ifndef LADE_CLI_OPTION_OPT_H
#define LADE_CLI_OPTION_OPT_H

#include <lade/base.h>

#include <stdbool.h>
#include <stddef.h>

enum opt_type {
    OPT_FLAG,   /* an option without a value. Sets a bool or an int to .store, or to 1 if .store is 0 */
    OPT_INT,    /* a whole number from .low to .high. Stored in an int or int64_t */
    OPT_BYTES,  /* like OPT_INT. The suffixes K, M and G multiply the number by 1024, 1024^2 and 1024^3 */
    OPT_SEED,   /* a whole number from 0 to 2^64-1. Stored in a uint64_t */
    OPT_REAL,   /* a number, or a quotient such as 1/255, from .low to .high. Stored in a float or double */
    OPT_RANGE,  /* two numbers A,B with A <= B, from .low to .high. Stored in two floats or doubles */
    OPT_CHOICE, /* one of .words. The value of the word is stored in an int or enum */
    OPT_SIZE,   /* HxW, or N for NxN, from .low to .high. The height and the width are stored in two ints or int64_t */
    OPT_TEXT,   /* a string that is not empty. Stored in a const char *, which points into argv */
    OPT_LIST    /* words separated by commas. Stored in a const char *const *: an array that ends with NULL */
};

struct opt {
    const char *name; /* the name without the dashes */
    enum opt_type type;
    size_t at, bytes;  /* the field that receives the value: OPT_AT(struct, field) */
    const char *value; /* placeholder of the value in the help. NULL: HxW for OPT_SIZE, A,B for OPT_RANGE, else WORD */
    char letter;       /* a short name of one letter, for example 'o' for -o; 0 means no short name */
    double low, high;
    bool above;                    /* the number must be larger than .low */
    bool below;                    /* the number must be smaller than .high */
    bool single;                   /* OPT_RANGE also accepts one number, and stores 0 as the second number */
    int store;                     /* the value that OPT_FLAG stores */
    const struct lade_word *words; /* the allowed values of OPT_CHOICE; the array ends with a NULL word */
    const char *help;
    const char *preset; /* the default, as text for the help; or NULL */
};

#define OPT_AT(type, field) offsetof(type, field), sizeof(((type *)0)->field)

/* A group of options with its own heading in the help, and the struct that receives the values. */
struct opt_group {
    const char *title;
    const struct opt *options; /* ends with a NULL name */
    void *into;
};

/* A positional argument, for example "DIR". All arguments are required. */
struct opt_argument {
    const char *name;
    const char *help;
    const char **into; /* receives the argument; NULL if .all is set */
    /* Only the last argument may set this field. The user may repeat such an argument. opt_parse() sets *all to an
       array of the values, which ends with NULL and is valid as long as argv. */
    const char *const **all;
};

/* The arguments and options of a subcommand. Each list ends with an element of zeros. */
struct opt_spec {
    const char *name;        /* name of the subcommand, for example "flow" */
    const char *description; /* one or two sentences */
    const struct opt_argument *arguments;
    const struct opt_group *groups;
    const char *const *examples; /* pairs of strings: a purpose, and a command line */
};

/*
 * opt_parse() - reads the options and arguments argv[1..].
 *
 * Returns true if the command can run. Otherwise, stores the exit code in *@exit_code and returns false: EXIT_OK after
 * --help, or EXIT_USAGE after an error. The error message contains the option, its value and the allowed values.
 */
bool opt_parse(const struct opt_spec *spec, int argc, char **argv, int *exit_code);

/* opt_name() - returns the name of the option for a field, for example "batch-size" for "batch_size". The caller must
   free() the string. */
char *opt_name(const char *field);

/*
 * opt_is_default() - returns true if the option has its default in the struct @into.
 * opt_text()       - returns the value of an option in @into as text, for example "8x8", or "on" for a flag. The caller
 *                    must free() the string.
 */
bool opt_is_default(const struct opt *opt, const void *into);
char *opt_text(const struct opt *opt, const void *into);

/* opt_given() - returns true if opt_parse() has stored a value in @field. */
bool opt_given(const void *field);

/* opt_help() - prints the help text to stdout, for a terminal of @columns columns. */
void opt_help(const struct opt_spec *spec, int columns);

/* opt_word_list() - returns the words as a text, for example "categorical, binary or none" if @last_join is "or". The
   caller must free() the string. */
char *opt_word_list(const struct lade_word *words, const char *last_join);

#endif
