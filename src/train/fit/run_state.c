/*
 * train/fit/run_state.c - writes the checkpoint of a run. A checkpoint is the file of a net that also contains the
 * state of the run. Numbers are written with all their digits, so that a resumed run ends with the same bytes as a run
 * without interruption. For the same reason, the file contains neither times nor paths.
 */
#include "train/fit/run_state.h"

#include <math.h>

#include "base/json.h"
#include "train/net/net.h"

/* ---- Options and machine, which must be equal in a restored run -------------------------------------------------- */

/* Adds @value to an object and takes over the reference to @value. If there is no memory, sets *object to NULL. */
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

static json_t *class_weight_to_json(const lade_fit_run *r) {
    int64_t classes = lade__class_count(r->trainer.net->info.outputs);
    json_t *list = json_array();
    for (int64_t i = 0; list && r->trainer.class_weight && i < classes; i++)
        if (json_array_append_new(list, lade__number_to_json((double)r->trainer.class_weight[i])) != 0) {
            json_decref(list);
            list = NULL;
        }
    return list;
}

json_t *lade__run_options_to_json(const lade_fit_run *r) {
    const struct lade_optimizer *o = &r->trainer.optimizer.options;
    const struct lade_schedule *s = &r->trainer.schedule.options;
    bool validation = r->options.validation.next != NULL;
    json_t *json = json_object();
    add(&json, "optimizer", json_string(r->trainer.optimizer.kind->info.name));
    for (int i = 0; i < LADE__HYPERPARAMETERS; i++) {
        const struct lade__hyperparameter *h = &lade__hyperparameters[i];
        double value = lade__hyperparameter_get(o, i);
        add(&json, h->name, h->is_flag ? json_boolean(value != 0) : lade__number_to_json(value));
    }
    add(&json, "schedule", json_string(lade_schedule_info(s->kind)->name));
    add_count(&json, "warmup", s->warmup);
    add_count(&json, "schedule.epochs", s->epochs);
    add_number(&json, "schedule.factor", (double)s->factor);
    const struct lade_schedule *usual = &lade_schedule_info(s->kind)->defaults;
    if (s->min_lr != usual->min_lr) /* earlier versions did not write these two options */
        add_number(&json, "schedule.min_lr", (double)s->min_lr);
    if (s->eps != usual->eps)
        add_number(&json, "schedule.eps", (double)s->eps);
    add_count(&json, "steps_per_epoch", r->metrics.steps);
    add_count(&json, "accumulate", r->trainer.accumulate);
    add_number(&json, "clipvalue", (double)r->options.clipvalue);
    add_number(&json, "global_clipnorm", (double)r->options.global_clipnorm);
    add_number(&json, "label_smoothing", (double)r->options.label_smoothing);
    add(&json, "class_weight", class_weight_to_json(r));
    add(&json, "validation", json_boolean(validation));
    add_count(&json, "validation_steps", validation ? r->validation_steps : 0);
    return json;
}

json_t *lade__run_machine_to_json(const lade_fit_run *r) {
    char version[LADE__ENGINE_VERSION];
    return json_pack("{s:i, s:s}", "threads", r->trainer.net->info.threads, "kernels", lade__engine_version(version));
}

/* ---- Saving ------------------------------------------------------------------------------------------------------ */

/* Stores the state of a source in *out. If the source has no state, stores JSON null. */
static int source_to_json(const struct lade_source *source, const char *what, json_t **out, struct lade_error *err) {
    char *text = NULL;
    *out = NULL;
    if (!source->next || !source->state_get) {
        *out = json_null();
        return LADE_OK;
    }
    int status = source->state_get(source->ctx, &text, err);
    if (status == LADE_OK && !lade__is_utf8(text))
        status =
            lade_error_set_subject(err, LADE_EINVAL, what,
                                   "%s: the state of the source (state_get) is not UTF-8, so it cannot be saved", what);
    else if (status == LADE_OK && !(*out = json_string(text)))
        status = lade_error_set(err, LADE_ENOMEM, "no memory for the state of a source");
    lade_free(text);
    return status;
}

int lade__run_state(const lade_fit_run *r, char **out, struct lade_error *err) {
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
    add_count(&run, "updates", r->trainer.optimizer.updates);
    add_count(&run, "clock", (int64_t)r->trainer.net->clock);
    add_number(&run, "base_lr", r->trainer.base_lr);
    if (!isnan(r->trainer.written_lr))
        add_number(&run, "written_lr", r->trainer.written_lr);
    add_number(&run, "next_lr", r->trainer.lr);
    if (r->trainer.schedule.options.kind == LADE_COSINE) /* only this schedule depends on the number of epochs */
        add_count(&run, "schedule_updates", r->trainer.schedule.updates);
    add_number(&run, "last_lr", m->last_lr);
    add(&run, "tally",
        json_pack("[I, o, o, o]", (json_int_t)r->sums.samples, lade__number_to_json(r->sums.weight),
                  lade__number_to_json(r->sums.loss), lade__number_to_json(r->sums.correct)));
    add(&run, LADE__RUN_PENDING,
        json_pack("[I, o]", (json_int_t)r->trainer.batches, lade__number_to_json(r->trainer.weight)));
    add(&run, "plateau",
        json_pack("[o, o, I]", lade__number_to_json(r->trainer.schedule.factor),
                  lade__number_to_json(r->trainer.schedule.best), (json_int_t)r->trainer.schedule.bad_epochs));
    if (r->best.values)
        add(&run, LADE__RUN_BEST, json_pack("[i, b]", r->best.epoch, lade__best_is_separate(r)));
    add(&run, "options", lade__run_options_to_json(r));
    add(&run, "machine", lade__run_machine_to_json(r));
    add(&run, "history", lade__history_to_json(&r->history));
    add(&run, "source", source);
    add(&run, "validation", validation);
    *out = lade__json_to_text(run);
    json_decref(run);
    return *out ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "no memory for the state of the run");
}

int lade__run_blocks(const lade_fit_run *r, bool separate, struct lade__block blocks[LADE__RUN_BLOCKS]) {
    int count = 0;
    for (int i = 0; i < LADE__OPTIMIZER_STATES; i++)
        if (r->trainer.optimizer.states[i])
            blocks[count++] =
                (struct lade__block){r->trainer.optimizer.kind->states[i].name, r->trainer.optimizer.states[i]};
    if (r->trainer.pending)
        blocks[count++] = (struct lade__block){LADE__RUN_PENDING, r->trainer.pending};
    if (separate)
        blocks[count++] = (struct lade__block){LADE__RUN_LAST, r->trainer.net->values, true};
    return count;
}

int lade__run_write(lade_fit_run *r, const char *state, struct lade_error *err) {
    struct lade__block blocks[LADE__RUN_BLOCKS];
    bool separate = lade__best_is_separate(r);
    return lade__checkpoint_write(r->trainer.net, separate ? r->best.values : r->trainer.net->values,
                                  r->options.checkpoint, &(struct lade__meta){LADE__RUN_KEY, state}, blocks,
                                  lade__run_blocks(r, separate, blocks), err);
}

int lade__run_save(lade_fit_run *r, struct lade_error *err) {
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
