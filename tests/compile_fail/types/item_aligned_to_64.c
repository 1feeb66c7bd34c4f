/* EXPECT: aligned to more than 16 bytes; give a pointer to it instead */
#include <lade/lade.h>
#include <lade/short_iter.h>

typedef double eight_doubles __attribute__((vector_size(64)));

#ifdef CORRECT
generator(const eight_doubles *, vectors)
{
    eight_doubles v = {1, 2, 3};
    yield(&v);
}
#else
generator(eight_doubles, vectors)
{
    eight_doubles v = {1, 2, 3};
    yield(v);
}
#endif
