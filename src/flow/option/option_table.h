/*
 * The table of all stream options, one row for each field of struct lade_flow_options. Checks, defaults, saved states,
 * the preprocessing that a net keeps, and the options of the command follow from the rows. A test fails if a field has
 * no row.
 */
#ifndef LADE_SRC_FLOW_OPTION_OPTION_TABLE_H
#define LADE_SRC_FLOW_OPTION_OPTION_TABLE_H

#include <lade/flow.h>

#include <jansson.h>

enum { LADE__MOST_WORKERS = 1024 };

struct lade__option {
    struct lade_option_info info;
    bool state_keeps_zero; /* saved states contain 0 for the default, so the default is not filled in before */
    /* The value for a saved state, for options of type LADE_OPTION_OTHER. NULL if there is no memory. */
    json_t *(*json)(const struct lade_flow_options *options, int classes);
};

/* The rows. The last one has no name. */
extern const struct lade__option lade__option_table[];

/*
 * lade__options_json() - returns an object with the options that have at least the role @least, in the order of the
 * table, for a stream with @classes classes. NULL if there is no memory. The caller frees it with json_decref().
 *
 * lade__options_from_json() - reads the options with the role LADE_OPTION_SAMPLE from such an object; the others stay
 * unchanged. Returns NULL, or the name of an option that is missing or has a wrong value.
 */
json_t *lade__options_json(const struct lade_flow_options *options, enum lade_option_role least, int classes);
const char *lade__options_from_json(const json_t *object, struct lade_flow_options *options);

#endif
