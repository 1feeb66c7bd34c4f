/*
 * draw.h - draws a page with shapes and text, for the contact sheet and the plots.
 */
#ifndef LADE_CLI_REPORT_DRAW_H
#define LADE_CLI_REPORT_DRAW_H

#include <cairo.h>
#include <stdbool.h>

#include "report/colour.h"
#include "report/page.h"

/* The colours of all pages. */
#define DRAW_PAPER 0xfbfaf8
#define DRAW_CARD  0xffffff
#define DRAW_INK   0x1f2430
#define DRAW_MUTED 0x717784
#define DRAW_GRID  0xe8e5df
#define DRAW_EMPTY 0xf5f3f0
#define DRAW_BLUE  0x2f6fdb
#define DRAW_RED   0xd9541e

/* The separator between the parts of a subtitle. */
#define DRAW_DOT "\u00b7"

/* A page of @width x @height units. In a PNG, a unit is two pixels wide and high, so that small text is sharp. */
struct page {
    cairo_t *cr; /* the context to draw with */
    cairo_surface_t *surface;
    double width, height;
    struct page_bytes *svg; /* NULL for a PNG */
};

/* Returns false if the page is larger than Cairo can draw. */
bool page_fits(double width, double height, enum page_format format);

/* Returns an empty page. Ends the program if memory runs out. */
struct page page_new(double width, double height, enum page_format format);

/* Writes the page to @path. On error, prints a message and returns false. The caller must call page_free() in both
   cases. */
bool page_write(struct page *page, const char *path);
void page_free(struct page *page);

/* Set the colour for the following drawing operations. @rgb is 0xrrggbb. */
void draw_colour(cairo_t *cr, struct colour c);
void draw_ink(cairo_t *cr, unsigned rgb);

/* Adds a rectangle with round corners to Cairo's current path. */
void draw_round(cairo_t *cr, double x, double y, double width, double height, double radius);

/*
 * Draw text of @size whose baseline is at @y. If @align is 0, the text starts at @x. If @align is 0.5, the text is
 * centred at @x. If @align is 1, the text ends at @x. Each character is drawn with a font that has the character; see
 * font.h. Bytes of @text that are not UTF-8 are escaped as "\xHH". Characters that no font has are escaped as "\uHHHH".
 */
void draw_text(cairo_t *cr, double x, double y, double size, double align, const char *text);
void draw_bold(cairo_t *cr, double x, double y, double size, double align, const char *text);

/* Returns the width of the text. */
double draw_width(cairo_t *cr, double size, const char *text);

/* Draw text like draw_text(). If the text is wider than @width, an ellipsis replaces a part of the text.
   draw_text_within() replaces the middle, because the names of classes often differ at the end. draw_path_within()
   replaces the beginning. */
void draw_text_within(cairo_t *cr, double x, double y, double size, double align, double width, const char *text);
void draw_path_within(cairo_t *cr, double x, double y, double size, double align, double width, const char *text);

/* The distance of two lines of wrapped text, as a multiple of the size of the letters. */
#define DRAW_LEADING 1.45

/*
 * Draws text in lines of at most @width units. The first baseline is at @y. @most is the largest number of lines; 0
 * means no limit. If the text needs more lines, the last line contains the rest of the text, and an ellipsis replaces
 * the middle of this line. Returns the baseline of the last line. If @cr is NULL, returns the same result but draws
 * nothing.
 */
double draw_wrapped(cairo_t *cr, double x, double y, double size, double width, int most, const char *text);

/*
 * Draws the title and the subtitle of a page in lines of at most @width units, which start at @x. Returns the baseline
 * of the last line. If @cr is NULL, returns the same result but draws nothing.
 */
double draw_head(cairo_t *cr, double x, double width, const char *title, const char *subtitle);

#endif
