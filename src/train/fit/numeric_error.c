/*
 * train/fit/numeric_error.c - makes the message for a loss, gradient or parameter that is not finite. The message names
 * the invalid sample, or the samples of the batch, because one of these samples is often the cause.
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "train/fit/trainer.h"
#include "train/net/vector.h"

#define SAMPLES_NAMED 4 /* the largest number of names of samples in a message */

/* Returns the index of the first row of a batch that contains NaN or infinity, or b->n if all numbers are finite. */
static int64_t find_bad_row(const struct lade_batch *b) {
    int64_t i = 0, size = lade_tensor_count(b->x) / b->n;
    while (i < b->n && (b->x->dtype != LADE_FLOAT32 ||
                        lade__all_finite((const float *)lade_tensor_data(b->x) + i * size, (size_t)size)))
        i++;
    return i;
}

/* Returns the name of row @i of a batch. The name is the sample's file if the source has names, otherwise the sample's
   number. */
static const char *name_row(const struct lade_source *source, const struct lade_batch *b, int64_t i,
                            char quoted[LADE__QUOTED]) {
    char name[256];
    int64_t sample = b->indices ? b->indices[i] : i;
    if (!b->indices || !source || !source->sample_name ||
        source->sample_name(source->ctx, sample, name, sizeof name) < 0)
        snprintf(name, sizeof name, "%" PRId64, sample);
    return lade__quote(name, strlen(name), quoted);
}

/* Writes advice for the user to @text. The advice contains the name of the invalid sample, or the names of the first
   samples of the batch. */
static void write_advice(const struct lade_source *source, const struct lade_batch *b, char *text, size_t size) {
    char quoted[LADE__QUOTED];
    int64_t n = b ? b->n : 0, bad_row = n > 0 ? find_bad_row(b) : 0,
            named = n > 0 && b->indices && bad_row == n ? n : 0;
    if (bad_row < n)
        snprintf(text, size, "sample %s contains a number that is not finite", name_row(source, b, bad_row, quoted));
    else
        snprintf(text, size, "lower the learning rate, or check the samples of this batch");
    for (int64_t i = 0; i < named && i <= SAMPLES_NAMED; i++) {
        size_t length = strlen(text);
        snprintf(text + length, size - length, "%s%s", i ? ", " : ": ",
                 i < SAMPLES_NAMED ? name_row(source, b, i, quoted) : "...");
    }
}

int lade__numeric_error(const char *what, const char *where, double lr, const struct lade_batch *b,
                        const struct lade_source *source, struct lade_error *err) {
    char advice[128 + (SAMPLES_NAMED + 1) * LADE__QUOTED];
    write_advice(source, b, advice, sizeof advice);
    return lade_error_set(err, LADE_ENUMERIC, "%s in %s, at a learning rate of %g; %s", what, where, lr, advice);
}
