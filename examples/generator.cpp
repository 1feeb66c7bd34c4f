// Shows generators in C++: a generator function, range-for, a handle, lambdas, and an exception.
#include <lade/lade.hpp>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include <lade/short.hpp> // defines generator, yield and other short names; it must be the last header

generator(long, fib) {
    for (long a = 0, b = 1;; b += a, a = b - a)
        yield(a);
}

generator(long, lengths, std::vector<std::string>, words, size_t, room) {
    for (const std::string &word : words) {
        if (word.size() > room)
            throw std::length_error("no room for " + word.substr(0, 1));
        yield(static_cast<long>(word.size()));
    }
}

int main() {
    for (long x : fib()) {
        if (x > 50)
            break; // closes the generator
        std::printf("%ld ", x);
    }
    std::puts("");

    lade::generator<long> g = fib(); // closed and freed at the end of the scope
    std::printf("%ld ", g.next().value());
    std::printf("%ld\n", g.next().value());

    long divisor = 2;
    auto divides = [divisor](long x) { return x % divisor == 0; };
    for (long x : fib() | lade::filter(divides) | lade::take(5))
        std::printf("%ld ", x);
    std::puts("");

    try {
        for (long n : lengths({"four", "and", "seven", "cccccccccc"}, 9))
            std::printf("%ld ", n);
    } catch (const std::length_error &e) {
        std::printf("\n%s\n", e.what());
    }
}
