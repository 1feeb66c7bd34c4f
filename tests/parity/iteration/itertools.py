"""Tests the functions of itertools on small inputs. itertools.c is the same program in C."""
import sys

sys.path = [p for p in sys.path if not p.endswith("parity/iteration")]  # otherwise Python imports itertools.py of this folder
import collections
import functools
import heapq
import itertools as it

words = ["apple", "fig", "kiwi", "fig", "pear", "date", "fig", "plum", "apple"]


def title(text):
    print("--", text)


def show(what, iterable):
    title(what)
    for x in iterable:
        print(x)


def show_parts(what, iterable):
    title(what)
    for parts in iterable:
        print(len(parts))
        for x in parts:
            print(list(x))


def digits():
    return [i * i % 7 for i in range(12)]


def is_odd(x):
    return x % 2 == 1


def last_digit(x):
    return x % 10


def groupby(iterable, key=None):
    return (list(g) for _, g in it.groupby(iterable, key))


def split_at(iterable, pred):
    buf = []
    for item in iterable:
        if pred(item):
            yield buf
            buf = []
        else:
            buf.append(item)
    yield buf


def split_before(iterable, pred):
    buf = []
    for item in iterable:
        if pred(item) and buf:
            yield buf
            buf = []
        buf.append(item)
    if buf:
        yield buf


def split_after(iterable, pred):
    buf = []
    for item in iterable:
        buf.append(item)
        if pred(item) and buf:
            yield buf
            buf = []
    if buf:
        yield buf


def split_when(iterable, pred):
    buf = []
    for item in iterable:
        if buf and pred(buf[-1], item):
            yield buf
            buf = []
        buf.append(item)
    if buf:
        yield buf


def unique_everseen(iterable, key=lambda x: x):
    seen = set()
    for element in iterable:
        k = key(element)
        if k not in seen:
            seen.add(k)
            yield element


def unique_justseen(iterable, key=None):
    return map(next, map(lambda pair: pair[1], it.groupby(iterable, key)))


def powerset(iterable):
    s = list(iterable)
    return it.chain.from_iterable(it.combinations(s, r) for r in range(len(s) + 1))


def numeric_range(start, stop, step=1.0):
    n = 0
    while (start + n * step < stop) if step > 0 else (start + n * step > stop):
        yield start + n * step
        n += 1


def intersperse(e, iterable):
    for i, x in enumerate(iterable):
        if i:
            yield e
        yield x


print(sorted(words))
print(sorted(digits()))
print(sorted(words, key=len))
print(sorted(map(last_digit, range(95, 115, 3)), key=last_digit))
print(list(reversed(words)))
print(list(reversed(range(5))))
print(list(reversed(range(0))))
print(min(words, key=len))
print(max(words, key=len))
d = dict(sorted(collections.Counter(words).items()))
for w, n in d.items():
    print(w, n)
for w, n in sorted(d.items(), key=lambda t: -t[1])[:2]:
    print(w, n)
print(d["fig"])

show("groupby", groupby(digits()))
show("groupby key", groupby(digits(), is_odd))
show("groupby length", groupby(sorted(words, key=len), len))
show("split_at", split_at(digits(), is_odd))
show("split_before", split_before(digits(), is_odd))
show("split_after", split_after(digits(), is_odd))
show("split_when", split_when(digits(), lambda a, b: a > b))
show("split words", split_before(words, lambda s: len(s) > 3))
show("split nothing", split_at(range(0), is_odd))
print(list(unique_everseen(words)))
print(list(unique_everseen(words, len)))
print(list(unique_everseen(digits())))
print(list(unique_justseen(sorted(digits()))))
print(list(unique_justseen(digits(), is_odd)))
print(len(list(unique_everseen(map(last_digit, range(100000))))))

show("product", it.product(range(2), range(3), range(5, 7)))
show("product empty", it.product(range(2), range(0)))
show("product repeat", it.product(words[:2], repeat=3))
show("product repeat 0", it.product(range(3), repeat=0))
show("permutations", it.permutations(range(3)))
show("permutations of 2", it.permutations(words[:4], 2))
show("permutations of 0", it.permutations(range(2), 0))
show("permutations of too many", it.permutations(range(2), 3))
show("permutations of nothing", it.permutations(range(0)))
show("combinations", it.combinations(range(5), 3))
show("combinations of 0", it.combinations(range(5), 0))
show("combinations of too many", it.combinations(range(2), 3))
show("with replacement", it.combinations_with_replacement(range(3), 2))
show("with replacement of nothing", it.combinations_with_replacement(range(0), 2))
show("powerset", powerset(range(4)))
print(len(list(it.permutations(range(8), 5))))
print(len(list(it.combinations(range(20), 6))))
total = 0
for p in it.permutations(range(7)):
    total = (total * 31 + p[0] * 7 + p[3] * 3 + p[6]) % 1000003
print(total)


def partitions(iterable):
    l = list(iterable)
    for cuts in powerset(range(1, len(l))):
        yield [l[i:j] for i, j in zip((0, *cuts), (*cuts, len(l)))]


def set_partitions(iterable, k=None):
    """Uses the algorithm of more_itertools.set_partitions."""

    def helper(l, k):
        if k == 1:
            yield [l]
        elif len(l) == k:
            yield [[x] for x in l]
        else:
            e, *m = l
            for p in helper(m, k - 1):
                yield [[e], *p]
            for p in helper(m, k):
                for i in range(len(p)):
                    yield p[:i] + [[e] + p[i]] + p[i + 1 :]

    l = list(iterable)
    for size in range(1, len(l) + 1) if k is None else [k] * (k <= len(l)):
        yield from helper(l, size)


def distinct(iterable, r=None):
    return sorted(set(it.permutations(iterable, r)))


def circular_shifts(iterable):
    l = list(iterable)
    return [(*l[i:], *l[:i]) for i in range(len(l))]


show("distinct", distinct([i * i % 3 for i in range(5)]))
show("distinct 2", distinct(words, 2))
show("distinct 0", distinct(range(3), 0))
show("distinct of too many", distinct(range(2), 3))
show("distinct of nothing", distinct(range(0)))
print(len(distinct([i % 3 for i in range(9)], 6)))
show("circular_shifts", circular_shifts(words[:4]))
show("circular_shifts of nothing", circular_shifts(range(0)))
show_parts("partitions", partitions(words[:4]))
show_parts("partitions of nothing", partitions(range(0)))
show_parts("partitions of one", partitions(range(1)))
show_parts("set_partitions", set_partitions(range(5)))
show_parts("set_partitions 3", set_partitions(words[:5], 3))
show_parts("set_partitions of too many", set_partitions(range(2), 3))
show_parts("set_partitions of nothing", set_partitions(range(0)))
print(len(list(set_partitions(range(9)))))
print(len(list(set_partitions(range(8), 4))))
print(len(list(partitions(range(12)))))

print(list(numeric_range(0.0, 3.0)))
print(list(numeric_range(1, 2.5, 0.25)))
print(list(map(float, numeric_range(0, 1, 0.1))))
print(list(map(float, numeric_range(2, -1, -0.5))))
print(list(numeric_range(2, -1)))
print(list(it.filterfalse(is_odd, range(9))))
print(list(it.compress(words, map(is_odd, range(7)))))
print(list(it.compress(range(9), [i % 3 for i in range(20)])))
print(list(intersperse(0, range(1, 5))))
print(list(intersperse(0, range(0))))
print(list(it.chain(["start"], words)))
print(list(it.islice(it.chain([-1], it.count(0, 2)), 4)))

print([x for x in digits() if x < 4])
print(list(it.takewhile(lambda x: x < 4, range(9))))
print(list(it.dropwhile(lambda x: x < 4, it.chain(range(6), range(3)))))
print([x + 0.5 for x in range(4)])
print(functools.reduce(lambda total, x: total * 10 + x, range(1, 6), 0))


def roundrobin(*iterables):
    iterators = list(map(iter, iterables))
    while iterators:
        for i in list(iterators):
            try:
                yield next(i)
            except StopIteration:
                iterators.remove(i)


def gens():
    return [range(i, 3 * i, 1 + i % 4) for i in range(20)]


print(list(it.chain(*gens())))
print(list(roundrobin(*gens())))
print(list(heapq.merge(*gens())))
print([])
print(list(heapq.merge([10 - i for i in range(1, 9)], range(20, 25), key=last_digit)))
for i, w in enumerate(words[:3], 5):
    print(i, w)
for i, w in it.zip_longest(range(2), words[:4]):
    print(-1 if i is None else i, w)
for i, w in it.zip_longest(range(3), words[:1], fillvalue="-"):
    print(i, w)


def alternating(a, b, n):
    for x in a:
        yield float(x * n)
        try:
            yield next(b)
        except StopIteration:
            return


print(list(alternating(range(4), numeric_range(0.0, 2.0), 10)))
waiting = collections.deque(range(6))
print(waiting[0])
print(waiting[0])
print(waiting.popleft())
print(list(waiting)[:3])
print(waiting.popleft())
waiting.appendleft(70)
print(waiting[0])
print(list(waiting)[:99])
print(list(waiting))
print(0)
for i in range(3):
    print(i)
print(list(range(1, 6)))
print(5)
print(0)
print(0)
print(list(range(2, 6)))
