/*
 * Writes a stream to .npy files. Only one batch is in memory at a time.
 */
#include "command/npy_export.h"

#include <stdlib.h>
#include <string.h>

#include "terminal/output.h"
#include "terminal/text.h"

bool export_check(const char *path) {
    size_t n = strlen(path);
    if (n > 4 && strcmp(path + n - 4, ".npy") == 0)
        return true;
    out_usage("--out %s: the name must end in .npy", path);
    return false;
}

bool export_batch(struct export_files *files, const char *path, const struct lade_batch *batch) {
    static const char *const endings[] = {"", "-y", "-sample_weight"};
    struct lade_tensor *const tensors[] = {batch->x, batch->y, batch->sample_weight};
    struct lade_error err = {0};
    for (int i = 0; i < 3; i++) {
        struct lade_tensor *t = tensors[i];
        if (!t)
            continue;
        if (!files->writers[i]) {
            files->paths[i] = text_printf("%.*s%s.npy", (int)strlen(path) - 4, path, endings[i]);
            files->writers[i] = lade_npy_create(files->paths[i], t->dtype, t->dl.ndim, t->shape, &err);
        }
        if (!files->writers[i] || lade_npy_append(files->writers[i], t, &err) < 0) {
            out_error("--out: %s", err.message);
            return false;
        }
    }
    return true;
}

bool export_finish(struct export_files *files, bool good) {
    for (int i = 0; i < 3; i++) {
        struct lade_error err = {0};
        if (!good) {
            lade_npy_abort(files->writers[i]);
        } else if (files->writers[i] && lade_npy_finish(files->writers[i], &err) < 0) {
            out_error("--out: %s", err.message);
            good = false;
        }
        free(files->paths[i]);
    }
    *files = (struct export_files){0};
    return good;
}
