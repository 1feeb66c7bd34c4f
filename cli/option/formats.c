/*
 * Reads the names of the image formats from lade_format_info(), so that a new format of the library needs no change
 * here.
 */
#include "option/formats.h"

struct lade_word format_words[LADE_FORMAT_COUNT];

void format_words_init(void) {
    struct lade_word *word = format_words;
    for (int i = LADE_FORMAT_UNKNOWN + 1; i < LADE_FORMAT_COUNT; i++) {
        const struct lade_format_info *info = lade_format_info((enum lade_format)i);
        if (info->writable)
            *word++ = (struct lade_word){info->name, i};
    }
}
