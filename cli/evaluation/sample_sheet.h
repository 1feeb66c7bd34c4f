/*
 * sample_sheet.h - draws a contact sheet of some samples of a stream, for example of the mistakes of a net.
 */
#ifndef LADE_CLI_EVALUATION_SAMPLE_SHEET_H
#define LADE_CLI_EVALUATION_SAMPLE_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include <lade/flow.h>

#include "option/source.h"
#include "report/sheet.h"

enum { SAMPLES_DRAWN = 24 }; /* largest number of images on a sheet */

/*
 * Draws @sheet to the file @path. The caller sets the texts of @sheet and of @images, and sheet->count, which is at most
 * SAMPLES_DRAWN. samples[i] is the sample of images[i]. The function reads the pixels and the paths from a new stream
 * with the options @stream. On error, prints a message and returns false.
 */
bool sample_sheet_draw(const struct source *source, const struct lade_flow_options *stream, struct sheet *sheet,
                       struct sheet_image *images, const int64_t *samples, const char *path);

#endif
