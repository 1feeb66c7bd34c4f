/* EXPECT: incompatible.*pointer.*type */
#include <lade/gen.h>
#include <lade/short.h>

generator(long, ones, int, n)
{
    while (n--)
        yield(1);
}

generator(double, halves, gen(double), g)
{
    for_each (x, g)
        yield(x / 2);
}

generator(double, tenths)
{ yield(0.1); }

void use(void);
void use(void) {
#ifdef CORRECT
    gen_auto(double) g = tenths();
#else
    gen_auto(long) g = ones(3);
#endif
    gen_auto(double) h = halves(g);
    (void)next(h);
}
