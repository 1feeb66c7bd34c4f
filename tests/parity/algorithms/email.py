"""Contains examples from mailing lists: combinations, the state of a running generator, and union-find with generators.
email.c is the same program in C."""
from parity import *

title("None is an item")


def nothings():
    for _ in range(3):
        yield None
    yield None
    return


say(f"{len(list(nothings()))} items, {sum(x is None for x in nothings())} of them None")

title("StopIteration that is raised and caught in one body is like any exception")


def stop_by_hand():
    yield 1
    try:
        raise StopIteration
    except BaseException:
        yield 2
    yield 3


show_list("stop_by_hand", stop_by_hand())

title("combinations")


def combinations(items, k):
    if k > len(items):
        return
    if k == 0:
        yield []
    else:
        for rest in combinations(items[1:], k - 1):
            yield [items[0]] + rest
        yield from combinations(items[1:], k)


for k in range(6):
    say(f"{k} of 4:")
    for c in combinations([1, 2, 3, 4], k):
        say(f"    {c}")

title("the state of a running generator")


def asks():
    yield 1 if state_name(me) == "running" else 0


me = asks()
say(state_name(me))
show_next(me)
say(state_name(me))
show_next(me)
say(state_name(me))

title("a generator is its own iterator")
g = stop_by_hand()
for x in iter(g):
    say(f"loop {x}")
    break
show_next(g)
show_list("the rest", g)

title("sets whose roots are found by chained generators")


class Set:
    def __init__(self, name):
        self.name = name
        self.parent = None
        self.root = self.roots()

    def roots(self):
        while not self.parent:
            yield self
        yield from self.parent.by_loop()

    def by_loop(self):
        for root in self.root:
            yield root

    def find(self):
        return next(self.root)


sets = [Set(name) for name in "ABCDEFGHIJKLM"]
roots = list(sets)
seed = 42
while True:
    say(" ".join(f"{s.name}>{s.find().name}" for s in sets))
    if len(roots) == 1:
        break
    seed = (seed * 1103515245 + 12345) % 2**31
    joined = roots.pop(seed // 65536 % len(roots))
    seed = (seed * 1103515245 + 12345) % 2**31
    parent = roots[seed // 65536 % len(roots)]
    joined.parent = parent
    say(f"{joined.name} joins {parent.name}")
