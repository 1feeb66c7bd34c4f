/*
 * Defines the names and descriptions of the values of the enums for image files and resizing.
 */
#include "image/names.h"

#include "base/words.h"

const struct lade_word lade__color_mode_words[] = {
    {"rgb", LADE_COLOR_RGB, "3 channels: red, green, blue"},
    {"grayscale", LADE_COLOR_GRAYSCALE, "1 channel"},
    {"rgba", LADE_COLOR_RGBA, "4 channels: red, green, blue, alpha"},
    {0},
};
const struct lade_word lade__interpolation_words[] = {
    {"nearest", LADE_INTERPOLATION_NEAREST, "the nearest pixel"},
    {"bilinear", LADE_INTERPOLATION_BILINEAR, "a triangle filter"},
    {"bicubic", LADE_INTERPOLATION_BICUBIC, "a cubic filter with a = -0.5"},
    {"lanczos", LADE_INTERPOLATION_LANCZOS, "a Lanczos filter with 3 lobes"},
    {"box", LADE_INTERPOLATION_BOX, "the mean of the pixels that an output pixel covers"},
    {"hamming", LADE_INTERPOLATION_HAMMING, "sharper than bilinear, and as fast"},
    {0},
};
const struct lade_word lade__data_format_words[] = {
    {"channels_last", LADE_CHANNELS_LAST, "(height, width, channels)"},
    {"channels_first", LADE_CHANNELS_FIRST, "(channels, height, width)"},
    {0},
};
const struct lade_word lade__decode_words[] = {
    {"exact", LADE_DECODE_EXACT, "the pixels that Pillow decodes"},
    {"fast", LADE_DECODE_FAST, "large JPEG files at a half, a quarter or an eighth of their size"},
    {0},
};

LADE__ENUM_WORDS(color_mode, lade__color_mode_words, "color_mode")
LADE__ENUM_WORDS(interpolation, lade__interpolation_words, "interpolation")
LADE__ENUM_WORDS(data_format, lade__data_format_words, "data_format")
LADE__ENUM_WORDS(decode, lade__decode_words, "decode")

int lade_color_mode_channels(enum lade_color_mode mode) {
    static const int channels[LADE_COLOR_MODE_COUNT] = {3, 1, 4};
    return (unsigned)mode < LADE_COLOR_MODE_COUNT ? channels[mode] : 0;
}
