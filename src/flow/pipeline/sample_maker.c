/*
 * Makes samples. The result depends only on the options, the epoch, the index of the sample and its bytes. The function
 * that makes a sample changes only the row of the sample and the buffers of the worker. Therefore any worker can make
 * any sample.
 */
#include "flow/pipeline/sample_maker.h"

#include <string.h>

#include "flow/pipeline/mix.h"
#include "image/decoder.h"

/* ---- The workers ------------------------------------------------------------------------------------------------- */

void lade__sample_maker_release(struct lade__sample_maker *m) {
    for (int i = 0; m->buffers && i < m->settings.options->workers; i++) {
        if (__atomic_load_n(&m->buffers[i].busy, __ATOMIC_RELAXED))
            continue; /* in a child process: the worker did not finish, so the decoder may be inconsistent */
        lade_decoder_free(m->buffers[i].decoder);
        lade__bytes_release(&m->buffers[i].bytes.own);
        lade_free(m->buffers[i].other);
    }
    lade_free(m->buffers);
    m->buffers = NULL;
}

/* Allocates the memory of one worker. */
static bool make_buffers(const struct lade__sample_settings *s, struct lade__sample_buffers *b) {
    bool mixes = s->options->mixup_alpha != 0 || s->options->cutmix_alpha != 0;

    b->decoder = lade_decoder_new();
    if (mixes)
        b->other = lade_alloc((size_t)s->layout.columns * sizeof *b->other + s->layout.row_bytes);
    return b->decoder && (b->other || !mixes);
}

int lade__sample_maker_start(struct lade__sample_maker *m, struct lade_error *err) {
    int workers = m->settings.options->workers, status = lade__samples_open(m->settings.samples, workers, err);

    if (status < 0)
        return status;
    m->buffers = lade_calloc((size_t)workers, sizeof *m->buffers);
    for (int i = 0; m->buffers && i < workers; i++)
        if (!make_buffers(&m->settings, &m->buffers[i]))
            lade__sample_maker_release(m);
    if (m->buffers)
        return LADE_OK;
    return lade_error_set_subject(err, LADE_ENOMEM, "workers", "no memory for %d workers", workers);
}

void lade__sample_maker_prepare(void *maker, struct lade__slot *slot) {
    const struct lade__sample_maker *m = maker;

    if (slot->plan) {
        slot->rows = slot->plan->given.n;
        slot->first = slot->plan->given.position;
        return;
    }
    slot->rows = lade__sampler_slice(m->settings.sampler, slot->step, &slot->first);
    lade__epoch_order_init(&slot->order, m->settings.sampler, slot->epoch);
}

/* ---- The row ----------------------------------------------------------------------------------------------------- */

/*
 * Makes another sample for the row of an invalid file. The first 16 candidates have the same class as the file. The
 * next 16 candidates may have any class. If the file has no class, only the second 16 candidates are tried. The
 * candidates depend only on (seed, epoch, draw). The crop of a plan is not used, because the crop may not fit into a
 * candidate.
 */
static int replace(const struct lade__sample_maker *m, struct lade__sample_task *t, struct lade__failure *failure) {
    enum { TRIES = 16 };
    const struct lade__samples *s = m->settings.samples;
    int class = lade__samples_class(s, failure->sample), status = LADE_EFORMAT;
    struct lade_random random;
    struct lade_error err;

    t->crop = NULL;
    lade_random_init(&random, t->seed, (uint64_t)t->slot->epoch, t->draw, LADE_RANDOM_REPLACE);
    for (int i = class < 0 ? TRIES : 0; i < 2 * TRIES && status < 0 && !failure->fatal; i++) {
        bool same_class = i < TRIES;
        int64_t count = same_class ? s->groups[class].count : s->count;
        int64_t k = (int64_t)lade_random_below(&random, (uint64_t)count);
        t->sample = same_class ? lade__samples_member(s, class, k) : k;
        status = lade__sample_make(m, t, &err, &failure->fatal);
    }
    failure->replaced = status == LADE_OK;
    if (failure->fatal)
        failure->error = err;
    return status;
}

static void make_label(const struct lade__sample_task *t, float *y) {
    const struct lade__sample_settings *s = t->settings;

    if (s->layout.columns)
        lade__samples_label(s->samples, t->sample, s->options->class_mode, s->layout.columns, y);
}

/* Stores the label, the weight and the index of the sample. Returns the label. */
static float *store_label(const struct lade__sample_task *t) {
    const struct lade__samples *samples = t->settings->samples;
    const struct lade__slot *slot = t->slot;
    int64_t columns = t->settings->layout.columns;
    float *y = columns ? slot->y + t->row * columns : NULL;

    slot->indices[t->row] = t->sample;
    make_label(t, y);
    if (slot->weights)
        slot->weights[t->row] = samples->weights[lade__samples_row(samples, t->sample)];
    return y;
}

/* Sets the sample and the random changes at @position of an epoch. */
static void choose_from_epoch(struct lade__sample_task *t, int64_t position) {
    const struct lade__sample_settings *s = t->settings;
    int64_t repeat;

    t->sample = lade__epoch_order_at(&t->slot->order, position, &repeat);
    t->seed = s->options->seed;
    t->draw = (uint64_t)(t->sample + repeat * s->sampler->samples);
}

/* Sets the sample and the random changes of row @row of a plan. */
static void choose_from_plan(struct lade__sample_task *t, int64_t row) {
    const struct lade_plan *p = &t->slot->plan->given;

    t->sample = p->samples[row];
    t->seed = p->seeds ? p->seeds[row] : t->settings->options->seed;
    t->draw = p->draws ? p->draws[row] : (uint64_t)t->sample;
    t->transform = p->transforms ? &p->transforms[row] : NULL;
    t->crop = p->crops ? &p->crops[row] : NULL;
}

/* Makes the sample. With LADE_ERROR_REPLACE, an invalid file is replaced. @status is set to the status of the sample
   that was chosen first. Returns true if the row has a sample. */
static bool make_or_replace(const struct lade__sample_maker *m, struct lade__sample_task *t,
                            struct lade__failure *failure, int *status) {
    failure->sample = t->sample;
    *status = lade__sample_make(m, t, &failure->error, &failure->fatal);
    if (*status < 0 && m->settings.options->on_error == LADE_ERROR_REPLACE && !failure->fatal)
        return replace(m, t, failure) == LADE_OK;
    return *status >= 0;
}

/*
 * Mixes the row with the sample before it in the global batch. Every rank and every worker finds the same sample,
 * because this function makes the other sample again. If the other sample is an invalid file, the row does not change,
 * and the row of the other sample reports the file. Returns LADE_OK, or an error that ends the flow, with @fatal
 * filled.
 */
static int mix_row(const struct lade__sample_maker *m, const struct lade__sample_task *t, float *y,
                   struct lade__failure *fatal) {
    const struct lade__sample_settings *s = t->settings;
    const struct lade__slot *slot = t->slot;
    struct lade__sample_task other = *t;
    struct lade__failure failure = {.row = t->row};
    struct lade_flow_counters counters = {0};
    struct lade__mix mix;
    int status;

    lade__mix_draw(s->options, slot->epoch, slot->step, &mix);
    other.x = t->buffers->other + s->layout.columns;
    other.is_other = true;
    other.counters = &counters;
    other.transform = NULL;
    other.crop = NULL;
    if (slot->plan)
        choose_from_plan(&other, t->row ? t->row - 1 : slot->rows - 1);
    else
        choose_from_epoch(&other, lade__sampler_before(s->sampler, slot->step, slot->first + t->row));
    if (!make_or_replace(m, &other, &failure, &status)) {
        *fatal = failure.fatal ? failure : *fatal;
        return failure.fatal ? status : LADE_OK;
    }
    make_label(&other, t->buffers->other);
    lade__mix_apply(&mix, s->options, lade__sample_settings_channels(s), t->x, other.x);
    if (y)
        lade__mix_label(&mix, s->layout.columns, y, t->buffers->other);
    return LADE_OK;
}

int lade__sample_maker_make(void *maker, int worker, const struct lade__slot *slot, int64_t row,
                            struct lade_flow_counters *counters, struct lade__failure *failure) {
    struct lade__sample_maker *m = maker;
    struct lade__sample_task t = {.settings = &m->settings,
                                  .buffers = &m->buffers[worker],
                                  .hints = &m->hints,
                                  .worker = worker,
                                  .slot = slot,
                                  .row = row,
                                  .x = slot->x + (size_t)row * m->settings.layout.row_bytes,
                                  .counters = counters};
    int status;

    __atomic_store_n(&t.buffers->busy, true, __ATOMIC_RELAXED);
    if (slot->plan)
        choose_from_plan(&t, row);
    else
        choose_from_epoch(&t, slot->first + row);
    slot->positions[row] = slot->epoch * m->settings.sampler->samples + slot->first + row;
    bool made = make_or_replace(m, &t, failure, &status);
    float *y = store_label(&t);
    if (made && t.buffers->other) {
        int mixed = mix_row(m, &t, y, failure);
        status = mixed < 0 ? mixed : status;
    }
    __atomic_store_n(&t.buffers->busy, false, __ATOMIC_RELEASE);
    return status;
}
