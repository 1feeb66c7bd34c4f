/*
 * What every contender of the generator benchmark gives: a table of rows, each a function that does the row's work once
 * and returns a number by which the driver knows that the work was really done. harness.c times them.
 *
 * A contender is two files, *_body and *_loop: the generator and the loop around it are compiled apart, as they are
 * where a library offers generators to a program. The file names tell the contender.
 */
#ifndef BENCH_H
#define BENCH_H

#ifdef __cplusplus
extern "C" {
#endif

/* n: items, or generators where a row counts those; depth: levels of delegation, where a row has any. */
struct bench_row {
    const char *name;
    long (*run)(long n, long depth);
};

/* Ends with a name of NULL. The rows:
 *
 *   drain             sum of squares(n)
 *   fill              a growing array of squares(n), released at the end; returns its last item + its length
 *   pull              next() in a loop over squares(n): their sum
 *   each              the language's own loop over squares(n): their sum
 *   delegate_drain    sum of squares(n) at the bottom of `depth` delegations
 *   delegate_pull     the same by next()
 *   create_drain      n generators of 0, 1, 2, 3, 0, ... squares, each summed and dropped: the sum of all
 *   create_pull       the same by next()
 *   live_open         n generators, each at its first item and kept; returns the sum of those (each is 1)
 *   live_close        closes them: how many ran their clean-up
 */
extern const struct bench_row bench_rows[];

#ifdef __cplusplus
}
#endif
#endif
