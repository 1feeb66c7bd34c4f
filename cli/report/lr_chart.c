/*
 * Draws the loss for each learning rate. The axis of the learning rate is logarithmic, because each step of the test
 * multiplies the rate by the same number. A vertical line marks the suggested rate.
 */
#include "report/lr_chart.h"

#include <math.h>
#include <stdio.h>

#include "report/chart.h"
#include "report/draw.h"

enum { WIDTH = 640, PLOT = 300, ABOVE = 49, BOTTOM = 52, MARGIN = 28, LEFT = 64, RIGHT = 28 };

struct plot {
    double y;                       /* upper edge */
    double first_power, last_power; /* the powers of ten at the ends of the horizontal axis */
    double low, high, step;         /* range and step of the axis of the losses */
};

static double rate_to_x(const struct plot *p, double rate) {
    return LEFT + (WIDTH - LEFT - RIGHT) * (log10(rate) - p->first_power) / (p->last_power - p->first_power);
}

static double loss_to_y(const struct plot *p, double loss) {
    return p->y + PLOT * (p->high - fmin(loss, p->high)) / (p->high - p->low);
}

static void draw_rule(cairo_t *cr, double x, double y, double to_x, double to_y, unsigned colour) {
    draw_ink(cr, colour);
    cairo_set_line_width(cr, 1);
    cairo_move_to(cr, floor(x) + 0.5, floor(y) + 0.5);
    cairo_line_to(cr, floor(to_x) + 0.5, floor(to_y) + 0.5);
    cairo_stroke(cr);
}

static void draw_frame(cairo_t *cr, const struct plot *p) {
    char text[32];
    int rows = (int)lround((p->high - p->low) / p->step), decimals = (int)ceil(-log10(p->step) - 1e-9);
    draw_ink(cr, DRAW_INK);
    draw_bold(cr, LEFT, p->y - 18, 12, 0, "Loss");
    for (int i = 0; i <= rows; i++) {
        double loss = p->low + p->step * i, y = loss_to_y(p, loss);
        draw_rule(cr, LEFT, y, WIDTH - RIGHT, y, i ? DRAW_GRID : DRAW_MUTED);
        snprintf(text, sizeof text, "%.*f", decimals > 0 ? decimals : 0, loss);
        draw_ink(cr, DRAW_MUTED);
        draw_text(cr, LEFT - 8, y + 3.5, 10, 1, text);
    }
    for (int power = (int)p->first_power; power <= (int)p->last_power; power++) {
        snprintf(text, sizeof text, "%g", pow(10, power));
        draw_text(cr, rate_to_x(p, pow(10, power)), p->y + PLOT + 18, 10, 0.5, text);
    }
    draw_text(cr, (LEFT + WIDTH - RIGHT) / 2.0, p->y + PLOT + 36, 10, 0.5, "learning rate");
}

static void draw_curve(cairo_t *cr, const struct plot *p, const double *rates, const double *losses, int count) {
    draw_ink(cr, DRAW_BLUE);
    cairo_set_line_width(cr, 2);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_new_path(cr);
    for (int i = 0; i < count; i++)
        cairo_line_to(cr, rate_to_x(p, rates[i]), loss_to_y(p, losses[i]));
    cairo_stroke(cr);
}

/* Sets the ranges of the axes. The axis of the losses ends a quarter of its range above the first loss, because the
   last losses of a test are very high. Higher losses are drawn at the upper edge. */
static struct plot fit_axes(double y, const double *rates, const double *losses, int count) {
    struct plot p = {.y = y, .low = losses[0], .high = losses[0]};
    p.first_power = floor(log10(rates[0]) + 1e-9);
    p.last_power = fmax(ceil(log10(rates[count - 1]) - 1e-9), p.first_power + 1);
    for (int i = 0; i < count; i++)
        p.low = fmin(p.low, losses[i]);
    if (!isfinite(p.low) || !isfinite(p.high)) /* the net diverged at once */
        p.low = p.high = 0;
    p.high += fmax((p.high - p.low) / 4, 1e-3);
    p.step = chart_step(p.high - p.low, 6);
    p.low = floor(p.low / p.step + 1e-9) * p.step;
    p.high = ceil(p.high / p.step - 1e-9) * p.step;
    return p;
}

bool lr_chart_draw(const char *path, const char *title, const char *subtitle, const double *rates, const double *losses,
                   int count, double suggestion) {
    double top = draw_head(NULL, MARGIN, WIDTH - 2 * MARGIN, title, subtitle) + ABOVE;
    struct page page = page_new(WIDTH, top + PLOT + BOTTOM, page_format(path));
    struct plot p = fit_axes(top, rates, losses, count);
    char text[48];
    draw_head(page.cr, MARGIN, WIDTH - 2 * MARGIN, title, subtitle);
    draw_frame(page.cr, &p);
    draw_curve(page.cr, &p, rates, losses, count);
    double x = rate_to_x(&p, suggestion);
    if (suggestion >= rates[0]) {
        draw_rule(page.cr, x, top, x, top + PLOT, DRAW_RED);
        snprintf(text, sizeof text, "suggested rate %g", suggestion);
        draw_ink(page.cr, DRAW_RED);
        bool left = x - 6 - draw_width(page.cr, 10, text) > LEFT; /* the text is drawn at the left of the line */
        draw_text(page.cr, left ? x - 6 : x + 6, top + 12, 10, left, text);
    }
    bool written = page_write(&page, path);
    page_free(&page);
    return written;
}
