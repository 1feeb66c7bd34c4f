/*
 * Saves and restores the position of a flow: the epoch, and the number of samples of this epoch that come before the
 * next batch. A saved state also contains the data that must be the same when the flow is resumed: the name and value
 * of each option that affects the batches, and a hash of the files of each class. If the data differ, the error message
 * names the option or the class.
 */
#include <string.h>

#include "base/json.h"
#include "flow/option/option_table.h"
#include "flow/option/options.h"
#include "flow/flow_impl.h"

enum { VERSION = 1 };

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

/* Returns the name as a JSON string. If the name is not UTF-8, all bytes above 127 are written as \xNN. */
static json_t *name_json(const char *name) {
    json_t *text = json_string(name);
    char *escaped = text ? NULL : lade_alloc(4 * strlen(name) + 1), *p = escaped;

    if (!escaped)
        return text;
    for (const unsigned char *s = (const unsigned char *)name; *s; s++)
        p += sprintf(p, *s < 0x80 ? "%c" : "\\x%02x", *s);
    text = json_string(escaped);
    lade_free(escaped);
    return text;
}

static json_t *classes_json(const struct lade__samples *samples) {
    json_t *classes = json_array();

    for (int c = 0; classes && (c < samples->class_count || c == 0); c++) {
        const struct lade__group *group = &samples->groups[c];
        char hash[33];
        lade_digest_text(&group->names, hash);
        json_t *one = json_pack("{s:o, s:I, s:s}", "name", name_json(group->name), "files", (json_int_t)group->rows,
                                "hash", hash);
        if (json_array_append_new(classes, one) < 0) {
            json_decref(classes);
            return NULL;
        }
    }
    return classes;
}

int lade_flow_state(lade_flow *flow, char **out, struct lade_error *err) {
    json_t *state =
        json_pack("{s:i, s:I, s:I, s:I, s:o, s:o}", "lade_flow", VERSION, "epoch", (json_int_t)flow->epoch, "position",
                  (json_int_t)(flow->step * flow->sampler.batch_size), "samples", (json_int_t)flow->sampler.samples,
                  "options", lade__options_json(&flow->options, LADE_OPTION_STREAM, flow->samples.class_count),
                  "classes", classes_json(&flow->samples));
    char *text = lade__json_to_text(state);

    if (text)
        *out = text;
    json_decref(state);
    return text ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "no memory for the state of the flow");
}

/* ---- Comparing --------------------------------------------------------------------------------------------------- */

static int class_differs(json_t *saved, json_t *here, struct lade_error *err) {
    const char *was = json_string_value(json_object_get(saved, "name"));
    const char *is = json_string_value(json_object_get(here, "name"));

    if (!was || !is || strcmp(was, is) != 0)
        return lade_error_set_subject(err, LADE_EMISMATCH, is ? is : "",
                                      "class folder \"%.200s\" of the saved state is now \"%.200s\": the state belongs "
                                      "to other classes",
                                      was ? was : "(none)", is ? is : "(none)");
    if (!*is)
        return lade_error_set(err, LADE_EMISMATCH,
                              "the samples have changed since the state was saved (%lld then, %lld now): restore them, "
                              "or start a new run",
                              (long long)json_integer_value(json_object_get(saved, "files")),
                              (long long)json_integer_value(json_object_get(here, "files")));
    return lade_error_set_subject(err, LADE_EMISMATCH, is,
                                  "the files of class folder \"%.200s\" have changed since the state was saved (%lld "
                                  "then, %lld now): restore them, or start a new run",
                                  is, (long long)json_integer_value(json_object_get(saved, "files")),
                                  (long long)json_integer_value(json_object_get(here, "files")));
}

static int compare_classes(json_t *saved, json_t *here, struct lade_error *err) {
    size_t n = json_array_size(saved), m = json_array_size(here);

    for (size_t c = 0; c < n || c < m; c++)
        if (!json_equal(json_array_get(saved, c), json_array_get(here, c)))
            return class_differs(json_array_get(saved, c), json_array_get(here, c), err);
    return LADE_OK;
}

/* Adds options to @saved that did not exist in the version of lade that saved the state. Each of these options has its
   default value. With the defaults, a flow makes the same batches as that version. */
static int add_new_options(json_t *saved, int classes) {
    static const struct lade_flow_options defaults;
    json_t *all = lade__options_json(&defaults, LADE_OPTION_STREAM, classes);
    bool added = !json_is_object(saved) || (all && json_object_update_missing(saved, all) == 0);

    json_decref(all);
    return added ? LADE_OK : LADE_ENOMEM;
}

/* Earlier versions of lade did not turn images upright by default. If the options of the flow leave the orientation to
   the default, and no batch was made yet, the flow makes the same batches as the version that saved the state. */
static int use_saved_orientation(lade_flow *flow, const json_t *saved, struct lade_error *err) {
    const struct lade_flow_options *o = &flow->options;
    const json_t *value = json_object_get(saved, "exif_orientation");
    bool upright = json_is_true(value);

    if (!json_is_boolean(value) || o->exif_orientation || o->ignore_exif_orientation || lade__flow_workers(flow) ||
        upright || !lade__options_upright(o))
        return LADE_OK;
    return lade__flow_set_upright(flow, upright, err);
}

static int compare(lade_flow *flow, json_t *options, json_t *classes, struct lade_error *err) {
    int status = use_saved_orientation(flow, options, err);
    if (status < 0)
        return status;
    json_t *my_options = lade__options_json(&flow->options, LADE_OPTION_STREAM, flow->samples.class_count),
           *my_classes = classes_json(&flow->samples);

    if (!my_options || !my_classes || add_new_options(options, flow->samples.class_count) < 0)
        status = lade_error_set(err, LADE_ENOMEM, "no memory to compare the state with the flow");
    if (status == LADE_OK)
        status = lade__json_compare(options, my_options, "state", "open the flow with the same options", err);
    if (status == LADE_OK)
        status = compare_classes(classes, my_classes, err);
    json_decref(my_options);
    json_decref(my_classes);
    return status;
}

/* ---- Resuming ---------------------------------------------------------------------------------------------------- */

static int not_a_state(struct lade_error *err, const char *what) {
    return lade_error_set(err, LADE_EFORMAT, "this is not the state of a flow: %s; use a text from lade_flow_state()",
                          what);
}

static int read_state(lade_flow *flow, json_t *state, int64_t *epoch, int64_t *position, struct lade_error *err) {
    json_t *options, *classes;
    json_int_t version, e, p;

    if (json_unpack(state, "{s:I}", "lade_flow", &version) < 0)
        return not_a_state(err, "\"lade_flow\" is missing");
    if (version != VERSION)
        return lade_error_set(err, LADE_EMISMATCH,
                              "the state has version %lld, but this library reads version %d: use the version of lade "
                              "that saved the state",
                              (long long)version, VERSION);
    if (json_unpack(state, "{s:I, s:I, s:o, s:o}", "epoch", &e, "position", &p, "options", &options, "classes",
                    &classes) < 0)
        return not_a_state(err, "epoch, position, options or classes are missing");
    int status = compare(flow, options, classes, err);
    if (status < 0)
        return status;
    if (e < 0 || e > UINT32_MAX || p < 0 || p % flow->sampler.batch_size ||
        p / flow->sampler.batch_size >= lade__sampler_steps(&flow->sampler))
        return not_a_state(err, "epoch or position is out of range");
    *epoch = e;
    *position = p;
    return LADE_OK;
}

static void set_position(lade_flow *flow, int64_t epoch, int64_t position) {
    lade__monitor_enter(&flow->starting);
    struct lade__workers *workers = lade__flow_workers(flow);
    flow->epoch = epoch;
    flow->step = position / flow->sampler.batch_size;
    if (workers)
        lade__workers_discard(workers, flow->epoch, flow->step);
    lade__monitor_leave(&flow->starting);
}

int lade_flow_resume(lade_flow *flow, const char *text, struct lade_error *err) {
    char why[LADE__QUOTED];
    int64_t epoch = 0, position = 0;

    lade__monitor_enter(&flow->monitor);
    bool active = flow->reader != LADE__READER_NONE;
    lade__monitor_leave(&flow->monitor);
    if (active)
        return lade_error_set(err, LADE_ESTATE,
                              "a generator of batches reads the flow of %s: close the generator before resuming "
                              "(lade_gen_free)",
                              flow->samples.source);
    json_t *state = lade__json_parse(text, strlen(text), why);
    if (!state)
        return not_a_state(err, why);
    int status = read_state(flow, state, &epoch, &position, err);
    json_decref(state);
    if (status == LADE_OK)
        set_position(flow, epoch, position);
    return status;
}
