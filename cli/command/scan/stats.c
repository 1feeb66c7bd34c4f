/*
 * lade scan --print-stats - computes the mean and the standard deviation of the data set. The samples come from a
 * stream that has the sample options of the command line.
 */
#include "command/scan/scan.h"

#include <stdlib.h>

#include "option/source.h"
#include "option/stream.h"
#include "report/stream_report.h"
#include "terminal/exit_code.h"
#include "terminal/output.h"

const struct opt *scan_stats_options(void) {
    static const char *const names[] = {"zca-whitening", "zca-epsilon", "samplewise-center",
                                        "samplewise-std-normalization"};
    static struct opt options[5];
    for (int i = 0; i < 4; i++)
        options[i] = stream_option(names[i]);
    return options;
}

static bool save(const struct scan *s) {
    struct lade_error err = {0};
    if (!s->stats_out || lade_stats_save(s->stats_found, s->stats_out, &err) == LADE_OK)
        return true;
    out_error("--stats-out %s", err.message);
    return false;
}

/* Adds the files that the stream has skipped. */
static void add_left_out(struct scan *s) {
    struct lade_invalid_file file;
    for (int64_t i = 0; s->flow && lade_flow_invalid_file(s->flow, i, &file) == LADE_OK; i++) {
        char *path = stream_path(s->flow, file.sample);
        scan_add(&s->left_out, path, file.cause);
        free(path);
    }
}

bool scan_stats(struct scan *s, int *code) {
    struct lade_error err = {0};
    struct lade_flow_options o = s->sample;
    o.class_mode = LADE_CLASS_NONE;
    o.classes = s->files.classes;
    o.follow_links = s->files.follow_links;
    o.all_files = s->files.all_files;
    o.workers = (int)s->workers;
    o.on_error = LADE_ERROR_SKIP;
    s->flow = source_watch(lade_flow_from_directory(s->directory, &o, &err));
    bool found = s->flow && lade_flow_fit(s->flow, &err) == LADE_OK;
    add_left_out(s);
    if (!found) {
        *code = EXIT_FAILED;
        if (err.code == LADE_EINVAL && !s->flow)
            *code = out_usage("%s", err.message);
        else
            stream_print_error(&err, s->directory, &o);
        return false;
    }
    s->stats_found = lade_flow_stats(s->flow);
    *code = save(s) ? EXIT_OK : EXIT_FAILED;
    return *code == EXIT_OK;
}
