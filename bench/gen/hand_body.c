/*
 * Does the work without generators, with plain loops and a state machine. An array that is full is doubled with
 * realloc().
 */
#include "hand_body.h"

#include <stdlib.h>

long hand_sum_squares(long n) {
    long total = 0;
    for (long i = 0; i < n; i++)
        total += i * i;
    return total;
}

long *hand_list_squares(long n, size_t *length) {
    long *items = NULL;
    size_t count = 0, room = 0;
    for (long i = 0; i < n; i++) {
        if (count == room) {
            room = room ? room * 2 : 32;
            long *larger = realloc(items, room * sizeof *items);
            if (!larger) {
                free(items);
                return NULL;
            }
            items = larger;
        }
        items[count++] = i * i;
    }
    *length = count;
    return items;
}

bool hand_squares_next(struct hand_squares *s, long *item) {
    if (s->i == s->n)
        return false;
    *item = s->i * s->i;
    s->i++;
    return true;
}
