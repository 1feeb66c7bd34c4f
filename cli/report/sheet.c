/*
 * Draws the contact sheet. Small images are enlarged, so that each pixel of the image is visible. Large images are
 * reduced.
 */
#include "report/sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/draw.h"
#include "terminal/output.h"
#include "terminal/text.h"

/* Lengths in units of the page. A unit is two pixels of a PNG. */
enum {
    MARGIN = 28,
    SPACE = 14,
    LABEL = 24,
    LINE = 17,
    FILE_LINE = 14,
    BELOW_HEAD = 21,
    EDGE = 112,
    PREDICTED_EDGE = 140,
    PAIR = 4,
    SIDE = 42,
    DOT = 12, /* width of a dot with the space after it */
    MOST_LABEL_LINES = 3,
    LEAST_WIDTH = 640
};

#define SIZE      10.5 /* size of the letters */
#define FILE_SIZE 8.5  /* size of the letters of file names */

struct layout {
    double scale;                     /* units per pixel of an image */
    double image_width, image_height; /* size of an image in units */
    double card_width, card_height;   /* size of an entry with its labels */
    double left, top;                 /* left: x of the first column. top: y of the first row */
    int columns, rows, label_lines;
    double width, height;
};

/* Returns the scale in units per pixel of the image. A small image is enlarged so that each of its pixels covers N x N
   pixels of the PNG, where N is an integer. */
static double image_scale(const struct sheet *s) {
    double longest = s->width > s->height ? s->width : s->height;
    bool predicted = s->count > 0 && s->images[0].predicted; /* an entry with a predicted class is wider */
    double pixels = 2 * (predicted ? PREDICTED_EDGE : EDGE) / longest;
    return (pixels >= 1 ? floor(pixels) : pixels) / 2;
}

/* Returns the number of lines of the longest label, if an entry has a width of @width units. */
static int label_lines(const struct sheet *s, double width) {
    double last = 0;
    for (int i = 0; i < s->count && s->wrap_labels; i++) {
        double available = width - (s->images[i].class_index >= 0 ? DOT : 0);
        last = fmax(last, draw_wrapped(NULL, 0, 0, SIZE, available, MOST_LABEL_LINES, s->images[i].label));
    }
    return 1 + (int)lround(last / (DRAW_LEADING * SIZE));
}

static struct layout lay_out(const struct sheet *s) {
    struct layout l = {.scale = image_scale(s)};
    l.image_width = s->width * l.scale;
    l.image_height = s->height * l.scale;
    bool pairs = s->count > 0 && s->images[0].before;
    l.left = MARGIN + (pairs ? SIDE : 0); /* space for "before" and "after" */
    l.card_width = l.image_width;
    l.card_height = l.image_height * (pairs ? 2 : 1) + (pairs ? PAIR : 0) + LABEL;
    l.label_lines = label_lines(s, l.card_width);
    l.card_height += (l.label_lines - 1) * DRAW_LEADING * SIZE;
    if (s->count > 0 && s->images[0].predicted)
        l.card_height += LINE;
    if (s->count > 0 && s->images[0].file)
        l.card_height += FILE_LINE;
    double shape = 1.7; /* desired ratio of the sheet's width to its height */
    int columns = (int)lround(sqrt(s->count * shape * (l.card_height + SPACE) / (l.card_width + SPACE)));
    columns = columns < 1 ? 1 : columns > s->count ? s->count : columns;
    l.columns = columns > 0 ? columns : 1;
    l.rows = (s->count + l.columns - 1) / l.columns;
    if (l.rows > 0)
        l.columns = (s->count + l.rows - 1) / l.rows; /* fewer columns, so that the last row has fewer gaps */
    double grid = l.columns * (l.card_width + SPACE) - SPACE;
    l.width = fmax(grid, LEAST_WIDTH) + l.left + MARGIN;
    l.top = draw_head(NULL, MARGIN, l.width - 2 * MARGIN, s->title, s->subtitle) + BELOW_HEAD;
    l.height = l.top + l.rows * (l.card_height + SPACE) - SPACE + MARGIN - 6;
    return l;
}

/* Converts an image to a surface of Cairo. The format is RGB24, or ARGB32 if the image has an alpha channel. In ARGB32,
   the colours are multiplied by alpha. */
static cairo_surface_t *to_surface(const struct sheet *s, const uint8_t *pixels) {
    cairo_surface_t *surface =
        cairo_image_surface_create(s->channels == 4 ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24, s->width, s->height);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        out_die("out of memory");
    unsigned char *rows = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < s->height; y++) {
        uint32_t *row = (uint32_t *)(void *)(rows + (size_t)y * (size_t)stride);
        for (int x = 0; x < s->width; x++, pixels += s->channels) {
            unsigned a = s->channels == 4 ? pixels[3] : 255, c[3];
            for (int k = 0; k < 3; k++)
                c[k] = (pixels[s->channels == 1 ? 0 : k] * a + 127) / 255;
            row[x] = a << 24 | c[0] << 16 | c[1] << 8 | c[2];
        }
    }
    cairo_surface_mark_dirty(surface);
    return surface;
}

static void draw_image(cairo_t *cr, const struct sheet *s, const struct layout *l, const uint8_t *pixels, double x,
                       double y) {
    cairo_surface_t *surface = to_surface(s, pixels);
    cairo_save(cr);
    draw_round(cr, x, y, l->image_width, l->image_height, 3);
    cairo_clip(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, l->scale, l->scale);
    cairo_set_source_surface(cr, surface, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), l->scale >= 0.5 ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_BEST);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(surface);
}

/* Draws the name of a class between @x and @right, in at most @lines lines. If @class_index is not negative, also
   draws a dot in the colour of the class. */
static void draw_class(cairo_t *cr, double x, double baseline, double right, int lines, int class_index,
                       const char *name) {
    if (class_index >= 0) {
        draw_colour(cr, colour_of_class(class_index));
        cairo_new_path(cr); /* otherwise, Cairo would draw a line from the end of the last text */
        cairo_arc(cr, x + 4, baseline - 3.7, 3.4, 0, 7);
        cairo_fill(cr);
        x += DOT;
    }
    draw_ink(cr, DRAW_INK);
    if (lines > 1)
        draw_wrapped(cr, x, baseline, SIZE, right - x, lines, name);
    else
        draw_text_within(cr, x, baseline, SIZE, 0, right - x, name);
}

static void draw_predicted(cairo_t *cr, const struct sheet_image *p, double x, double baseline, double right) {
    double note = p->predicted_note ? draw_width(cr, SIZE, p->predicted_note) + 10 : 0;
    draw_ink(cr, DRAW_MUTED);
    draw_text(cr, x, baseline, SIZE, 0, "\u2192");
    if (p->predicted_note)
        draw_bold(cr, right, baseline, SIZE, 1, p->predicted_note);
    draw_class(cr, x + 15, baseline, right - note, 1, p->predicted_index, p->predicted);
}

static void draw_entry(cairo_t *cr, const struct sheet *s, const struct layout *l, const struct sheet_image *p,
                       double x, double y) {
    if (p->before) {
        draw_image(cr, s, l, p->before, x, y);
        y += l->image_height + PAIR;
    }
    draw_image(cr, s, l, p->after, x, y);
    double baseline = y + l->image_height + 15, right = x + l->card_width;
    draw_class(cr, x, baseline, right, l->label_lines, p->class_index, p->label);
    baseline += (l->label_lines - 1) * DRAW_LEADING * SIZE;
    if (p->predicted) {
        baseline += LINE;
        draw_predicted(cr, p, x, baseline, right);
    }
    if (p->file) {
        draw_ink(cr, DRAW_MUTED);
        draw_path_within(cr, x, baseline + FILE_LINE, FILE_SIZE, 0, right - x, p->file);
    }
}

/* Draws the words "before" and "after" at the left of a row. */
static void draw_side(cairo_t *cr, const struct layout *l, double y) {
    double middle = y + l->image_height / 2 + 3.5;
    draw_ink(cr, DRAW_MUTED);
    draw_text(cr, MARGIN, middle, 10.5, 0, "before");
    draw_text(cr, MARGIN, middle + l->image_height + PAIR, 10.5, 0, "after");
}

bool sheet_draw(const struct sheet *s, const char *path) {
    struct layout l = lay_out(s);
    if (!page_fits(l.width, l.height, page_format(path))) {
        out_error("a sheet of %s is too large for a PNG file: use a smaller --batch-size, or an .svg file",
                  text_counted(s->count, "image").s);
        return false;
    }
    struct page page = page_new(l.width, l.height, page_format(path));
    draw_head(page.cr, MARGIN, l.width - 2 * MARGIN, s->title, s->subtitle);
    for (int i = 0; i < s->count; i++) {
        double x = l.left + (i % l.columns) * (l.card_width + SPACE);
        double y = l.top + (i / l.columns) * (l.card_height + SPACE);
        if (s->images[i].before && i % l.columns == 0)
            draw_side(page.cr, &l, y);
        draw_entry(page.cr, s, &l, &s->images[i], x, y);
    }
    bool written = page_write(&page, path);
    page_free(&page);
    return written;
}
