/*
 * Prints messages about streams, and returns their properties as text and JSON.
 */
#define _POSIX_C_SOURCE 200809L
#include "report/stream_report.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "terminal/output.h"
#include "terminal/text.h"

void stream_print_error(const struct lade_error *err, const char *directory, const struct lade_flow_options *options) {
    if (err->code == LADE_ECANCELED) /* a signal has canceled the stream; main() prints a message */
        return;
    out_error("%s", err->message);
    size_t length = strlen(directory);
    bool is_file = strncmp(err->subject, directory, length) == 0 && err->subject[length] == '/';
    if (is_file && options->on_error == LADE_ERROR_FAIL)
        out_error("use --on-error skip to skip invalid files; lade scan DIR --check lists them");
}

char *stream_path(const lade_flow *flow, int64_t i) {
    int64_t length = lade_flow_filename(flow, i, NULL, 0);
    if (length < 0)
        return text_printf("sample %" PRId64, i);
    char *path = text_alloc((size_t)length + 1, 1);
    lade_flow_filename(flow, i, path, (size_t)length + 1);
    return path;
}

void stream_print_invalid(lade_flow *flow) {
    enum { SHOWN = 20 };
    int64_t count = lade_flow_invalid_count(flow);
    struct lade_invalid_file file;
    for (int64_t i = 0; i < count && i < SHOWN && lade_flow_invalid_file(flow, i, &file) == LADE_OK; i++)
        out_error("skipped: %s", file.cause);
    if (count > SHOWN)
        out_error("skipped: %s more invalid files; --json lists them", text_count(count - SHOWN).s);
}

/* Appends the invalid files of @flow to @array. Returns the number of invalid files that are not in the list of the
   flow. */
static int64_t append_invalid(json_t *array, lade_flow *flow) {
    struct lade_invalid_file file;
    int64_t i;
    for (i = 0; lade_flow_invalid_file(flow, i, &file) == LADE_OK; i++) {
        json_t *entry = json_new_object();
        char *path = stream_path(flow, file.sample);
        json_put_path(entry, path);
        json_put_text(entry, "cause", file.cause);
        json_append(array, entry);
        free(path);
    }
    return lade_flow_invalid_count(flow) - i;
}

void stream_put_invalid(json_t *object, lade_flow *flow, lade_flow *second) {
    json_t *array = json_new_array();
    int64_t unlisted = append_invalid(array, flow) + (second ? append_invalid(array, second) : 0);
    json_put(object, "bad", array);
    json_put_int(object, "bad_unlisted", unlisted);
}

char *stream_shape(const lade_flow *flow, const struct lade_flow_options *options) {
    int64_t shape[3];
    lade_flow_sample_shape(flow, shape);
    return text_printf("%" PRId64 "x%" PRId64 "x%" PRId64 " %s", shape[0], shape[1], shape[2],
                       lade_dtype_name(options->dtype));
}

/* Reads VmHWM of /proc/self/status. ru_maxrss is not used, because it includes the memory of the parent process at the
   time of the fork. */
int64_t stream_peak_rss(void) {
    FILE *f = fopen("/proc/self/status", "re");
    int64_t kib = -1;
    char line[200];
    while (f && kib < 0 && fgets(line, sizeof line, f))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtoll(line + 6, NULL, 10);
    if (f)
        fclose(f);
    struct rusage usage;
    if (kib < 0 && getrusage(RUSAGE_SELF, &usage) == 0)
        kib = usage.ru_maxrss;
    return kib * 1024;
}
