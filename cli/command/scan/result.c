/*
 * The lists that a scan fills, and the memory that they take.
 */
#include <stdlib.h>
#include <string.h>

#include "command/scan/scan.h"
#include "terminal/text.h"

void *scan_grow(void *array, size_t count, size_t size) {
    if (count && (count & (count - 1)))
        return array; /* room is the next power of two */
    void *larger = text_alloc(count ? count * 2 : 1, size);
    if (count)
        memcpy(larger, array, count * size);
    free(array);
    return larger;
}

void scan_add_bad(struct scan *s, const char *path, const char *cause) {
    s->bad = scan_grow(s->bad, s->bad_listed, sizeof *s->bad);
    s->bad[s->bad_listed++] = (struct bad_file){text_printf("%s", path), text_printf("%s", cause)};
    s->bad_count = (int64_t)s->bad_listed;
}

void scan_release(struct scan *s) {
    for (size_t i = 0; i < s->class_count; i++)
        free(s->classes[i].name);
    for (size_t i = 0; i < s->bad_listed; i++) {
        free(s->bad[i].path);
        free(s->bad[i].cause);
    }
    free(s->classes);
    free(s->bad);
    size_count_free(&s->sizes);
    lade_flow_free(s->flow);
}
