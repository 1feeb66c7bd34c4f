/* EXPECT: yield: the value is a struct of another type than the items */
#include <lade/gen.h>
#include <lade/short.h>

struct point {
    int x, y;
};

struct size {
    int w, h;
};

generator(struct point, points, struct size, s)
{
#ifdef CORRECT
    yield((struct point){s.w, s.h});
#else
    yield(s);
#endif
}
