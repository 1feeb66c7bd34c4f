/* EXPECT: works only in the block after generator.., and not in a generator expression */
#include <lade/collect.h>
#include <lade/short_iter.h>

#ifdef CORRECT
genexpr(long, squares, i *i, in(i, n), long, n)
#else
genexpr(long, squares, yield(i), in(i, n), long, n)
#endif
