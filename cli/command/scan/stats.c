/*
 * lade scan --print-stats - computes the mean and the standard deviation of the data set. The samples come from a
 * stream that has the sample options of the command line.
 */
#include "command/scan/scan.h"

#include <stdlib.h>
#include <string.h>

#include "option/source.h"
#include "option/stream.h"
#include "report/stream_report.h"
#include "terminal/exit_code.h"
#include "terminal/output.h"
#include "terminal/text.h"

const struct opt *scan_stats_options(void) {
    static const char *const names[] = {"zca-whitening", "zca-epsilon", "samplewise-center",
                                        "samplewise-std-normalization"};
    static struct opt options[5];
    for (int i = 0; i < 4; i++)
        options[i] = stream_option(names[i]);
    return options;
}

/* ---- The stream -------------------------------------------------------------------------------------------------- */

static void ignore_problem(void *ctx, const struct lade_scan_problem *problem) {
    (void)ctx, (void)problem; /* scan_files() has reported the problem */
}

static void free_paths(char **paths, size_t count) {
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
    free(paths);
}

/* Makes a stream of the images in all folders that can be read. lade_flow_from_directory() fails if a folder cannot be
   read. */
static lade_flow *open_readable(const struct scan *s, const struct lade_flow_options *o, struct lade_error *err) {
    struct lade_scan_options options = s->files;
    lade_flow *flow = NULL;
    char **paths = NULL;
    size_t count = 0;
    options.on_problem = ignore_problem;
    lade_for_each (file, lade_scan_files(s->directory, &options), err) {
        paths = scan_grow(paths, count, sizeof *paths);
        paths[count++] = text_printf("%s/%s%s%s", s->directory, file.directory, *file.directory ? "/" : "", file.name);
    }
    paths = scan_grow(paths, count, sizeof *paths);
    if (!err->code)
        flow = lade_flow_from_paths((const char *const *)paths, o, err);
    free_paths(paths, count);
    return flow;
}

static struct lade_flow_options options_of(const struct scan *s) {
    struct lade_flow_options o = s->sample;
    o.class_mode = LADE_CLASS_NONE;
    o.classes = s->unread_folders ? NULL : s->files.classes; /* open_readable() lists the files of the classes */
    o.follow_links = s->files.follow_links;
    o.all_files = s->files.all_files;
    o.workers = (int)s->workers;
    o.on_error = LADE_ERROR_SKIP;
    return o;
}

/* ---- The statistics ---------------------------------------------------------------------------------------------- */

static bool save(const struct scan *s) {
    struct lade_error err = {0};
    if (!s->stats_out || lade_stats_save(&s->stats_found, s->stats_out, &err) == LADE_OK)
        return true;
    out_error("--stats-out %s", err.message);
    return false;
}

/* Adds the files that the stream has skipped. Their paths are relative to the directory. */
static void add_left_out(struct scan *s) {
    struct lade_invalid_file file;
    size_t below = s->unread_folders ? strlen(s->directory) + 1 : 0;
    for (int64_t i = 0; s->flow && lade_flow_invalid_file(s->flow, i, &file) == LADE_OK; i++) {
        char *path = stream_path(s->flow, file.sample);
        scan_add(&s->left_out, path + below, file.cause);
        free(path);
    }
}

bool scan_stats(struct scan *s, int *code) {
    struct lade_error err = {0};
    struct lade_flow_options o = options_of(s);
    s->flow = s->unread_folders ? open_readable(s, &o, &err) : lade_flow_from_directory(s->directory, &o, &err);
    source_watch(s->flow);
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
    s->stats_found = *lade_flow_stats(s->flow);
    s->stats_found.left_out += s->unread_folders;
    s->has_stats = true;
    bool saved = save(s);
    *code = saved && !s->stats_found.left_out ? EXIT_OK : EXIT_FAILED;
    return saved;
}
