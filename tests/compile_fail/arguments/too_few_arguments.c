/* EXPECT: too few arguments to function */
#include <lade/gen.h>
#include <lade/short.h>

generator(long, between, long, a, long, b)
{
    while (a < b)
        yield(a++);
}

void use(void);
void use(void) {
#ifdef CORRECT
    gen_auto(long) g = between(3, 4);
#else
    gen_auto(long) g = between(3);
#endif
    (void)next(g);
}
