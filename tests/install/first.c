/* The first program of a user. It prints the version of lade and the sum of the squares of 0 to 9. */
#include <lade/lade.h>
#include <lade/short.h>
#include <stdio.h>

#ifdef NDEBUG
#error "NDEBUG is defined, so the assertions of this program are not compiled"
#endif

generator(long, squares, long, n)
{
    for (long i = 0; i < n; i++)
        yield(i * i);
}

int main(void) {
    long total = 0;
    for_each (x, squares(10))
        total += x;
    printf("%s %ld\n", lade_version(), total);
    return total != 285;
}
