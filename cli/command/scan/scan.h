/*
 * scan.h - a scan: what was asked for, and what was found.
 */
#ifndef LADE_CLI_COMMAND_SCAN_SCAN_H
#define LADE_CLI_COMMAND_SCAN_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lade/flow.h>
#include <lade/image.h>

#include "command/scan/size_count.h"
#include "option/opt.h"

struct class_count {
    char *name;
    int64_t images;
};

struct bad_file {
    char *path, *cause;
};

struct scan {
    const char *directory;
    bool check, stats, json;
    const char *stats_out;
    struct lade_scan_options files;
    struct lade_flow_options sample; /* what --stats looks at */
    int64_t workers;

    struct class_count *classes;
    size_t class_count;
    int64_t images, bytes, formats[LADE_FORMAT_COUNT];
    struct size_count sizes;
    struct bad_file *bad; /* those whose header is bad; with --check those that cannot be decoded */
    size_t bad_listed;
    int64_t bad_count;              /* may be more than are listed */
    lade_flow *flow;                /* of --stats */
    const struct lade_stats *found; /* by it, and its */
    double seconds;
};

extern const struct opt scan_stats_options[];

/* Lists the files and reads their headers into the counts; false after a message or a signal. */
bool scan_headers(struct scan *s);

/* Appends copies of @path and @cause to the list of invalid files. */
void scan_add_bad(struct scan *s, const char *path, const char *cause);

/* Frees all that @s owns. */
void scan_release(struct scan *s);

/*
 * Makes space for one more item of @size bytes in @array, which has @count items. The capacity is the next power of
 * two. Returns the array, which may have moved; ends the program if memory runs out.
 */
void *scan_grow(void *array, size_t count, size_t size);

/* Mean and deviation of all images, to s->found, and to a file where one was asked for; false after a message. */
bool scan_stats(struct scan *s, int *code);

/* Print what was found: tables for people, or the JSON object. The sizes are sorted. */
void scan_report(const struct scan *s);
void scan_report_json(const struct scan *s);

#endif
