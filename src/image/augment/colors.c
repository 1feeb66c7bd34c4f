/*
 * Changes the colours of a row. Brightness, channel shift and scale are applied together in one pass over the row. If
 * another augmentation of colours is added to lade, it must be applied before this pass.
 */
#include "image/augment/colors.h"

#include "image/kernel/rows.h"

/* Returns the number of colour channels. Alpha, the fourth channel, is not counted. */
static int count_colors(const struct lade__colors *colors) {
    return colors->channels == 4 ? 3 : colors->channels;
}

static float brightness(const struct lade_transform *t) {
    return t->brightness == LADE_OFF ? 0 : t->brightness == 0 ? 1 : (float)t->brightness;
}

static bool changes_colors(const struct lade__colors *colors) {
    const struct lade_transform *t = colors->transform;
    bool changes = brightness(t) != 1;

    for (int c = 0; c < count_colors(colors); c++)
        changes |= t->channel_shift_intensity[c] != 0;
    return changes;
}

void lade__colors_apply(const struct lade__colors *colors, float scale, float *row) {
    lade__row_tone(row, colors->add, colors->factor, colors->n, scale);
}

bool lade__colors_prepare(const struct lade__colors *colors) {
    const struct lade_transform *t = colors->transform;
    float factor = brightness(t);

    if (!changes_colors(colors))
        return false;
    for (size_t i = 0; i < colors->n; i++) {
        int c = (int)(i % (size_t)colors->channels);
        bool color = c < count_colors(colors);
        colors->add[i] = color ? (float)t->channel_shift_intensity[c] : 0;
        colors->factor[i] = color ? factor : 1;
    }
    return true;
}
