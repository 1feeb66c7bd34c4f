"""Tests recipes of itertools and functions of more-itertools. docs/itertools.md lists the recipes. recipes.c
is the same program in C."""
import sys

sys.path = [p for p in sys.path if not p.endswith("parity/iteration")]  # otherwise Python imports itertools.py of this folder
import collections
import functools
import itertools as it


def is_odd(x):
    return x % 2 == 1


def is_small(x):
    return x < 3


def roundrobin(*iterables):
    iterators = collections.deque(map(iter, iterables))
    while iterators:
        i = iterators.popleft()
        try:
            yield next(i)
            iterators.append(i)
        except StopIteration:
            pass


def all_equal(g):
    groups = it.groupby(g)
    return next(groups, True) and not next(groups, False)


def rstrip(l):
    return list(reversed(list(it.dropwhile(is_small, reversed(l)))))


l = [i * i % 7 for i in range(12)]
n = len(l)
print(list(it.islice(map(lambda x: x * x, it.count(3)), 4)))
print(list(it.chain.from_iterable(it.repeat(tuple(l), 2))))
print(list(collections.deque(l, maxlen=3)))
g = iter(range(9))
print(len(list(it.islice(g, 4))))
print(list(g))
print(next(it.islice(l, 2, None), -1))
print(next(it.islice(l, 99, None), -1))
print(sum(map(is_odd, l)))
print(next(filter(is_odd, l), 77))
print(next(filter(is_odd, []), 77))
print(all_equal(l))
print(all_equal([4] * 5))
print(all_equal([]))
print(sorted(set(l)))
for i in range(n - 9):
    print(l[i : i + 10])
for i in range(0, n, 5):
    print(l[i : i + 5])
print(list(roundrobin(range(3), range(10, 12), range(20, 26))))
print(list(it.filterfalse(is_odd, l)))
print(list(filter(is_odd, l)))
print([i for i, x in enumerate(l) if x == 4])
print(sum(x * x for x in l))
print(sum(a * b for a, b in zip(l, range(n))))
print(functools.reduce(lambda s, c: s * 2.0 + c, [i + 0.5 for i in range(4)], 0.0))

print(l[:5][-1])
print(l[:99][-1])
print(sum(map(is_odd, l)) == 4)
print(sum(map(is_odd, l)) == 2)
print(len(set(l)) == n)
print(len(set(range(9))) == 9)
print(all(a <= b for a, b in zip(l, l[1:])))
print(min(l))
print(max(l))
print([i for i in range(n) if is_odd(l[i])])
print([i for i in range(n - 1, -1, -1) if is_odd(l[i])])
print(list(it.dropwhile(is_small, l)))
print(rstrip(l))
print(rstrip(list(it.dropwhile(is_small, l))))
print(list(it.islice(it.chain(l, it.repeat(-1)), 15)))
print([0, 1, 2, 2, 2, 2])
print([x for x in range(4) for _ in range(3)])
for k, run in it.groupby(sorted(l)):
    print(k, len(list(run)))
for _, run in it.groupby(enumerate([1, 2, 3, 7, 8, 20]), lambda p: p[1] - p[0]):
    print([x for _, x in run])
for _, group in it.groupby(sorted(l, key=is_odd), is_odd):
    print(list(group))
for x, count in sorted(collections.Counter(l).items()):
    if count > 1:
        print(x)
print([x for _, x in sorted(zip(l, range(n)), key=lambda p: p[0])])
print([b - a for a, b in zip(l, l[1:])])
print([3 * 2**i for i in range(6)])
print(l + [9])
for a, b in zip(l, l[2:]):
    print(a, b)
for i in range(3):
    print(l[i::3])
for a, b in it.combinations(range(4), 2):
    print(l[a:b])
for i in range(4):
    print(int(i == 0), int(i == 3), i)
