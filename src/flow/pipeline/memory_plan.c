/*
 * Chooses the number of workers and slots. The size of a slot is known exactly. The memory of a worker is an estimate,
 * because it depends on the image files. The constant WORKER includes the stack, the decoder and the bytes of a file,
 * and was measured with photos of 1 to 2 megapixels. Images that must be decoded completely, for example progressive
 * JPEGs, need more memory.
 *
 * The number of workers is reduced before the number of slots. At least two slots are necessary, because the workers
 * fill one slot while the consumer uses the other slot.
 */
#include "flow/pipeline/memory_plan.h"

#include <limits.h>

enum { WORKER = 1 << 20, LEAST_SLOTS = 2 };

static uint64_t worker_bytes(const struct lade__batch_layout *l) {
    uint64_t pixels = (uint64_t)(l->shape[0] * l->shape[1] * l->shape[2]);
    return WORKER + 2 * pixels;
}

static int refuse(const struct lade_flow_options *o, const struct lade__batch_layout *l, uint64_t capacity,
                  struct lade_error *err) {
    uint64_t worker = worker_bytes(l), row = lade__ring_slot_bytes(l) / (uint64_t)l->rows;
    uint64_t need = worker + LEAST_SLOTS * lade__ring_slot_bytes(l);
    uint64_t rows = capacity > worker ? (capacity - worker) / (LEAST_SLOTS * row) : 0;
    bool is_limit = o->memory_limit > 0 && (uint64_t)o->memory_limit <= capacity;
    char what[100], advice[100];

    if (is_limit)
        snprintf(what, sizeof what, "memory_limit is %lld bytes", (long long)o->memory_limit);
    else
        snprintf(what, sizeof what, "the machine has %llu bytes of free memory", (unsigned long long)capacity);
    if (rows)
        snprintf(advice, sizeof advice, "a batch_size of %llu fits", (unsigned long long)rows * (unsigned)o->world);
    else
        snprintf(advice, sizeof advice, "no batch_size fits; use a smaller target_size");
    return lade_error_set_subject(err, LADE_ENOMEM, is_limit ? "memory_limit" : "batch_size",
                                  "%s, but one worker and two batches of %lld samples need %llu bytes: %s", what,
                                  (long long)l->rows, (unsigned long long)need, advice);
}

int lade__memory_plan(const struct lade_flow_options *options, const struct lade__batch_layout *layout, uint64_t free,
                      struct lade__memory_plan *out, struct lade_error *err) {
    uint64_t limit = options->memory_limit > 0 ? (uint64_t)options->memory_limit : UINT64_MAX;
    uint64_t capacity = limit < free ? limit : free;
    uint64_t slot = lade__ring_slot_bytes(layout), worker = worker_bytes(layout);
    int usual = lade__ring_depth(layout);

    if (capacity < worker + LEAST_SLOTS * slot)
        return refuse(options, layout, capacity, err);
    uint64_t workers = (capacity - LEAST_SLOTS * slot) / worker;
    out->workers = workers < (uint64_t)options->workers ? (int)workers : options->workers;
    uint64_t slots = (capacity - (uint64_t)out->workers * worker) / slot;
    bool is_tight = slots < (uint64_t)usual * 2;
    out->most_slots = is_tight ? (int)slots : usual * 2;
    out->limit = options->memory_limit > 0 && slots < INT_MAX ? (int)slots : INT_MAX;
    out->slots = out->most_slots < usual ? out->most_slots : usual;
    return LADE_OK;
}
