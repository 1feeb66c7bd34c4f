/*
 * Draws the outlines of the 16 shapes of the sample data set. All shapes are upright and have similar areas, so that a
 * net cannot find the class by the size or the brightness.
 */
#include "command/synth/shapes.h"

#include <math.h>
#include <stddef.h>

#define PI 3.14159265358979323846

static void polygon(cairo_t *cr, int count, const double (*points)[2]) {
    cairo_move_to(cr, points[0][0], points[0][1]);
    for (int i = 1; i < count; i++)
        cairo_line_to(cr, points[i][0], points[i][1]);
    cairo_close_path(cr);
}

/* Draws a star with @corners outer corners. */
static void star(cairo_t *cr, int corners, double outer, double inner) {
    for (int i = 0; i < 2 * corners; i++) {
        double angle = PI * i / corners - PI / 2, r = i % 2 ? inner : outer;
        cairo_line_to(cr, r * cos(angle), r * sin(angle));
    }
    cairo_close_path(cr);
}

static void disc(cairo_t *cr, double x, double y, double r) {
    cairo_new_sub_path(cr);
    cairo_arc(cr, x, y, r, 0, 2 * PI);
    cairo_close_path(cr);
}

static void circle(cairo_t *cr) {
    disc(cr, 0, 0, 0.9);
}

static void square(cairo_t *cr) {
    cairo_rectangle(cr, -0.74, -0.74, 1.48, 1.48);
}

static void triangle(cairo_t *cr) {
    polygon(cr, 3, (const double[][2]){{0, -0.98}, {0.95, 0.72}, {-0.95, 0.72}});
}

static void five_star(cairo_t *cr) {
    star(cr, 5, 1, 0.42);
}

static void ring(cairo_t *cr) {
    disc(cr, 0, 0, 0.95);
    disc(cr, 0, 0, 0.5);
}

static void cross(cairo_t *cr) {
    const double a = 0.32, b = 0.95;
    polygon(cr, 12,
            (const double[][2]){{-a, -b},
                                {a, -b},
                                {a, -a},
                                {b, -a},
                                {b, a},
                                {a, a},
                                {a, b},
                                {-a, b},
                                {-a, a},
                                {-b, a},
                                {-b, -a},
                                {-a, -a}});
}

static void heart(cairo_t *cr) {
    cairo_move_to(cr, 0, 0.92);
    cairo_curve_to(cr, -0.45, 0.5, -1, 0.2, -1, -0.32);
    cairo_curve_to(cr, -1, -0.95, -0.25, -1.05, 0, -0.45);
    cairo_curve_to(cr, 0.25, -1.05, 1, -0.95, 1, -0.32);
    cairo_curve_to(cr, 1, 0.2, 0.45, 0.5, 0, 0.92);
    cairo_close_path(cr);
}

/* Draws a crescent, which is a disc minus a smaller disc. The outline has two arcs, which end at the intersections of
   the two circles. */
static void crescent(cairo_t *cr) {
    const double r = 0.98, d = 0.42, hole = 0.78; /* radius, distance of the centres, radius of the smaller disc */
    double x = (d * d + r * r - hole * hole) / (2 * d), y = sqrt(r * r - x * x);
    cairo_save(cr);
    cairo_translate(cr, 0.18, 0); /* centres the crescent */
    cairo_new_sub_path(cr);
    cairo_arc(cr, 0, 0, r, atan2(y, x), 2 * PI - atan2(y, x));
    cairo_arc_negative(cr, d, 0, hole, atan2(-y, x - d), atan2(y, x - d));
    cairo_close_path(cr);
    cairo_restore(cr);
}

static void arrow(cairo_t *cr) {
    polygon(cr, 7,
            (const double[][2]){
                {0, -1}, {0.82, -0.1}, {0.3, -0.1}, {0.3, 0.95}, {-0.3, 0.95}, {-0.3, -0.1}, {-0.82, -0.1}});
}

static void flower(cairo_t *cr) {
    enum { STEPS = 120, PETALS = 6 };
    for (int i = 0; i < STEPS; i++) {
        double angle = 2 * PI * i / STEPS, r = 0.7 + 0.28 * cos(PETALS * angle);
        cairo_line_to(cr, r * sin(angle), -r * cos(angle));
    }
    cairo_close_path(cr);
    disc(cr, 0, 0, 0.2);
}

static void drop(cairo_t *cr) {
    cairo_move_to(cr, 0, -1);
    cairo_curve_to(cr, 0.15, -0.55, 0.68, -0.1, 0.68, 0.32);
    cairo_arc(cr, 0, 0.32, 0.68, 0, PI);
    cairo_curve_to(cr, -0.68, -0.1, -0.15, -0.55, 0, -1);
    cairo_close_path(cr);
}

static void hexagon(cairo_t *cr) {
    star(cr, 6, 0.97, 0.97 * cos(PI / 6));
}

static void bolt(cairo_t *cr) {
    polygon(cr, 6,
            (const double[][2]){{0.25, -1}, {-0.62, 0.16}, {-0.1, 0.16}, {-0.25, 1}, {0.62, -0.22}, {0.08, -0.22}});
}

static void gear(cairo_t *cr) {
    enum { TEETH = 8 };
    for (int i = 0; i < TEETH * 4; i++) {
        double angle = 2 * PI * (i + (i % 2 ? -0.15 : 0.15)) / (TEETH * 4), r = i % 4 < 2 ? 0.98 : 0.7;
        cairo_line_to(cr, r * cos(angle), r * sin(angle));
    }
    cairo_close_path(cr);
    disc(cr, 0, 0, 0.3);
}

/* Draws a band along an Archimedean spiral of two turns. The path follows one edge outwards and returns along the other
   edge. */
static void spiral(cairo_t *cr) {
    enum { STEPS = 96 };
    const double turns = 2.1, width = 0.13;
    for (int side = 1; side >= -1; side -= 2)
        for (int i = 0; i <= STEPS; i++) {
            double t = (double)(side > 0 ? i : STEPS - i) / STEPS, angle = 2 * PI * turns * t;
            double r = 0.06 + 0.8 * t + side * width * fmin(1, 4 * t + 0.3);
            cairo_line_to(cr, r * cos(angle), r * sin(angle));
        }
    cairo_close_path(cr);
}

static void house(cairo_t *cr) {
    polygon(cr, 7,
            (const double[][2]){
                {0, -0.98}, {0.98, -0.1}, {0.72, -0.1}, {0.72, 0.85}, {-0.72, 0.85}, {-0.72, -0.1}, {-0.98, -0.1}});
    cairo_rectangle(cr, -0.2, 0.25, 0.4, 0.6);
}

static const struct {
    const char *name;
    void (*path)(cairo_t *cr);
} shapes[SHAPE_COUNT] = {
    {"circle", circle}, {"square", square}, {"triangle", triangle}, {"star", five_star},
    {"ring", ring},     {"cross", cross},   {"heart", heart},       {"crescent", crescent},
    {"arrow", arrow},   {"flower", flower}, {"drop", drop},         {"hexagon", hexagon},
    {"bolt", bolt},     {"gear", gear},     {"spiral", spiral},     {"house", house},
};

const char *shape_name(int shape) {
    return shape >= 0 && shape < SHAPE_COUNT ? shapes[shape].name : NULL;
}

void shape_path(cairo_t *cr, int shape) {
    cairo_new_path(cr);
    shapes[shape].path(cr);
}
