/* What a C programmer writes without generators: plain loops (drain, fill), or a state and a function that steps it. */
#include <stdbool.h>
#include <stddef.h>

long hand_sum_squares(long n);
long *hand_list_squares(long n, size_t *length);

struct hand_squares {
    long i, n;
};

bool hand_squares_next(struct hand_squares *s, long *item);
