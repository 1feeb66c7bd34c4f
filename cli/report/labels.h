/*
 * labels.h - describes the labels of a sample as text, for contact sheets.
 */
#ifndef LADE_CLI_REPORT_LABELS_H
#define LADE_CLI_REPORT_LABELS_H

#include <stdint.h>

#include <lade/flow.h>

/*
 * label_text() - returns a text for sample number @row of the batch:
 *
 *   - one class: its name
 *   - several classes: their names, separated by commas, or "no class"
 *   - mixed classes (MixUp, CutMix): each name with its percentage, the largest first
 *   - numbers (class_mode raw): the numbers, separated by commas
 *   - no labels: the path of the sample
 *
 * The caller must free() the text.
 */
char *label_text(const lade_flow *flow, enum lade_class_mode mode, const struct lade_batch *batch, int64_t row);

/*
 * label_names_text()   - returns the names of the labels whose values are at least 0.5, separated by commas, or
 *                        "no class"
 * label_numbers_text() - returns the numbers, separated by commas
 *
 * The caller must free() the text.
 */
char *label_names_text(const char *const *names, const float *values, int64_t count);
char *label_numbers_text(const float *values, int64_t count);

/* Returns the class that gives the dot before the label its colour. Returns -1 if the labels are not classes, and also
   if the sample does not have exactly one class. */
int label_class(const lade_flow *flow, enum lade_class_mode mode, const struct lade_batch *batch, int64_t row);

#endif
