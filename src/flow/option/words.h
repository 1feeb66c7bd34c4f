/*
 * Declares the tables of names for the enums of a stream.
 */
#ifndef LADE_SRC_FLOW_OPTION_WORDS_H
#define LADE_SRC_FLOW_OPTION_WORDS_H

#include <lade/flow.h>

extern const struct lade_word lade__class_mode_words[], lade__order_words[], lade__subset_words[], lade__split_words[],
    lade__crop_words[], lade__error_policy_words[], lade__held_words[], lade__dtype_words[], lade__ignored_words[];

#endif
