/* EXPECT: set: the items must be numbers or strings */
#include <lade/collect.h>
#include <lade/short_iter.h>

struct point {
    int x, y;
};

generator(struct point, points)
{ yield((struct point){1, 2}); }

generator(long, numbers)
{ yield(1); }

size_t use(void);
size_t use(void) {
#ifdef CORRECT
    return len(set(numbers()));
#else
    return len(set(points()));
#endif
}
