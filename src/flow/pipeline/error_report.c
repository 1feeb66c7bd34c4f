/*
 * The list keeps its first 10,000 entries with their words; of more invalid files than that only the number is known, which
 * a bit per sample keeps exact. Memory stays bounded where a whole disk has gone bad.
 */
#include "flow/pipeline/error_report.h"

#include <string.h>

int lade__report_init(struct lade__report *r, int64_t samples) {
    *r = (struct lade__report){.samples = samples};
    return pthread_mutex_init(&r->lock, NULL) == 0 ? LADE_OK : LADE_ENOMEM;
}

void lade__report_release(struct lade__report *r) {
    for (int64_t i = 0; i < r->kept; i++)
        lade_free((char *)r->files[i].cause);
    lade_free(r->files);
    lade_free(r->seen);
    pthread_mutex_destroy(&r->lock);
}

static int keep(struct lade__report *r, const struct lade_invalid_file *file) {
    if (r->kept == r->room) {
        int64_t room = r->room * 2 + 16;
        struct lade_invalid_file *p = lade_realloc(r->files, (size_t)room, sizeof *p);
        if (!p)
            return LADE_ENOMEM;
        r->files = p;
        r->room = room;
    }
    char *cause = lade_strdup(file->cause);
    if (!cause)
        return LADE_ENOMEM;
    r->files[r->kept] = *file;
    r->files[r->kept++].cause = cause;
    return LADE_OK;
}

static int add(struct lade__report *r, const struct lade_invalid_file *file) {
    if (!r->seen)
        r->seen = lade_calloc((size_t)(r->samples / 8 + 1), 1);
    if (!r->seen)
        return LADE_ENOMEM;
    unsigned char *byte = &r->seen[file->sample / 8], bit = (unsigned char)(1 << file->sample % 8);
    if (*byte & bit)
        return LADE_OK;
    if (r->kept < LADE__REPORT_KEPT && keep(r, file) < 0)
        return LADE_ENOMEM;
    *byte |= bit;
    r->count++;
    return LADE_OK;
}

int lade__report_add(struct lade__report *r, int64_t sample, int64_t epoch, int64_t step,
                     const struct lade_error *error, int64_t *count) {
    struct lade_invalid_file file = {sample, epoch, step, error->code, error->message};

    pthread_mutex_lock(&r->lock);
    int status = add(r, &file);
    *count = r->count;
    pthread_mutex_unlock(&r->lock);
    return status;
}

int64_t lade__report_count(struct lade__report *r) {
    pthread_mutex_lock(&r->lock);
    int64_t count = r->count;
    pthread_mutex_unlock(&r->lock);
    return count;
}

int lade__report_get(struct lade__report *r, int64_t i, struct lade_invalid_file *out) {
    pthread_mutex_lock(&r->lock);
    int status = i >= 0 && i < r->kept ? LADE_OK : LADE_EINVAL;
    if (status == LADE_OK)
        *out = r->files[i];
    pthread_mutex_unlock(&r->lock);
    return status;
}
