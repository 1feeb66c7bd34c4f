/*
 * ignored.h - counts the entries of a tree that a scan ignores, and keeps the first names of each kind.
 */
#ifndef LADE_CLI_COMMAND_SCAN_IGNORED_H
#define LADE_CLI_COMMAND_SCAN_IGNORED_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include <lade/flow.h>

enum { IGNORED_NAMES = 5, IGNORED_SUFFIXES = 200 };

struct ignored_count {
    int64_t count;
    char *first[IGNORED_NAMES]; /* the first paths; NULL if there are fewer */
};

/* Initialise the struct with {0}. */
struct ignored {
    int64_t count; /* the sum of all reasons */
    struct ignored_count reasons[LADE_IGNORED_COUNT];
    /* Files without a suffix of an image format, by suffix. After IGNORED_SUFFIXES suffixes, all other suffixes are
       counted in the last element, whose suffix is NULL. */
    struct ignored_suffix {
        char *suffix; /* lower case, without the dot; "" if the name has no suffix */
        struct ignored_count files;
    } suffixes[IGNORED_SUFFIXES + 1];
    size_t suffix_count;
};

/* Counts an entry. Ends the program if memory runs out. */
void ignored_add(struct ignored *ignored, const struct lade_ignored_entry *entry);

/* Sorts the suffixes by count, the highest first. */
void ignored_sort(struct ignored *ignored);

/* Print the counts as text. ignored_print_counts() prints one line, and ignored_print_names() prints the first names. */
void ignored_print_counts(const struct ignored *ignored);
void ignored_print_names(const struct ignored *ignored);

/* Returns the counts and names as a new JSON object. */
json_t *ignored_json(const struct ignored *ignored);
void ignored_free(struct ignored *ignored);

#endif
