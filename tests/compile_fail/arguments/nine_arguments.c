/* EXPECT: every argument needs a type and a name; at most 8 arguments */
#include <lade/gen.h>
#include <lade/short.h>

#ifdef CORRECT
generator(int, sums, int, a, int, b, int, c, int, d, int, e, int, f, int, g, int, h)
{ yield(a + b + c + d + e + f + g + h); }
#else
generator(int, sums, int, a, int, b, int, c, int, d, int, e, int, f, int, g, int, h, int, i)
{ yield(a + b + c + d + e + f + g + h + i); }
#endif
