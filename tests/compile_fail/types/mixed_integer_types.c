/* EXPECT: incompatible.*pointer.*type */
#include <lade/gen.h>
#include <lade/short.h>

generator(int, ones, int, n)
{
    while (n--)
        yield(1);
}

#ifdef CORRECT
gen_owned(int) wrapped(void);
gen_owned(int) wrapped(void) {
#else
gen_owned(long) wrapped(void);
gen_owned(long) wrapped(void) {
#endif
    return ones(3);
}
