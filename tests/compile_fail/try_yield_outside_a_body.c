/* EXPECT: yield_works_only_inside_a_generator_body */
#include <lade/gen.h>
#include <lade/short.h>

#ifdef CORRECT
generator(long, helper, long, x)
#else
void helper(long x);
void helper(long x)
#endif
{ (void)try_yield(x); }
