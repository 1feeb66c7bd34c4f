/*
 * Draws the plot of a confusion matrix. Each row is a true class, and each column is a predicted class. Correct cells
 * are blue, and wrong cells are red. A cell is darker if it has a larger fraction of the images in its row. The colour
 * depends on the square root of the fraction, because otherwise single mistakes would be invisible. Recall is at the
 * right, and precision is at the bottom.
 *
 * The size of a cell depends on the number of classes. If there are at most 100 classes, each cell shows its count. If
 * there are more than 100 classes, a list at the right shows the pairs of classes that are confused most. If there are
 * more than 200 classes, the rows have numbers instead of names.
 */
#include "evaluation/confusion_draw.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "evaluation/pair_list.h"
#include "report/draw.h"
#include "terminal/text.h"

/* Lengths in units of the page. A unit is two pixels of a PNG. */
enum {
    MARGIN = 28,
    BELOW_HEAD = 27,
    AXIS = 22, /* space for the name of an axis */
    SPACE = 8, /* distance between a name and its row */
    LARGEST = 84,
    USUAL = 560, /* width of a matrix with 10 to 40 classes */
    LIMIT = 1400,
    LEAST_COUNTED = 14, /* cells that are smaller show no count */
    LEAST_CELL = 2,     /* cells that are smaller are drawn in this size */
    LEAST_NAMED = 7,    /* rows that are smaller have no names */
    LONGEST_NAME = 190,
    EDGE = 52, /* width of the column of recall */
    LEGEND = 66,
    LEAST_WIDTH = 440
};

#define SLANT 0.7853981633974483 /* in radians: angle of the column names if horizontal names are too wide */

struct layout {
    double cell, gap;  /* size of a cell with its gap; gap between two cells */
    double x, y, side; /* position and size of the matrix */
    double head;       /* baseline of the subtitle */
    double pairs_x;    /* x of the list of pairs */
    struct pair_list pairs;
    double name_size;     /* size of the letters */
    bool slanted, edges;  /* slanted: the column names are slanted. edges: recall and precision are shown */
    bool named;           /* the rows and columns have names and not numbers */
    double below;         /* height of the row of precision */
    double width, height; /* size of the page */
};

/* Sets the size of the cells. If the rows have no names, the size is a whole number of pixels. */
static void set_cell(struct layout *l, int classes) {
    l->cell = fmin(fmax((double)USUAL / classes, LEAST_COUNTED), LARGEST);
    l->cell = fmin(l->cell, (double)LIMIT / classes);
    l->named = l->cell >= LEAST_NAMED;
    if (!l->named)
        l->cell = fmax(floor(2 * l->cell) / 2, 0.5);
    l->gap = l->cell >= 24 ? 1.5 : l->named ? 0.75 : 0;
    l->side = l->cell * classes;
    l->edges = l->cell >= LEAST_COUNTED;
}

static struct layout lay_out(const struct confusion *c, const char *title, const char *subtitle) {
    struct page scratch = page_new(1, 1, PAGE_PNG);
    struct layout l = {.slanted = false};
    set_cell(&l, c->classes);
    l.name_size = l.named ? fmin(fmax(l.cell * 0.62, 5), 11) : 8.5;
    double longest = 0, beside = l.edges ? EDGE : 0; /* space to the right of the matrix */
    for (int i = 0; i < c->classes && l.named; i++) {
        double name = fmin(draw_width(scratch.cr, l.name_size, c->names[i]), LONGEST_NAME);
        longest = fmax(longest, name);
        beside = fmax(beside, name * cos(SLANT) - (c->classes - i - 1) * l.cell);
    }
    l.slanted = longest > l.cell - 8;
    l.below = l.edges ? fmin(fmax(l.cell, 18), 34) : 0;
    double left = fmax(longest, l.edges ? draw_width(scratch.cr, l.name_size, "precision %") : 30);
    l.x = MARGIN + AXIS + left + SPACE;
    l.pairs_x = l.x + l.side + fmax(beside, 36);
    if (!l.edges)
        l.pairs = pair_list_of(c, l.side);
    l.width = (l.edges ? l.x + l.side + (l.slanted ? beside : EDGE) : l.pairs_x + l.pairs.width) + MARGIN;
    l.width = fmax(l.width, LEAST_WIDTH);
    double text_width = fmax(draw_width(scratch.cr, 17, title) * 1.1, draw_width(scratch.cr, 10.5, subtitle));
    l.width = fmax(l.width, fmin(text_width + 2 * MARGIN, 640));
    l.head = draw_head(NULL, MARGIN, l.width - 2 * MARGIN, title, subtitle) + BELOW_HEAD;
    l.y = l.head + AXIS + (l.slanted ? longest * sin(SLANT) : 0) + l.name_size + SPACE;
    l.height = l.y + l.side + l.below + LEGEND;
    page_free(&scratch);
    return l;
}

/* Returns the colour of a cell that has the fraction @share of its row. @right means that the prediction is correct. */
static struct colour shade(double share, bool right) {
    double t = sqrt(share);
    return colour_lch(0.955 - 0.435 * t, 0.012 + 0.158 * t, right ? 0.722 : 0.112);
}

/* ---- Cells ------------------------------------------------------------------------------------------------------- */

/*
 * Draws text centred at (x, y). The size of the letters is @size, or smaller if the text does not fit into @width.
 * Draws nothing if the text would be too small to read.
 */
static void draw_fitting(cairo_t *cr, double x, double y, double size, double width, const char *text) {
    double own = draw_width(cr, size, text);
    if (own > width)
        size *= width / own;
    if (size >= 3)
        draw_text(cr, x, y + 0.36 * size, size, 0.5, text);
}

/* Writes the count to @to, for example "12,345". If this text does not fit into @width with letters of nearly @size,
   writes "12345" or "12k" instead. */
static void count_text(cairo_t *cr, char *to, size_t bytes, int64_t count, double size, double width) {
    snprintf(to, bytes, "%s", text_count(count).s);
    if (0.75 * draw_width(cr, size, to) <= width)
        return;
    snprintf(to, bytes, "%" PRId64, count);
    if (0.6 * draw_width(cr, size, to) <= width)
        return;
    snprintf(to, bytes, count < 1000000 ? "%.0fk" : "%.0fM", (double)count / (count < 1000000 ? 1e3 : 1e6));
}

/* Writes a percentage. Only the exact values 0 and 100% are written as 0 and 100%. For example, 99.99% is written as
   99.9%, and 0.01% as <0.1%. */
static void percent_text(char *to, size_t bytes, double share, int decimals, const char *sign) {
    double percent = 100 * share, least = decimals ? 0.1 : 1;
    if (!isfinite(share))
        snprintf(to, bytes, "-");
    else if (percent > 0 && percent < least / 2)
        snprintf(to, bytes, "<%g%s", least, sign);
    else
        snprintf(to, bytes, "%.*f%s", percent < 100 ? decimals : 0,
                 percent < 100 ? fmin(percent, 100 - least) : percent, sign);
}

static void draw_cell(cairo_t *cr, const struct layout *l, int row, int column, int64_t count, double share) {
    double x = l->x + column * l->cell, y = l->y + row * l->cell, size = l->cell - l->gap;
    if (size < LEAST_CELL) { /* a smaller cell would be invisible, so the cell covers a part of its neighbours */
        x -= (LEAST_CELL - size) / 2;
        y -= (LEAST_CELL - size) / 2;
        size = LEAST_CELL;
    }
    draw_colour(cr, shade(share, row == column));
    cairo_rectangle(cr, x, y, size, size);
    cairo_fill(cr);
    if (l->cell < LEAST_COUNTED)
        return;
    char text[64];
    bool roomy = l->cell >= 44;
    double letters = fmin(l->cell * 0.5, 13);
    count_text(cr, text, sizeof text, count, letters, size - 2);
    draw_ink(cr, share > 0.3 ? DRAW_CARD : DRAW_INK);
    draw_fitting(cr, x + size / 2, y + size / 2 - (roomy ? 5 : 0), letters, size - 2, text);
    if (!roomy)
        return;
    percent_text(text, sizeof text, share, share > 0.0995 && share < 0.9 ? 0 : 1, "%");
    draw_fitting(cr, x + size / 2, y + size / 2 + 9, 8.5, size - 4, text);
}

/* Empty cells are slightly darker than the paper, so that the reader finds the row and the column of a cell. */
static void draw_empty(cairo_t *cr, const struct layout *l, int row, int column) {
    draw_ink(cr, DRAW_EMPTY);
    cairo_rectangle(cr, l->x + column * l->cell, l->y + row * l->cell, l->cell - l->gap, l->cell - l->gap);
    cairo_fill(cr);
}

static void draw_cells(cairo_t *cr, const struct layout *l, const struct confusion *c) {
    draw_ink(cr, DRAW_CARD);
    cairo_rectangle(cr, l->x - 1, l->y - 1, l->side + 2 - l->gap, l->side + 2 - l->gap);
    cairo_fill_preserve(cr);
    draw_ink(cr, DRAW_GRID);
    cairo_set_line_width(cr, 1);
    cairo_stroke(cr);
    for (int i = 0; i < c->classes; i++) {
        int64_t images = confusion_true_count(c, i);
        for (int j = 0; j < c->classes; j++) {
            int64_t count = c->counts[(int64_t)i * c->classes + j];
            if (count)
                draw_cell(cr, l, i, j, count, (double)count / (double)images);
            else if (l->gap > 0)
                draw_empty(cr, l, i, j);
        }
    }
}

/* ---- Names and legend -------------------------------------------------------------------------------------------- */

/* Draws a name above the column whose centre is @x. */
static void draw_above(cairo_t *cr, const struct layout *l, double x, const char *name) {
    double y = l->y - SPACE;
    if (!l->slanted) {
        draw_text_within(cr, x, y, l->name_size, 0.5, LONGEST_NAME, name);
        return;
    }
    cairo_save(cr);
    cairo_translate(cr, x + 0.25 * l->name_size, y);
    cairo_rotate(cr, -SLANT);
    draw_text_within(cr, 0, 0, l->name_size, 0, LONGEST_NAME, name);
    cairo_restore(cr);
}

/* Draws the numbers of some classes beside the rows and above the columns. The first class has the number 1. */
static void draw_numbers(cairo_t *cr, const struct layout *l, int classes) {
    int step = 50;
    while (step * l->cell < 50)
        step *= 2;
    draw_ink(cr, DRAW_MUTED);
    for (int i = step; i <= classes; i += step) {
        char text[16];
        double middle = (i - 0.5) * l->cell;
        snprintf(text, sizeof text, "%d", i);
        draw_text(cr, l->x - SPACE, l->y + middle + 0.36 * l->name_size, l->name_size, 1, text);
        draw_text(cr, l->x + middle, l->y - SPACE, l->name_size, 0.5, text);
    }
}

static void draw_names(cairo_t *cr, const struct layout *l, const struct confusion *c) {
    double half = (l->cell - l->gap) / 2;
    draw_ink(cr, DRAW_INK);
    for (int i = 0; i < c->classes && l->named; i++) {
        double middle = l->y + i * l->cell + half;
        draw_text_within(cr, l->x - SPACE, middle + 0.36 * l->name_size, l->name_size, 1, LONGEST_NAME, c->names[i]);
        draw_above(cr, l, l->x + i * l->cell + half, c->names[i]);
    }
    if (!l->named)
        draw_numbers(cr, l, c->classes);
    draw_ink(cr, DRAW_MUTED);
    draw_text(cr, l->x + l->side / 2, l->head + 4, 10.5, 0.5, "predicted class");
    cairo_save(cr);
    cairo_translate(cr, MARGIN + 8, l->y + l->side / 2);
    cairo_rotate(cr, -2 * SLANT);
    draw_text(cr, 0, 0, 10.5, 0.5, "true class");
    cairo_restore(cr);
}

/* Draws recall at the right of each row, and precision below each column. */
static void draw_edges(cairo_t *cr, const struct layout *l, const struct confusion *c) {
    char text[32];
    double half = (l->cell - l->gap) / 2, below = l->y + l->side + l->below / 2;
    bool narrow = l->cell < 28;
    draw_ink(cr, DRAW_MUTED);
    draw_text(cr, l->x - SPACE, below + 0.36 * l->name_size, l->name_size, 1, narrow ? "precision %" : "precision");
    if (l->slanted)
        draw_above(cr, l, l->x + l->side + 14, "recall");
    else
        draw_text(cr, l->x + l->side + SPACE, l->y - SPACE, l->name_size, 0, "recall");
    for (int i = 0; i < c->classes; i++) {
        percent_text(text, sizeof text, confusion_recall(c, i), 1, "%");
        draw_text(cr, l->x + l->side + SPACE, l->y + i * l->cell + half + 0.36 * l->name_size, l->name_size, 0, text);
        percent_text(text, sizeof text, confusion_precision(c, i), !narrow, narrow ? "" : "%");
        draw_fitting(cr, l->x + i * l->cell + half, below, l->name_size, l->cell - 1, text);
    }
    percent_text(text, sizeof text, confusion_accuracy(c), 1, "%");
    draw_ink(cr, DRAW_INK);
    draw_bold(cr, l->x + l->side + SPACE, below + 4, fmax(l->name_size, 9), 0, text);
}

/* Draws the legend. The legend has a bar with the colours of correct cells and a bar with the colours of wrong cells.
   Below the bars are percentages, which are fractions of a row. */
static void draw_legend(cairo_t *cr, const struct layout *l) {
    enum { LENGTH = 190, THICK = 8, PARTS = 95 };
    static const double ticks[] = {0.01, 0.1, 0.25, 0.5, 1};
    double y = l->height - 44, x = fmin(l->x, l->width - LENGTH - 60 - MARGIN);
    for (int k = 0; k < 2; k++, y += THICK + 2) {
        for (int i = 0; i < PARTS; i++) {
            double t = (i + 0.5) / PARTS;
            draw_colour(cr, shade(t * t, k == 0));
            cairo_rectangle(cr, x + i * (double)LENGTH / PARTS, y, (double)LENGTH / PARTS + 0.3, THICK);
            cairo_fill(cr);
        }
        draw_ink(cr, DRAW_MUTED);
        draw_text(cr, x + LENGTH + 8, y + THICK - 1, 9, 0, k == 0 ? "correct" : "wrong");
    }
    for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
        char text[16];
        snprintf(text, sizeof text, "%g%%", 100 * ticks[i]);
        draw_text(cr, x + LENGTH * sqrt(ticks[i]), y + 10, 8.5, 0.5, text);
    }
    draw_text(cr, x + LENGTH + 24, y + 10, 8.5, 0, "of the row");
}

bool confusion_draw(const char *path, const char *title, const char *subtitle, const struct confusion *c) {
    struct layout l = lay_out(c, title, subtitle);
    struct page page = page_new(l.width, l.height, page_format(path));
    draw_head(page.cr, MARGIN, l.width - 2 * MARGIN, title, subtitle);
    draw_cells(page.cr, &l, c);
    draw_names(page.cr, &l, c);
    if (l.edges)
        draw_edges(page.cr, &l, c);
    else
        pair_list_draw(page.cr, &l.pairs, l.pairs_x, l.y);
    draw_legend(page.cr, &l);
    bool written = page_write(&page, path);
    page_free(&page);
    return written;
}
