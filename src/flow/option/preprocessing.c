/*
 * Writes and reads the preprocessing of images as JSON. The JSON text is saved with a net, so that images for inference
 * are prepared by the same steps as in training.
 */
#include <string.h>

#include "base/json.h"
#include "flow/option/option_table.h"
#include "flow/option/options.h"

int lade__options_describe_preprocessing(const struct lade_flow_options *options, char **out, struct lade_error *err) {
    struct lade_flow_options o = *options;

    if (o.crop == LADE_CROP_RANDOM)
        o.crop = LADE_CROP_CENTER;
    json_t *json = lade__options_json(&o, LADE_OPTION_SAMPLE, 0);
    json_t *stats = lade__options_stats_json(&o);
    if (json && !json_is_null(stats) && json_object_set(json, "stats", stats) < 0) { /* fails if stats is NULL */
        json_decref(json);
        json = NULL;
    }
    json_decref(stats);
    *out = lade__json_to_text(json);
    json_decref(json);
    return *out ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "no memory to describe the preprocessing");
}

int lade_flow_options_set_preprocessing(struct lade_flow_options *options, const char *preprocessing,
                                        struct lade_error *err) {
    struct lade_flow_options read = *options;
    char why[LADE__QUOTED];
    json_t *json = lade__json_parse(preprocessing, strlen(preprocessing), why);

    if (!json)
        return lade_error_set(err, LADE_EFORMAT, "the text does not come from lade_flow_preprocessing(): %s", why);
    const char *wrong = lade__options_from_json(json, &read);
    json_decref(json);
    if (wrong)
        return lade_error_set_subject(
            err, LADE_EFORMAT, wrong,
            "preprocessing: %s is missing, or this version of lade does not support its value", wrong);
    *options = read;
    return LADE_OK;
}
