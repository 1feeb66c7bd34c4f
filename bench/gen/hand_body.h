/* C code without generators: plain loops (drain, fill), or a struct with the state and a function for the next item. */
#include <stdbool.h>
#include <stddef.h>

long hand_sum_squares(long n);
long *hand_list_squares(long n, size_t *length);

struct hand_squares {
    long i, n;
};

bool hand_squares_next(struct hand_squares *s, long *item);
