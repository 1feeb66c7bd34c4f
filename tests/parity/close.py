"""All ways to close a generator, and the reactions of its body."""
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


title("none of these says anything of its own")
for steps in (0, 1, 2):
    g = plain()
    for _ in range(steps):
        show_next(g)
    show_close(g)
    show_close(g)
    show_next(g)

title("one that returns when it is closed")
for steps in (0, 1, 2):
    g = returns_when_closed()
    for _ in range(steps):
        show_next(g)
    show_close(g)
    show_close(g)
    show_next(g)

title("one that fails when it is closed")
g = raises_when_closed()
show_close(g)
g = raises_when_closed()
show_next(g)
show_close(g)
show_close(g)
show_next(g)

title("finally, from the inside outwards, as far as it had come")
for steps in (0, 1, 2, 3, 4):
    g = nested()
    for _ in range(steps):
        show_next(g)
    show_close(g)
    show_close(g)

title("what leaves a loop closes what the loop ran")


def by_break():
    for x in nested():
        say(f"item {x}")
        if x == 2:
            break
    say("behind the loop")


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

title("a loop over one that has a name leaves it as it is")
g = nested()
for x in g:
    say(f"item {x}")
    break
say(state_name(g))
for x in g:
    say(f"item {x}")
say(state_name(g))

title("closing from the inside is refused")


def closes_itself():
    try:
        me.close()
    except ValueError as error:
        say_error("inside", error)
    yield 1


me = closes_itself()
show_next(me)
show_close(me)

title("closing a delegator: from the innermost outwards")


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

title("a delegate that others hold, too, is closed all the same")
shared = nested()
show_next(shared)
g = delegates(shared, "one")
show_next(g)
show_close(g)
say(state_name(shared))
show_next(shared)
