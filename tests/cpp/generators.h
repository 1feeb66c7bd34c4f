/*
 * Generators written in C, for the tests in C++. A header for both languages needs extern "C".
 */
#ifndef TESTS_CPP_GENERATORS_H
#define TESTS_CPP_GENERATORS_H

#include <lade/gen.h>

#ifdef __cplusplus
extern "C" {
#endif

struct c_point {
    long x, y;
};

lade_generator_decl(long, c_count, long, n);            /* 0, 1, ... n - 1 */
lade_generator_decl(long, c_closing, int *, closed);    /* 0, 1, ... without end; adds 1 to *closed at its end */
lade_generator_decl(struct c_point, c_points, long, n); /* {0, 0}, {1, -1}, ... */
lade_generator_decl(long, c_failing, long, n);          /* n items, then LADE_EIO, "disk" */
lade_generator_decl(long, c_echo);                      /* the sum of the values that were sent; result -1 */
lade_generator_decl(long, c_catching);                  /* 1, then the status that was thrown */
lade_generator_decl(long, c_doubled, lade_gen_owned(long), from); /* delegates to lade_map(), then yields -1 */
lade_generator_decl(long, cpp_count, long, n);                    /* c_count(), written in C++ */

int c_sum_status(lade_gen_owned(long) g, long *sum, struct lade_error *err); /* lade_sum() */

#ifdef __cplusplus
}
#endif
#endif
