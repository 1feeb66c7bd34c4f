/*
 * train/spec/words.h - splits the text of a specification into words, numbers and parts between separators.
 */
#ifndef LADE_SRC_TRAIN_SPEC_WORDS_H
#define LADE_SRC_TRAIN_SPEC_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/* A part of a text, which need not end with '\0'. */
struct lade__text {
    const char *at, *end;
};

/*
 * lade__text_trim() - removes blanks and line ends at both ends.
 *
 * lade__text_is() - returns true if the text is equal to @word.
 *
 * lade__next_word() - removes the next word from @t and returns the word. The word is empty at the end of @t.
 *
 * lade__next_part() - removes from @t the text before the next @separator that is not in parentheses, and the separator
 * itself. Returns the removed text without the separator and without blanks at its ends. Sets *more to true if there
 * was a separator.
 *
 * lade__count_parts() - returns the number of parts: the number of separators that are not in parentheses, plus 1.
 *
 * lade__closing() - returns the address of the parenthesis that closes the parenthesis at t.at, or NULL.
 */
struct lade__text lade__text_trim(struct lade__text t);
bool lade__text_is(struct lade__text t, const char *word);
struct lade__text lade__next_word(struct lade__text *t);
struct lade__text lade__next_part(struct lade__text *t, char separator, bool *more);
int lade__count_parts(struct lade__text t, char separator);
const char *lade__closing(struct lade__text t);

/*
 * lade__read_number() - reads a decimal whole number below 2^31. Returns false if @word is not such a number.
 *
 * lade__read_rate() - reads a number that is 0 or more and below 1. Returns false if @word is not such a number.
 */
bool lade__read_number(struct lade__text word, int64_t *out);
bool lade__read_rate(struct lade__text word, double *out);

#endif
