/*
 * The words of the stream's enums, for command lines, messages and saved states: one table each, both ways.
 */
#include <lade/flow.h>

#include <string.h>

static const char *const class_modes[] = {"categorical", "binary", "sparse", "none", "input", "raw"};
static const char *const orders[] = {"shuffled", "sorted", "balanced"};
static const char *const subsets[] = {"all", "training", "validation"};
static const char *const splits[] = {"first", "seeded"};
static const char *const crops[] = {"none", "random", "center"};
static const char *const policies[] = {"fail", "skip", "replace"};

_Static_assert(sizeof class_modes / sizeof *class_modes == LADE_CLASS_MODE_COUNT, "a word for each class mode");
_Static_assert(sizeof orders / sizeof *orders == LADE_ORDER_COUNT, "a word for each order");
_Static_assert(sizeof subsets / sizeof *subsets == LADE_SUBSET_COUNT, "a word for each subset");
_Static_assert(sizeof splits / sizeof *splits == LADE_SPLIT_COUNT, "a word for each split");
_Static_assert(sizeof crops / sizeof *crops == LADE_CROP_COUNT, "a word for each crop");
_Static_assert(sizeof policies / sizeof *policies == LADE_ERROR_POLICY_COUNT, "a word for each policy");

static const char *word(const char *const *words, unsigned count, unsigned value) {
    return value < count ? words[value] : "unknown";
}

static int find(const char *const *words, int count, const char *what, const char *name, struct lade_error *err) {
    char list[128] = "";

    for (int i = 0; i < count; i++) {
        if (strcmp(words[i], name) == 0)
            return i;
        if (i > 0)
            strcat(list, i == count - 1 ? " or " : ", ");
        strcat(list, words[i]);
    }
    return lade_error_set(err, LADE_EINVAL, "%s is \"%.100s\": it can be %s", what, name, list);
}

/* @alias may be written for @meant. */
#define WORDS(noun, words, count, what, alias, meant)                                              \
    const char *lade_##noun##_name(enum lade_##noun value) {                                       \
        return word(words, count, (unsigned)value);                                                \
    }                                                                                              \
    int lade_##noun##_from_name(const char *name, enum lade_##noun *out, struct lade_error *err) { \
        int i = find(words, count, what, strcmp(name, alias) == 0 ? meant : name, err);            \
        if (i < 0)                                                                                 \
            return i;                                                                              \
        *out = (enum lade_##noun)i;                                                                \
        return LADE_OK;                                                                            \
    }

WORDS(class_mode, class_modes, LADE_CLASS_MODE_COUNT, "class_mode", "multi_output", "raw")
WORDS(order, orders, LADE_ORDER_COUNT, "order", "", "")
WORDS(subset, subsets, LADE_SUBSET_COUNT, "subset", "", "")
WORDS(split, splits, LADE_SPLIT_COUNT, "split", "", "")
WORDS(crop, crops, LADE_CROP_COUNT, "crop", "centre", "center")
WORDS(error_policy, policies, LADE_ERROR_POLICY_COUNT, "on_error", "", "")
