"""Tests delegation (PEP 380): the effects of next, send, throw and close on a delegator and on its delegate.
yield_from.c is the same program in C."""
from parity import *

title("the first next goes to the delegate")


def starts(sub):
    say("g1 starts")
    yield from sub()
    say("g1 ends")


def one_item():
    say("g2 starts")
    yield 42
    say("g2 ends")


for x in starts(one_item):
    say(f"item {x}")

title("the delegate raises an error at its first next")


def with_finally(sub):
    try:
        say("g1 starts")
        yield from sub()
    finally:
        say("g1 ends")


def fails_at_once():
    try:
        say("g2 starts")
        raise Spam("at once")
    finally:
        say("g2 ends")


g = with_finally(fails_at_once)
show_next(g)
show_next(g)

title("items before, from and after the delegate")


def around(sub):
    try:
        say("g1 starts")
        x = yield 10
        if x is not None:
            say(f"g1 got {x}")
        r = yield from sub()
        say(f"g1 has {r}")
        x = yield 11
        if x is not None:
            say(f"g1 got {x}")
        say("g1 goes on")
    finally:
        say("g1 ends")


def two_items():
    try:
        say("g2 starts")
        x = yield 20
        if x is not None:
            say(f"g2 got {x}")
        x = yield 21
        if x is not None:
            say(f"g2 got {x}")
        say("g2 goes on")
    finally:
        say("g2 ends")


for x in around(two_items):
    say(f"item {x}")

title("the delegate raises an error after its first item")


def fails_in_between():
    try:
        say("g2 starts")
        yield 20
        raise Spam("in between")
    finally:
        say("g2 ends")


g = around(fails_in_between)
for _ in range(4):
    show_next(g)

title("values are sent to the delegate")
g = around(two_items)
show_next(g)
for value in range(1, 6):
    show_send(g, value)

title("the delegate raises an error when a value is sent")


def fails_on_send():
    say("g2 starts")
    x = yield 20
    say(f"g2 got {x}")
    raise Spam("sent for")


g = around(fails_on_send)
show_next(g)
for value in range(1, 4):
    show_send(g, value)

title("close closes the delegate")
g = around(two_items)
show_next(g)
show_next(g)
show_close(g)
show_next(g)

title("the delegate raises an error when it is closed")


def fails_on_close():
    try:
        say("g2 starts")
        yield 20
        yield 21
    finally:
        say("g2 ends")
        raise Eggs("on close")


g = around(fails_on_close)
show_next(g)
show_next(g)
show_close(g)
show_next(g)

title("an error is thrown into the delegate")
g = around(two_items)
show_next(g)
show_next(g)
show_throw(g, Spam("thrown"))
show_next(g)

title("the results of delegates")


def returning(value):
    yield 20
    if value is not None:
        return value


def asks_for_results():
    for value in (None, 1, 0, -101):
        result = yield from returning(value)
        say(f"g1 has {0 if result is None else result}")


for x in asks_for_results():
    say(f"item {x}")

title("the delegate is a range: next, close, throw")


def over_range(n):
    try:
        say("g1 starts")
        yield from range(n)
        say("g1 goes on")
    finally:
        say("g1 ends")


for x in over_range(3):
    say(f"item {x}")
g = over_range(3)
show_next(g)
show_close(g)
g = over_range(10)
for _ in range(5):
    show_next(g)
show_throw(g, Spam("thrown"))
show_next(g)
g = over_range(0)
show_next(g)

title("two generators that delegate to each other")


def loop_one():
    say("g1 starts")
    yield 1
    say("g1 delegates to g2")
    yield from loop_two()
    say("not here")


def loop_two():
    say("g2 starts")
    yield 2
    say("g2 delegates to g1")
    yield from me
    say("not here")


me = loop_one()
for _ in range(4):
    show_next(me)

title("a generator that delegates to itself")


def to_itself():
    yield 1
    yield from me


me = to_itself()
for _ in range(3):
    show_next(me)

title("the delegate catches an error that is thrown")


def saves():
    try:
        say("g2 starts")
        yield 20
        yield 21
    except Spam:
        say("g2 caught Spam")
        yield 22
        yield 23


g = around(saves)
show_next(g)
show_next(g)
show_throw(g, Spam("thrown"))
for x in g:
    say(f"item {x}")

title("the delegate catches an error that is thrown, and ends with a result")


def catches_and_returns(value):
    try:
        yield 20
    except Spam:
        say("g2 caught Spam")
    return value


def hands_on(value):
    result = yield from catches_and_returns(value)
    say(f"g1 has {result}")
    yield result


for value in (2, -101):
    g = hands_on(value)
    show_next(g)
    show_throw(g, Spam())
    show_next(g)

title("GeneratorExit in a delegate that returns, yields or raises an error")


def exit_returns():
    try:
        say("g2 starts")
        yield 20
    except GeneratorExit:
        return


def exit_yields():
    try:
        say("g2 starts")
        yield 20
    except GeneratorExit:
        yield 21


def exit_fails():
    try:
        say("g2 starts")
        yield 20
    except GeneratorExit:
        raise Eggs("on exit")


for sub in (exit_returns, exit_yields, exit_fails):
    g = with_finally(sub)
    show_next(g)
    show_throw(g, GeneratorExit())
    show_next(g)
    g = with_finally(sub)
    show_next(g)
    show_close(g)
    show_next(g)

title("an empty delegate")


def empty():
    return
    yield


g = starts(empty)
show_next(g)

title("delegators are running while their delegates run")


def runs_one():
    yield 0
    yield from runs_two()
    yield 3


def runs_two():
    yield 1
    say(state_name(me))
    show_next(me)
    yield 2


me = runs_one()
for _ in range(5):
    show_next(me)
me = runs_one()
show_next(me)
for _ in range(4):
    show_send(me, 42)


def closing_looks_back():
    try:
        yield 1
    finally:
        say(state_name(me))
        show_next(me)


me = with_finally(closing_looks_back)
show_next(me)
show_close(me)

title("the delegate of a generator")


def name_of_delegate(g):
    return g.gi_yieldfrom.__name__ if g.gi_yieldfrom else "none"


def delegate_a():
    yield 1


def delegator_b():
    say(name_of_delegate(me))
    # the delegate does not print its name, because Python returns the name only while the delegator is suspended
    yield from delegate_a()
    say(name_of_delegate(me))
    yield 2


me = delegator_b()
say(f"{state_name(me)} {name_of_delegate(me)}")
for _ in range(3):
    show_next(me)
    say(f"{state_name(me)} {name_of_delegate(me)}")

title("three generators that delegate in a chain")


def innermost():
    try:
        yield 1
    finally:
        say("innermost ends")


def inner():
    try:
        other = yield 0
        say(f"inner knows of {other}")
        yield from innermost()
    finally:
        say("inner ends")


def outermost(sub):
    try:
        yield 9
        yield from sub
    finally:
        say("outermost ends")


sub = inner()
g = outermost(sub)
show_next(g)
show_next(g)
show_send(g, 5)
show_close(g)
show_next(sub)

title("one delegate is used twice")


def twice(g):
    yield from g
    say("again")
    yield from g


show_list("twice", twice(one_item()))

title("a chain of 150 delegates")


def deep(n):
    if n:
        x = yield from deep(n - 1)
        return x + 1
    x = yield 0
    y = yield x * 2
    return y


g = deep(150)
show_next(g)
show_send(g, 21)
show_send(g, 100)
g = deep(150)
show_next(g)
show_throw(g, Spam("deep down"))
