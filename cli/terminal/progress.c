/*
 * The progress line. The rate is an average that forgets with a time constant of a few seconds, so that "left" follows
 * a disk that slows down, without jumping at every batch. What does not fit the width is left out, the bar first.
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
#define MEMORY   4.0 /* seconds after which a past rate counts for a third */

static struct {
    char what[64], unit[16];
    int64_t total;
    bool visible, running;
    double drawn, sampled; /* when; 0: not yet */
    int64_t sampled_done;
    double rate; /* per second; 0: not known yet */
} bar;

void progress_rename(const char *what) {
    snprintf(bar.what, sizeof bar.what, "%s", what);
}

void progress_start(const char *what, int64_t total, const char *unit) {
    memset(&bar, 0, sizeof bar);
    progress_rename(what);
    snprintf(bar.unit, sizeof bar.unit, "%s", unit);
    bar.total = total;
    bar.running = true;
    out_before_message(progress_hide);
}

/* The first call only notes where the work stands: what is resumed does not begin at 0. */
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

/* The bar, @width columns of it, to @to (room for 4 bytes a column and two colours). */
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

/* "62%  31,000/50,000", as wide for every number done. */
static void write_count(char *to, size_t size, int64_t done) {
    struct text total = text_count(bar.total), now = text_count(done);
    if (bar.total > 0)
        snprintf(to, size, "%3.0f%%  %*s/%s", floor(100 * (double)done / (double)bar.total), (int)strlen(total.s),
                 now.s, total.s);
    else
        snprintf(to, size, "%s", now.s);
}

/* A line of text that grows by whole pieces, as long as they fit. */
struct line {
    char text[400];
    size_t length, room;
    bool full;
};

static void add(struct line *line, const char *piece) {
    size_t length = piece ? strlen(piece) : 0;
    if (length == 0 || line->full)
        return;
    size_t gap = line->length ? 2 : 0;
    line->full = line->length + gap + length > line->room;
    if (line->full)
        return;
    line->length += (size_t)sprintf(line->text + line->length, "%*s%s", (int)gap, "", piece);
}

static void draw(int64_t done, const struct progress_text *words) {
    enum { WIDEST = 40, NARROWEST = 8, RATE = 25 }; /* RATE: room for most, so that the bar keeps its length */
    char count[120], rate[64] = "", left[64] = "", drawing[WIDEST * 4 + 20] = "";
    write_count(count, sizeof count, done);
    if (bar.rate > 0)
        snprintf(rate, sizeof rate, "%s %s/s", text_rate(bar.rate).s, bar.unit);
    if (bar.rate > 0 && bar.total > done)
        snprintf(left, sizeof left, "%s left", text_clock((double)(bar.total - done) / bar.rate).s);
    const char *pieces[] = {words->count ? words->count : count, words->more, rate, left, words->last};
    int columns = terminal_columns(STDERR_FILENO) - 1; /* the last column would wrap on some terminals */
    int room = columns - (int)strlen(bar.what) - 2, width = room - RATE;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        if (pieces[i] && pieces[i] != rate && pieces[i] != left)
            width -= (int)strlen(pieces[i]) + 2;
    width = width < WIDEST ? width : WIDEST;
    if (bar.total > 0 && width >= NARROWEST) {
        draw_bar(drawing, width, (double)done / (double)bar.total);
        room -= width + 2;
    }
    struct line line = {.room = room < 0 ? 0 : room > 390 ? 390 : (size_t)room};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        add(&line, pieces[i]);
    fprintf(stderr, "\r%s  %s%s%s\033[K", bar.what, drawing, drawing[0] ? "  " : "", line.text);
    fflush(stderr);
    bar.visible = true;
}

void progress_show(int64_t done, const struct progress_text *words) {
    static const struct progress_text none;
    double now = terminal_now();
    if (!bar.running || (now - bar.drawn < INTERVAL && !(done == bar.total && bar.visible)))
        return;
    bar.drawn = now;
    sample_rate(now, done);
    if (terminal_is_interactive(STDERR_FILENO))
        draw(done, words ? words : &none);
}

void progress_hide(void) {
    if (!bar.visible)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    bar.visible = false;
    bar.drawn = 0; /* whatever is printed now, the line comes back at the next step */
}

void progress_end(void) {
    progress_hide();
    bar.running = false;
}
