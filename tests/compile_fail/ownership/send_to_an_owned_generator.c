/* EXPECT: this generator is in no variable: store it in a gen_auto.T. variable first */
#include <lade/gen.h>
#include <lade/short.h>

generator(long, ones)
{ yield(1); }

void use(void);
void use(void) {
#ifdef CORRECT
    gen_auto(long) g = ones();
    (void)gen_send(g, 1);
#else
    (void)gen_send(ones(), 1);
#endif
}
