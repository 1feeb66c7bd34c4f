/*
 * Pages. Drawing is recorded first and only then turned into pixels or SVG, so that both come from the same calls.
 */
#define _POSIX_C_SOURCE 200809L
#include "draw.h"

#include <cairo-svg.h>
#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "out.h"
#include "outfile.h"
#include "text.h"

#define FONT     "DejaVu Sans"
#define PNG_UNIT 2 /* pixels */

enum page_format page_format(const char *path) {
    const char *dot = strrchr(path, '.');
    if (dot && strcasecmp(dot, ".png") == 0)
        return PAGE_PNG;
    return dot && strcasecmp(dot, ".svg") == 0 ? PAGE_SVG : PAGE_UNKNOWN;
}

struct page page_new(double width, double height) {
    struct page page = {.width = ceil(width), .height = ceil(height)};
    cairo_rectangle_t extents = {0, 0, page.width, page.height};
    page.surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, &extents);
    page.cr = cairo_create(page.surface);
    draw_ink(page.cr, DRAW_PAPER);
    cairo_paint(page.cr);
    return page;
}

void page_free(struct page *page) {
    cairo_destroy(page->cr);
    cairo_surface_destroy(page->surface);
    *page = (struct page){0};
}

static cairo_status_t write_bytes(void *closure, const unsigned char *bytes, unsigned length) {
    struct outfile *out = closure;
    return outfile_write(out, bytes, length) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* Plays the page back on @target. */
static cairo_status_t replay(const struct page *page, cairo_surface_t *target) {
    cairo_t *cr = cairo_create(target);
    cairo_set_source_surface(cr, page->surface, 0, 0);
    cairo_paint(cr);
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    return status;
}

static cairo_status_t write_png(const struct page *page, struct outfile *out) {
    cairo_surface_t *target =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)page->width * PNG_UNIT, (int)page->height * PNG_UNIT);
    cairo_surface_set_device_scale(target, PNG_UNIT, PNG_UNIT);
    cairo_status_t status = replay(page, target);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_write_to_png_stream(target, write_bytes, out);
    cairo_surface_destroy(target);
    return status;
}

static cairo_status_t write_svg(const struct page *page, struct outfile *out) {
    cairo_surface_t *target = cairo_svg_surface_create_for_stream(write_bytes, out, page->width, page->height);
    cairo_svg_surface_set_document_unit(target, CAIRO_SVG_UNIT_PX);
    cairo_status_t status = replay(page, target);
    cairo_surface_finish(target);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(target);
    cairo_surface_destroy(target);
    return status;
}

bool page_write(struct page *page, const char *path) {
    struct outfile out;
    if (!outfile_open(&out, path))
        return false;
    cairo_status_t status = cairo_status(page->cr);
    if (status == CAIRO_STATUS_SUCCESS)
        status = page_format(path) == PAGE_SVG ? write_svg(page, &out) : write_png(page, &out);
    if (status == CAIRO_STATUS_SUCCESS || out.cause)
        return outfile_close(&out); /* which says what the file system said */
    outfile_abort(&out);
    char *shown = text_escape(path);
    out_error("%s: cannot draw: %s", shown, cairo_status_to_string(status));
    free(shown);
    return false;
}

void draw_colour(cairo_t *cr, struct colour c) {
    cairo_set_source_rgb(cr, c.r, c.g, c.b);
}

void draw_ink(cairo_t *cr, unsigned rgb) {
    draw_colour(cr, colour_rgb(rgb));
}

void draw_round(cairo_t *cr, double x, double y, double width, double height, double radius) {
    const double quarter = 1.5707963267948966;
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + width - radius, y + radius, radius, -quarter, 0);
    cairo_arc(cr, x + width - radius, y + height - radius, radius, 0, quarter);
    cairo_arc(cr, x + radius, y + height - radius, radius, quarter, 2 * quarter);
    cairo_arc(cr, x + radius, y + radius, radius, 2 * quarter, 3 * quarter);
    cairo_close_path(cr);
}

static double width_of(cairo_t *cr, const char *utf8) {
    cairo_text_extents_t extents;
    cairo_text_extents(cr, utf8, &extents);
    return extents.x_advance;
}

static void show(cairo_t *cr, double x, double y, double align, const char *text) {
    char *utf8 = text_escape(text);
    cairo_move_to(cr, x - align * width_of(cr, utf8), y);
    cairo_show_text(cr, utf8);
    free(utf8);
}

static void select_font(cairo_t *cr, double size, cairo_font_weight_t weight) {
    cairo_select_font_face(cr, FONT, CAIRO_FONT_SLANT_NORMAL, weight);
    cairo_set_font_size(cr, size);
}

void draw_text(cairo_t *cr, double x, double y, double size, double align, const char *text) {
    select_font(cr, size, CAIRO_FONT_WEIGHT_NORMAL);
    show(cr, x, y, align, text);
}

void draw_bold(cairo_t *cr, double x, double y, double size, double align, const char *text) {
    select_font(cr, size, CAIRO_FONT_WEIGHT_BOLD);
    show(cr, x, y, align, text);
}

void draw_text_within(cairo_t *cr, double x, double y, double size, double align, double width, const char *text) {
    static const char ellipsis[] = "\u2026";
    select_font(cr, size, CAIRO_FONT_WEIGHT_NORMAL);
    char *utf8 = text_escape(text);
    size_t length = strlen(utf8);
    char *cut = text_printf("%s", utf8);
    while (length > 0 && width_of(cr, cut) > width) {
        do
            length--;
        while (length > 0 && ((unsigned char)utf8[length] & 0xc0) == 0x80);
        free(cut);
        cut = text_printf("%.*s%s", (int)length, utf8, ellipsis);
    }
    cairo_move_to(cr, x - align * width_of(cr, cut), y);
    cairo_show_text(cr, cut);
    free(cut);
    free(utf8);
}
