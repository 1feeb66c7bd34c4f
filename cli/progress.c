/*
 * The progress line. The rate is an average that forgets with a time constant of a few seconds, so that "left" follows
 * a disk that slows down, without jumping at every batch. What does not fit the width is left out, the bar first.
 */
#define _POSIX_C_SOURCE 200809L
#include "progress.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "term.h"
#include "text.h"

#define INTERVAL 0.1 /* seconds between two drawings */
#define MEMORY   4.0 /* seconds after which a past rate counts for a third */

static struct {
    char what[64], unit[16];
    int64_t total;
    bool visible, running;
    double drawn, sampled; /* when */
    int64_t sampled_done;
    double rate; /* per second; 0: not known yet */
} bar;

void progress_start(const char *what, int64_t total, const char *unit) {
    bool running = bar.running;
    double drawn = bar.drawn, rate = bar.rate;
    memset(&bar, 0, sizeof bar);
    snprintf(bar.what, sizeof bar.what, "%s", what);
    snprintf(bar.unit, sizeof bar.unit, "%s", unit);
    bar.total = total;
    bar.sampled = term_now();
    if (running) { /* the next part of the same work: go on with its rate */
        bar.rate = rate;
        bar.drawn = drawn;
    }
    bar.running = true;
}

static void sample_rate(double now, int64_t done) {
    double span = now - bar.sampled;
    if (span <= 0)
        return;
    double rate = (double)(done - bar.sampled_done) / span;
    double keep = bar.rate > 0 ? exp(-span / MEMORY) : 0;
    bar.rate = keep * bar.rate + (1 - keep) * rate;
    bar.sampled = now;
    bar.sampled_done = done;
}

/* The bar, @width columns of it, to @to (room for 4 bytes a column and two colours). */
static void draw_bar(char *to, int width, double part) {
    bool utf8 = term_has_utf8(), colour = term_has_colour(STDERR_FILENO);
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

/* "  62%  31,000/50,000", as wide for every number done. */
static void write_count(char *to, size_t size, int64_t done) {
    struct text total = text_count(bar.total), now = text_count(done);
    if (bar.total > 0)
        snprintf(to, size, "%3.0f%%  %*s/%s", floor(100 * (double)done / (double)bar.total), (int)strlen(total.s),
                 now.s, total.s);
    else
        snprintf(to, size, "%s", now.s);
}

/* "  4,812 img/s  0:04 left" */
static void write_rate(char *to, size_t size, int64_t done) {
    *to = '\0';
    if (bar.rate <= 0)
        return;
    int n = snprintf(to, size, "  %s %s/s", text_rate(bar.rate).s, bar.unit);
    if (bar.total > done)
        snprintf(to + n, size - (size_t)n, "  %s left", text_clock((double)(bar.total - done) / bar.rate).s);
}

static void draw(int64_t done, const char *words) {
    enum { WIDEST = 40, NARROWEST = 8, RATE = 27 }; /* RATE: room for most, so that the bar keeps its length */
    char count[120], rate[120], text[400], line[WIDEST * 4 + 20] = "";
    write_count(count, sizeof count, done);
    write_rate(rate, sizeof rate, done);
    int columns = term_columns(STDERR_FILENO) - 1; /* the last column would wrap on some terminals */
    int room = columns - (int)strlen(bar.what) - 2;
    int width = room - 2 - (int)strlen(count) - (words ? (int)strlen(words) + 2 : 0) - RATE;
    if (bar.total > 0 && width >= NARROWEST)
        draw_bar(line, width < WIDEST ? width : WIDEST, (double)done / (double)bar.total);
    snprintf(text, sizeof text, "%s%s%s%s", count, words ? "  " : "", words ? words : "", rate);
    if (line[0])
        room -= (width < WIDEST ? width : WIDEST) + 2;
    fprintf(stderr, "\r%s  %s%s%.*s\033[K", bar.what, line, line[0] ? "  " : "", room > 0 ? room : 0, text);
    fflush(stderr);
    bar.visible = true;
}

void progress_show(int64_t done, const char *words) {
    double now = term_now();
    if (!bar.running || (now - bar.drawn < INTERVAL && !(done == bar.total && bar.visible)))
        return;
    bar.drawn = now;
    sample_rate(now, done);
    if (term_is_live(STDERR_FILENO))
        draw(done, words);
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
    bar.rate = 0;
}
