/*
 * train/history.c - one array of numbers for each epoch. Neither rates nor seconds: a checkpoint holds no clock.
 */
#include "train/history.h"

#include "train/json_number.h"

int lade__history_add(struct lade__history *h, const struct lade_metrics *m, struct lade_error *err) {
    if (h->count == h->room) {
        int room = h->room ? 2 * h->room : 16;
        struct lade_metrics *more = lade_realloc(h->epochs, (size_t)room, sizeof *more);
        if (!more)
            return lade_error_set(err, LADE_ENOMEM, "no memory to remember %d epochs", room);
        h->epochs = more;
        h->room = room;
    }
    struct lade_metrics *kept = &h->epochs[h->count++];
    *kept = *m;
    kept->replayed = true;
    kept->seconds = kept->wait_seconds = kept->images_per_s = kept->lr = 0;
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

int lade__history_from_json(struct lade__history *h, const json_t *json, int epochs, int64_t steps,
                            struct lade_error *err) {
    if (!json_is_array(json))
        return LADE_EFORMAT;
    for (size_t i = 0; i < json_array_size(json); i++) {
        const json_t *row = json_array_get(json, i);
        struct lade_metrics m = {.epoch = (int)i,
                                 .epochs = epochs,
                                 .step = steps,
                                 .steps = steps,
                                 .epoch_end = true,
                                 .samples = json_integer_value(json_array_get(row, 0)),
                                 .loss = lade__number_from_json(json_array_get(row, 1), (double)NAN),
                                 .accuracy = lade__number_from_json(json_array_get(row, 2), (double)NAN),
                                 .val_loss = lade__number_from_json(json_array_get(row, 3), (double)NAN),
                                 .val_accuracy = lade__number_from_json(json_array_get(row, 4), (double)NAN),
                                 .last_lr = lade__number_from_json(json_array_get(row, 5), (double)NAN)};
        int status = lade__history_add(h, &m, err);
        if (json_array_size(row) != 6 || m.samples < 0 || status < 0)
            return status < 0 ? status : LADE_EFORMAT;
    }
    return LADE_OK;
}

void lade__history_release(struct lade__history *h) {
    lade_free(h->epochs);
    *h = (struct lade__history){0};
}
