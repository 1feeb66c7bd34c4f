/*
 * Defines the rows that work without generators. See hand_body.h.
 */
#include "bench.h"
#include "hand_body.h"

#include <stdlib.h>

static long drain(long n, long depth) {
    (void)depth;
    return hand_sum_squares(n);
}

static long fill(long n, long depth) {
    (void)depth;
    size_t length;
    long *items = hand_list_squares(n, &length);
    if (!items)
        return -1;
    long result = items[n - 1] + (long)length;
    free(items);
    return result;
}

static long pull(long n, long depth) {
    (void)depth;
    long total = 0;
    struct hand_squares s = {0, n};
    for (long item; hand_squares_next(&s, &item);)
        total += item;
    return total;
}

static long create(long n, long depth) {
    (void)depth;
    long total = 0;
    for (long i = 0; i < n; i++)
        total += pull(i & 3, 0);
    return total;
}

const struct bench_row bench_rows[] = {
    {"drain", drain},         {"fill", fill},          {"pull", pull}, {"each", pull},
    {"create_drain", create}, {"create_pull", create}, {NULL, NULL},
};
