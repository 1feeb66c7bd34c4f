/*
 * train/fit/run_restore.c - restores a run from a checkpoint. Every number is checked, because the file may be damaged.
 */
#include <float.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "train/fit/run_state.h"
#include "train/net/net.h"

static int damaged(struct lade_error *err, const char *why) {
    return lade_error_set(err, LADE_EFORMAT, "\"" LADE__RUN_KEY "\" in \"__metadata__\" is damaged: %s", why);
}

static int check_run(const lade_fit_run *r, const json_t *run, struct lade_error *err) {
    json_t *options = lade__run_options_to_json(r), *machine = lade__run_machine_to_json(r);
    int status = options && machine ? LADE_OK : lade_error_set(err, LADE_ENOMEM, "no memory");
    if (status == LADE_OK)
        status = lade__json_compare(json_object_get(run, "options"), options, "run",
                                    "use the same options, or start a new run from the saved net", err);
    if (status == LADE_OK && !r->options.allow_different)
        status = lade__json_compare(
            json_object_get(run, "machine"), machine, "run",
            "the result would differ in the last bits; set allow_different to resume the run anyway", err);
    json_decref(options);
    json_decref(machine);
    return status;
}

/* Reads three numbers that determine the learning rate. Earlier versions did not write these numbers. Returns the name
   of the first invalid number, or NULL. */
static const char *read_schedule(lade_fit_run *r, const json_t *run) {
    const json_t *written = json_object_get(run, "written_lr"), *next = json_object_get(run, "next_lr"),
                 *updates = json_object_get(run, "schedule_updates");
    int64_t length = 0;
    if (written && !lade__number_from_json(written, 0, DBL_MAX, &r->trainer.written_lr))
        return "written_lr";
    if (next && !lade__number_from_json(next, 0, DBL_MAX, &r->metrics.resumed_lr))
        return "next_lr";
    if (updates && !lade__count_from_json(updates, INT64_MAX, &length))
        return "schedule_updates";
    if (updates && r->options.keep_schedule)
        r->trainer.schedule.updates = length;
    return NULL;
}

/* Reads the numbers of the run into @r. Sets *clock to the number of batches on which the net was trained. Returns the
   name of the first invalid number, or NULL. */
static const char *read_numbers(lade_fit_run *r, const json_t *run, int64_t *clock) {
    struct lade_metrics *m = &r->metrics;
    struct lade__loss_sums *t = &r->sums;
    struct lade__schedule *s = &r->trainer.schedule;
    const json_t *sums = json_object_get(run, "tally"), *pending = json_object_get(run, LADE__RUN_PENDING),
                 *plateau = json_object_get(run, "plateau");
    int64_t epoch;
    if (!lade__count_from_json(json_object_get(run, "epoch"), INT_MAX - 1, &epoch))
        return "epoch";
    if (!lade__count_from_json(json_object_get(run, "step"), m->steps, &m->step))
        return "step";
    if (!lade__count_from_json(json_object_get(run, "updates"), LADE__COUNT_MOST, &r->trainer.optimizer.updates))
        return "updates";
    if (!lade__count_from_json(json_object_get(run, "clock"), LADE__COUNT_MOST, clock))
        return "clock";
    if (!lade__number_from_json(json_object_get(run, "base_lr"), 0, DBL_MAX, &r->trainer.base_lr))
        return "base_lr";
    const char *wrong = read_schedule(r, run);
    if (wrong)
        return wrong;
    if (!lade__number_from_json(json_object_get(run, "last_lr"), 0, DBL_MAX, &m->last_lr))
        return "last_lr";
    if (!lade__count_from_json(json_array_get(sums, 0), LADE__COUNT_MOST, &t->samples) ||
        !lade__number_from_json(json_array_get(sums, 1), 0, DBL_MAX, &t->weight) ||
        !lade__number_from_json(json_array_get(sums, 2), -DBL_MAX, DBL_MAX, &t->loss) ||
        !lade__number_or_null_from_json(json_array_get(sums, 3), (double)NAN, &t->correct))
        return "tally";
    if (!lade__count_from_json(json_array_get(pending, 0), r->trainer.accumulate - 1, &r->trainer.batches) ||
        !lade__number_from_json(json_array_get(pending, 1), 0, DBL_MAX, &r->trainer.weight))
        return LADE__RUN_PENDING;
    if (!lade__number_from_json(json_array_get(plateau, 0), 0, 1, &s->factor) ||
        !lade__number_or_null_from_json(json_array_get(plateau, 1), (double)INFINITY, &s->best) ||
        !lade__count_from_json(json_array_get(plateau, 2), LADE__COUNT_MOST, &s->bad_epochs))
        return "plateau";
    m->epoch = (int)epoch;
    return NULL;
}

/* Reads the history. If all steps of an epoch are finished, but the epoch is not in the history, the run was
   interrupted during the validation of this epoch. */
static int read_history(lade_fit_run *r, const json_t *run, struct lade_error *err) {
    struct lade_metrics *m = &r->metrics;
    int status = lade__history_from_json(&r->history, json_object_get(run, "history"), m->epochs, m->steps, err);
    m->epoch_end = m->step == m->steps && r->history.count == m->epoch + 1;
    bool wrong_length = status == LADE_OK && r->history.count != m->epoch + m->epoch_end;
    return status == LADE_EFORMAT || wrong_length ? damaged(err, "history") : status;
}

/*
 * Reads the best epoch. Sets *separate to true if the net of the file is the net of the best epoch, and the parameters
 * of the run are in the tensors "last....". If the saved run has not kept the best epoch, its last finished epoch
 * counts as the best, because only the parameters of this epoch still exist. Returns false if the value is invalid.
 */
static bool read_best(lade_fit_run *r, const json_t *run, bool *separate) {
    const json_t *best = json_object_get(run, LADE__RUN_BEST), *epoch = json_array_get(best, 0);
    int64_t finished = r->history.count, at = -1;
    *separate = json_is_true(json_array_get(best, 1));
    if (!best)
        at = r->metrics.epoch_end ? finished - 1 : -1;
    else if (!json_is_integer(epoch) || (at = json_integer_value(epoch)) < -1 || at >= finished ||
             (*separate && at < 0))
        return false;
    r->best.epoch = (int)at;
    r->best.is_current = at >= 0 && !*separate;
    r->metrics.best_epoch = r->best.values ? r->best.epoch : finished ? r->history.epochs[finished - 1].best_epoch : -1;
    return true;
}

/* Reads the tensors of the file into the net, and into the copy of the best epoch. */
static int read_values(lade_fit_run *r, const struct lade__safetensors *file, bool separate, struct lade_error *err) {
    struct lade__block blocks[LADE__RUN_BLOCKS];
    lade_net *net = r->trainer.net;
    int count = lade__run_blocks(r, separate, blocks);
    int status = lade__checkpoint_read(net, separate ? r->best.values : net->values, file, blocks, count, err);
    net->finite = false;
    if (status == LADE_OK && r->best.values && !separate)
        memcpy(r->best.values, net->values, net->spec.block_floats * sizeof(float));
    return status;
}

/* Returns the number of updates that the schedule has counted before the position of the run. The last update of an
   epoch may use fewer batches than the other updates. */
static int64_t count_updates(const lade_fit_run *r) {
    const struct lade_metrics *m = &r->metrics;
    int64_t per_epoch = r->trainer.schedule.per_epoch;
    return m->epoch * per_epoch + (m->step == m->steps ? per_epoch : m->step / r->trainer.accumulate);
}

/* Restores the states of the sources. First checks that each source has a state. If a state is missing, returns an
   error and changes no source. */
static int set_sources(const lade_fit_run *r, const json_t *run, struct lade_error *err) {
    const struct {
        const struct lade_source *source;
        const char *name;
    } sources[] = {{&r->source, "source"}, {&r->options.validation, "validation"}};
    for (int i = 0; i < 2; i++)
        if (sources[i].source->next &&
            (!sources[i].source->state_set || !json_is_string(json_object_get(run, sources[i].name))))
            return lade_error_set_subject(err, LADE_EUNSUPPORTED, sources[i].name,
                                          "%s: the source has no state, so the run cannot be resumed", sources[i].name);
    int status = LADE_OK;
    for (int i = 0; i < 2 && status == LADE_OK; i++)
        if (sources[i].source->next)
            status = sources[i].source->state_set(sources[i].source->ctx,
                                                  json_string_value(json_object_get(run, sources[i].name)), err);
    return status;
}

/* Restores everything. The net belongs to the caller and should not change on error, so the net is restored last, when
   a failed read from the disk is the only possible error. */
static int restore_from(lade_fit_run *r, const json_t *run, const struct lade__safetensors *file,
                        struct lade_error *err) {
    struct lade__block blocks[LADE__RUN_BLOCKS];
    int64_t clock;
    bool separate = false;
    int status = check_run(r, run, err);
    if (status < 0)
        return status;
    const char *wrong = read_numbers(r, run, &clock);
    if (wrong)
        return damaged(err, wrong);
    status = read_history(r, run, err);
    if (status == LADE_OK && !read_best(r, run, &separate))
        status = damaged(err, LADE__RUN_BEST);
    if (status == LADE_OK)
        status = lade__checkpoint_check(r->trainer.net, file, blocks, lade__run_blocks(r, separate, blocks), err);
    if (status == LADE_OK)
        status = set_sources(r, run, err);
    if (status == LADE_OK)
        status = read_values(r, file, separate, err);
    if (status == LADE_OK) {
        r->trainer.net->clock = (uint64_t)clock;
        r->trainer.scheduled = count_updates(r);
    }
    return status;
}

static int restore(lade_fit_run *r, const struct lade__safetensors *file, struct lade_error *err) {
    const char *text = lade__safetensors_meta(file, LADE__RUN_KEY);
    if (!text)
        return lade_error_set(err, LADE_EINVAL,
                              "it contains a net, but no training run; start a new run from this net");
    char why[LADE__QUOTED] = "it is not a JSON object";
    json_t *run = lade__json_parse(text, strlen(text), why);
    int status = json_is_object(run) ? restore_from(r, run, file, err) : damaged(err, why);
    json_decref(run);
    return status;
}

int lade__run_restore(lade_fit_run *r, struct lade_error *err) {
    struct lade__safetensors file;
    struct lade_error why = {0};
    int status = lade__safetensors_open(&file, r->options.resume, err);
    if (status < 0)
        return status;
    status = restore(r, &file, &why);
    lade__safetensors_close(&file);
    const char *subject = *why.subject ? why.subject : r->options.resume; /* an option, a source or the file */
    return status < 0 ? lade_error_set_subject(err, status, subject, "%s: %s", r->options.resume, why.message)
                      : LADE_OK;
}
