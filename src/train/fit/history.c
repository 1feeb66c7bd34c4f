/*
 * train/fit/history.c - stores the metrics of the finished epochs, and converts them to and from the JSON of a
 * checkpoint. A checkpoint has one array of numbers for each epoch. Times and speeds are not written, so that two equal
 * runs write the same bytes.
 */
#include "train/fit/history.h"

#include <math.h>

#include "base/json.h"

bool lade__history_is_better(const struct lade__history *h, int i, int other) {
    const struct lade_metrics *m = &h->epochs[i], *o = &h->epochs[other];
    if (!h->by_loss && (m->val_accuracy < o->val_accuracy || m->val_accuracy > o->val_accuracy)) /* false for NaN */
        return m->val_accuracy > o->val_accuracy;
    return m->val_loss < o->val_loss;
}

/* Returns the best of the epochs 0 .. @i. @best is the best of the epochs before @i; -1: no best epoch yet. */
static int best_after(const struct lade__history *h, int i, int best) {
    if (isnan(h->epochs[i].val_loss))
        return best;
    return best < 0 || lade__history_is_better(h, i, best) ? i : best;
}

int lade__history_add(struct lade__history *h, const struct lade_metrics *m, struct lade_error *err) {
    if (h->count == h->capacity) {
        int capacity = h->capacity ? 2 * h->capacity : 16;
        struct lade_metrics *more = lade_realloc(h->epochs, (size_t)capacity, sizeof *more);
        if (!more)
            return lade_error_set(err, LADE_ENOMEM, "no memory for the metrics of %d epochs", capacity);
        h->epochs = more;
        h->capacity = capacity;
    }
    struct lade_metrics *entry = &h->epochs[h->count];
    *entry = *m;
    entry->best_epoch = best_after(h, h->count, h->count ? h->epochs[h->count - 1].best_epoch : -1);
    h->count++;
    entry->replayed = true;
    entry->seconds = entry->wait_seconds = entry->images_per_s = entry->lr = 0;
    return LADE_OK;
}

json_t *lade__history_to_json(const struct lade__history *h) {
    json_t *list = json_array();
    for (int i = 0; list && i < h->count; i++) {
        const struct lade_metrics *m = &h->epochs[i];
        json_t *row = json_pack("[I, o, o, o, o, o]", (json_int_t)m->samples, lade__number_to_json(m->loss),
                                lade__number_to_json(m->accuracy), lade__number_to_json(m->val_loss),
                                lade__number_to_json(m->val_accuracy), lade__number_to_json(m->last_lr));
        if (json_array_append_new(list, row) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

/* Reads the metrics of one epoch. Returns false if the array is invalid. */
static bool read_row(const json_t *row, struct lade_metrics *m) {
    double *const numbers[] = {&m->loss, &m->accuracy, &m->val_loss, &m->val_accuracy, &m->last_lr};
    size_t count = sizeof numbers / sizeof *numbers;
    bool good = json_array_size(row) == count + 1 &&
                lade__count_from_json(json_array_get(row, 0), LADE__COUNT_MOST, &m->samples);
    for (size_t i = 0; i < count && good; i++)
        good = lade__number_or_null_from_json(json_array_get(row, i + 1), (double)NAN, numbers[i]);
    return good;
}

int lade__history_from_json(struct lade__history *h, const json_t *json, int epochs, int64_t steps,
                            struct lade_error *err) {
    if (!json_is_array(json))
        return LADE_EFORMAT;
    for (size_t i = 0; i < json_array_size(json); i++) {
        struct lade_metrics m = {.epoch = (int)i, .epochs = epochs, .step = steps, .steps = steps, .epoch_end = true};
        if (!read_row(json_array_get(json, i), &m))
            return LADE_EFORMAT;
        int status = lade__history_add(h, &m, err);
        if (status < 0)
            return status;
    }
    return LADE_OK;
}

void lade__history_release(struct lade__history *h) {
    lade_free(h->epochs);
    *h = (struct lade__history){.by_loss = h->by_loss};
}
