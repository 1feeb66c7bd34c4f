/*
 * Every field of struct lade_flow_options in one table: what it is, and whether it shapes the stream. Checks and saved
 * states are made from it, and a test sees to it that no field is left out.
 */
#ifndef LADE_FLOW_OPTION_TABLE_H
#define LADE_FLOW_OPTION_TABLE_H

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

struct lade__option {
    const char *name;
    size_t at, bytes; /* in the struct; an array of the type where it is as large as several */
    enum lade__option_type type;
    bool shapes;                   /* the bytes of batches depend on it */
    unsigned count;                /* OPTION_ENUM: values are below this */
    const char *(*word)(unsigned); /* OPTION_ENUM: their words; NULL: they are told as numbers */
    json_t *(*json)(const struct lade_flow_options *all,
                    int classes); /* OPTION_OWN that shapes: its value in a state */
};

/* Ends with a NULL name. */
extern const struct lade__option lade__option_table[];

/*
 * lade__options_json() - the options that shape a stream of @classes classes, by name; NULL: no memory. The caller's,
 * to json_decref().
 */
json_t *lade__options_json(const struct lade_flow_options *options, int classes);

#endif
