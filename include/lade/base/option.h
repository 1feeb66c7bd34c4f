/*
 * lade/base/option.h - describes the options of the library, for programs that read options from text. lade/base.h
 * includes this header.
 */
#ifndef LADE_BASE_OPTION_H
#define LADE_BASE_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lade/base/attributes.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A word and the enum value that the word means. An array of these structs ends with an element whose word is NULL. A
 * word without a description is a second spelling of a value. Functions that read words accept a second spelling, but
 * lists of words for people leave it out.
 */
struct lade_word {
    const char *word;        /* "bilinear" */
    int value;               /* LADE_INTERPOLATION_BILINEAR */
    const char *description; /* the meaning of the value, for help texts */
};

/*
 * The C type of an option.
 */
enum lade_option_type {
    LADE_OPTION_BOOL = 0, /* bool */
    LADE_OPTION_INT,      /* int */
    LADE_OPTION_INT64,    /* int64_t */
    LADE_OPTION_UINT64,   /* uint64_t */
    LADE_OPTION_FLOAT,    /* float */
    LADE_OPTION_DOUBLE,   /* double */
    LADE_OPTION_ENUM, /* an enum, or an int with a few allowed values; struct lade_option_info lists them in `words` */
    LADE_OPTION_TEXT, /* const char *: a string */
    LADE_OPTION_LIST, /* const char *const *: strings, then NULL */
    LADE_OPTION_OTHER /* a pointer or a struct that only a C program can fill in */
};

/*
 * The role of an option tells which results the option changes. An option may also change the results that are listed
 * for earlier roles.
 */
enum lade_option_role {
    LADE_OPTION_RUN = 0, /* changes only the speed or the handling of errors; the bytes of batches without errors stay
                            the same */
    LADE_OPTION_STREAM,  /* changes the bytes of batches; saved states contain the option */
    LADE_OPTION_SAMPLE   /* changes how an image becomes a sample; nets keep the option with their parameters */
};

/*
 * The description of one field of an options struct, for programs that read options from text: commands, bindings,
 * configuration files. If `size` is twice the size of the type, the option holds two values. Two integers are a height
 * and a width. Two floating-point numbers are the low and the high end of a range.
 */
struct lade_option_info {
    const char *name;    /* the name of the field: "rotation_range" */
    const char *section; /* the heading under which a help text lists the option: "Augmentation" */
    size_t offset;       /* offset of the field in its struct, in bytes */
    size_t size;         /* size of the field, in bytes */
    enum lade_option_type type;
    enum lade_option_role role;
    bool random;                   /* true: the option makes a random change to each image; zero turns the change off */
    double minimum, maximum;       /* for numbers: the allowed range. Zero is always allowed and selects the default */
    bool above_minimum;            /* true: the minimum itself is not allowed */
    bool below_maximum;            /* true: the maximum itself is not allowed */
    bool single;                   /* for an option with a low and a high value: {f, 0} is allowed and means {1 - f, 1 +
                                      f} */
    bool can_be_off;               /* LADE_OFF is allowed and means zero */
    bool stored_as_number;         /* for enums: saved states contain the number instead of the word */
    double default_value[2];       /* for numbers and enums: the value that zero selects */
    const char *default_text;      /* the default in words, for example "one per core"; NULL: default_value is enough */
    const struct lade_word *words; /* for enums: the words. If `maximum` is above 0, words whose values are above
                                      `maximum` are not allowed */
    const char *placeholder;       /* the name of the value in help texts, for example "N"; or NULL */
    const char *description;       /* the effect of the option, for help texts */
};

#ifdef __cplusplus
}
#endif
#endif
