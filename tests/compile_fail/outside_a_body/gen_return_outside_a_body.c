/* EXPECT: works only in the block after generator.., and not in a generator expression */
#include <lade/gen.h>
#include <lade/short.h>

#ifdef CORRECT
generator(long, helper)
#else
void helper(void);
void helper(void)
#endif
{ gen_return(1); }
