/*
 * Draws the curves of a training run. Each quantity has its own panel, and the panels are side by side. There is no
 * legend, because the name of a line is at the end of the line. A ring marks the epoch with the best validation
 * accuracy.
 */
#include "report/chart.h"

#include <math.h>
#include <stdio.h>

#include "report/draw.h"
#include "terminal/text.h"

enum { PANEL = 324, HEIGHT = 400, TOP = 92, BOTTOM = 52, LEFT = 64, GAP = 144, RIGHT = 104 };

struct panel {
    const char *title;
    double x, y, width, height; /* position and size of the plot without its labels */
    double low, high, step;     /* range and step of the vertical axis */
    bool percent;
    int count; /* number of epochs */
};

struct line {
    const char *name;
    unsigned colour;
    const struct chart_epoch *epochs;
    size_t offset; /* offset of the value in struct chart_epoch */
};

static double value_at(const struct line *line, int i) {
    return *(const double *)(const void *)((const char *)&line->epochs[i] + line->offset);
}

/* Returns a step that divides @range into at most @parts parts. The step is 1, 2 or 5 times a power of ten. */
static double round_step(double range, int parts) {
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
            double v = value_at(&lines[l], i);
            if (isfinite(v)) {
                low = fmin(low, v);
                high = fmax(high, v);
            }
        }
    if (!isfinite(low))
        low = high = 0;
    if (low < 0.5 * high || low == high)
        low = 0;
    if (high - low < 1e-6)
        high = low + 1e-3;
    p->step = round_step(high - low, 5);
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

static void write_number(char *to, size_t size, const struct panel *p, double v) {
    if (p->percent)
        snprintf(to, size, p->step < 0.0099 ? "%.1f%%" : "%.0f%%", v * 100);
    else
        snprintf(to, size, "%.*f", p->step >= 0.999 ? 0 : (int)ceil(-log10(p->step) - 1e-9), v);
}

static void draw_frame(cairo_t *cr, const struct panel *p) {
    char text[32];
    draw_ink(cr, DRAW_INK);
    draw_bold(cr, p->x, p->y - 18, 12, 0, p->title);
    int rows = (int)lround((p->high - p->low) / p->step);
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
    int step = p->count > 10 ? (int)round_step(p->count, 10) : 1;
    for (int i = step - 1; i < p->count; i += step) {
        snprintf(text, sizeof text, "%d", i + 1);
        draw_text(cr, epoch_to_x(p, i), p->y + p->height + 18, 10, 0.5, text);
    }
    draw_text(cr, p->x + p->width / 2, p->y + p->height + 36, 10, 0.5, "epoch");
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
        double v = value_at(line, i);
        if (!isfinite(v))
            continue;
        cairo_line_to(cr, epoch_to_x(p, i), value_to_y(p, v));
        last = i;
    }
    cairo_stroke(cr);
    for (int i = 0; i < p->count && p->count <= 40; i++) {
        double v = value_at(line, i);
        if (!isfinite(v))
            continue;
        cairo_arc(cr, epoch_to_x(p, i), value_to_y(p, v), 2.6, 0, 7);
        cairo_fill(cr);
    }
    return last;
}

/* Draws the name and the last value at the end of each line. If the texts of two lines would overlap, moves them
   apart. */
static void draw_names(cairo_t *cr, const struct panel *p, const struct line *lines, const int last[2]) {
    enum { LEAST = 30 }; /* smallest distance between two names */
    double y[2];
    for (int l = 0; l < 2; l++)
        y[l] = last[l] >= 0 ? value_to_y(p, value_at(&lines[l], last[l])) : 0;
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
        double v = value_at(&lines[l], last[l]), x = epoch_to_x(p, last[l]) + 10;
        snprintf(text, sizeof text, p->percent ? "%.1f%%" : v < 0.0995 ? "%.3g" : "%.3f", p->percent ? v * 100 : v);
        draw_ink(cr, lines[l].colour);
        draw_bold(cr, x, y[l] - 1, 11, 0, text);
        draw_text(cr, x, y[l] + 11, 9.5, 0, lines[l].name);
    }
}

static void draw_best(cairo_t *cr, const struct panel *p, const struct line *line) {
    int best = -1;
    for (int i = 0; i < p->count; i++) {
        double v = value_at(line, i);
        if (isfinite(v) && (best < 0 || v > value_at(line, best)))
            best = i;
    }
    if (best < 0 || p->count < 2)
        return;
    double x = epoch_to_x(p, best), y = value_to_y(p, value_at(line, best));
    draw_ink(cr, DRAW_PAPER);
    cairo_arc(cr, x, y, 5, 0, 7);
    cairo_fill_preserve(cr);
    draw_ink(cr, line->colour);
    cairo_set_line_width(cr, 2);
    cairo_stroke(cr);
    char text[48];
    snprintf(text, sizeof text, "best validation %.1f%%, epoch %d", value_at(line, best) * 100, best + 1);
    draw_text(cr, p->x + p->width, p->y - 18, 10, 1, text);
}

/* Draws a panel with one or two lines. The second line is for validation. */
static void draw_panel(cairo_t *cr, struct panel p, const struct line *lines, int line_count) {
    fit_axis(&p, lines, line_count);
    draw_frame(cr, &p);
    int last[2] = {-1, -1};
    for (int l = 0; l < line_count; l++)
        last[l] = draw_line(cr, &p, &lines[l]);
    if (p.percent)
        draw_best(cr, &p, &lines[1]);
    draw_names(cr, &p, lines, last);
}

static bool lr_changes(const struct chart_epoch *epochs, int count) {
    for (int i = 1; i < count; i++)
        if (epochs[i].lr != epochs[0].lr)
            return true;
    return false;
}

bool chart_draw(const char *path, const char *title, const char *subtitle, const struct chart_epoch *epochs,
                int count) {
    const struct line loss[] = {{"training", DRAW_BLUE, epochs, offsetof(struct chart_epoch, loss)},
                                {"validation", DRAW_RED, epochs, offsetof(struct chart_epoch, val_loss)}};
    const struct line accuracy[] = {{"training", DRAW_BLUE, epochs, offsetof(struct chart_epoch, accuracy)},
                                    {"validation", DRAW_RED, epochs, offsetof(struct chart_epoch, val_accuracy)}};
    const struct line lr = {"learning rate", DRAW_INK, epochs, offsetof(struct chart_epoch, lr)};
    int panels = lr_changes(epochs, count) ? 3 : 2;
    double width = LEFT + panels * (PANEL + GAP) - GAP + RIGHT;
    struct page page = page_new(width, HEIGHT, page_format(path));
    draw_ink(page.cr, DRAW_INK);
    draw_bold(page.cr, 28, 38, 17, 0, title);
    draw_ink(page.cr, DRAW_MUTED);
    draw_text_within(page.cr, 28, 57, 10.5, 0, width - 56, subtitle);
    struct panel p = {
        .title = "Loss",
        .x = LEFT,
        .y = TOP + 14,
        .width = PANEL,
        .height = HEIGHT - TOP - 14 - BOTTOM,
        .count = count,
    };
    draw_panel(page.cr, p, loss, 2);
    p.title = "Accuracy";
    p.x += PANEL + GAP;
    p.percent = true;
    draw_panel(page.cr, p, accuracy, 2);
    p.title = "Learning rate";
    p.x += PANEL + GAP;
    p.percent = false;
    if (panels == 3)
        draw_panel(page.cr, p, &lr, 1);
    bool written = page_write(&page, path);
    page_free(&page);
    return written;
}
