/* EXPECT: pointer from integer|integer to pointer conversion */
#include <lade/gen.h>
#include <lade/short.h>

generator(char, letters, const char *, word)
{
    while (*word)
        yield(*word++);
}

void use(void);
void use(void) {
#ifdef CORRECT
    gen_auto(char) g = letters("abc");
#else
    gen_auto(char) g = letters(3);
#endif
    (void)next(g);
}
