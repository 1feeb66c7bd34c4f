/*
 * Finds the parts of a data set. If all folders of the main source are parts (train, val, test), the command trains on
 * the part for training and validates on the part for validation. This needs exactly one folder for each of these two
 * parts, and both folders must have the same classes. Otherwise the command fails with a message.
 */
#include <stdlib.h>
#include <string.h>

#include "command/train/train.h"
#include "option/layout.h"
#include "option/opt.h"
#include "terminal/exit_code.h"
#include "terminal/output.h"
#include "terminal/text.h"

/* Returns the only name for which @is returns true, or NULL if there is no such name, or several. */
static const char *only(char *const *names, bool (*is)(const char *name)) {
    const char *found = NULL;
    int count = 0;
    for (size_t i = 0; names[i]; i++)
        if (is(names[i])) {
            found = names[i];
            count++;
        }
    return count == 1 ? found : NULL;
}

static bool same_classes(const char *a, const char *b) {
    int count, other;
    char **names = layout_folders(a, &count), **others = layout_folders(b, &other);
    bool same = count == other && count > 0;
    for (int i = 0; i < count && same; i++)
        same = strcmp(names[i], others[i]) == 0;
    layout_folders_free(others);
    layout_folders_free(names);
    return same;
}

/* Prints why the parts cannot be chosen, and which options choose them. Returns EXIT_USAGE. */
static int explain(const struct train *t, const char *training, const char *validation) {
    const char *path = t->source.path;
    if (!training)
        return out_usage("the folders in %s are parts of a data set; give the part for training, and another part with "
                         "--validation",
                         path);
    if (!validation)
        return out_usage("the folders in %s are parts of a data set; give %s/%s to use some of its images for "
                         "validation, or also give --validation and another part",
                         path, path, training);
    return out_usage("the folders %s and %s in %s do not have the same classes; to use both folders anyway, give %s/%s "
                     "and --validation %s/%s",
                     training, validation, path, path, training, path, validation);
}

bool train_choose_parts(struct train *t, int *code) {
    int count;
    char **names = t->stream.classes ? NULL : layout_folders(t->source.path, &count);
    *code = EXIT_OK;
    if (names && layout_has_parts((const char *const *)names, count)) {
        const char *training = only(names, layout_is_training), *validation = only(names, layout_is_validation);
        char *paths[] = {text_printf("%s/%s", t->source.path, training ? training : "?"),
                         text_printf("%s/%s", t->source.path, validation ? validation : "?")};
        bool clear = training && validation && !t->validation && !opt_given(&t->validation_split) &&
                     same_classes(paths[0], paths[1]);
        if (clear) {
            out_error("%s has the parts of a data set: training on %s, validation on %s", t->source.path, training,
                      validation);
            t->source.path = t->part_paths[0] = paths[0];
            t->validation = t->part_paths[1] = paths[1];
        } else {
            *code = explain(t, training, validation);
            free(paths[0]);
            free(paths[1]);
        }
    }
    layout_folders_free(names);
    return *code == EXIT_OK;
}
