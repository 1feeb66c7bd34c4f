/*
 * Manages the memory of the results of a scan, and adds invalid files.
 */
#include <stdlib.h>
#include <string.h>

#include "command/scan/scan.h"
#include "option/source.h"
#include "terminal/text.h"

void *scan_grow(void *array, size_t count, size_t size) {
    if (count && (count & (count - 1)))
        return array; /* @count is not a power of two, so it is less than the capacity */
    void *larger = text_alloc(count ? count * 2 : 1, size);
    if (count)
        memcpy(larger, array, count * size);
    free(array);
    return larger;
}

void scan_add_invalid(struct scan *s, const char *path, const char *cause) {
    s->invalid = scan_grow(s->invalid, s->invalid_listed, sizeof *s->invalid);
    s->invalid[s->invalid_listed++] = (struct invalid_file){text_printf("%s", path), text_printf("%s", cause)};
    s->invalid_count = (int64_t)s->invalid_listed;
}

void scan_release(struct scan *s) {
    for (size_t i = 0; i < s->class_count; i++)
        free(s->classes[i].name);
    for (size_t i = 0; i < s->invalid_listed; i++) {
        free(s->invalid[i].path);
        free(s->invalid[i].cause);
    }
    free(s->classes);
    free(s->invalid);
    size_count_free(&s->sizes);
    source_close(s->flow);
}
