"""send, throw and close (PEP 342): a generator and its caller pass values to each other."""
from parity import *

title("a value sent in")


def prints_what_it_gets():
    say(f"got {(yield 1)}")
    yield 2


g = prints_what_it_gets()
show_next(g)
show_send(g, 42)
show_next(g)

title("not to one that has not begun")
g = prints_what_it_gets()
show_send(g, 7)
say(state_name(g))
show_next(g)

title("a sum of all that was sent")


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

title("throws that are caught, and one that is not")


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
title("a throw into one that is closed, and into one that has not begun")
show_throw(g, Spam("late"))
show_next(g)
g = catches_spam()
show_throw(g, Spam("early"))
say(state_name(g))
show_next(g)

title("what is no exception cannot be thrown")
g = catches_spam()
show_next(g)
show("throw", lambda: g.throw(0))
say(state_name(g))
show_send(g, 3)

title("raised again")


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

title("close")


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

title("the end of its name closes it")


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

title("a generator that ignores its being closed")


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

title("an error while closing")


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

title("yields inside of expressions, from left to right")


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

title("values, and whom they reach")


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
