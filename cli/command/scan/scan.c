/*
 * lade scan - counts the images of a directory. The generator that lists the files is the same as in a stream, so that
 * scan finds the same files as a stream. A scan keeps only counts and the list of invalid files. --check decodes every
 * file with a stream of tiny samples, because a stream reads and decodes in parallel.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdbool.h>
#include <stdlib.h>

#include <lade/flow.h>
#include <lade/image.h>

#include "command/command.h"
#include "command/scan/scan.h"
#include "option/opt.h"
#include "option/source.h"
#include "option/stream.h"
#include "report/stream_report.h"
#include "terminal/interrupt.h"
#include "terminal/output.h"
#include "terminal/progress.h"
#include "terminal/terminal.h"
#include "terminal/text.h"

static const struct opt options[] = {
    {"check", OPT_FLAG, OPT_AT(struct scan, check),
     .help = "decode every image; the exit status is 1 if an image is invalid"},
    {"stats", OPT_FLAG, OPT_AT(struct scan, stats),
     .help = "decode every image, and print mean and standard deviation of each channel"},
    {"stats-out", OPT_TEXT, OPT_AT(struct scan, stats_out), .value = "FILE",
     .help = "like --stats, but also save the statistics in FILE; other commands read this file with --stats FILE"},
    {"classes", OPT_LIST, OPT_AT(struct scan, files.classes), .value = "A,B,...",
     .help = "names of the class folders to scan", .preset = "all"},
    {"follow-links", OPT_FLAG, OPT_AT(struct scan, files.follow_links),
     .help = "follow symbolic links to folders below the class folders"},
    {"workers", OPT_INT, OPT_AT(struct scan, workers), .value = "W", .low = 0, .high = 1024,
     .help =
         "number of threads that read headers, and decode images for --check and --stats; 0 means one for each core",
     .preset = "0"},
    {"json", OPT_FLAG, OPT_AT(struct scan, json),
     .help = "print one JSON object: images, classes, formats, sizes, bad, mean, std, seconds"},
    {0}};

/* Decodes all files. On error, prints a message and returns false. Also returns false after a signal. */
static bool check_all(struct scan *s) {
    struct lade_flow_options tiny = {.target_size = {8, 8},
                                     .color_mode = LADE_COLOR_GRAYSCALE,
                                     .class_mode = LADE_CLASS_NONE,
                                     .dtype = LADE_UINT8,
                                     .order = LADE_ORDER_SORTED,
                                     .batch_size = 64,
                                     .classes = s->files.classes,
                                     .follow_links = s->files.follow_links,
                                     .workers = (int)s->workers,
                                     .on_error = LADE_ERROR_SKIP};
    struct lade_error err = {0};
    lade_flow *flow = source_watch(lade_flow_from_directory(s->directory, &tiny, &err));
    if (flow) {
        int64_t seen = 0, steps = lade_flow_steps(flow);
        progress_start("check", lade_flow_samples(flow), "img");
        lade_for_each (b, lade_flow_batches(flow), &err) {
            seen += tiny.batch_size;
            progress_show(seen, NULL);
            if (b->step + 1 == steps || interrupted())
                break;
        }
        progress_end();
        struct lade_invalid_file bad;
        for (int64_t i = 0; lade_flow_invalid_file(flow, i, &bad) == LADE_OK; i++) {
            char *path = stream_path(flow, bad.sample);
            scan_add_invalid(s, path, bad.cause);
            free(path);
        }
        s->invalid_count = lade_flow_invalid_count(flow);
    }
    source_close(flow);
    if (err.code)
        stream_print_error(&err, s->directory, &tiny);
    return !err.code && !interrupted();
}

int cmd_scan(int argc, char **argv) {
    struct scan s = {0};
    const struct opt_spec spec = {
        .name = "scan",
        .description = "Count images by class, format and size. The directory has one folder for each class. "
                       "Each invalid file is listed with the cause.",
        .arguments =
            (const struct opt_argument[]){{"DIR", "directory of images, with one folder for each class", &s.directory},
                                          {0}},
        .groups = (const struct opt_group[]){{"Options", options, &s},
                                             {"Samples for --stats", stream_options("Samples"), &s.sample},
                                             {"Standardisation for --stats", scan_stats_options(), &s.sample},
                                             {0}},
        .examples = (const char *const[]){
            "count the images", "lade scan photos", "decode every file, to find invalid files",
            "lade scan photos --check", "save mean and standard deviation of each channel, for training",
            "lade scan photos --target-size 32x32 --rescale 1/255 --stats-out stats.json",
            "print the paths of all invalid files", "lade scan photos --check --json | jq -r '.bad[].path'", NULL}};
    int code;
    if (!opt_parse(&spec, argc, argv, &code))
        return code;
    s.stats = s.stats || s.stats_out;
    double start = terminal_now();
    int failure = EXIT_FAILED;
    bool good = scan_headers(&s) && (!s.check || check_all(&s)) && (!s.stats || scan_stats(&s, &failure));
    s.seconds = terminal_now() - start;
    size_count_sort(&s.sizes);
    if (good && s.json)
        scan_report_json(&s);
    else if (good)
        scan_report(&s);
    code = interrupted() ? EXIT_INTERRUPTED : good ? EXIT_OK : failure;
    if (code == EXIT_OK && s.check && s.invalid_count) {
        out_flush();
        out_error("%s of %s cannot be decoded", text_count(s.invalid_count).s, text_counted(s.images, "image").s);
        code = EXIT_FAILED;
    }
    scan_release(&s);
    return code;
}
