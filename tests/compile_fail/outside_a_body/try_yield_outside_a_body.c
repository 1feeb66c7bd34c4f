/* EXPECT: works only in the block after generator.., and not in a generator expression */
#include <lade/gen.h>
#include <lade/short.h>

#ifdef CORRECT
generator(long, helper, long, x)
#else
void helper(long x);
void helper(long x)
#endif
{ (void)try_yield(x); }
