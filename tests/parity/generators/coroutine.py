"""Tests send, throw and close (PEP 342), by which a generator and its caller pass values to each other. coroutine.c is
the same program in C."""
from parity import *

title("sending a value")


def prints_what_it_gets():
    say(f"got {(yield 1)}")
    yield 2


g = prints_what_it_gets()
show_next(g)
show_send(g, 42)
show_next(g)

title("sending to a generator that has not started")
g = prints_what_it_gets()
show_send(g, 7)
say(state_name(g))
show_next(g)

title("the sum of all values that were sent")


def running_sum(seen):
    total = 0
    while total < 200:
        total += yield total
        seen.append(total)


seen = []
g = running_sum(seen)
show_next(g)
for value in (10, 10, 10, 170, 5):
    show_send(g, value)
    say(seen)

title("errors that are caught, and one that is not")


def catches_spam():
    while True:
        try:
            yield 0
            say("went on")
        except Spam:
            say("caught Spam")


g = catches_spam()
show_next(g)
show_throw(g, Spam("xyz"))
show_throw(g, Spam())
show_send(g, 1)
show_throw(g, Eggs("ends it"))
say(state_name(g))
show_send(g, 2)
title("an error thrown into a generator that has ended, and into one that has not started")
show_throw(g, Spam("late"))
show_next(g)
g = catches_spam()
show_throw(g, Spam("early"))
say(state_name(g))
show_next(g)

title("only an exception can be thrown")
g = catches_spam()
show_next(g)
show("throw", lambda: g.throw(0))
say(state_name(g))
show_send(g, 3)

title("an error that is caught and raised again")


def raises_again():
    try:
        yield 1
    except Spam:
        say("again")
        raise


g = raises_again()
show_next(g)
show_throw(g, Spam("twice"))
show_next(g)

title("closing a generator")


def exiting():
    try:
        yield 1
    except GeneratorExit:
        say("exiting")


g = exiting()
show_next(g)
show_close(g)
show_close(g)
show_next(g)
show_close(exiting())
g = running_sum([])
show_close(g)
show_close(g)

title("the end of a variable closes its generator")


def in_finally():
    try:
        yield 1
    finally:
        say("finally")


def scope():
    g = in_finally()
    show_next(g)


scope()


def not_for_exit():
    try:
        yield 1
    except Exception:
        say("except")
    finally:
        say("finally")


def scope():
    g = not_for_exit()
    show_next(g)


scope()
g = not_for_exit()
show_next(g)
show_throw(g, Fatal("above Exception"))
g = not_for_exit()
show_next(g)
show_throw(g, Eggs("below it"))

title("a generator that yields when it is closed")


def ignores():
    try:
        yield 1
    except GeneratorExit:
        yield 2


g = ignores()
show_next(g)
show_close(g)
say(state_name(g))
show_close(g)
say(state_name(g))


def scope():
    g = ignores()
    show_next(g)


scope()

title("an error that is raised while a generator is closed")


def fails_in_close():
    try:
        yield 1
    except GeneratorExit:
        raise Eggs("fie!")


g = fails_in_close()
show_next(g)
show_close(g)
show_close(g)


def scope():
    g = fails_in_close()
    show_next(g)


scope()

title("the yields in an expression run from left to right")


def stores(d):
    d[(yield 10)] = d[(yield 11)] = 27


data = [1, 2]
g = stores(data)
show_next(g)
say(data)
show_send(g, 0)
say(data)
show_send(g, 1)
say(data)


def adds():
    return (yield 1) + 10 * (yield 2) + 100 * (yield 3)


g = adds()
show_next(g)
for value in (4, 5, 6):
    show_send(g, value)

title("sent values reach the right generator")


def averager():
    count = total = 0
    average = 0
    while True:
        total += yield average
        count += 1
        average = total // count


g = averager()
show_next(g)
for value in (10, 30, 5):
    show_send(g, value)


def splitter(parts):
    while True:
        value = yield 0
        for p in parts:
            p.send(value)


def printer(number):
    while True:
        say(f"printer {number} has {(yield 0)}")


printers = [printer(i) for i in range(3)]
for p in printers:
    next(p)
g = splitter(printers)
show_next(g)
show_send(g, 8)
show_send(g, 9)
