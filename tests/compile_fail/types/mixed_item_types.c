/* EXPECT: incompatible.*pointer.*type */
#include <lade/gen.h>
#include <lade/short.h>

generator(long, ones, int, n)
{
    while (n--)
        yield(1);
}

void use(void);
void use(void) {
#ifdef CORRECT
    gen_auto(long) g = ones(3);
#else
    gen_auto(double) g = ones(3);
#endif
    (void)next(g);
}
