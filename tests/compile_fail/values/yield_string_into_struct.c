/* EXPECT: yield: the value and the items must both be structs, or both be numbers or pointers */
#include <lade/gen.h>
#include <lade/short.h>

struct point {
    int x, y;
};

generator(struct point, points)
{
#ifdef CORRECT
    yield((struct point){1, 2});
#else
    yield("1, 2");
#endif
}
