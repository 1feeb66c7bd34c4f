/*
 * Makes batches from finished slots. The consumer calls these functions for the slots of the ring. At the same time,
 * lade_flow_batch() may call these functions for other slots in another thread, so a lock protects the list of invalid
 * files. lade_flow_fit() has slots of its own and calls only lade__delivery_drop_invalid().
 */
#include "flow/pipeline/delivery.h"

#include <stdlib.h>

int lade__delivery_init(struct lade__delivery *d, const struct lade_flow_options *o, int64_t samples,
                        struct lade_error *err) {
    d->on_error = o->on_error;
    d->max_bad = o->max_bad;
    d->max_bad_rate = o->max_bad_rate;
    if (lade__error_report_init(&d->report, samples) < 0)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the list of invalid files");
    return lade__saved_images_init(&d->saved_images, o, samples, err);
}

void lade__delivery_release(struct lade__delivery *d) {
    lade__error_report_release(&d->report);
    lade__saved_images_release(&d->saved_images);
}

static int by_row(const void *a, const void *b) {
    const struct lade__failure *f = a, *g = b;
    return (f->row > g->row) - (f->row < g->row);
}

/* Returns the first failure that ends the flow, or NULL. With LADE_ERROR_FAIL, every failure ends the flow. */
static const struct lade__failure *find_fatal(const struct lade__delivery *d, const struct lade__slot *slot) {
    for (int64_t i = 0; i < slot->failure_count; i++)
        if (d->on_error == LADE_ERROR_FAIL || slot->failures[i].fatal)
            return &slot->failures[i];
    return NULL;
}

static int report(struct lade__delivery *d, const struct lade__slot *slot, const struct lade__failure *failure,
                  struct lade_error *err) {
    int64_t count = 0, samples = d->report.samples;

    if (lade__error_report_add(&d->report, failure->sample, slot->epoch, slot->step, &failure->error, &count) < 0)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the list of invalid files");
    if (d->max_bad && count > d->max_bad)
        return lade_error_set_subject(err, LADE_ELIMIT, "max_bad",
                                      "%lld invalid files, more than max_bad allows (%lld); the last file: %.700s",
                                      (long long)count, (long long)d->max_bad, failure->error.message);
    if (d->max_bad_rate > 0 && (double)count > d->max_bad_rate * (double)samples)
        return lade_error_set_subject(err, LADE_ELIMIT, "max_bad_rate",
                                      "%lld invalid files of %lld, more than max_bad_rate allows (%g); the last file: "
                                      "%.700s",
                                      (long long)count, (long long)samples, d->max_bad_rate, failure->error.message);
    return LADE_OK;
}

int lade__delivery_drop_invalid(struct lade__delivery *d, struct lade__slot *slot, int64_t *rows,
                                struct lade_error *err) {
    const struct lade__failure *f;

    *rows = slot->rows;
    if (slot->failures_lost)
        return lade_error_set(err, LADE_ENOMEM, "no memory for the error of a file");
    if (!slot->failure_count)
        return LADE_OK;
    qsort(slot->failures, (size_t)slot->failure_count, sizeof *slot->failures, by_row);
    if ((f = find_fatal(d, slot)))
        return lade_error_set_subject(err, f->error.code, f->error.subject, "%s", f->error.message);
    for (int64_t i = 0; i < slot->failure_count; i++) {
        int status = report(d, slot, &slot->failures[i], err);
        if (status < 0)
            return status;
    }
    for (int64_t i = slot->failure_count; i-- > 0;) /* backwards, because dropping a row moves the rows after it */
        if (!slot->failures[i].replaced)
            lade__slot_drop_row(slot, slot->failures[i].row, (*rows)--);
    return LADE_OK;
}

int lade__delivery_make_batch(struct lade__delivery *d, struct lade__slot *slot, struct lade_batch **out,
                              struct lade_error *err) {
    int64_t rows;
    int status = lade__delivery_drop_invalid(d, slot, &rows, err);

    if (status == LADE_OK && d->saved_images.directory)
        status = lade__saved_images_write(&d->saved_images, slot, rows, err);
    if (status < 0) {
        lade__ring_give(slot);
        return status;
    }
    status = lade__slot_deliver(slot, rows, out, err);
    if (status == LADE_OK)
        __atomic_fetch_add(&d->batches, 1, __ATOMIC_RELAXED);
    return status;
}
