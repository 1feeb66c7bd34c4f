/*
 * Implements numeric_range, a range of doubles. Each item is computed from its index, so rounding errors do not add up.
 */
#include <lade/itertools.h>

lade_generator(double, lade__numeric_range, double, start, double, stop, double, step)
{
    if (step == 0)
        lade_fail_status(LADE_EINVAL, "numeric_range(%g, %g, 0): the step must not be zero", start, stop);
    for (double i = 0, x = start; step > 0 ? x < stop : x > stop; x = start + ++i * step)
        lade_yield(x);
}
