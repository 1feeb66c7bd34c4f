#!/usr/bin/env python3
"""Runs the rows of bench.h in CPython. The command line is the same as for harness.c."""
import sys
import time

sys.setrecursionlimit(20000)


def squares(n):
    for i in range(n):
        yield i * i


def nested(n, depth):
    if depth:
        yield from nested(n, depth - 1)
    else:
        for i in range(n):
            yield i * i


CLOSED = 0
KEPT = []


def ones():
    global CLOSED
    try:
        while True:
            yield 1
    finally:
        CLOSED += 1


def pull_all(g):
    total = 0
    try:
        while True:
            total += next(g)
    except StopIteration:
        return total


def loop(n, _):
    total = 0
    for x in squares(n):
        total += x
    return total


def fill(n, _):
    items = list(squares(n))
    return items[-1] + len(items)


def create_pull(n, _):
    total = 0
    for i in range(n):
        total += pull_all(squares(i & 3))
    return total


def live_open(n, _):
    for _ in range(n):
        KEPT.append(ones())
    return sum(next(g) for g in KEPT)


def live_close(_, __):
    KEPT.clear()
    return CLOSED


ROWS = {
    "drain": lambda n, _: sum(squares(n)),
    "fill": fill,
    "pull": lambda n, _: pull_all(squares(n)),
    "each": loop,
    "delegate_drain": lambda n, depth: sum(nested(n, depth)),
    "delegate_pull": lambda n, depth: pull_all(nested(n, depth)),
    "create_drain": lambda n, _: sum(sum(squares(i & 3)) for i in range(n)),
    "create_pull": create_pull,
}


def check(what, result, expected):
    if result != expected:
        sys.exit(f"{what} returned {result} instead of {expected}")


def proc_bytes(file, key):
    with open(file) as f:
        for line in f:
            if line.startswith(key + ":"):
                return int(line.split()[1]) * 1024
    sys.exit(f"{key} is not in {file}")


def time_row(row, n, depth, repeats, samples, expected):
    check(row, ROWS[row](n, depth), expected)
    for _ in range(samples):
        start = time.thread_time_ns()
        for _ in range(repeats):
            check(row, ROWS[row](n, depth), expected)
        print(time.thread_time_ns() - start)


def peak_row(row, n, depth, expected):
    ROWS[row](16, depth)
    before = proc_bytes("/proc/self/status", "VmHWM")
    check(row, ROWS[row](n, depth), expected)
    print(proc_bytes("/proc/self/status", "VmHWM") - before)


def live(n):
    before, start = proc_bytes("/proc/self/smaps_rollup", "Rss"), time.thread_time_ns()
    check("live_open", live_open(n, 0), n)
    opened, after, measured = time.thread_time_ns(), proc_bytes("/proc/self/smaps_rollup", "Rss"), time.thread_time_ns()
    check("live_close", live_close(n, 0), n)
    print((after - before) / n, (opened - start) / n, (time.thread_time_ns() - measured) / n, sep="\n")


if sys.argv[1] == "time":
    time_row(sys.argv[2], *map(int, sys.argv[3:]))
elif sys.argv[1] == "peak":
    peak_row(sys.argv[2], *map(int, sys.argv[3:]))
else:
    live(int(sys.argv[2]))
