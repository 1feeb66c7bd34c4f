/*
 * Draws the plots of an evaluation.
 */
#include <stdlib.h>

#include "evaluation/confusion_draw.h"
#include "evaluation/evaluation.h"
#include "evaluation/sample_sheet.h"
#include "terminal/module.h"
#include "terminal/text.h"

/* Returns the number of mistakes on the sheet. */
static int drawn_count(const struct evaluation *e) {
    return e->mistake_count < MISTAKES_DRAWN ? (int)e->mistake_count : MISTAKES_DRAWN;
}

static bool draw_mistakes(const struct evaluation *e, const char *path, const char *title) {
    struct sheet_image images[MISTAKES_DRAWN];
    char *notes[MISTAKES_DRAWN];
    int64_t samples[MISTAKES_DRAWN], wrong = e->confusion.images - e->confusion.correct;
    for (int i = 0; i < drawn_count(e); i++) {
        const struct mistake *m = &e->mistakes[i];
        samples[i] = m->sample;
        notes[i] = text_printf("%.0f%%", 100 * m->probability);
        images[i] = (struct sheet_image){.label = e->confusion.names[m->truth],
                                         .class_index = m->truth,
                                         .predicted = e->confusion.names[m->predicted],
                                         .predicted_index = m->predicted,
                                         .predicted_note = notes[i]};
    }
    char *which = text_printf("%s", text_counted(wrong, "mistake").s);
    if (wrong > drawn_count(e)) {
        free(which);
        which = text_printf("%d of %s (those with the highest confidence)", drawn_count(e),
                            text_counted(wrong, "mistake").s);
    }
    char *below =
        text_printf("%s in %s%s", wrong ? which : "no mistake", text_counted(e->confusion.images, "image").s,
                    wrong ? "  \u00b7  first line: true class; second line: predicted class and its probability" : "");
    struct sheet sheet = {.title = title, .subtitle = below, .count = drawn_count(e)};
    bool drawn = sample_sheet_draw(e->source, e->stream, &sheet, images, samples, path);
    for (int i = 0; i < drawn_count(e); i++)
        free(notes[i]);
    free(below);
    free(which);
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
