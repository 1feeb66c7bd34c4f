/*
 * Runs one row of one implementation and prints its cost, one figure per line. bench/generators starts a new process
 * for each run, so that it can run the implementations in turn and measure the memory of each implementation
 * separately.
 *
 *     PROGRAM time ROW N DEPTH REPEATS SAMPLES EXPECTED
 *         prints the nanoseconds of each sample. A sample is REPEATS runs.
 *     PROGRAM peak ROW N DEPTH EXPECTED
 *         prints the bytes by which a run raises the peak of resident memory.
 *     PROGRAM live N
 *         creates N generators. Prints three averages for one generator: the bytes of resident memory, the nanoseconds
 *         to create it, and the nanoseconds to close it.
 *
 * Times are processor times of the thread, so they do not include the time of other programs. Exit code 3 means that
 * the row does not exist.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static const struct bench_row *row_named(const char *name) {
    for (const struct bench_row *row = bench_rows; row->name; row++)
        if (!strcmp(row->name, name))
            return row;
    exit(3);
}

static void check(const char *what, long result, long expected) {
    if (result == expected)
        return;
    fprintf(stderr, "%s returned %ld instead of %ld\n", what, result, expected);
    exit(1);
}

/* Returns the value of a line `key: 123 kB` in a file in /proc/self, in bytes. */
static double proc_bytes(const char *file, const char *key) {
    char line[256];
    FILE *f = fopen(file, "r");
    for (long kib; f && fgets(line, sizeof line, f);)
        if (!strncmp(line, key, strlen(key)) && sscanf(line + strlen(key), ": %ld", &kib) == 1) {
            fclose(f);
            return (double)kib * 1024;
        }
    fprintf(stderr, "%s is not in %s\n", key, file);
    exit(1);
}

static void time_row(const struct bench_row *row, long n, long depth, long repeats, long samples, long expected) {
    check(row->name, row->run(n, depth), expected); /* the first run fills caches and pools */
    while (samples--) {
        double start = now();
        for (long i = 0; i < repeats; i++)
            check(row->name, row->run(n, depth), expected);
        printf("%.1f\n", now() - start);
    }
}

static void peak_row(const struct bench_row *row, long n, long depth, long expected) {
    row->run(16, depth);
    double before = proc_bytes("/proc/self/status", "VmHWM");
    check(row->name, row->run(n, depth), expected);
    printf("%.0f\n", proc_bytes("/proc/self/status", "VmHWM") - before);
}

static void live(long n) {
    const struct bench_row *opening = row_named("live_open"), *closing = row_named("live_close");
    double before = proc_bytes("/proc/self/smaps_rollup", "Rss"), start = now();
    check("live_open", opening->run(n, 0), n);
    double opened = now(), after = proc_bytes("/proc/self/smaps_rollup", "Rss"), measured = now();
    check("live_close", closing->run(n, 0), n);
    printf("%.0f\n%.1f\n%.1f\n", (after - before) / (double)n, (opened - start) / (double)n,
           (now() - measured) / (double)n);
}

int main(int argc, char **argv) {
    if (argc == 8 && !strcmp(argv[1], "time"))
        time_row(row_named(argv[2]), atol(argv[3]), atol(argv[4]), atol(argv[5]), atol(argv[6]), atol(argv[7]));
    else if (argc == 6 && !strcmp(argv[1], "peak"))
        peak_row(row_named(argv[2]), atol(argv[3]), atol(argv[4]), atol(argv[5]));
    else if (argc == 3 && !strcmp(argv[1], "live"))
        live(atol(argv[2]));
    else
        return 2;
    return 0;
}
