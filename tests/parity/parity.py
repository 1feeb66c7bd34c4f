"""Contains the definitions for the Python programs of the parity tests. parity.h contains the same definitions for C,
and describes how exceptions are printed."""
import inspect
import sys


class Spam(Exception):
    pass


class Eggs(Exception):
    pass


class Fatal(BaseException):
    pass


OWN = (Spam, Eggs, Fatal)
MISUSE = ("generator already executing", "can't send non-None value to a just-started generator")


def error_name(error):
    if str(error) in MISUSE:
        return "StateError"
    if isinstance(error, TypeError):
        return "ArgumentError"
    return type(error).__name__


def say(text):
    print(text, flush=True)


def title(text):
    say(f"-- {text}")


def say_error(what, error):
    words = f" {error}" if isinstance(error, OWN) and str(error) else ""
    say(f"{what}: {error_name(error)}{words}")


def show(what, call):
    try:
        say(f"{what}: {call()}")
    except StopIteration as stop:
        say(f"{what}: stop" + ("" if stop.value is None else f" {stop.value}"))
    except BaseException as error:
        say_error(what, error)
        error.__traceback__ = error.__context__ = None  # the traceback references frames, which reference the generator


def show_next(g):
    show("next", lambda: next(g))


def show_send(g, value):
    show("send", lambda: g.send(value))


def show_throw(g, error):
    show("throw", lambda: g.throw(error))


def show_close(g):
    try:
        g.close()  # close() returns a value since Python 3.13; tests/api/gen tests this value
        say("close: ok")
    except BaseException as error:
        say_error("close", error)


def show_list(what, g):
    try:
        say(f"{what}: {list(g)}")
    except BaseException as error:
        print(f"{what}: ", end="")
        say_error("error", error)


def state_name(g):
    return {
        inspect.GEN_CREATED: "created",
        inspect.GEN_SUSPENDED: "suspended",
        inspect.GEN_RUNNING: "running",
        inspect.GEN_CLOSED: "done",
    }[inspect.getgeneratorstate(g)]


def say_unhandled(unraisable):
    say_error("unhandled", unraisable.exc_value)


sys.unraisablehook = say_unhandled
