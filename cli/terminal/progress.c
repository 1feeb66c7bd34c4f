/*
 * Draws the progress line. The rate is a moving average over the last few seconds. Therefore the remaining time changes
 * if the disk becomes slower, but one slow batch changes it only a little. If the texts do not fit into the width of
 * the terminal, the bar is omitted first, and then the texts at the end.
 */
#define _POSIX_C_SOURCE 200809L
#include "terminal/progress.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "terminal/output.h"
#include "terminal/terminal.h"
#include "terminal/text.h"

#define INTERVAL 0.1 /* shortest time between two drawings, in seconds */
#define MEMORY   4.0 /* time after which the weight of an old rate is 1/e, in seconds */

static struct {
    char name[64], unit[16];
    int64_t total;
    bool visible, running;
    double drawn, sampled; /* times of the last drawing and of the last update of the rate; 0 means never */
    int64_t sampled_done;
    double rate; /* items per second; 0 means unknown */
} bar;

void progress_rename(const char *name) {
    snprintf(bar.name, sizeof bar.name, "%s", name);
}

void progress_start(const char *name, int64_t total, const char *unit) {
    memset(&bar, 0, sizeof bar);
    progress_rename(name);
    snprintf(bar.unit, sizeof bar.unit, "%s", unit);
    bar.total = total;
    bar.running = true;
    out_before_message(progress_hide);
}

/* Updates the rate. The first call only stores @done, because a resumed task has already finished some items when it
   begins. */
static void sample_rate(double now, int64_t done) {
    double span = now - bar.sampled;
    if (span <= 0)
        return;
    if (bar.sampled == 0) {
        bar.sampled = now;
        bar.sampled_done = done;
        return;
    }
    double rate = (double)(done - bar.sampled_done) / span;
    double keep = bar.rate > 0 ? exp(-span / MEMORY) : 0;
    bar.rate = keep * bar.rate + (1 - keep) * rate;
    bar.sampled = now;
    bar.sampled_done = done;
}

/* Writes a bar of @width columns to @to. @to must have 4 bytes for each column, and 20 bytes for the colours. */
static void draw_bar(char *to, int width, double part) {
    bool utf8 = terminal_has_utf8(), colour = terminal_has_colour(STDERR_FILENO);
    int halves = (int)(part * width * 2);
    halves = halves < 0 ? 0 : halves > 2 * width ? 2 * width : halves;
    const char *full = utf8 ? "\u2501" : "#", *half = utf8 ? "\u2578" : "#", *empty = utf8 ? "\u2500" : "-";
    to += sprintf(to, "%s", colour ? "\033[36m" : "");
    for (int i = 0; i < halves / 2; i++)
        to += sprintf(to, "%s", full);
    if (halves % 2)
        to += sprintf(to, "%s", half);
    to += sprintf(to, "%s", colour ? "\033[90m" : "");
    for (int i = (halves + 1) / 2; i < width; i++)
        to += sprintf(to, "%s", empty);
    sprintf(to, "%s", colour ? "\033[0m" : "");
}

/* Writes a text such as "62% 31,000/50,000". The text has the same width for each value of @done. */
static void write_count(char *to, size_t size, int64_t done) {
    struct text total = text_count(bar.total), now = text_count(done);
    if (bar.total > 0)
        snprintf(to, size, "%3.0f%%  %*s/%s", floor(100 * (double)done / (double)bar.total), (int)strlen(total.s),
                 now.s, total.s);
    else
        snprintf(to, size, "%s", now.s);
}

/* A line of text. A piece is appended only if the whole piece fits. */
struct line {
    char text[400];
    size_t length, space;
    bool full;
};

static void add(struct line *line, const char *piece) {
    size_t length = piece ? strlen(piece) : 0;
    if (length == 0 || line->full)
        return;
    size_t gap = line->length ? 2 : 0;
    line->full = line->length + gap + length > line->space;
    if (line->full)
        return;
    line->length += (size_t)sprintf(line->text + line->length, "%*s%s", (int)gap, "", piece);
}

static void draw(int64_t done, const struct progress_text *text) {
    /* RATE columns are reserved for the rate and the time, so that the length of the bar usually stays the same. */
    enum { WIDEST = 40, NARROWEST = 8, RATE = 32 };
    char count[120], rate[64] = "", left[64] = "", drawing[WIDEST * 4 + 20] = "";
    write_count(count, sizeof count, done);
    if (bar.rate > 0)
        snprintf(rate, sizeof rate, "%s %s/s", text_rate(bar.rate).s, bar.unit);
    if (bar.rate > 0 && bar.total > done)
        snprintf(left, sizeof left, "%s left", text_clock((double)(bar.total - done) / bar.rate).s);
    const char *pieces[] = {text->count ? text->count : count, text->more, rate, left, text->last};
    int columns = terminal_columns(STDERR_FILENO) - 1; /* text in the last column would wrap on some terminals */
    int space = columns - (int)strlen(bar.name) - 2, width = space - RATE;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        if (pieces[i] && pieces[i] != rate && pieces[i] != left)
            width -= (int)strlen(pieces[i]) + 2;
    width = width < WIDEST ? width : WIDEST;
    if (bar.total > 0 && width >= NARROWEST) {
        draw_bar(drawing, width, (double)done / (double)bar.total);
        space -= width + 2;
    }
    struct line line = {.space = space < 0 ? 0 : space > 390 ? 390 : (size_t)space};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        add(&line, pieces[i]);
    fprintf(stderr, "\r%s  %s%s%s\033[K", bar.name, drawing, drawing[0] ? "  " : "", line.text);
    fflush(stderr);
    bar.visible = true;
}

void progress_show(int64_t done, const struct progress_text *text) {
    static const struct progress_text none;
    double now = terminal_now();
    if (!bar.running || (now - bar.drawn < INTERVAL && !(done == bar.total && bar.visible)))
        return;
    bar.drawn = now;
    sample_rate(now, done);
    if (terminal_is_interactive(STDERR_FILENO))
        draw(done, text ? text : &none);
}

void progress_hide(void) {
    if (!bar.visible)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    bar.visible = false;
    bar.drawn = 0; /* the next progress_show() draws the line at once */
}

void progress_end(void) {
    progress_hide();
    bar.running = false;
}
