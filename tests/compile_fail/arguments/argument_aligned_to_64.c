/* EXPECT: aligned to more than 16 bytes; give a pointer to it instead */
#include <lade/lade.h>
#include <lade/short_iter.h>

struct line {
    _Alignas(64) char bytes[64];
};

#ifdef CORRECT
generator(long, bytes_of, const struct line *, line)
{
    for (int i = 0; i < 64; i++)
        yield(line->bytes[i]);
}
#else
generator(long, bytes_of, struct line, line)
{
    for (int i = 0; i < 64; i++)
        yield(line.bytes[i]);
}
#endif
