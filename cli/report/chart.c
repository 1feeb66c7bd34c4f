/*
 * Draws the curves of a training run. Each quantity has its own panel, and the panels are side by side. There is no
 * legend, because the name of a line is at the end of the line. A ring marks the best validation value. A cross at the
 * upper edge marks an epoch whose value is infinite, or whose value is NaN although earlier and later epochs have
 * numbers.
 */
#include "report/chart.h"

#include <math.h>
#include <stdio.h>

#include "report/draw.h"
#include "terminal/text.h"

enum { PANEL = 324, PLOT = 242, ABOVE = 49, BOTTOM = 52, MARGIN = 28, LEFT = 64, GAP = 144, RIGHT = 104 };

struct panel {
    const char *title;
    double x, y, width, height; /* position and size of the plot without its labels */
    double low, high, step;     /* range and step of the vertical axis */
    bool percent, empty;        /* percent: the values are percentages. empty: no value is finite */
    int count;                  /* number of epochs */
};

struct line {
    const char *name;
    unsigned colour;
    const double *values;
};

double chart_step(double range, int parts) {
    double rough = range / parts, power = pow(10, floor(log10(rough)));
    double mantissa = rough / power;
    return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
}

/*
 * Sets the range of the vertical axis to round numbers, so that all values are inside. The axis begins at 0 if the
 * lowest value is less than half of the highest value.
 */
static void fit_axis(struct panel *p, const struct line *lines, int line_count) {
    double low = INFINITY, high = -INFINITY;
    for (int l = 0; l < line_count; l++)
        for (int i = 0; i < p->count; i++) {
            double v = lines[l].values[i];
            if (isfinite(v)) {
                low = fmin(low, v);
                high = fmax(high, v);
            }
        }
    p->empty = !isfinite(low);
    if (p->empty)
        low = high = 0;
    if (low > 0 && low < 0.5 * high)
        low = 0;
    if (high - low <= 1e-6 * fmax(fabs(low), fabs(high))) { /* the values are equal, apart from rounding */
        low = fmin(low, 0);
        high = fmax(high, 0);
    }
    if (low == high)
        high = p->percent ? 1 : 1e-3;
    p->step = chart_step(high - low, 5);
    p->low = floor(low / p->step + 1e-9) * p->step;
    p->high = ceil(high / p->step - 1e-9) * p->step;
    if (p->percent)
        p->high = fmin(p->high, fmax(1, p->low + p->step));
}

static double epoch_to_x(const struct panel *p, int i) {
    return p->count > 1 ? p->x + p->width * i / (p->count - 1) : p->x + p->width / 2;
}

static double value_to_y(const struct panel *p, double v) {
    return p->y + p->height * (p->high - v) / (p->high - p->low);
}

/* Writes a number with an exponent, for example 2.5e-7. @exponent is the decimal place of the first digit. */
static void write_exponent(char *to, size_t size, int decimals, double v, int exponent) {
    snprintf(to, size, "%.*fe%d", decimals, v / pow(10, exponent), exponent);
}

/*
 * Writes the number of a tick. All ticks of a panel have the same number of decimals. Very small and very large numbers
 * have an exponent, for example 2.5e-7.
 */
static void write_number(char *to, size_t size, const struct panel *p, double v) {
    double largest = fmax(fabs(p->low), fabs(p->high));
    int first = (int)floor(log10(largest) + 1e-9), last = (int)floor(log10(p->step) + 1e-9); /* decimal places */
    if (p->percent)
        snprintf(to, size, p->step < 0.0099 ? "%.1f%%" : "%.0f%%", v * 100);
    else if (fabs(v) < p->step / 2)
        snprintf(to, size, "0");
    else if (first < -3 || first > 4)
        write_exponent(to, size, first - last, v, first);
    else
        snprintf(to, size, "%.*f", last < 0 ? -last : 0, v);
}

static void draw_frame(cairo_t *cr, const struct panel *p) {
    char text[32];
    draw_ink(cr, DRAW_INK);
    draw_bold(cr, p->x, p->y - 18, 12, 0, p->title);
    if (p->empty) {
        draw_ink(cr, DRAW_MUTED);
        draw_text(cr, p->x + p->width / 2, p->y + p->height / 2, 10, 0.5, "no finite value");
    }
    int rows = p->empty ? 0 : (int)lround((p->high - p->low) / p->step);
    for (int i = 0; i <= rows; i++) {
        double v = p->low + i * p->step, y = value_to_y(p, v);
        draw_ink(cr, i ? DRAW_GRID : DRAW_MUTED);
        cairo_set_line_width(cr, 1);
        cairo_move_to(cr, p->x, floor(y) + 0.5);
        cairo_line_to(cr, p->x + p->width, floor(y) + 0.5);
        cairo_stroke(cr);
        write_number(text, sizeof text, p, v);
        draw_ink(cr, DRAW_MUTED);
        draw_text(cr, p->x - 8, y + 3.5, 10, 1, text);
    }
    int step = p->count > 10 ? (int)chart_step(p->count, 10) : 1;
    for (int i = step - 1; i < p->count; i += step) {
        snprintf(text, sizeof text, "%d", i + 1);
        draw_text(cr, epoch_to_x(p, i), p->y + p->height + 18, 10, 0.5, text);
    }
    draw_text(cr, p->x + p->width / 2, p->y + p->height + 36, 10, 0.5, "epoch");
}

/* Draws a cross at the upper edge for each value that is infinite or NaN. NaN before the first number or after the last
   number gets no cross, because these epochs have no value. */
static void draw_crosses(cairo_t *cr, const struct panel *p, const struct line *line, int last) {
    const double r = 3.2;
    bool started = false;
    cairo_set_line_width(cr, 1.6);
    for (int i = 0; i < p->count; i++) {
        double v = line->values[i], x = epoch_to_x(p, i);
        started = started || isfinite(v);
        if (isfinite(v) || (isnan(v) && (!started || i > last)))
            continue;
        cairo_move_to(cr, x - r, p->y - r);
        cairo_line_to(cr, x + r, p->y + r);
        cairo_move_to(cr, x - r, p->y + r);
        cairo_line_to(cr, x + r, p->y - r);
        cairo_stroke(cr);
    }
}

/* Draws a line. Returns the index of the last value, or -1 if the line has no values. */
static int draw_line(cairo_t *cr, const struct panel *p, const struct line *line) {
    int last = -1;
    draw_ink(cr, line->colour);
    cairo_set_line_width(cr, 2);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_new_path(cr);
    for (int i = 0; i < p->count; i++) {
        double v = line->values[i];
        if (isfinite(v)) {
            cairo_line_to(cr, epoch_to_x(p, i), value_to_y(p, v));
            last = i;
        } else {
            cairo_new_sub_path(cr); /* the line has a gap */
        }
    }
    cairo_stroke(cr);
    for (int i = 0; i < p->count; i++) {
        double v = line->values[i];
        bool left = i > 0 && isfinite(line->values[i - 1]), right = i + 1 < p->count && isfinite(line->values[i + 1]);
        if (!isfinite(v) || (p->count > 40 && (left || right)))
            continue; /* with many epochs, only a value without neighbours needs a dot */
        cairo_arc(cr, epoch_to_x(p, i), value_to_y(p, v), 2.6, 0, 7);
        cairo_fill(cr);
    }
    draw_crosses(cr, p, line, last);
    return last;
}

/* Draws the name and the last value at the end of each line. If the texts of two lines would overlap, moves them
   apart. */
static void draw_names(cairo_t *cr, const struct panel *p, const struct line *lines, const int last[2]) {
    enum { LEAST = 30 }; /* smallest distance between two names */
    double y[2];
    for (int l = 0; l < 2; l++)
        y[l] = last[l] >= 0 ? value_to_y(p, lines[l].values[last[l]]) : 0;
    if (last[0] >= 0 && last[1] >= 0 && fabs(y[0] - y[1]) < LEAST) {
        int upper = y[0] <= y[1] ? 0 : 1;
        double middle = (y[0] + y[1]) / 2;
        y[upper] = middle - LEAST / 2.;
        y[!upper] = middle + LEAST / 2.;
    }
    for (int l = 0; l < 2; l++) {
        if (last[l] < 0)
            continue;
        char text[32];
        double v = lines[l].values[last[l]], x = epoch_to_x(p, last[l]) + 10;
        int exponent = v != 0 ? (int)floor(log10(fabs(v)) + 1e-9) : 0;
        if (p->percent)
            snprintf(text, sizeof text, "%.1f%%", v * 100);
        else if (exponent < -4 || exponent > 4)
            write_exponent(text, sizeof text, 2, v, exponent);
        else
            snprintf(text, sizeof text, exponent < -1 ? "%.3g" : "%.3f", v);
        draw_ink(cr, lines[l].colour);
        draw_bold(cr, x, y[l] - 1, 11, 0, text);
        draw_text(cr, x, y[l] + 11, 9.5, 0, lines[l].name);
    }
}

/* Marks the epoch with the best validation value with a ring. */
static void draw_best(cairo_t *cr, const struct panel *p, const struct line *line, enum chart_best which) {
    int best = -1;
    for (int i = 0; i < p->count; i++) {
        double v = line->values[i];
        if (isfinite(v) && (best < 0 || (which == CHART_HIGHEST ? v > line->values[best] : v < line->values[best])))
            best = i;
    }
    if (best < 0 || p->count < 2)
        return;
    double v = line->values[best], x = epoch_to_x(p, best), y = value_to_y(p, v);
    draw_ink(cr, DRAW_PAPER);
    cairo_arc(cr, x, y, 5, 0, 7);
    cairo_fill_preserve(cr);
    draw_ink(cr, line->colour);
    cairo_set_line_width(cr, 2);
    cairo_stroke(cr);
    char text[64];
    snprintf(text, sizeof text, p->percent ? "best validation %.1f%%, epoch %d" : "best validation %.4g, epoch %d",
             p->percent ? v * 100 : v, best + 1);
    draw_text(cr, p->x + p->width, p->y - 18, 10, 1, text);
}

static void draw_panel(cairo_t *cr, struct panel p, const struct chart_panel *given) {
    const struct line lines[] = {{"training", DRAW_BLUE, given->training}, {"validation", DRAW_RED, given->validation}};
    const struct line only = {given->title, DRAW_INK, given->training};
    int count = given->validation ? 2 : 1, last[2] = {-1, -1};
    const struct line *drawn = count == 2 ? lines : &only;
    p.title = given->title;
    p.percent = given->percent;
    fit_axis(&p, drawn, count);
    draw_frame(cr, &p);
    for (int l = 0; l < count; l++)
        last[l] = draw_line(cr, &p, &drawn[l]);
    if (given->best != CHART_NO_BEST && count == 2)
        draw_best(cr, &p, &lines[1], given->best);
    draw_names(cr, &p, drawn, last);
}

bool chart_draw(const char *path, const char *title, const char *subtitle, const struct chart_panel *panels,
                int panel_count, int epochs) {
    double width = LEFT + panel_count * (PANEL + GAP) - GAP + RIGHT;
    double top = draw_head(NULL, MARGIN, width - 2 * MARGIN, title, subtitle) + ABOVE;
    struct page page = page_new(width, top + PLOT + BOTTOM, page_format(path));
    draw_head(page.cr, MARGIN, width - 2 * MARGIN, title, subtitle);
    for (int i = 0; i < panel_count; i++) {
        struct panel p = {.x = LEFT + i * (PANEL + GAP), .y = top, .width = PANEL, .height = PLOT, .count = epochs};
        draw_panel(page.cr, p, &panels[i]);
    }
    bool written = page_write(&page, path);
    page_free(&page);
    return written;
}
