/*
 * Defines the names and descriptions of the values of the enums for augmentation.
 */
#include "image/augment/options.h"

#include "base/words.h"

const struct lade_word lade__fill_mode_words[] = {
    {"nearest", LADE_FILL_NEAREST, "the pixel at the border"},
    {"constant", LADE_FILL_CONSTANT, "the value of cval"},
    {"reflect", LADE_FILL_REFLECT, "the image, mirrored at its border"},
    {"wrap", LADE_FILL_WRAP, "the image, repeated"},
    {0},
};
const struct lade_word lade__quirks_words[] = {
    {"documented", LADE_QUIRKS_DOCUMENTED, "augmentation as Keras documents it"},
    {"keras3", LADE_QUIRKS_KERAS3, "augmentation as Keras 3 computes it"},
    {0},
};
const struct lade_word lade__shift_unit_words[] = {
    {"auto", LADE_SHIFT_AUTO, "below 1: a fraction of the size; 1 or more: pixels"},
    {"fraction", LADE_SHIFT_FRACTION, "a fraction of the size"},
    {"pixels", LADE_SHIFT_PIXELS, "a number of pixels, which may have a fraction"},
    {"whole_pixels", LADE_SHIFT_WHOLE_PIXELS, "a whole number of pixels, less than the range"},
    {0},
};
const struct lade_word lade__interpolation_order_words[] = {
    {"1", 1, "linear"},
    {"0", LADE_OFF, "the nearest pixel"},
    {0},
};

LADE__ENUM_WORDS(fill_mode, lade__fill_mode_words, "fill_mode")
LADE__ENUM_WORDS(quirks, lade__quirks_words, "quirks")
LADE__ENUM_WORDS(shift_unit, lade__shift_unit_words, "shift_unit")
