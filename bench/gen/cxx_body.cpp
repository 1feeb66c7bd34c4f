/*
 * Defines the generators as C++20 coroutines.
 */
#include "cxx_body.h"

generator<long> squares(long n) {
    for (long i = 0; i < n; i++)
        co_yield i * i;
}

generator<long> nested(long n, long depth) {
    if (depth)
        co_yield elements_of(nested(n, depth - 1));
    else
        for (long i = 0; i < n; i++)
            co_yield i * i;
}

namespace {
struct counted {
    long *closed;
    ~counted() { ++*closed; }
};
} // namespace

generator<long> ones(long *closed) {
    counted mine{closed};
    for (;;)
        co_yield 1;
}
