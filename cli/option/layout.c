/*
 * Prints warnings about class folders. A stream of such folders is valid, so the run continues.
 */
#include "option/layout.h"

#include <stdlib.h>
#include <string.h>

#include "terminal/output.h"
#include "terminal/text.h"

bool layout_has_parts(const char *const *names, int count) {
    static const char *const parts[] = {"train", "training", "val",     "valid", "validation",
                                        "dev",   "test",     "testing", "eval",  "evaluation"};
    int found = 0;
    for (int c = 0; c < count; c++)
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
            found += strcmp(names[c], parts[i]) == 0;
    return count >= 2 && found == count;
}

/* Returns the first names of a list as "a, b, c, ...". The caller must free() the text. */
static char *join(const char *const *names, int count) {
    enum { SHOWN = 5 };
    char *list = text_printf("%s", "");
    for (int i = 0; i < count && i < SHOWN; i++) {
        char *name = text_escape(names[i]), *longer = text_printf("%s%s%s", list, i ? ", " : "", name);
        free(name);
        free(list);
        list = longer;
    }
    if (count <= SHOWN)
        return list;
    char *longer = text_printf("%s, ...", list);
    free(list);
    return longer;
}

void layout_print_parts(const char *path, const char *const *names, int count) {
    char *list = join(names, count), *shown = text_escape(path), *first = text_escape(names[0]);
    out_error("warning: %d classes: %s? These folders look like parts of a data set, not like classes. Give one part, "
              "for example %s/%s",
              count, list, shown, first);
    free(first);
    free(shown);
    free(list);
}

void layout_warn(const lade_flow *flow, const char *path) {
    const char *const *names = lade_flow_class_names(flow);
    int count = lade_flow_classes(flow), empty = 0;
    const char **without = text_alloc((size_t)count, sizeof *without);
    for (int c = 0; c < count; c++)
        if (lade_flow_class_count(flow, c) == 0)
            without[empty++] = names[c];
    if (empty) {
        char *list = join(without, empty);
        out_error("warning: %s without images in this stream: %s", text_counted(empty, "class").s, list);
        free(list);
    }
    if (layout_has_parts(names, count))
        layout_print_parts(path, names, count);
    free(without);
}
