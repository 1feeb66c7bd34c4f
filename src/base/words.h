/*
 * base/words.h - reads and writes the values of enums as words. Each enum has one table of struct lade_word, and
 * everything that needs the words of an enum (options, JSON, help texts, error messages) uses its table.
 */
#ifndef LADE_SRC_BASE_WORDS_H
#define LADE_SRC_BASE_WORDS_H

#include <lade/base.h>

/*
 * lade__word_name()  - returns the first word with @value, or "unknown".
 * lade__word_value() - looks up @word, which may be NULL. Returns LADE_OK and sets *@value, or returns LADE_EINVAL and
 *                      fills @err, with @subject as its subject and a list of the words in its message.
 * lade__word_list()  - writes "nearest, bilinear or bicubic" to @text: all words with values from @lowest to @highest,
 *                      without second spellings. A list that is longer than @size is cut.
 *
 * Any thread.
 */
LADE_API const char *lade__word_name(const struct lade_word *words, int value);
LADE_API int lade__word_value(const struct lade_word *words, const char *subject, const char *word, int *value,
                              struct lade_error *err);
LADE_API void lade__word_list(const struct lade_word *words, int lowest, int highest, char *text, size_t size);

/* Defines lade_NOUN_name() and lade_NOUN_from_name() for enum lade_NOUN. @subject is the option that has this type. */
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
