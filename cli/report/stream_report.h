/*
 * stream_report.h - prints the errors and the invalid files of a stream, and returns paths, the shape of samples and
 * the memory use.
 */
#ifndef LADE_CLI_REPORT_STREAM_REPORT_H
#define LADE_CLI_REPORT_STREAM_REPORT_H

#include <stdint.h>

#include <lade/flow.h>

#include "report/json.h"

/*
 * Prints the error that ended a stream from @directory. If an invalid file caused the error, also prints which option
 * skips invalid files.
 */
void stream_print_error(const struct lade_error *err, const char *directory, const struct lade_flow_options *options);

/* Returns the path of sample @i relative to the directory. If the samples have no paths, returns a text such as
   "sample 7". The caller must free() the string. */
char *stream_path(const lade_flow *flow, int64_t i);

/*
 * These functions are about the invalid files that a stream has skipped.
 *
 * stream_print_invalid() - prints the first invalid files to stderr
 * stream_put_invalid()   - adds two members to @object. "bad" is an array [{path, cause}] of the invalid files of @flow
 *                          and of @second, which may be NULL. The list of a stream is limited, so "bad_unlisted" is the
 *                          number of invalid files that are not in the array
 */
void stream_print_invalid(lade_flow *flow);
void stream_put_invalid(json_t *object, lade_flow *flow, lade_flow *second);

/* Returns the shape and type of a sample, for example "64x64x3 float32". The caller must free() the string. */
char *stream_shape(const lade_flow *flow, const struct lade_flow_options *options);

/* Returns the largest memory use of this process so far, in bytes. */
int64_t stream_peak_rss(void);

#endif
