/*
 * Declares the table of all stream options, which has one row for each field of struct lade_flow_options. The rows
 * define the checks, the defaults, the saved states, the preprocessing that a net stores, and the options of the
 * program `lade`. A test fails if a field has no row.
 */
#ifndef LADE_SRC_FLOW_OPTION_OPTION_TABLE_H
#define LADE_SRC_FLOW_OPTION_OPTION_TABLE_H

#include <lade/flow.h>

#include <jansson.h>

enum { LADE__MOST_WORKERS = 1024 };

struct lade__option {
    struct lade_option_info info;
    bool state_keeps_zero; /* saved states contain 0 for the default, not the value of the default */
    bool added; /* the option is missing in preprocessing that earlier versions stored; its value is then 0 */
    /* For options of type LADE_OPTION_OTHER: returns the value for a saved state, or NULL if there is no memory. */
    json_t *(*json)(const struct lade_flow_options *options, int classes);
    /* For options with `json` and the role LADE_OPTION_SAMPLE: reads the value that `json` returned. Returns false if
       the value is wrong. */
    bool (*read)(const json_t *json, struct lade_flow_options *options);
};

/* The rows of the table. The name of the last row is NULL. */
extern const struct lade__option lade__option_table[];

/*
 * lade__options_json() - returns a JSON object with the options whose role is @least or higher, in the order of the
 * table. @classes is the number of classes of the stream. The caller frees the object with json_decref(). Returns NULL
 * if there is no memory.
 *
 * lade__options_from_json() - reads the options with the role LADE_OPTION_SAMPLE from a JSON object. Other options do
 * not change. If an option with the flag `added` is missing, it is set to zero. Returns NULL if all options with this
 * role are valid. Otherwise, returns the name of an option that is missing or has a wrong value.
 */
json_t *lade__options_json(const struct lade_flow_options *options, enum lade_option_role least, int classes);
const char *lade__options_from_json(const json_t *object, struct lade_flow_options *options);

/* Returns the statistics, with a hash in place of the ZCA matrix, or a JSON null if no option uses the statistics.
   Returns NULL if out of memory. */
json_t *lade__options_stats_json(const struct lade_flow_options *options);

#endif
