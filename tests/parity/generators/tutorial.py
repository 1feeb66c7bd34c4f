"""Tests simple generators: the end of a generator, return inside try, and the caller of a generator. tutorial.c is the
same program in C."""
from parity import *


def two():
    yield 1
    yield 2


def one_then_return():
    yield 1
    return
    yield 2


def count_to(n):
    for i in range(n):
        yield i


def passed_on(n):
    for i in count_to(n):
        yield i


title("the items in a loop, and with next")
for i in two():
    say(f"loop {i}")
g = two()
show_next(g)
show_next(g)
title("after the end of its body, or after return, a generator has ended")
show_next(g)
g = one_then_return()
show_next(g)
show_next(g)
show_next(g)

title("except catches an exception, but not return")


def return_in_try():
    try:
        return
    except BaseException:
        yield 1


def stop_in_try():
    try:
        raise StopIteration
    except BaseException:
        yield 42


show_list("return", return_in_try())
show_list("raise", stop_in_try())

title("finally runs on return")


def return_in_finally():
    try:
        yield 1
        return
    finally:
        say("finally")
    yield 2


show_list("finally", return_in_finally())

title("a generator returns to its most recent caller")


def creator():
    r = count_to(5)
    say(f"creator {next(r)}")
    return r


for i in creator():
    say(f"caller {i}")

title("generators call generators")
show_list("count_to", count_to(5))
show_list("passed_on", passed_on(5))

title("an exception in a nested try is caught where it should be")


def twelve():
    try:
        try:
            yield 12
            raise Spam
        except Spam:
            yield 666
        except BaseException:
            yield 13
    except BaseException:
        return


show_list("twelve", twelve())

title("a yield at the end of each turn of a loop")


def each_turn():
    for i in range(3):
        try:
            continue
        finally:
            yield i


g = each_turn()
for _ in range(4):
    show_next(g)

title("a generator that yields nothing")


def empty():
    return
    yield


show_list("empty", empty())
