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

static void draw(int64_t done, const char *words) {
    enum { WIDEST = 40, NARROWEST = 8 };
    char counts[200], line[WIDEST * 4 + 20];
    int columns = term_columns(STDERR_FILENO) - 1; /* the last column would wrap on some terminals */
    double part = bar.total > 0 ? (double)done / (double)bar.total : 0;
    int length = 0;
    if (bar.total > 0)
        length = snprintf(counts, sizeof counts, "%3.0f%%  %s/%s", floor(part * 100), text_count(done).s,
                          text_count(bar.total).s);
    else
        length = snprintf(counts, sizeof counts, "%s", text_count(done).s);
    char tail[200] = "";
    if (bar.rate > 0) {
        int n = snprintf(tail, sizeof tail, "  %s %s/s", text_rate(bar.rate).s, bar.unit);
        if (bar.total > done)
            snprintf(tail + n, sizeof tail - (size_t)n, "  %s left",
                     text_clock((double)(bar.total - done) / bar.rate).s);
    }
    int words_length = words ? (int)strlen(words) + 2 : 0;
    int used = (int)strlen(bar.what) + 2 + length + words_length + (int)strlen(tail);
    int width = columns - used - 2;
    line[0] = '\0';
    if (bar.total > 0 && width >= NARROWEST)
        draw_bar(line, width < WIDEST ? width : WIDEST, part);
    char text[600];
    snprintf(text, sizeof text, "%s%s%s%s", counts, words ? "  " : "", words ? words : "", tail);
    int room = columns - (int)strlen(bar.what) - 2;
    if (line[0])
        fprintf(stderr, "\r%s  %s  %s\033[K", bar.what, line, text);
    else
        fprintf(stderr, "\r%s  %.*s\033[K", bar.what, room > 0 ? room : 0, text);
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
