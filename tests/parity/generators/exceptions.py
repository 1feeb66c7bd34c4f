"""Tests that each error and each result belongs to one generator and does not depend on the state of the caller (PEP
342, PEP 479). exceptions.c is the same program in C."""
from parity import *

title("an error that was caught belongs to the generator that caught it")


def keeps_it():
    try:
        yield 1
    except Spam as error:
        say("caught Spam")
        yield 2
        say("still there")
        yield 3
        raise


g = keeps_it()
show_next(g)
try:
    raise Spam("kept")
except Spam as error:
    show_throw(g, error)
show_next(g)
show_next(g)
show_next(g)

title("a caller that handles an error calls a generator that raises an error")


def fails_and_recovers():
    yield 1
    try:
        raise Eggs("its own")
    except Eggs:
        say("caught Eggs")
    yield 2
    yield 3


g = fails_and_recovers()
show_next(g)
try:
    raise Spam("the caller's")
except Spam as error:
    show_next(g)
    say_error("the caller has", error)
show_next(g)
show_next(g)

title("a loop over a generator, in an except clause, in a loop")


def a_few():
    for i in range(3):
        yield i


def outer():
    try:
        raise Spam
    except Spam:
        for i in a_few():
            yield i
        say("outer's handler ends")


try:
    raise Eggs("outside")
except Eggs as error:
    for i in outer():
        say(f"item {i}")
    say_error("outside", error)

title("two generators that raise errors, called in turn")


def fails_after(n, words):
    for i in range(n):
        yield i
    raise Spam(words)


g, h = fails_after(1, "first"), fails_after(2, "second")
show_next(g)
show_next(h)
show_next(g)
show_next(h)
show_next(g)
show_next(h)
show_next(h)

title("an error of the generator in a loop")


def loop():
    for i in fails_after(2, "in a loop"):
        say(f"item {i}")


try:
    loop()
except Spam as error:
    say_error("loop", error)

title("a generator that returns the value that was sent")


def echo():
    return (yield 1)


def through_one():
    return (yield from echo())


def through_two():
    return (yield from through_one())


for make in (echo, through_one, through_two):
    g = make()
    show_next(g)
    show_send(g, 2)
    show_next(g)

title("results: none, zero, and the number of an exception")


def returns(value):
    yield 1
    if value is None:
        return
    return value


STOP = -101
for value in (None, 0, 7, STOP):
    g = returns(value)
    show_next(g)
    show_next(g)
    show_next(g)

title("StopIteration that leaves a body becomes RuntimeError (PEP 479)")


def stops():
    yield 1
    raise StopIteration
    yield 2


g = stops()
show_next(g)
show_next(g)
show_next(g)
show_list("in a list", stops())


def helper():
    raise StopIteration


def by_a_helper():
    yield helper()


g = by_a_helper()
show_next(g)
show_next(g)


def takes_from_an_empty_one():
    empty = a_few()
    for _ in empty:
        pass
    yield next(empty)


show_next(takes_from_an_empty_one())

title("StopIteration that is thrown into a generator")


def catches_stop():
    try:
        yield 1
    except StopIteration:
        say("caught StopIteration")
    yield 2


def delegates(g):
    yield from g


for make in (lambda: catches_stop(), lambda: delegates(catches_stop()), lambda: delegates(delegates(catches_stop()))):
    g = make()
    show_next(g)
    show_throw(g, StopIteration())
    show_next(g)
    g = make()
    show_next(g)
    show_next(g)
    show_throw(g, StopIteration())
    show_next(g)
