/*
 * draw.h - a page to draw on and how text looks on it: what the contact sheet and the curves have in common.
 */
#ifndef LADE_CLI_REPORT_DRAW_H
#define LADE_CLI_REPORT_DRAW_H

#include <cairo.h>
#include <stdbool.h>

#include "report/colour.h"

/* The few colours of a page. */
#define DRAW_PAPER 0xfbfaf8
#define DRAW_CARD  0xffffff
#define DRAW_INK   0x1f2430
#define DRAW_MUTED 0x717784
#define DRAW_GRID  0xe8e5df
#define DRAW_EMPTY 0xf5f3f0
#define DRAW_BLUE  0x2f6fdb
#define DRAW_RED   0xd9541e

/* A page of @width x @height units; as PNG a unit is two pixels, so that small text stays sharp. */
struct page {
    cairo_t *cr; /* draw here */
    cairo_surface_t *surface;
    double width, height;
    struct page_bytes *svg; /* NULL: it will be a PNG */
};

enum page_format { PAGE_UNKNOWN, PAGE_PNG, PAGE_SVG };

/* By the suffix of a path: .png or .svg in any case. */
enum page_format page_format(const char *path);

/* Can a page be written to @path, which was given for @option? Returns EXIT_OK, or another code after a message. */
int page_check(const char *option, const char *path);

/* A page filled with paper; ends the program where there is no memory for it. */
struct page page_new(double width, double height, enum page_format format);

/* Write it to @path; false after a message. page_free() in any case. */
bool page_write(struct page *page, const char *path);
void page_free(struct page *page);

void draw_colour(cairo_t *cr, struct colour c);
void draw_ink(cairo_t *cr, unsigned rgb);

/* A rectangle with round corners, added to the path. */
void draw_round(cairo_t *cr, double x, double y, double width, double height, double radius);

/* Text of @size at a baseline; @align 0: starts at x, 0.5: centred on it, 1: ends there. Takes any bytes. */
void draw_text(cairo_t *cr, double x, double y, double size, double align, const char *text);
void draw_bold(cairo_t *cr, double x, double y, double size, double align, const char *text);

/* How wide that text is. */
double draw_width(cairo_t *cr, double size, const char *text);

/* The same, cut to @width with an ellipsis. */
void draw_text_within(cairo_t *cr, double x, double y, double size, double align, double width, const char *text);

#endif
