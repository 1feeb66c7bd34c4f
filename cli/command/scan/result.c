/*
 * Manages the memory of the results of a scan, and adds files to lists.
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

void scan_add(struct file_list *list, const char *path, const char *cause) {
    list->files = scan_grow(list->files, list->count, sizeof *list->files);
    list->files[list->count++] = (struct listed_file){text_printf("%s", path), text_printable(cause)};
}

static void release_list(struct file_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        free(list->files[i].path);
        free(list->files[i].cause);
    }
    free(list->files);
}

void scan_release(struct scan *s) {
    for (size_t i = 0; i < s->class_count; i++)
        free(s->classes[i].name);
    for (int state = 0; state < FILE_STATES; state++)
        release_list(&s->lists[state]);
    release_list(&s->problems);
    release_list(&s->left_out);
    free(s->classes);
    size_count_free(&s->sizes);
    ignored_free(&s->ignored);
    source_close(s->flow);
}
