"""Tests backtracking with generators. Level i of a search chooses values[i]. Each level has a generator that yields the
candidates of this level, and the levels work like nested loops. The knight's tour has 100 active generators. conjoin.c
is the same program in C."""
from parity import *


def conjoin(makers):
    values = [None] * len(makers)

    def level(i):
        if i >= len(makers):
            yield values
        else:
            for values[i] in makers[i]():
                yield from level(i + 1)

    yield from level(0)


def conjoin_by_loop(makers):
    """Does the same as conjoin() without recursion. The generators of all levels are active at the same time."""
    n = len(makers)
    values, live = [None] * n, [None] * n
    i = 0
    if n == 0:
        yield values
    else:
        live[0] = makers[0]()
    while n and i >= 0:
        try:
            values[i] = next(live[i])
        except StopIteration:
            live[i] = None
            i -= 1
            continue
        if i == n - 1:
            yield values
        else:
            i += 1
            live[i] = makers[i]()


def bit():
    yield 0
    yield 1


title("three bits")
for values in conjoin([bit] * 3):
    say(values)

title("the number of combinations of n bits")
for n in range(10):
    all_of_n = [list(values) for values in conjoin([bit] * n)]
    again = [list(values) for values in conjoin_by_loop([bit] * n)]
    zeros, ones = all_of_n[0] == [0] * n, all_of_n[-1] == [1] * n
    say(f"{n} {len(all_of_n)} {zeros} {ones} {again == all_of_n}")


class Queens:
    """row(i) yields the free columns of row i. Until the next column is taken, the yielded column and its two diagonals
    are in use."""

    def __init__(self, n):
        self.n = n
        self.columns, self.rising, self.falling = set(), set(), set()

    def row(self, i):
        for j in range(self.n):
            if j in self.columns or i + j in self.rising or i - j in self.falling:
                continue
            self.columns.add(j)
            self.rising.add(i + j)
            self.falling.add(i - j)
            yield j
            self.columns.remove(j)
            self.rising.remove(i + j)
            self.falling.remove(i - j)

    def solutions(self, solve):
        return solve([lambda i=i: self.row(i) for i in range(self.n)])


title("eight queens")
for solve in (conjoin, conjoin_by_loop):
    count = 0
    for solution in Queens(8).solutions(solve):
        count += 1
        if count <= 2:
            say(f"solution {count}")
            for column in solution:
                say("." * column + "Q" + "." * (7 - column))
    say(f"{count} solutions")

STEPS = [(1, 2), (2, 1), (2, -1), (1, -2), (-1, -2), (-2, -1), (-2, 1), (-1, 2)]


class Tour:
    """Finds closed knight's tours. There is one generator for each square of the board, and all of them are active
    when a tour is found."""

    def __init__(self, size):
        self.size = size
        self.exits = [
            {
                (i + a) * size + j + b
                for a, b in STEPS
                if 0 <= i + a < size and 0 <= j + b < size
            }
            for i in range(size)
            for j in range(size)
        ]
        self.here = 0
        self.last = 0

    def take(self, square):
        """Removes the square from the exits of its neighbours. Returns false if the tour can then not be completed."""
        dead = forced = 0
        for other in self.exits[square]:
            self.exits[other].remove(square)
            dead += len(self.exits[other]) == 0
            forced += len(self.exits[other]) == 1
        return not dead and forced < 2

    def give_back(self, square):
        for other in self.exits[square]:
            self.exits[other].add(square)

    def first(self):
        self.take(0)
        self.here = 0
        yield 0
        self.give_back(0)

    def second(self):
        """The tour starts in a corner, which has two neighbours. In a closed tour, one neighbour is the second square
        and the other neighbour is the last square."""
        for this, last in ((self.size + 2, 2 * self.size + 1), (2 * self.size + 1, self.size + 2)):
            self.last = last
            self.take(this)
            self.exits[last].add(0)
            self.here = this
            yield this
            self.exits[last].remove(0)
            self.give_back(this)

    def advance(self):
        """Yields the squares that can be next, the squares with the fewest exits first. If a square has only one exit,
        this square must be the next, so no other square is yielded."""
        ranked = sorted((len(self.exits[square]), square) for square in self.exits[self.here])
        if ranked and ranked[0][0] == 1:
            ranked = ranked[:1]
        for _, square in ranked:
            if square == self.last:
                continue
            if self.take(square):
                self.here = square
                yield square
            self.give_back(square)

    def end(self):
        if self.last in self.exits[self.here]:
            yield self.last

    def tours(self, solve):
        squares = self.size * self.size
        return solve([self.first, self.second] + [self.advance] * (squares - 3) + [self.end])


title("two knight's tours on a board of 10 by 10 squares")
for solve in (conjoin, conjoin_by_loop):
    count = 0
    for tour in Tour(10).tours(solve):
        count += 1
        order = [0] * 100
        for k, square in enumerate(tour):
            order[square] = k + 1
        for i in range(10):
            say(" ".join(f"{k:3}" for k in order[10 * i : 10 * i + 10]))
        if count == 2:
            break
        say(" ")
