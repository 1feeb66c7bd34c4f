/*
 * Draws a list of pairs. A row has the number of images, the true class and the predicted class. pair_list_of()
 * measures the names, so that the page is not wider than necessary.
 */
#include "evaluation/pair_list.h"

#include <math.h>

#include "report/draw.h"
#include "terminal/text.h"

enum { ROW = 16, COUNT = 44, ARROW = 24, NAME = 150 };

#define SIZE 9.5 /* size of the letters */

static double name_width(cairo_t *cr, const struct pair_list *list, int class_index) {
    return fmin(draw_width(cr, SIZE, list->confusion->names[class_index]), NAME);
}

struct pair_list pair_list_of(const struct confusion *c, double height) {
    struct pair_list list = {.confusion = c, .width = 160};
    struct page scratch = page_new(1, 1, PAGE_PNG);
    int rows = (int)(height / ROW) - 1;
    list.count = confusion_pairs(c, list.pairs, rows < PAIR_LIST_MOST ? rows : PAIR_LIST_MOST);
    for (int i = 0; i < list.count; i++)
        list.width = fmax(list.width, COUNT + name_width(scratch.cr, &list, list.pairs[i].truth) + ARROW +
                                          name_width(scratch.cr, &list, list.pairs[i].predicted));
    page_free(&scratch);
    return list;
}

void pair_list_draw(cairo_t *cr, const struct pair_list *list, double x, double y) {
    y += 10;
    draw_ink(cr, DRAW_INK);
    draw_bold(cr, x, y, 10.5, 0, list->count ? "Most frequent mistakes" : "No mistakes");
    for (int i = 0; i < list->count; i++) {
        const struct confusion_pair *pair = &list->pairs[i];
        double at = x + COUNT;
        y += ROW;
        draw_ink(cr, DRAW_RED);
        draw_text(cr, at - 8, y, SIZE, 1, text_count(pair->count).s);
        draw_ink(cr, DRAW_INK);
        draw_text_within(cr, at, y, SIZE, 0, NAME, list->confusion->names[pair->truth]);
        at += name_width(cr, list, pair->truth) + ARROW / 2.;
        draw_ink(cr, DRAW_MUTED);
        draw_text(cr, at, y, SIZE, 0.5, "\u2192");
        draw_ink(cr, DRAW_INK);
        draw_text_within(cr, at + ARROW / 2., y, SIZE, 0, NAME, list->confusion->names[pair->predicted]);
    }
}
