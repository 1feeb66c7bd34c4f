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

/* The comments show the items of each generator. */
lade_generator_decl(long, c_count, long, n);            /* 0, 1, ... n - 1 */
lade_generator_decl(long, c_closing, int *, closed);    /* 0, 1, ... without end; adds 1 to *closed at its end */
lade_generator_decl(struct c_point, c_points, long, n); /* {0, 0}, {1, -1}, ... */
lade_generator_decl(long, c_failing, long, n);          /* n items, then the error LADE_EIO with the subject "disk" */
lade_generator_decl(long, c_echo);                      /* the sum of the sent values, until a value is negative */
lade_generator_decl(long, c_catching);                  /* 1, then the thrown status */
lade_generator_decl(long, c_doubled, lade_gen_owned(long), from); /* delegates to lade_map(), then yields -1 */
lade_generator_decl(long, cpp_count, long, n);                    /* like c_count(), but defined in a C++ file */

/* Calls lade_sum() and returns the status. */
int c_sum_status(lade_gen_owned(long) g, long *sum, struct lade_error *err);

#ifdef __cplusplus
}
#endif
#endif
