/* The program that check-backtrace runs in gdb. It pulls a generator, delegates to it, and drains it. The generator
   function (the body) calls here(), where gdb stops. @way is the word "pulled", "delegated" or "drained". */
#include <lade/lade.h>
#include <lade/short_iter.h>

static __attribute__((noinline)) void here(const char *way) {
    __asm__ volatile("" ::"r"(way) : "memory");
}

generator(long, innermost, const char *, way)
{
    here(way);
    yield(1);
    here(way); /* after a suspension and one or two stack switches */
    yield(2);
}

generator(long, delegator, const char *, way)
{ yield_from(innermost(way)); }

static long pull_all(lade_gen_owned(long) owned) {
    gen_auto(long) g = owned;
    long total = 0;
    for (long *p; (p = next(g));)
        total += *p;
    return total;
}

int main(void) {
    long total = pull_all(innermost("pulled"));
    total += pull_all(delegator("delegated"));
    total += sum(delegator("drained"));
    return total == 9 ? 0 : 1;
}
