"""Tests random programs, which find cases that no scenario contains. A program has bodies of a few random steps: yield,
catch, delegate, loop, sum, raise and return. The caller is also random. dice.c is the same program in C."""
import inspect

from parity import *

BODIES, STEPS, PROGRAMS = 6, 6, 400
YIELD, TRY, DELEGATE, LOOP, SUM, RETURN, RAISE, SAY = range(8)
OWNED, NAMED, STARTED = range(3)
GO_ON, RAISE_AGAIN, YIELD_AND_RAISE, RAISE_OTHER, AND_RETURN = range(5)
ERRORS = (Spam, Eggs, Fatal, GeneratorExit, StopIteration)

state = 1


def draw(n):
    global state
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    return (state >> 16) % n


def draw_step(k, tame):
    """Returns the tuple (what, value, how, body). If tame is true, the step does not catch or raise."""
    what = (YIELD, TRY, DELEGATE, LOOP, SUM, RETURN, RAISE, SAY, YIELD, TRY, DELEGATE, DELEGATE)[draw(12)]
    value, how, other = draw(90) + 1, draw(5), k + 1 + draw(BODIES)
    if tame and what in (TRY, RAISE):
        what = YIELD
    if other >= BODIES and what in (DELEGATE, LOOP, SUM):
        what = YIELD
    if what in (LOOP, SUM) and other < BODIES - 2:
        other = BODIES - 2 + draw(2)
    if what in (LOOP, SUM) and other <= k:
        what = SAY
    return what, value, how, other


def draw_program():
    return [[draw_step(k, k >= BODIES - 2) for _ in range(1 + draw(STEPS))] for k in range(BODIES)]


def body(program, k):
    try:
        for what, value, how, other in program[k]:
            if what == YIELD:
                sent = yield value
                if sent:
                    say(f"{k} got {sent}")
            elif what == TRY:
                try:
                    yield value
                except BaseException as error:
                    say(f"{k} caught {error_name(error)}")
                    if how == GO_ON and isinstance(error, GeneratorExit):
                        how = YIELD_AND_RAISE
                    if how == YIELD_AND_RAISE:
                        yield 99
                        raise
                    if how == RAISE_AGAIN:
                        raise
                    if how == RAISE_OTHER:
                        raise Eggs("other")
                    if how == AND_RETURN:
                        return value
            elif what == DELEGATE:
                result = yield from delegated(program, k, how % 3, other)
                say(f"{k} has {result or 0}")
            elif what == LOOP:
                for x in body(program, other):
                    sent = yield x
                    if sent:
                        say(f"{k} got {sent}")
            elif what == SUM:
                say(f"{k} sums {sum(body(program, other))}")
            elif what == RETURN:
                return value
            elif what == RAISE:
                raise ERRORS[how]("raised")
            else:
                say(f"{k} says {value}")
    finally:
        say(f"~{k}")


def delegated(program, k, how, other):
    """Delegates to a body. A delegate in a variable is deleted afterwards, as at the end of a block in C."""
    if how == OWNED:
        return (yield from body(program, other))
    g = body(program, other)
    try:
        if how == STARTED:
            say(f"{k} skips {next(g, 0)}")
        return (yield from g)
    finally:
        del g


def run(program):
    g = body(program, 0)
    for _ in range(24):
        what, value, error = draw(10), draw(90) + 1, ERRORS[draw(5)]
        if state_name(g) == "done":
            show_next(g)
            g = body(program, 0)
        if what < 2:
            show_send(g, value)
        elif what < 4 and state_name(g) != "created":
            show_throw(g, error("thrown"))
        elif what == 4 and draw(3) == 0:
            show_close(g)
        else:
            show_next(g)
        say(state_name(g))
    while state_name(g) != "done":  # Python would not run `finally` if it deleted a generator that ignores close
        show_close(g)


for n in range(PROGRAMS):
    state = n * 7919 + 1
    title(f"program {n}")
    program = draw_program()
    run(program)
    show_list("list", body(program, 0))
