/*
 * Every field of struct lade_flow_options in one table: what it is, and what it does to samples. Checks, saved states
 * and what a net remembers are made from it, and a test sees to it that no field is left out.
 */
#ifndef LADE_FLOW_OPTION_OPTION_TABLE_H
#define LADE_FLOW_OPTION_OPTION_TABLE_H

#include <jansson.h>
#include <lade/flow.h>

enum lade__option_type {
    LADE__OPTION_BOOL,
    LADE__OPTION_INT,
    LADE__OPTION_INT64,
    LADE__OPTION_SEED, /* uint64_t, which JSON's numbers cannot hold */
    LADE__OPTION_FLOAT,
    LADE__OPTION_DOUBLE,
    LADE__OPTION_ENUM,
    LADE__OPTION_OWN /* pointers and structs */
};

/* What an option does; each includes those before it. */
enum lade__option_role {
    LADE__OPTION_FREE,   /* nothing to the bytes of batches */
    LADE__OPTION_SHAPES, /* the bytes of batches depend on it */
    LADE__OPTION_MAKES   /* so does what becomes of an image, chance aside */
};

struct lade__option {
    const char *name;
    size_t at, bytes; /* in the struct; an array of the type where it is as large as several */
    enum lade__option_type type;
    enum lade__option_role role;
    unsigned count;                /* OPTION_ENUM: values are below this */
    const char *(*word)(unsigned); /* OPTION_ENUM: their words; NULL: they are told as numbers */
    json_t *(*json)(const struct lade_flow_options *all,
                    int classes); /* OPTION_OWN that shapes: its value in a state */
};

/* Ends with a NULL name. */
extern const struct lade__option lade__option_table[];

/*
 * lade__options_json() - the options of role @least or above, of a stream of @classes classes, by name; NULL: no
 * memory. The caller's, to json_decref().
 *
 * lade__options_from_json() - the reverse, for options that make a sample; the others stay as they are. Returns NULL,
 * or the name of one that is missing or no value of such an option.
 */
json_t *lade__options_json(const struct lade_flow_options *options, enum lade__option_role least, int classes);
const char *lade__options_from_json(const json_t *object, struct lade_flow_options *options);

#endif
