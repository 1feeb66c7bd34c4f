"""The result of each body for each way of ending it: 7 bodies and 5 ends. The body is pulled, or is a delegate
that was not started, or is a delegate that was started, or is the delegate of a delegate."""
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


def pulled(body):
    g = inner(body)
    show_next(g)
    return g


def delegated(body):
    g = outer(inner(body))
    show_next(g)
    return g


def under_way(body):
    g = inner(body)
    show_next(g)
    return outer(g)


def delegated_twice(body):
    g = outer(outer(inner(body)))
    show_next(g)
    return g


def under_way_twice(body):
    g = outer(inner(body))
    show_next(g)
    return outer(g)


for way in (pulled, delegated, under_way, delegated_twice, under_way_twice):
    for body in BODIES:
        for end, error in ENDS.items():
            title(f"{way.__name__.replace('_', ' ')}: {body}: {end}")
            g = way(body)
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
