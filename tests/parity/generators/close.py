"""Tests all ways to close a generator, and the code that its body runs when it is closed. close.c is the same
program in C."""
from parity import *


def plain():
    yield 1
    say("not here")
    return 9


def returns_when_closed():
    try:
        yield 1
    except GeneratorExit:
        say("returns")
        return 0


def raises_when_closed():
    try:
        yield 1
    except GeneratorExit:
        pass
    raise RuntimeError


def nested():
    try:
        yield 1
        try:
            yield 2
            try:
                yield 3
            finally:
                say("inner")
        finally:
            say("middle")
    finally:
        say("outer")


title("closing a generator that prints nothing")
for steps in (0, 1, 2):
    g = plain()
    for _ in range(steps):
        show_next(g)
    show_close(g)
    show_close(g)
    show_next(g)

title("closing a generator that returns when it is closed")
for steps in (0, 1, 2):
    g = returns_when_closed()
    for _ in range(steps):
        show_next(g)
    show_close(g)
    show_close(g)
    show_next(g)

title("closing a generator that raises an error when it is closed")
g = raises_when_closed()
show_close(g)
g = raises_when_closed()
show_next(g)
show_close(g)
show_close(g)
show_next(g)

title("the finally blocks that were entered run, from the innermost to the outermost")
for steps in (0, 1, 2, 3, 4):
    g = nested()
    for _ in range(steps):
        show_next(g)
    show_close(g)
    show_close(g)

title("leaving a loop closes the generator of the loop")


def by_break():
    for x in nested():
        say(f"item {x}")
        if x == 2:
            break
    say("after the loop")


def by_return():
    for x in nested():
        say(f"item {x}")
        if x == 3:
            return


def by_error():
    for x in nested():
        say(f"item {x}")
        if x == 1:
            raise Spam


by_break()
by_return()
try:
    by_error()
except Spam:
    say("caught Spam")

title("leaving a loop over a variable does not close its generator")
g = nested()
for x in g:
    say(f"item {x}")
    break
say(state_name(g))
for x in g:
    say(f"item {x}")
say(state_name(g))

title("a generator that closes itself gets an error")


def closes_itself():
    try:
        me.close()
    except ValueError as error:
        say_error("inside", error)
    yield 1


me = closes_itself()
show_next(me)
show_close(me)

title("closing a delegator closes its delegates, the innermost first")


def delegates(g, name):
    try:
        yield from g
    finally:
        say(name)


g = delegates(delegates(nested(), "one"), "two")
show_next(g)
show_next(g)
show_close(g)
show_next(g)
g = delegates(delegates(nested(), "one"), "two")
show_close(g)

title("a delegate is also closed if a variable refers to it")
shared = nested()
show_next(shared)
g = delegates(shared, "one")
show_next(g)
show_close(g)
say(state_name(shared))
show_next(shared)
