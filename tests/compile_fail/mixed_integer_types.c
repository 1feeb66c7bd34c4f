/* EXPECT: incompatible.*pointer.*type */
#include <lade/gen.h>
#include <lade/short.h>

generator(int, ones, int, n)
{
    while (n--)
        yield(1);
}

#ifdef CORRECT
gen_fresh(int) wrapped(void);
gen_fresh(int) wrapped(void) {
#else
gen_fresh(long) wrapped(void);
gen_fresh(long) wrapped(void) {
#endif
    return ones(3);
}
