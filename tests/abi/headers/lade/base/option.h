#ifndef LADE_BASE_OPTION_H
#define LADE_BASE_OPTION_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <lade/base/attributes.h>
#ifdef __cplusplus
extern "C" {
#endif
struct lade_word {
    const char *word;
    int value;
    const char *description;
};
enum lade_option_type {
    LADE_OPTION_BOOL = 0,
    LADE_OPTION_INT,
    LADE_OPTION_INT64,
    LADE_OPTION_UINT64,
    LADE_OPTION_FLOAT,
    LADE_OPTION_DOUBLE,
    LADE_OPTION_ENUM,
    LADE_OPTION_TEXT,
    LADE_OPTION_LIST,
    LADE_OPTION_OTHER
};
enum lade_option_role {
    LADE_OPTION_RUN = 0,
    LADE_OPTION_STREAM,
    LADE_OPTION_SAMPLE
};
struct lade_option_info {
    const char *name;
    const char *section;
    size_t offset;
    size_t size;
    enum lade_option_type type;
    enum lade_option_role role;
    bool random;
    double minimum, maximum;
    bool above_minimum;
    bool below_maximum;
    bool single;
    bool can_be_off;
    bool stored_as_number;
    double default_value[2];
    const char *default_text;
    const struct lade_word *words;
    const char *placeholder;
    const char *description;
};
#ifdef __cplusplus
}
#endif
#endif
