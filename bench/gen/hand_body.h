/* Declares C code that does the work without generators. drain and fill are plain loops. The other rows use a struct
   that stores the state, and a function that returns the next item. */
#include <stdbool.h>
#include <stddef.h>

long hand_sum_squares(long n);
long *hand_list_squares(long n, size_t *length);

struct hand_squares {
    long i, n;
};

bool hand_squares_next(struct hand_squares *s, long *item);
