"""Tests generator expressions and comprehensions (PEP 289): nesting, the time of evaluation, and the scope of
variables. genexps.c is the same program in C."""
from parity import *

title("a loop with a condition")
say(sum(i * i for i in range(100) if i & 1))
say([i**2 for i in range(11) if i <= 5])
say(tuple(i * i if i <= 5 else 1 for i in range(11)))
say({i * j for i in range(4) for j in range(4)})

title("nested loops")
say([10 * i + j for i in range(3) for j in range(4)])
say([10 * i + j for i in range(4) for j in range(i)])
say([100 * i + 10 * j + k for i in range(3) if i != 1 for j in range(i, 3) for k in range(j) if k + j > 1])

title("a name for an intermediate value")
say([j * j for i in range(4) for j in [i + 1]])
say([j * k for i in range(4) for j in [i + 1] for k in [j + 1]])

title("the loop variable is local to the expression")
i = 20
say(sum(i * i for i in range(100)))
say(i)

title("a generator expression is used like any other generator")


def squares(n):
    return (i * i for i in range(n))


g = squares(3)
say(state_name(g))
for _ in range(5):
    show_next(g)
show_list("after the end", g)
show_list("again", squares(4))
g = squares(4)
for x in g:
    say(f"item {x}")
    break
show_list("the rest", g)
g = squares(4)
show_next(g)
show_throw(g, Spam("thrown"))
show_next(g)
g = squares(4)
show_next(g)
show_close(g)
show_next(g)
say(sum(squares(10)))
say(max(squares(10)))
say(any(squares(10)))
say(all(squares(10)))

title("an expression can be used after the function that made it has returned")


def pairs_of(n):
    limit = n + 1
    return (10 * i + j for i in range(3) for j in range(limit) if j <= n - 1)


show_list("pairs_of", pairs_of(4))
show_list("pairs_of", pairs_of(2))

title("the outermost iterable is evaluated at once")


def announced(n):
    say(f"iterable of {n}")
    return range(n)


def touched(x):
    say(f"touched {x}")
    return x


n = 3
g = (touched(i) * 10 + j for i in announced(n) for j in range(touched(i + 1)))
n = 1
say("nothing was touched")
for _ in range(3):
    show_next(g)

title("a variable that is captured by reference is read when the expression runs")
box = [2]
g = (i * box[0] for i in range(4))
show_next(g)
show_next(g)
box[0] = 100
show_next(g)
box[0] = 7
show_next(g)
show_next(g)

title("an expression over another generator")


def counts(n):
    try:
        for i in range(n):
            say(f"counts {i}")
            yield i
    finally:
        say("counts ends")


g = (2 * x for x in counts(3))
show_next(g)
show_next(g)
show_close(g)
g = (2 * x for x in (y + 1 for y in counts(2)))
for _ in range(3):
    show_next(g)
show_list("nested", (x + y for x in counts(2) for y in counts(x)))

title("an expression cannot be resumed while it runs")


def asks(x):
    show_next(me)
    return x


me = (asks(i) for i in range(2))
show_next(me)
show_next(me)
show_next(me)

title("an error in an expression")


def divided(by):
    if by == 0:
        raise Spam("by zero")
    return 10 // by


g = (divided(i) for i in (5, 0, 2))
show_next(g)
show_next(g)
show_next(g)

title("the state of a running expression")
me = (1 if state_name(me) == "running" else 0 for i in range(2))
say(state_name(me))
show_next(me)
say(state_name(me))

title("None is an item")
say(len(list(None for i in range(10))))

title("an expression returns to its most recent caller")
r = squares(5)
show_next(r)
for x in r:
    say(f"caller {x}")


def passed_on(n):
    for x in squares(n):
        yield x


show_list("passed on", passed_on(5))

title("any, all, min, max and count of a comprehension; any and all stop early")
say(any(touched(i) > 1 for i in range(10)))
say(all(touched(i) < 1 for i in range(10)))
say(min((i - 3) ** 2 for i in range(10)))
say(max((i * 7 % 10 for i in range(10)), default=-1))
say(max((i for i in range(0)), default=-1))
say(sum(1 for i in range(10) if i % 3 == 0))
