/*
 * Draws sample images. An image is similar to a small photo and has a bright shape with a soft shadow on a darker,
 * blurred background. Position, size, rotation, colours and light are random, and the colours do not depend on the
 * shape. The shape is always lighter than the background, so that a net without convolutions can also learn the shapes.
 */
#include "command/synth/sample_image.h"

#include <math.h>
#include <stdlib.h>

#include <lade/base.h>

#include "command/synth/shapes.h"
#include "report/colour.h"

#define TURN 6.283185307179586

static double between(struct lade_random *r, double low, double high) {
    return lade_random_uniform(r, low, high);
}

static void add_stop(cairo_pattern_t *p, double at, struct colour c, double alpha) {
    cairo_pattern_add_color_stop_rgba(p, at, c.r, c.g, c.b, alpha);
}

static void paint(cairo_t *cr, cairo_pattern_t *p) {
    cairo_set_source(cr, p);
    cairo_paint(cr);
    cairo_pattern_destroy(p);
}

/* Draws a gradient between two similar hues, and two or three spots of light. The background covers at least the
   coordinates from -1 to 1 in x and y. */
static void draw_background(cairo_t *cr, struct lade_random *r, double hue) {
    double angle = between(r, 0, TURN), lightness = between(r, 0.24, 0.4), second = hue + between(r, -0.12, 0.12);
    cairo_pattern_t *slope = cairo_pattern_create_linear(cos(angle), sin(angle), -cos(angle), -sin(angle));
    add_stop(slope, 0, colour_lch(lightness + 0.08, between(r, 0.04, 0.11), hue), 1);
    add_stop(slope, 1, colour_lch(lightness - 0.08, between(r, 0.04, 0.11), second), 1);
    paint(cr, slope);
    int spots = 2 + (int)lade_random_below(r, 2);
    for (int i = 0; i < spots; i++) {
        double x = between(r, -1, 1), y = between(r, -1, 1), size = between(r, 0.35, 0.9);
        struct colour c = colour_lch(between(r, 0.4, 0.55), 0.1, second + between(r, -0.08, 0.08));
        cairo_pattern_t *spot = cairo_pattern_create_radial(x, y, 0, x, y, size);
        add_stop(spot, 0, c, between(r, 0.25, 0.5));
        add_stop(spot, 1, c, 0);
        paint(cr, spot);
    }
}

/* Fills the outline several times with growing sizes, which looks like a blur. */
static void draw_shadow(cairo_t *cr, int shape, double dx, double dy) {
    enum { LAYERS = 6 };
    for (int i = 0; i < LAYERS; i++) {
        cairo_save(cr);
        cairo_translate(cr, dx, dy);
        double grow = 1 + 0.045 * i;
        cairo_scale(cr, grow, grow);
        shape_path(cr, shape);
        cairo_restore(cr);
        cairo_set_source_rgba(cr, 0, 0, 0.02, 0.085);
        cairo_fill(cr);
    }
}

static void draw_shape(cairo_t *cr, struct lade_random *r, int shape, double hue) {
    double lightness = between(r, 0.74, 0.86), chroma = between(r, 0.06, 0.19);
    double light = between(r, 0, TURN); /* direction of the light */
    cairo_pattern_t *face = cairo_pattern_create_linear(cos(light), sin(light), -cos(light), -sin(light));
    add_stop(face, 0, colour_lch(lightness + 0.1, chroma * 0.8, hue), 1);
    add_stop(face, 1, colour_lch(lightness - 0.06, chroma, hue + between(r, -0.05, 0.05)), 1);
    draw_shadow(cr, shape, -0.1 * cos(light), -0.1 * sin(light));
    shape_path(cr, shape);
    cairo_set_source(cr, face);
    cairo_fill(cr);
    cairo_pattern_destroy(face);
}

/* Adds noise that is similar to the noise of a sensor. Most of the noise is equal in the three channels of a pixel, and
   each channel has a little noise of its own. */
static void add_grain(cairo_surface_t *surface, struct lade_random *r) {
    cairo_surface_flush(surface);
    int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
    int stride = cairo_image_surface_get_stride(surface);
    unsigned char *rows = cairo_image_surface_get_data(surface);
    struct lade_random grain;
    uint64_t key = lade_random_u64(r);
    for (int y = 0; y < height; y++) {
        uint32_t *row = (uint32_t *)(void *)(rows + (size_t)y * (size_t)stride);
        lade_random_init(&grain, key, 0, (uint64_t)y,
                         LADE_RANDOM_SYNTH); /* one random stream for each row, because one stream is too short for an
                                                image */
        for (int x = 0; x < width; x++) {
            uint32_t bits = lade_random_u32(&grain), pixel = 0;
            int grey = (int)(bits & 7) + (int)(bits >> 3 & 7) - 7; /* the sum of two random numbers, minus 7 */
            for (int c = 0; c < 3; c++) {
                int value = (int)(row[x] >> (8 * c) & 255) + grey + (int)(bits >> (6 + 2 * c) & 3) - 1;
                pixel |= (uint32_t)(value < 0 ? 0 : value > 255 ? 255 : value) << (8 * c);
            }
            row[x] = pixel;
        }
    }
    cairo_surface_mark_dirty(surface);
}

void sample_image_draw(cairo_surface_t *surface, int shape, uint64_t seed, int64_t index) {
    struct lade_random r;
    lade_random_init(&r, seed, (uint64_t)shape, (uint64_t)index, LADE_RANDOM_SYNTH);
    int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
    double half = (width < height ? width : height) / 2.;
    double hue = between(&r, 0, 1);
    cairo_t *cr = cairo_create(surface);
    cairo_translate(cr, width / 2., height / 2.);
    cairo_scale(cr, half, half);
    draw_background(cr, &r, hue);
    double size = between(&r, 0.52, 0.76), room = 0.2;
    cairo_translate(cr, between(&r, -room, room), between(&r, -room, room));
    cairo_rotate(cr, between(&r, -0.07, 0.07) * TURN);
    cairo_scale(cr, size, size);
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
    draw_shape(cr, &r, shape, hue + between(&r, 0.2, 0.8));
    cairo_destroy(cr);
    add_grain(surface, &r);
}
