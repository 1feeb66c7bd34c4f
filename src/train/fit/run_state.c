/*
 * train/fit/run_state.c - saves and restores a run. A restored run ends with the same bytes as a run without
 * interruption. A checkpoint is the file of a net with more in it. Numbers are written with all their digits, and the
 * file contains neither times nor paths.
 */
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "train/file/checkpoint.h"
#include "train/fit/run.h"
#include "train/net/net.h"

#define KEY     "lade.run"
#define PENDING "pending"

/* ---- What a restored run must have in common with the saved one -------------------------------------------------- */

/* Adds @value to an object and releases it. If there is no memory, *object becomes NULL. */
static void add(json_t **object, const char *key, json_t *value) {
    if (*object && json_object_set_new(*object, key, value) == 0)
        return;
    if (!*object)
        json_decref(value);
    json_decref(*object);
    *object = NULL;
}

static void add_number(json_t **object, const char *key, double value) {
    add(object, key, lade__number_to_json(value));
}

static void add_count(json_t **object, const char *key, int64_t value) {
    add(object, key, json_integer(value));
}

static json_t *class_weight_to_json(const struct lade__run *r) {
    int64_t classes = lade__class_count(r->net->info.outputs);
    json_t *list = json_array();
    for (int64_t i = 0; list && r->options.class_weight && i < classes; i++)
        if (json_array_append_new(list, lade__number_to_json((double)r->options.class_weight[i])) != 0) {
            json_decref(list);
            list = NULL;
        }
    return list;
}

/* Returns the options that the result depends on, except `epochs`, because a resumed run may be longer. Returns NULL if
   there is no memory. */
static json_t *options_to_json(const struct lade__run *r) {
    const struct lade_optimizer *o = &r->optimizer.options;
    const struct lade_schedule *s = &r->schedule.options;
    bool validation = r->options.validation.next != NULL;
    json_t *json = json_object();
    add(&json, "optimizer", json_string(r->optimizer.kind->info.name));
    for (int i = 0; i < LADE__HYPERPARAMETERS; i++) {
        const struct lade__hyperparameter *h = &lade__hyperparameters[i];
        double value = lade__hyperparameter_get(o, i);
        add(&json, h->name, h->is_flag ? json_boolean(value != 0) : lade__number_to_json(value));
    }
    add(&json, "schedule", json_string(lade_schedule_info(s->kind)->name));
    add_count(&json, "warmup", s->warmup);
    add_count(&json, "schedule.epochs", s->epochs);
    add_number(&json, "schedule.factor", (double)s->factor);
    add_count(&json, "steps_per_epoch", r->metrics.steps);
    add_count(&json, "accumulate", r->accumulate);
    add_number(&json, "clipvalue", (double)r->options.clipvalue);
    add_number(&json, "global_clipnorm", (double)r->options.global_clipnorm);
    add_number(&json, "label_smoothing", (double)r->options.label_smoothing);
    add(&json, "class_weight", class_weight_to_json(r));
    add(&json, "validation", json_boolean(validation));
    add_count(&json, "validation_steps", validation ? r->validation_steps : 0);
    return json;
}

static json_t *machine_to_json(const struct lade__run *r) {
    char version[LADE__ENGINE_VERSION];
    return json_pack("{s:i, s:s}", "threads", r->net->info.threads, "kernels", lade__engine_version(version));
}

/* ---- Saving ------------------------------------------------------------------------------------------------------ */

/* Stores the state of a source in *out; JSON null if the source has no state. */
static int source_to_json(const struct lade_source *source, const char *what, json_t **out, struct lade_error *err) {
    char *text = NULL;
    *out = NULL;
    if (!source->next || !source->state_get) {
        *out = json_null();
        return LADE_OK;
    }
    int status = source->state_get(source->ctx, &text, err);
    if (status == LADE_OK && !lade__is_utf8(text))
        status = lade_error_set_subject(err, LADE_EINVAL, what,
                                        "%s: its state (state_get) is not UTF-8, so that it cannot be saved", what);
    else if (status == LADE_OK && !(*out = json_string(text)))
        status = lade_error_set(err, LADE_ENOMEM, "no memory for the state of a source");
    lade_free(text);
    return status;
}

int lade__run_state(const struct lade__run *r, char **out, struct lade_error *err) {
    const struct lade_metrics *m = &r->metrics;
    json_t *source, *validation = NULL;
    *out = NULL;
    int status = source_to_json(&r->source, "source", &source, err);
    if (status == LADE_OK)
        status = source_to_json(&r->options.validation, "validation", &validation, err);
    if (status < 0) {
        json_decref(source);
        return status;
    }
    json_t *run = json_object();
    add_count(&run, "epoch", m->epoch);
    add_count(&run, "step", m->step);
    add_count(&run, "updates", r->optimizer.updates);
    add_count(&run, "clock", (int64_t)r->net->clock);
    add_number(&run, "base_lr", r->base_lr);
    add_number(&run, "last_lr", m->last_lr);
    add(&run, "tally",
        json_pack("[I, o, o, o]", (json_int_t)r->sums.samples, lade__number_to_json(r->sums.weight),
                  lade__number_to_json(r->sums.loss), lade__number_to_json(r->sums.correct)));
    add(&run, PENDING, json_pack("[I, o]", (json_int_t)r->pending_batches, lade__number_to_json(r->pending_weight)));
    add(&run, "plateau",
        json_pack("[o, o, I]", lade__number_to_json(r->schedule.factor), lade__number_to_json(r->schedule.best),
                  (json_int_t)r->schedule.bad_epochs));
    add(&run, "options", options_to_json(r));
    add(&run, "machine", machine_to_json(r));
    add(&run, "history", lade__history_to_json(&r->history));
    add(&run, "source", source);
    add(&run, "validation", validation);
    *out = lade__json_to_text(run);
    json_decref(run);
    return *out ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "no memory for the state of the run");
}

/* Lists the arrays that a checkpoint has besides the parameters. Returns their number. */
static int extra_blocks(const struct lade__run *r, struct lade__block blocks[LADE__OPTIMIZER_STATES + 1]) {
    int count = 0;
    for (int i = 0; i < LADE__OPTIMIZER_STATES; i++)
        if (r->optimizer.states[i])
            blocks[count++] = (struct lade__block){r->optimizer.kind->states[i].name, r->optimizer.states[i]};
    if (r->pending)
        blocks[count++] = (struct lade__block){PENDING, r->pending};
    return count;
}

int lade__run_write(struct lade__run *r, const char *state, struct lade_error *err) {
    struct lade__block blocks[LADE__OPTIMIZER_STATES + 1];
    return lade__checkpoint_write(r->net, r->options.checkpoint, &(struct lade__meta){KEY, state}, blocks,
                                  extra_blocks(r, blocks), err);
}

int lade__run_save(struct lade__run *r, struct lade_error *err) {
    struct lade_error why = {0};
    char *state;
    int status = lade__run_state(r, &state, &why);
    if (status < 0)
        return lade_error_set_subject(err, status, *why.subject ? why.subject : r->options.checkpoint,
                                      "cannot write %s: %s", r->options.checkpoint, why.message);
    status = lade__run_write(r, state, err);
    lade_free(state);
    return status;
}

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

static int damaged(struct lade_error *err, const char *why) {
    return lade_error_set(err, LADE_EFORMAT, "\"" KEY "\" in \"__metadata__\" is damaged: %s", why);
}

static int check_run(const struct lade__run *r, const json_t *run, struct lade_error *err) {
    json_t *options = options_to_json(r), *machine = machine_to_json(r);
    int status = options && machine ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "no memory");
    if (status == LADE_OK)
        status = lade__json_compare(json_object_get(run, "options"), options, "run",
                                    "use the same options, or start a new run from that net", err);
    if (status == LADE_OK && !r->options.allow_different)
        status = lade__json_compare(
            json_object_get(run, "machine"), machine, "run",
            "the run would not end with the same bytes; set allow_different to resume it anyway", err);
    json_decref(options);
    json_decref(machine);
    return status;
}

/* Reads the numbers of the run into @r, and the clock of the net. Returns the name of an invalid one, or NULL. */
static const char *read_numbers(struct lade__run *r, const json_t *run, int64_t *clock) {
    struct lade_metrics *m = &r->metrics;
    struct lade__loss_sums *t = &r->sums;
    struct lade__schedule *s = &r->schedule;
    const json_t *sums = json_object_get(run, "tally"), *pending = json_object_get(run, PENDING),
                 *plateau = json_object_get(run, "plateau");
    int64_t epoch;
    if (!lade__count_from_json(json_object_get(run, "epoch"), INT_MAX - 1, &epoch))
        return "epoch";
    if (!lade__count_from_json(json_object_get(run, "step"), m->steps, &m->step))
        return "step";
    if (!lade__count_from_json(json_object_get(run, "updates"), LADE__COUNT_MOST, &r->optimizer.updates))
        return "updates";
    if (!lade__count_from_json(json_object_get(run, "clock"), LADE__COUNT_MOST, clock))
        return "clock";
    if (!lade__number_from_json(json_object_get(run, "base_lr"), 0, DBL_MAX, &r->base_lr))
        return "base_lr";
    if (!lade__number_from_json(json_object_get(run, "last_lr"), 0, DBL_MAX, &m->last_lr))
        return "last_lr";
    if (!lade__count_from_json(json_array_get(sums, 0), LADE__COUNT_MOST, &t->samples) ||
        !lade__number_from_json(json_array_get(sums, 1), 0, DBL_MAX, &t->weight) ||
        !lade__number_from_json(json_array_get(sums, 2), -DBL_MAX, DBL_MAX, &t->loss) ||
        !lade__number_or_null_from_json(json_array_get(sums, 3), (double)NAN, &t->correct))
        return "tally";
    if (!lade__count_from_json(json_array_get(pending, 0), r->accumulate - 1, &r->pending_batches) ||
        !lade__number_from_json(json_array_get(pending, 1), 0, DBL_MAX, &r->pending_weight))
        return PENDING;
    if (!lade__number_from_json(json_array_get(plateau, 0), DBL_MIN, 1, &s->factor) ||
        !lade__number_or_null_from_json(json_array_get(plateau, 1), (double)INFINITY, &s->best) ||
        !lade__count_from_json(json_array_get(plateau, 2), LADE__COUNT_MOST, &s->bad_epochs))
        return "plateau";
    m->epoch = (int)epoch;
    return NULL;
}

/* Reads the history. An epoch whose steps are finished but which is not in the history was interrupted during its
   validation. */
static int read_history(struct lade__run *r, const json_t *run, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    int status = lade__history_from_json(&r->history, json_object_get(run, "history"), m->epochs, m->steps, err);
    m->epoch_end = m->step == m->steps && r->history.count == m->epoch + 1;
    bool wrong_length = status == LADE_OK && r->history.count != m->epoch + m->epoch_end;
    return status == LADE_EFORMAT || wrong_length ? damaged(err, "history") : status;
}

/* Restores the states of the sources. Checks that all of them have a state before it changes one. */
static int set_sources(const struct lade__run *r, const json_t *run, struct lade_error *err) {
    const struct {
        const struct lade_source *source;
        const char *name;
    } sources[] = {{&r->source, "source"}, {&r->options.validation, "validation"}};
    for (int i = 0; i < 2; i++)
        if (sources[i].source->next &&
            (!sources[i].source->state_set || !json_is_string(json_object_get(run, sources[i].name))))
            return lade_error_set_subject(err, LADE_EUNSUPPORTED, sources[i].name,
                                          "%s: it has no state, so that the run cannot be resumed", sources[i].name);
    int status = LADE_OK;
    for (int i = 0; i < 2 && status == LADE_OK; i++)
        if (sources[i].source->next)
            status = sources[i].source->state_set(sources[i].source->ctx,
                                                  json_string_value(json_object_get(run, sources[i].name)), err);
    return status;
}

/* Restores everything. The net belongs to the caller, so it changes last, when only the disk can still fail. */
static int restore_from(struct lade__run *r, const json_t *run, const struct lade__safetensors *file,
                        struct lade_error *err) {
    struct lade__block blocks[LADE__OPTIMIZER_STATES + 1];
    int64_t clock;
    int status = check_run(r, run, err);
    if (status == LADE_OK)
        status = lade__checkpoint_check(r->net, file, blocks, extra_blocks(r, blocks), err);
    if (status < 0)
        return status;
    const char *wrong = read_numbers(r, run, &clock);
    if (wrong)
        return damaged(err, wrong);
    status = read_history(r, run, err);
    if (status == LADE_OK)
        status = set_sources(r, run, err);
    if (status == LADE_OK)
        status = lade__checkpoint_read(r->net, file, blocks, extra_blocks(r, blocks), err);
    if (status == LADE_OK)
        r->net->clock = (uint64_t)clock;
    return status;
}

static int restore(struct lade__run *r, const struct lade__safetensors *file, struct lade_error *err) {
    const char *text = lade__safetensors_meta(file, KEY);
    if (!text)
        return lade_error_set(err, LADE_EINVAL,
                              "it contains a net, but no training run; start a new run from that net");
    char why[LADE__QUOTED] = "it is not a JSON object";
    json_t *run = lade__json_parse(text, strlen(text), why);
    int status = json_is_object(run) ? restore_from(r, run, file, err) : damaged(err, why);
    json_decref(run);
    return status;
}

int lade__run_restore(struct lade__run *r, struct lade_error *err) {
    struct lade__safetensors file;
    struct lade_error why = {0};
    int status = lade__safetensors_open(&file, r->options.resume, err);
    if (status < 0)
        return status;
    status = restore(r, &file, &why);
    lade__safetensors_close(&file);
    const char *subject = *why.subject ? why.subject : r->options.resume; /* an option or source, or the file */
    return status < 0 ? lade_error_set_subject(err, status, subject, "%s: %s", r->options.resume, why.message)
                      : LADE_OK;
}
