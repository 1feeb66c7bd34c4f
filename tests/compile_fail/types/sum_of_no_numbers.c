/* EXPECT: sum: the items must be numbers */
#include <lade/collect.h>
#include <lade/short_iter.h>

generator(const char *, names)
{ yield("one"); }

generator(long, numbers)
{ yield(1); }

long long use(void);
long long use(void) {
#ifdef CORRECT
    return sum(numbers());
#else
    return sum(names());
#endif
}
