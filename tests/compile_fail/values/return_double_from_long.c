/* EXPECT: gen_return: a floating-point value would lose its fraction; cast it to the integer type of the items */
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
