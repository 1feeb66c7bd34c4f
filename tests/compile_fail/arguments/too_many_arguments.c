/* EXPECT: too many arguments to function */
#include <lade/gen.h>
#include <lade/short.h>

generator(long, ones)
{ yield(1); }

void use(void);
void use(void) {
#ifdef CORRECT
    gen_auto(long) g = ones();
#else
    gen_auto(long) g = ones(3);
#endif
    (void)next(g);
}
