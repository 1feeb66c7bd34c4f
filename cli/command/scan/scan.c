/*
 * lade scan - counts the images of a directory. lade scan and lade_flow_from_directory() list the files with the same
 * generator, lade_scan_files(), so both find the same files. A scan stores only the counts, and the lists of files and
 * folders with problems.
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
     .help =
         "decode every image, and all later frames and pages; the exit status is 1 if a file is invalid or cannot be "
         "read, or if a folder has a problem"},
    {"print-stats", OPT_FLAG, OPT_AT(struct scan, stats),
     .help = "decode every image, and print mean and standard deviation of each channel"},
    {"stats-out", OPT_TEXT, OPT_AT(struct scan, stats_out), .value = "FILE",
     .help =
         "like --print-stats, but also save the statistics in FILE; other commands read this file with --stats FILE"},
    {"classes", OPT_LIST, OPT_AT(struct scan, files.classes), .value = "A,B,...",
     .help = "class directories to use, in this order", .preset = "all, sorted by name"},
    {"follow-links", OPT_FLAG, OPT_AT(struct scan, files.follow_links), .help = "follow symbolic links to directories"},
    {"all-files", OPT_FLAG, OPT_AT(struct scan, files.all_files),
     .help = "accept files with any suffix: the content decides whether a file is an image"},
    {"workers", OPT_INT, OPT_AT(struct scan, workers), .value = "W", .low = 0, .high = 1024,
     .help = "threads that read and decode images; the results do not depend on W", .preset = "one per core"},
    {"json", OPT_FLAG, OPT_AT(struct scan, json), .help = "print one JSON object instead of text"},
    {0}};

/* Prints the problems to stderr. Returns the exit code. */
static int report_problems(const struct scan *s) {
    int64_t bad = s->counts[FILE_INVALID] + s->counts[FILE_UNREADABLE];
    out_flush();
    if (s->check && bad)
        out_error("%s of %s cannot be decoded", text_count(bad).s, text_counted(s->images, "image").s);
    if (s->has_stats && s->stats_found.left_out)
        out_error("the statistics are not those of all images; images left out: %s, folders left out: %s",
                  text_count((int64_t)s->left_out.count).s, text_count(s->unread_folders).s);
    if (s->problems.count && (s->check || s->unread_folders))
        out_error("problems with %s", text_counted((int64_t)s->problems.count, "folder").s);
    return s->unread_folders || (s->check && (bad || s->problems.count)) ? EXIT_FAILED : EXIT_OK;
}

int cmd_scan(int argc, char **argv) {
    struct scan s = {0};
    const struct opt_spec spec = {
        .name = "scan",
        .description = "Count images by class, format and size. The directory has one folder for each class. "
                       "All invalid files are listed with the cause.",
        .arguments =
            (const struct opt_argument[]){{"DIR", "directory of images, with one folder for each class", &s.directory},
                                          {0}},
        .groups = (const struct opt_group[]){{"Options", options, &s},
                                             {"Samples for the statistics", stream_options("Samples"), &s.sample},
                                             {"Standardisation for the statistics", scan_stats_options(), &s.sample},
                                             {0}},
        .examples = (const char *const[]){
            "count the images", "lade scan photos", "decode every file, to find invalid files",
            "lade scan photos --check", "save mean and standard deviation of each channel, for training",
            "lade scan photos --target-size 32x32 --rescale 1/255 --stats-out stats.json",
            "print the paths of all invalid files", "lade scan photos --check --json | jq -r '.bad[].path'",
            "count images that are not in class folders", "lade scan inbox --class-mode none", NULL}};
    int code;
    if (!opt_parse(&spec, argc, argv, &code))
        return code;
    s.stats = s.stats || s.stats_out;
    s.files.flat = s.sample.class_mode == LADE_CLASS_NONE;
    double start = terminal_now();
    int failure = EXIT_OK;
    bool good = scan_files(&s);
    if (good && s.stats && !scan_stats(&s, &failure) && failure == EXIT_USAGE)
        good = false;
    s.seconds = terminal_now() - start;
    size_count_sort(&s.sizes);
    ignored_sort(&s.ignored);
    good = good && !interrupted();
    if (good && s.json)
        scan_report_json(&s);
    else if (good)
        scan_report(&s);
    else if (!s.json)
        ignored_print_names(&s.ignored);
    if (interrupted())
        code = EXIT_INTERRUPTED;
    else if (good)
        code = report_problems(&s) == EXIT_OK ? failure : EXIT_FAILED;
    else
        code = failure == EXIT_OK ? EXIT_FAILED : failure;
    scan_release(&s);
    return code;
}
