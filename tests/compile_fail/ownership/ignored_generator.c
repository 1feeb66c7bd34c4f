/* EXPECT: ignoring return value of */
#include <lade/gen.h>
#include <lade/short.h>

generator(long, ones)
{ yield(1); }

void use(void);
void use(void) {
#ifdef CORRECT
    for_each (x, ones())
        (void)x;
#else
    ones();
#endif
}
