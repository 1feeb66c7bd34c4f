/*
 * Draws the plots of an evaluation. The images of the mistakes are streamed a second time as uint8, because the samples
 * of the net may be rescaled and standardised.
 */
#include <stdlib.h>

#include "evaluation/confusion_draw.h"
#include "evaluation/evaluation.h"
#include "option/stream.h"
#include "report/sheet.h"
#include "report/stream_report.h"
#include "terminal/module.h"
#include "terminal/text.h"

/* Returns the number of mistakes on the sheet. */
static int drawn_count(const struct evaluation *e) {
    return e->mistake_count < MISTAKES_DRAWN ? (int)e->mistake_count : MISTAKES_DRAWN;
}

/* Stores in batches[i] a batch with the image of mistake i. On error, prints a message and returns false. */
static bool get_pixels(const struct evaluation *e, lade_flow *pixels, struct lade_batch **batches) {
    struct lade_error err = {0};
    for (int i = 0; i < drawn_count(e); i++)
        if (lade_flow_batch(pixels, 0, e->mistakes[i].sample, &batches[i], &err) < 0) {
            stream_print_error(&err, e->source->path, e->stream);
            return false;
        }
    return true;
}

static bool draw_sheet(const struct evaluation *e, lade_flow *pixels, struct lade_batch **batches, const char *path,
                       const char *title) {
    struct sheet_image images[MISTAKES_DRAWN];
    char *notes[MISTAKES_DRAWN], *files[MISTAKES_DRAWN];
    int64_t shape[3], wrong = e->confusion.images - e->confusion.correct;
    lade_flow_sample_shape(pixels, shape);
    for (int i = 0; i < drawn_count(e); i++) {
        const struct mistake *m = &e->mistakes[i];
        notes[i] = text_printf("%.0f%%", 100 * m->probability);
        files[i] = stream_path(pixels, m->sample);
        images[i] = (struct sheet_image){.after = lade_tensor_data(batches[i]->x),
                                         .label = e->confusion.names[m->truth],
                                         .class_index = m->truth,
                                         .predicted = e->confusion.names[m->predicted],
                                         .predicted_index = m->predicted,
                                         .predicted_note = notes[i],
                                         .file = files[i]};
    }
    char *which = text_printf("%s", text_counted(wrong, "mistake").s);
    if (wrong > drawn_count(e)) {
        free(which);
        which =
            text_printf("the %d of %s with the highest confidence", drawn_count(e), text_counted(wrong, "mistake").s);
    }
    char *below =
        text_printf("%s in %s%s", wrong ? which : "no mistake", text_counted(e->confusion.images, "image").s,
                    wrong ? "  \u00b7  first line: true class; second line: predicted class and its probability" : "");
    struct sheet sheet = {.title = title,
                          .subtitle = below,
                          .height = (int)shape[0],
                          .width = (int)shape[1],
                          .channels = (int)shape[2],
                          .images = images,
                          .count = drawn_count(e)};
    bool written = module_call("draw", sheet_draw, &sheet, path);
    for (int i = 0; i < drawn_count(e); i++) {
        free(files[i]);
        free(notes[i]);
    }
    free(below);
    free(which);
    return written;
}

static bool draw_mistakes(const struct evaluation *e, const char *path, const char *title) {
    struct lade_flow_options options = stream_as_pixels(*e->stream);
    options.batch_size = 1; /* each step has one sample, so that batch i is sample i */
    options.workers = 1;
    options.on_error = LADE_ERROR_FAIL;
    int code;
    lade_flow *pixels = source_open(e->source, &options, &code);
    if (!pixels)
        return false;
    struct lade_batch *batches[MISTAKES_DRAWN] = {0};
    bool drawn = get_pixels(e, pixels, batches) && draw_sheet(e, pixels, batches, path, title);
    for (int i = 0; i < drawn_count(e); i++)
        lade_batch_unref(batches[i]);
    source_close(pixels);
    return drawn;
}

static bool draw_matrix(const struct evaluation *e, const char *path, const char *title) {
    const struct confusion *c = &e->confusion;
    char *below = text_printf("accuracy %.1f%%  \u00b7  loss %s  \u00b7  %s in %s", 100 * confusion_accuracy(c),
                              text_number(e->loss / (double)c->images).s, text_counted(c->images, "image").s,
                              text_counted(c->classes, "class").s);
    bool drawn = module_call("draw", confusion_draw, path, title, below, c);
    free(below);
    return drawn;
}

bool evaluation_draw(const struct evaluation *e, const char *matrix, const char *mistakes, const char *title) {
    char *mistakes_title = text_printf("Mistakes: %s", title);
    bool drawn =
        (!matrix || draw_matrix(e, matrix, title)) && (!mistakes || draw_mistakes(e, mistakes, mistakes_title));
    free(mistakes_title);
    return drawn;
}
