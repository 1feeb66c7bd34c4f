/*
 * base/words.h - reads and writes the values of enums as words. Each enum has one table of struct lade_word. Options,
 *                JSON, help texts and error messages all use this table.
 */
#ifndef LADE_SRC_BASE_WORDS_H
#define LADE_SRC_BASE_WORDS_H

#include <lade/base.h>

/*
 * lade__word_name()  - returns the first word whose value is @value, or "unknown".
 * lade__word_value() - searches the table for @word. Sets *@value and returns LADE_OK. If @word is NULL or is not in
 *                      the table, fills @err and returns LADE_EINVAL. The subject of @err is @subject, and the message
 *                      lists the words.
 * lade__word_list()  - writes a list of words to @text, for example "nearest, bilinear or bicubic". The list contains
 *                      the words whose values are from @lowest to @highest. Words without a description are second
 *                      spellings of other words and are not in the list. A list that is longer than @size bytes is
 *                      cut.
 *
 * Any thread.
 */
LADE_API const char *lade__word_name(const struct lade_word *words, int value);
LADE_API int lade__word_value(const struct lade_word *words, const char *subject, const char *word, int *value,
                              struct lade_error *err);
LADE_API void lade__word_list(const struct lade_word *words, int lowest, int highest, char *text, size_t size);

/* Defines lade_NOUN_name() and lade_NOUN_from_name() for enum lade_NOUN. @subject is the name of the option that has
   this type. */
#define LADE__ENUM_WORDS(noun, words, subject)                                                     \
    const char *lade_##noun##_name(enum lade_##noun value) {                                       \
        return lade__word_name(words, (int)value);                                                 \
    }                                                                                              \
    int lade_##noun##_from_name(const char *name, enum lade_##noun *out, struct lade_error *err) { \
        int value, status = lade__word_value(words, subject, name, &value, err);                   \
        if (status == LADE_OK)                                                                     \
            *out = (enum lade_##noun)value;                                                        \
        return status;                                                                             \
    }

#endif
