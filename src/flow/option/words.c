/*
 * Defines the names and descriptions of the values of the enums of a stream, one table for each enum.
 */
#include "flow/option/words.h"

#include "base/words.h"

const struct lade_word lade__class_mode_words[] = {
    {"categorical", LADE_CLASS_CATEGORICAL, "a column for each class: 1 in the column of the sample's class, else 0"},
    {"binary", LADE_CLASS_BINARY, "0 or 1, for two classes"},
    {"sparse", LADE_CLASS_SPARSE, "the index of the class"},
    {"none", LADE_CLASS_NONE, "no labels"},
    {"input", LADE_CLASS_INPUT, "the image itself"},
    {"raw", LADE_CLASS_RAW, "numbers from a list or an array"},
    {"multi_output", LADE_CLASS_RAW, NULL},
    {0},
};
const struct lade_word lade__order_words[] = {
    {"shuffled", LADE_ORDER_SHUFFLED, "a new random order in each epoch"},
    {"sorted", LADE_ORDER_SORTED, "sorted by class and name; a list or an array keeps its order"},
    {"balanced", LADE_ORDER_BALANCED, "a random order in which each class has a chosen fraction of the samples"},
    {"weighted", LADE_ORDER_WEIGHTED, "a random order in which a sample occurs in proportion to its weight"},
    {0},
};
const struct lade_word lade__subset_words[] = {
    {"all", LADE_SUBSET_ALL, "all samples"},
    {"training", LADE_SUBSET_TRAINING, "the samples that are not for validation"},
    {"validation", LADE_SUBSET_VALIDATION, "the samples for validation"},
    {0},
};
const struct lade_word lade__split_words[] = {
    {"first", LADE_SPLIT_FIRST, "the first samples of each class by name, as in Keras"},
    {"seeded", LADE_SPLIT_SEEDED, "a random choice that depends on the seed"},
    {0},
};
const struct lade_word lade__crop_words[] = {
    {"none", LADE_CROP_NONE, "the whole image"},
    {"random", LADE_CROP_RANDOM, "torchvision's RandomResizedCrop"},
    {"center", LADE_CROP_CENTER, "torchvision's CenterCrop after Resize"},
    {"centre", LADE_CROP_CENTER, NULL},
    {0},
};
const struct lade_word lade__error_policy_words[] = {
    {"fail", LADE_ERROR_FAIL, "an invalid file ends the stream with an error"},
    {"skip", LADE_ERROR_SKIP, "an invalid file is reported and left out"},
    {"replace", LADE_ERROR_REPLACE, "an invalid file is reported and replaced by another file of its class"},
    {0},
};
const struct lade_word lade__held_words[] = {
    {"refuse", LADE_HELD_REFUSE, "a request for a batch fails while all batches are referenced"},
    {"grow", LADE_HELD_GROW, "more memory is allocated while all batches are referenced"},
    {0},
};
const struct lade_word lade__ignored_words[] = {
    {"suffix", LADE_IGNORED_SUFFIX, "a file without a suffix of an image format"},
    {"content", LADE_IGNORED_CONTENT, "a file that is not an image"},
    {"empty", LADE_IGNORED_EMPTY, "a file of 0 bytes"},
    {"unreadable", LADE_IGNORED_UNREADABLE, "a file that cannot be read"},
    {"dot", LADE_IGNORED_DOT, "the name begins with a dot"},
    {"not_regular", LADE_IGNORED_NOT_REGULAR, "not a regular file"},
    {"link", LADE_IGNORED_LINK, "a link to a directory"},
    {"no_class", LADE_IGNORED_NO_CLASS, "a file that is not in a class folder"},
    {0},
};
/* The types that a batch can have. enum lade_dtype also has types that only arrays can have. */
const struct lade_word lade__dtype_words[] = {
    {"float32", LADE_FLOAT32, "32-bit floating point"},
    {"uint8", LADE_UINT8, "bytes from 0 to 255"},
    {"uint16", LADE_UINT16, "integers from 0 to 65535; 16-bit samples of files are not changed"},
    {0},
};

const char *lade_ignored_name(enum lade_ignored reason) {
    return lade__word_name(lade__ignored_words, (int)reason);
}

LADE__ENUM_WORDS(class_mode, lade__class_mode_words, "class_mode")
LADE__ENUM_WORDS(order, lade__order_words, "order")
LADE__ENUM_WORDS(subset, lade__subset_words, "subset")
LADE__ENUM_WORDS(split, lade__split_words, "split")
LADE__ENUM_WORDS(crop, lade__crop_words, "crop")
LADE__ENUM_WORDS(error_policy, lade__error_policy_words, "on_error")
LADE__ENUM_WORDS(held, lade__held_words, "held")
