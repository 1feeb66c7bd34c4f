/*
 * train/fit/best.c - keeps a copy of the parameters of the best epoch, for the option restore_best_weights. Later
 * epochs may make the parameters of the run worse. Each checkpoint also contains this copy.
 */
#include <string.h>

#include "train/fit/run.h"
#include "train/net/net.h"

static size_t size_of(const lade_fit_run *r) {
    return r->trainer.net->spec.block_floats * sizeof(float);
}

int lade__best_init(lade_fit_run *r, struct lade_error *err) {
    r->best.epoch = r->metrics.best_epoch = -1;
    if (!r->options.restore_best_weights || !r->options.validation.next)
        return LADE_OK;
    r->best.values = lade_alloc_aligned(size_of(r));
    if (!r->best.values)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the parameters of the best epoch");
    memset(r->best.values, 0, size_of(r)); /* the padding between parameters is also copied */
    return LADE_OK;
}

void lade__best_end_epoch(lade_fit_run *r) {
    struct lade__best *b = &r->best;
    int last = r->history.count - 1;
    r->metrics.best_epoch = r->history.epochs[last].best_epoch;
    if (!b->values)
        return;
    if (b->epoch < 0 || lade__history_is_better(&r->history, last, b->epoch)) {
        memcpy(b->values, r->trainer.net->values, size_of(r));
        b->epoch = last;
        b->is_current = true;
    }
    r->metrics.best_epoch = b->epoch;
}

bool lade__best_is_separate(const lade_fit_run *r) {
    return r->best.values && r->best.epoch >= 0 && !r->best.is_current;
}

void lade__best_restore(lade_fit_run *r) {
    if (!lade__best_is_separate(r))
        return;
    memcpy(r->trainer.net->values, r->best.values, size_of(r));
    r->trainer.net->finite = false;
    r->best.is_current = true;
}

void lade__best_release(lade_fit_run *r) {
    lade_free_aligned(r->best.values);
    r->best.values = NULL;
}
