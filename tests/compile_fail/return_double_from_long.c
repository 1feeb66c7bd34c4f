/* EXPECT: gen_return: a floating value would be cut to the integers of this generator; cast it if you mean it */
#include <lade/gen.h>
#include <lade/short.h>

generator(long, counts)
{
    yield(1);
#ifdef CORRECT
    gen_return(1);
#else
    gen_return(1.5);
#endif
}
