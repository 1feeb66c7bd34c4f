/*
 * scan.h - declares the options and the results of a scan.
 */
#ifndef LADE_CLI_COMMAND_SCAN_SCAN_H
#define LADE_CLI_COMMAND_SCAN_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lade/flow.h>
#include <lade/image.h>

#include "command/scan/ignored.h"
#include "command/scan/image_file.h"
#include "command/scan/size_count.h"
#include "option/opt.h"

struct class_count {
    char *name;
    int64_t images;
};

struct listed_file {
    char *path, *cause; /* the cause begins with the path, and is printable */
};

struct file_list {
    struct listed_file *files;
    size_t count;
};

struct scan {
    const char *directory;
    bool check, stats, json;
    const char *stats_out;
    struct lade_scan_options files;
    struct lade_flow_options sample; /* options of the stream of --print-stats */
    int64_t workers;

    struct class_count *classes;
    size_t class_count;
    int64_t images, bytes, formats[LADE_FORMAT_COUNT];
    int64_t grey16; /* number of grey images of 16 bits, which are read with 8 bits */
    struct size_count sizes;
    int64_t counts[FILE_STATES];         /* number of files in each state; the sum is `images` */
    struct file_list lists[FILE_STATES]; /* the files in each state; lists[FILE_OK] is empty */
    struct file_list problems;           /* folders and links that were left out, or that have no images */
    struct ignored ignored;              /* entries that are neither images nor problems */
    int64_t unread_folders;              /* number of folders that cannot be read; their files are in no count */
    lade_flow *flow;                     /* the stream of --print-stats, or NULL */
    struct lade_stats stats_found;       /* statistics of the stream, whose matrix is borrowed from the stream */
    bool has_stats;                      /* stats_found is set */
    struct file_list left_out;           /* files that are not part of the statistics */
    double seconds;
};

const struct opt *scan_stats_options(void);

/* Lists and counts the files. Reads the header of each file; with --check, checks the whole file instead. On error,
   prints a message and returns false. Also returns false after a signal. */
bool scan_files(struct scan *s);

/* Appends copies of @path and of the message @cause to a list. The copy of @cause is printable. */
void scan_add(struct file_list *list, const char *path, const char *cause);

/* Frees all memory that @s owns. */
void scan_release(struct scan *s);

/*
 * Makes space for one more item of @size bytes in @array. The array has @count items, and its capacity is @count,
 * rounded up to a power of two. Returns the array, whose address may have changed. Ends the program if memory runs out.
 */
void *scan_grow(void *array, size_t count, size_t size);

/*
 * Computes the mean and the standard deviation of all images that can be decoded. If s->stats_out is not NULL, saves
 * these statistics to this file. Stores the exit code in *@code, which is EXIT_FAILED if files were left out. On error,
 * prints a message and returns false.
 */
bool scan_stats(struct scan *s, int *code);

/* Print the results as text, or as JSON. s->sizes must be sorted. */
void scan_report(const struct scan *s);
void scan_report_json(const struct scan *s);

#endif
