/*
 * base/json.h - JSON as text, whole or not at all: json_dumps() leaves a piece out where memory ends for a moment
 * while its buffer grows.
 */
#ifndef LADE_SRC_TRAIN_FILE_JSON_TEXT_H
#define LADE_SRC_TRAIN_FILE_JSON_TEXT_H

#include <jansson.h>

#include <lade/base.h>

/* The shortest text of @v, the caller's to lade_free(). NULL: no memory, or @v is NULL. */
static inline char *lade__json_to_text(const json_t *v) {
    size_t size = json_dumpb(v, NULL, 0, JSON_COMPACT);
    char *text = size ? lade_alloc(size + 1) : NULL;
    if (text && json_dumpb(v, text, size, JSON_COMPACT) != size) {
        lade_free(text);
        return NULL;
    }
    if (text)
        text[size] = '\0';
    return text;
}

#endif
