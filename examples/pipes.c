/* Shows generators that read generators, and a generator that receives values. */
#include <lade/lade.h>
#include <lade/short_iter.h>

generator_over(long, doubled, long, source) {
    for_each (x, source)
        yield(2 * x);
}

generator(double, average) {
    double sum_so_far = 0;
    for (long n = 0;; n++)
        sum_so_far += yield(n ? sum_so_far / (double)n : 0);
}

int main(void) {
    lade_explain_overflow();
    print(list(doubled(doubled(range(5)))));
    gen_auto(double) mean = average();
    next(mean);
    gen_send(mean, 10);
    printf("%g\n", *gen_send(mean, 20));
}
