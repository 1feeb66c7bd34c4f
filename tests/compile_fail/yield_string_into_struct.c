/* EXPECT: yield: the value and the items of this generator must both be structs, or neither */
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
