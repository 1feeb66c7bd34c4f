/*
 * Each implementation in the generator benchmark defines a table of rows. A row has a function, which does some work
 * once and returns a number. harness.c measures the time of the function and compares the returned number with the
 * expected number.
 *
 * An implementation consists of two files: *_body defines the generators, and *_loop runs loops over these generators.
 * The files are compiled separately, because a program and the generators of a library are also compiled separately.
 */
#ifndef BENCH_H
#define BENCH_H

#ifdef __cplusplus
extern "C" {
#endif

/* n is the number of items, or the number of generators. depth is the number of levels of delegation; only rows with
   delegation use it. */
struct bench_row {
    const char *name;
    long (*run)(long n, long depth);
};

/* The table ends with a row whose name is NULL. The rows are:
 *
 *   drain             sum of squares(n)
 *   fill              appends squares(n) to an array, frees the array, and returns the last item plus the length
 *   pull              sum of squares(n), by next() in a loop
 *   each              sum of squares(n), by the loop statement of the language
 *   delegate_drain    sum of squares(n) at the bottom of `depth` delegations
 *   delegate_pull     the same sum, by next() in a loop
 *   create_drain      sum over n generators with 0, 1, 2, 3, 0, ... squares; each generator is created and freed
 *   create_pull       the same sum, by next() in a loop
 *   live_open         creates n generators and reads the first item of each; returns the sum of the items (1 each)
 *   live_close        closes the generators of live_open; returns the number of generators that ran their clean-up
 */
extern const struct bench_row bench_rows[];

#ifdef __cplusplus
}
#endif
#endif
