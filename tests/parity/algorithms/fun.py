"""Tests generators that use other generators: a recursive sieve, Hamming numbers in three ways, and Fibonacci numbers
that are computed from their own sequence. fun.c is the same program in C."""
from itertools import tee

from parity import *


def first_n(g, n):
    return [next(g) for _ in range(n)]


def ints_from(i):
    while True:
        yield i
        i += 1


title("first_n")
say(first_n(ints_from(5), 7))


def without_multiples(n, ints):
    for i in ints:
        if i % n:
            yield i


say(first_n(without_multiples(3, ints_from(1)), 6))

title("a recursive sieve")


def sieve(ints):
    prime = next(ints)
    yield prime
    yield from sieve(without_multiples(prime, ints))


say(first_n(sieve(ints_from(2)), 20))


def sieve_by_loop(ints):
    prime = next(ints)
    yield prime
    for p in sieve_by_loop(without_multiples(prime, ints)):
        yield p


say(first_n(sieve_by_loop(ints_from(2)), 20))

title("times and merge")


def times(n, g):
    for i in g:
        yield n * i


say(first_n(times(10, ints_from(1)), 10))


def merge(g, h):
    a, b = next(g), next(h)
    while True:
        low = min(a, b)
        yield low
        if a == low:
            a = next(g)
        if b == low:
            b = next(h)


say(first_n(merge(times(2, ints_from(1)), times(3, ints_from(1))), 12))

title("Hamming numbers, with a separate sequence for each factor")


def hamming():
    yield 1
    yield from merge(merge(times(2, hamming()), times(3, hamming())), times(5, hamming()))


g = hamming()
for _ in range(3):
    say(first_n(g, 15))


class LazyList:
    """Stores the items of a generator, so that several readers can read them from the start."""

    def __init__(self, g):
        self.source = g
        self.kept = []

    def at(self, i):
        while i >= len(self.kept):
            self.kept.append(next(self.source))
        return self.kept[i]

    def read(self):
        i = 0
        while True:
            yield self.at(i)
            i += 1


title("Hamming numbers, with one list that stores the items")


def hamming_of(lazy):
    yield 1
    yield from merge(merge(times(2, lazy().read()), times(3, lazy().read())), times(5, lazy().read()))


lazy = LazyList(hamming_of(lambda: lazy))
for i in range(5):
    say([lazy.at(j) for j in range(15 * i, 15 * (i + 1))])

title("Fibonacci numbers, computed from the same sequence without its first item")


def add(g, h):
    while True:
        yield next(g) + next(h)


def tail(g):
    next(g)
    for x in g:
        yield x


def fibonacci_of(lazy, a, b):
    yield a
    yield b
    yield from add(lazy().read(), tail(lazy().read()))


fib = LazyList(fibonacci_of(lambda: fib, 1, 2))
say(first_n(fib.read(), 17))

title("Hamming numbers, with tee")


def hamming_by_tee():
    def source():
        yield 1
        yield from merge(times(2, two), merge(times(3, three), times(5, five)))

    two, three, five, result = tee(source(), 4)
    return result


g = hamming_by_tee()
for _ in range(5):
    say(first_n(g, 15))
