/*
 * Makes label texts. The labels are read from the batch and not from the flow, because MixUp and CutMix change the
 * labels of a batch.
 */
#include "report/labels.h"

#include <stdbool.h>
#include <stdlib.h>

#include "report/stream_report.h"
#include "terminal/text.h"

/* Returns a value of y, whose shape is (n, columns). */
static double label_value(const struct lade_batch *batch, int64_t row, int64_t column) {
    return (double)((const float *)lade_tensor_data(batch->y))[row * batch->y->shape[1] + column];
}

/* Returns "@text, @more", or @more if @text is NULL. Frees both texts. */
static char *join(char *text, char *more) {
    if (!text)
        return more;
    char *joined = text_printf("%s, %s", text, more);
    free(more);
    free(text);
    return joined;
}

char *label_numbers_text(const float *values, int64_t count) {
    char *text = NULL;
    for (int64_t i = 0; i < count; i++)
        text = join(text, text_printf("%s", text_number((double)values[i]).s));
    return text ? text : text_printf("%s", "");
}

char *label_names_text(const char *const *names, const float *values, int64_t count) {
    char *text = NULL;
    for (int64_t i = 0; i < count; i++)
        if (values[i] >= 0.5f)
            text = join(text, text_printf("%s", names[i]));
    return text ? text : text_printf("no class");
}

/* Returns the class with the largest value among the classes that are not in @seen. Returns -1 if these values are
   almost 0. */
static int next_class(const struct lade_batch *batch, int64_t row, int classes, const bool *seen) {
    int largest = -1;
    for (int c = 0; c < classes; c++) {
        double v = label_value(batch, row, c);
        if (!seen[c] && v > 0.005 && (largest < 0 || v > label_value(batch, row, largest)))
            largest = c;
    }
    return largest;
}

static char *classes_text(const lade_flow *flow, const struct lade_batch *batch, int64_t row) {
    int classes = lade_flow_classes(flow);
    bool *seen = text_alloc((size_t)classes, sizeof *seen);
    char *text = NULL;
    for (int c; (c = next_class(batch, row, classes, seen)) >= 0; seen[c] = true) {
        const char *name = lade_flow_class_names(flow)[c];
        double v = label_value(batch, row, c);
        text = join(text, v > 0.995 ? text_printf("%s", name) : text_printf("%s %.0f%%", name, 100 * v));
    }
    free(seen);
    return text ? text : text_printf("no class");
}

static bool has_classes(const lade_flow *flow, enum lade_class_mode mode) {
    return lade_flow_classes(flow) > 0 &&
           (mode == LADE_CLASS_CATEGORICAL || mode == LADE_CLASS_BINARY || mode == LADE_CLASS_SPARSE);
}

char *label_text(const lade_flow *flow, enum lade_class_mode mode, const struct lade_batch *batch, int64_t row) {
    int class_index = label_class(flow, mode, batch, row);
    if (mode == LADE_CLASS_RAW)
        return label_numbers_text((const float *)lade_tensor_data(batch->y) + row * batch->y->shape[1],
                                  batch->y->shape[1]);
    if (mode == LADE_CLASS_CATEGORICAL && has_classes(flow, mode))
        return classes_text(flow, batch, row);
    return class_index >= 0 ? text_printf("%s", lade_flow_class_names(flow)[class_index])
                            : stream_path(flow, batch->indices[row]);
}

int label_class(const lade_flow *flow, enum lade_class_mode mode, const struct lade_batch *batch, int64_t row) {
    return has_classes(flow, mode) ? lade_flow_class_of(flow, batch->indices[row]) : -1;
}
