/*
 * Computes the digest of batches. The digest is the sum of one hash for each sample. The hash of a sample is computed
 * from the position of the sample in the stream and the bytes of the sample (image, label and weight). Therefore the
 * digest does not depend on the order of the batches or on the ranks that made the batches. The digest changes if a
 * byte or the position of a sample changes.
 */
#include <string.h>
#include <xxhash.h>

#include "flow/pipeline/ring.h"

static void add(struct lade_digest *d, uint64_t low, uint64_t high) {
    d->low += low;
    d->high += high + (d->low < low); /* adds the carry */
}

static void position_bytes(uint64_t position, unsigned char bytes[8]) {
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(position >> 8 * i);
}

int lade_digest_add(struct lade_digest *d, const struct lade_batch *b) {
    const struct lade__slot *slot = lade__slot_of(b);
    if (!slot)
        return LADE_EINVAL;

    const struct lade__batch_layout *l = &slot->ring->layout;
    XXH3_state_t *state = XXH3_createState();
    if (!state)
        return LADE_ENOMEM;
    for (int64_t i = 0; i < b->n; i++) {
        unsigned char position[8];
        position_bytes((uint64_t)slot->positions[i], position);
        XXH3_128bits_reset(state);
        XXH3_128bits_update(state, position, sizeof position);
        XXH3_128bits_update(state, slot->x + (size_t)i * l->row_bytes, l->row_bytes);
        if (l->y_is_x)
            XXH3_128bits_update(state, slot->x + (size_t)i * l->row_bytes, l->row_bytes);
        XXH3_128bits_update(state, slot->y + i * l->columns, (size_t)l->columns * sizeof *slot->y);
        if (l->weighted)
            XXH3_128bits_update(state, slot->weights + i, sizeof *slot->weights);
        XXH128_hash_t h = XXH3_128bits_digest(state);
        add(d, h.low64, h.high64);
    }
    XXH3_freeState(state);
    return LADE_OK;
}

void lade_digest_merge(struct lade_digest *d, const struct lade_digest *from) {
    add(d, from->low, from->high);
}

void lade_digest_text(const struct lade_digest *d, char text[33]) {
    snprintf(text, 33, "%016llx%016llx", (unsigned long long)d->high, (unsigned long long)d->low);
}
