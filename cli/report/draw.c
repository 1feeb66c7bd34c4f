/*
 * Draws pages and shapes with Cairo. The same functions draw PNG and SVG. The text of an SVG stays in memory until the
 * page is complete. draw_text.c draws text.
 */
#define _POSIX_C_SOURCE 200809L
#include "report/draw.h"

#include <cairo-svg.h>
#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/output.h"
#include "terminal/output_file.h"
#include "terminal/text.h"

#define PNG_UNIT 2 /* pixels per unit */

/* The bytes of an SVG. */
struct page_bytes {
    FILE *stream;
    char *bytes;
    size_t size;
};

static cairo_status_t keep_bytes(void *closure, const unsigned char *bytes, unsigned length) {
    struct page_bytes *svg = closure;
    return fwrite(bytes, 1, length, svg->stream) == length ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_NO_MEMORY;
}

struct page page_new(double width, double height, enum page_format format) {
    struct page page = {.width = ceil(width), .height = ceil(height)};
    if (format == PAGE_SVG) {
        page.svg = text_alloc(1, sizeof *page.svg);
        page.svg->stream = open_memstream(&page.svg->bytes, &page.svg->size);
        if (!page.svg->stream)
            out_die("out of memory");
        page.surface = cairo_svg_surface_create_for_stream(keep_bytes, page.svg, page.width, page.height);
        cairo_svg_surface_set_document_unit(page.surface, CAIRO_SVG_UNIT_PX);
    } else {
        page.surface =
            cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)page.width * PNG_UNIT, (int)page.height * PNG_UNIT);
        cairo_surface_set_device_scale(page.surface, PNG_UNIT, PNG_UNIT);
    }
    page.cr = cairo_create(page.surface);
    draw_ink(page.cr, DRAW_PAPER);
    cairo_paint(page.cr);
    return page;
}

bool page_fits(double width, double height, enum page_format format) {
    enum { MOST = 32767 }; /* the limit of Cairo */
    return format == PAGE_SVG || (width * PNG_UNIT <= MOST && height * PNG_UNIT <= MOST);
}

void page_free(struct page *page) {
    cairo_destroy(page->cr);
    cairo_surface_destroy(page->surface);
    if (page->svg) {
        fclose(page->svg->stream);
        free(page->svg->bytes);
        free(page->svg);
    }
    *page = (struct page){0};
}

static cairo_status_t write_bytes(void *closure, const unsigned char *bytes, unsigned length) {
    struct output_file *out = closure;
    return output_file_write(out, bytes, length) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_status_t write_svg(struct page *page, struct output_file *out) {
    cairo_surface_finish(page->surface);
    cairo_status_t status = cairo_surface_status(page->surface);
    if (status == CAIRO_STATUS_SUCCESS && fflush(page->svg->stream))
        status = CAIRO_STATUS_NO_MEMORY;
    if (status == CAIRO_STATUS_SUCCESS)
        output_file_write(out, page->svg->bytes, page->svg->size);
    return status;
}

bool page_write(struct page *page, const char *path) {
    struct output_file out;
    if (!output_file_open(&out, path))
        return false;
    cairo_status_t status = cairo_status(page->cr);
    if (status == CAIRO_STATUS_SUCCESS)
        status =
            page->svg ? write_svg(page, &out) : cairo_surface_write_to_png_stream(page->surface, write_bytes, &out);
    if (status == CAIRO_STATUS_SUCCESS || out.cause)
        return output_file_close(&out); /* prints the message if writing failed */
    output_file_abort(&out);
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
