/* EXPECT: yield: a struct where this generator has a number or pointer, or the other way round */
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
