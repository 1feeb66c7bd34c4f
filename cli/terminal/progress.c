/*
 * The progress line. The rate is a moving average over the last few seconds, so that the time left follows a disk that
 * becomes slower, without changing much at each batch. Texts that do not fit into the width are omitted, the bar first.
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

#define INTERVAL 0.1 /* seconds between two drawings */
#define MEMORY   4.0 /* seconds after which the weight of a past rate is 1/e */

static struct {
    char name[64], unit[16];
    int64_t total;
    bool visible, running;
    double drawn, sampled; /* time of the last drawing and of the last rate; 0 means none */
    int64_t sampled_done;
    double rate; /* items each second; 0 means unknown */
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

/* Updates the rate. The first call only stores @done, because a resumed task does not begin at 0. */
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

/* Writes a bar of @width columns to @to, which needs 4 bytes for each column and 20 for the colours. */
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

/* Writes "62%  31,000/50,000", with the same width for each value of @done. */
static void write_count(char *to, size_t size, int64_t done) {
    struct text total = text_count(bar.total), now = text_count(done);
    if (bar.total > 0)
        snprintf(to, size, "%3.0f%%  %*s/%s", floor(100 * (double)done / (double)bar.total), (int)strlen(total.s),
                 now.s, total.s);
    else
        snprintf(to, size, "%s", now.s);
}

/* A line of text to which whole pieces are appended as long as they fit. */
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
    /* RATE is space for most rates and times, so that the length of the bar stays the same. */
    enum { WIDEST = 40, NARROWEST = 8, RATE = 32 };
    char count[120], rate[64] = "", left[64] = "", drawing[WIDEST * 4 + 20] = "";
    write_count(count, sizeof count, done);
    if (bar.rate > 0)
        snprintf(rate, sizeof rate, "%s %s/s", text_rate(bar.rate).s, bar.unit);
    if (bar.rate > 0 && bar.total > done)
        snprintf(left, sizeof left, "%s left", text_clock((double)(bar.total - done) / bar.rate).s);
    const char *pieces[] = {text->count ? text->count : count, text->more, rate, left, text->last};
    int columns = terminal_columns(STDERR_FILENO) - 1; /* the last column would wrap on some terminals */
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
    bar.drawn = 0; /* draw the line again at the next step */
}

void progress_end(void) {
    progress_hide();
    bar.running = false;
}
