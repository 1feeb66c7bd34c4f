/*
 * Defines the loops over C++20 coroutines. C++ can only resume a coroutine for one item at a time, so "drain", "pull"
 * and "each" use the same function.
 *
 * With -DBENCH_ONE_FILE, this file also includes the generators. In this case, the compiler can keep the frame on the
 * stack of the caller and inline the generator. This is impossible for a generator in a library.
 */
#include "bench.h"
#ifdef BENCH_ONE_FILE
#include "cxx_body.cpp"
#else
#include "cxx_body.h"
#endif

#include <cstdio>
#include <vector>

static long pull(long n, long) {
    long total = 0;
    for (long x : squares(n))
        total += x;
    return total;
}

static long fill(long n, long) {
    std::vector<long> items;
    for (long x : squares(n))
        items.push_back(x);
    return items.back() + (long)items.size();
}

static long delegate(long n, long depth) {
    long total = 0;
    for (long x : nested(n, depth))
        total += x;
    return total;
}

static long create(long n, long) {
    long total = 0;
    for (long i = 0; i < n; i++)
        for (long x : squares(i & 3))
            total += x;
    return total;
}

static std::vector<generator<long>> kept;
static long closed;

static long live_open(long n, long) {
    long total = 0;
    kept.reserve(n);
    for (long i = 0; i < n; i++) {
        kept.push_back(ones(&closed));
        total += *kept.back().begin();
    }
    return total;
}

static long live_close(long, long) {
    kept.clear();
    return closed;
}

const bench_row bench_rows[] = {
    {"drain", pull},
    {"fill", fill},
    {"pull", pull},
    {"each", pull},
    {"delegate_drain", delegate},
    {"delegate_pull", delegate},
    {"create_drain", create},
    {"create_pull", create},
    {"live_open", live_open},
    {"live_close", live_close},
    {nullptr, nullptr},
};
