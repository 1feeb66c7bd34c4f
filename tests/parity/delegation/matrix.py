"""Tests all combinations of 7 bodies, 5 ends and 5 arrangements. The bodies run different code at their end. An end is
close, or throw with an error. An arrangement is the way in which the caller uses the body: directly, or through one or
two generators that delegate to the body. The delegation starts before the first item of the body, or late, which means
after the first item. matrix.c is the same program in C."""
import gc

from parity import *

BODIES = {
    "does nothing": None,
    "raises GeneratorExit": GeneratorExit,
    "raises StopIteration": StopIteration,
    "raises Fatal": Fatal,
    "raises Spam": Spam,
    "yields": None,
    "returns": None,
}
ENDS = {
    "close": None,
    "throw GeneratorExit": GeneratorExit,
    "throw StopIteration": StopIteration,
    "throw Fatal": Fatal,
    "throw Eggs": Eggs,
}


def inner(body):
    yield 0
    try:
        yield 1
        yield 2
        return 3
    finally:
        say("inner's finally")
        if BODIES[body]:
            raise BODIES[body]("raised")
        if body == "yields":
            yield 9
            say("inner continues")
        if body == "returns":
            return 4


def outer(g):
    try:
        result = yield from g
        say(f"outer has {result}")
        return result
    finally:
        say("outer's finally")


def used_directly(body):
    g = inner(body)
    show_next(g)
    return g


def delegated(body):
    g = outer(inner(body))
    show_next(g)
    return g


def delegated_late(body):
    g = inner(body)
    show_next(g)
    return outer(g)


def delegated_twice(body):
    g = outer(outer(inner(body)))
    show_next(g)
    return g


def delegated_twice_late(body):
    g = outer(inner(body))
    show_next(g)
    return outer(g)


for arrangement in (used_directly, delegated, delegated_late, delegated_twice, delegated_twice_late):
    for body in BODIES:
        for end, error in ENDS.items():
            title(f"{arrangement.__name__.replace('_', ' ')}: {body}: {end}")
            g = arrangement(body)
            show_next(g)
            if error:
                show_throw(g, error("thrown"))
            else:
                show_close(g)
            say(state_name(g))
            show_next(g)
            show_next(g)
            show_close(g)
            del g
            gc.collect()
