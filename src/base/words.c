/*
 * Searches the tables of words. The tables are short, so each search compares the words one after the other.
 */
#include "base/words.h"

#include <limits.h>
#include <string.h>

const char *lade__word_name(const struct lade_word *words, int value) {
    for (const struct lade_word *w = words; w->word; w++)
        if (w->value == value)
            return w->word;
    return "unknown";
}

int lade__word_value(const struct lade_word *words, const char *subject, const char *word, int *value,
                     struct lade_error *err) {
    char list[200];

    for (const struct lade_word *w = words; word && w->word; w++)
        if (strcmp(w->word, word) == 0) {
            *value = w->value;
            return LADE_OK;
        }
    lade__word_list(words, INT_MIN, INT_MAX, list, sizeof list);
    return lade_error_set_subject(err, LADE_EINVAL, subject, "%s is \"%.100s\": it must be %s", subject,
                                  word ? word : "(null)", list);
}

static bool listed(const struct lade_word *w, int lowest, int highest) {
    return w->description && w->value >= lowest && w->value <= highest;
}

void lade__word_list(const struct lade_word *words, int lowest, int highest, char *text, size_t size) {
    int left = 0;
    size_t used = 0;

    for (const struct lade_word *w = words; w->word; w++)
        left += listed(w, lowest, highest);
    *text = '\0';
    for (const struct lade_word *w = words; w->word; w++) {
        if (!listed(w, lowest, highest))
            continue;
        const char *join = --left > 1 ? ", " : left == 1 ? " or " : "";
        int length = snprintf(text + used, size - used, "%s%s", w->word, join);
        used += (size_t)length;
        if (used >= size)
            return;
    }
}
