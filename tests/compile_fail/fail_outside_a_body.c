/* EXPECT: yield_works_only_inside_a_generator_body */
#include <lade/gen.h>
#include <lade/short.h>

#ifdef CORRECT
generator(long, helper)
#else
void helper(void);
void helper(void)
#endif
{ lade_fail("no %s", "luck"); }
