/*
 * Keeps the list of invalid files. The list has at most 16 MiB, which is enough for about 100,000 files. Further files
 * are only counted, so the memory is limited even if all files are damaged. One bit for each sample records whether the
 * file of the sample was counted, so that no file is counted twice.
 */
#include "flow/pipeline/error_report.h"

#include <string.h>

#include "base/array.h"

int lade__error_report_init(struct lade__error_report *r, int64_t samples) {
    *r = (struct lade__error_report){.samples = samples};
    return lade__monitor_init(&r->monitor, NULL, NULL);
}

void lade__error_report_release(struct lade__error_report *r) {
    for (int64_t i = 0; i < r->entries; i++)
        lade_free((char *)r->files[i].cause);
    lade_free(r->files);
    lade_free(r->seen);
    lade__monitor_release(&r->monitor);
}

static int add_entry(struct lade__error_report *r, const struct lade_invalid_file *file) {
    if (r->entries == r->capacity && lade__array_grow(&r->files, &r->capacity, sizeof *r->files) < 0)
        return LADE_ENOMEM;
    char *cause = lade_strdup(file->cause);
    if (!cause)
        return LADE_ENOMEM;
    r->files[r->entries] = *file;
    r->files[r->entries++].cause = cause;
    r->bytes += sizeof *file + strlen(cause) + 1;
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
    if (r->bytes < LADE__REPORT_BYTES && add_entry(r, file) < 0)
        return LADE_ENOMEM;
    *byte |= bit;
    r->count++;
    return LADE_OK;
}

int lade__error_report_add(struct lade__error_report *r, int64_t sample, int64_t epoch, int64_t step,
                           const struct lade_error *error, int64_t *count) {
    struct lade_invalid_file file = {sample, epoch, step, error->code, error->message};

    lade__monitor_enter(&r->monitor);
    int status = add_file(r, &file);
    *count = r->count;
    lade__monitor_leave(&r->monitor);
    return status;
}

int64_t lade__error_report_count(struct lade__error_report *r) {
    lade__monitor_enter(&r->monitor);
    int64_t count = r->count;
    lade__monitor_leave(&r->monitor);
    return count;
}

int lade__error_report_get(struct lade__error_report *r, int64_t i, struct lade_invalid_file *out) {
    lade__monitor_enter(&r->monitor);
    int status = i >= 0 && i < r->entries ? LADE_OK : LADE_EINVAL;
    if (status == LADE_OK)
        *out = r->files[i];
    lade__monitor_leave(&r->monitor);
    return status;
}
