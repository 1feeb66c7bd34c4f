/*
 * Keeps the list of invalid files. The list contains the messages of the first 10,000 invalid files. Further files are
 * only counted, so the memory is limited even if all files are damaged. One bit for each sample records that its file
 * was counted, so that no file is counted twice.
 */
#include "flow/pipeline/error_report.h"

#include <string.h>

int lade__error_report_init(struct lade__error_report *r, int64_t samples) {
    *r = (struct lade__error_report){.samples = samples};
    return pthread_mutex_init(&r->lock, NULL) == 0 ? LADE_OK : LADE_ENOMEM;
}

void lade__error_report_release(struct lade__error_report *r) {
    for (int64_t i = 0; i < r->entries; i++)
        lade_free((char *)r->files[i].cause);
    lade_free(r->files);
    lade_free(r->seen);
    pthread_mutex_destroy(&r->lock);
}

static int add_entry(struct lade__error_report *r, const struct lade_invalid_file *file) {
    if (r->entries == r->capacity) {
        int64_t capacity = r->capacity * 2 + 16;
        struct lade_invalid_file *p = lade_realloc(r->files, (size_t)capacity, sizeof *p);
        if (!p)
            return LADE_ENOMEM;
        r->files = p;
        r->capacity = capacity;
    }
    char *cause = lade_strdup(file->cause);
    if (!cause)
        return LADE_ENOMEM;
    r->files[r->entries] = *file;
    r->files[r->entries++].cause = cause;
    return LADE_OK;
}

static int add_file(struct lade__error_report *r, const struct lade_invalid_file *file) {
    if (!r->seen)
        r->seen = lade_calloc((size_t)(r->samples / 8 + 1), 1);
    if (!r->seen)
        return LADE_ENOMEM;
    unsigned char *byte = &r->seen[file->sample / 8], bit = (unsigned char)(1 << file->sample % 8);
    if (*byte & bit)
        return LADE_OK;
    if (r->entries < LADE__REPORT_ENTRIES && add_entry(r, file) < 0)
        return LADE_ENOMEM;
    *byte |= bit;
    r->count++;
    return LADE_OK;
}

int lade__error_report_add(struct lade__error_report *r, int64_t sample, int64_t epoch, int64_t step,
                           const struct lade_error *error, int64_t *count) {
    struct lade_invalid_file file = {sample, epoch, step, error->code, error->message};

    pthread_mutex_lock(&r->lock);
    int status = add_file(r, &file);
    *count = r->count;
    pthread_mutex_unlock(&r->lock);
    return status;
}

int64_t lade__error_report_count(struct lade__error_report *r) {
    pthread_mutex_lock(&r->lock);
    int64_t count = r->count;
    pthread_mutex_unlock(&r->lock);
    return count;
}

int lade__error_report_get(struct lade__error_report *r, int64_t i, struct lade_invalid_file *out) {
    pthread_mutex_lock(&r->lock);
    int status = i >= 0 && i < r->entries ? LADE_OK : LADE_EINVAL;
    if (status == LADE_OK)
        *out = r->files[i];
    pthread_mutex_unlock(&r->lock);
    return status;
}
