"""Contains the examples of PEP 255: a running generator that is resumed, exceptions, try in try, and a tree that is
traversed with and without recursion. pep255.c is the same program in C."""
from parity import *

title("a running generator cannot be resumed")


def resumes_itself():
    i = next(me)
    yield i


me = resumes_itself()
show_next(me)
show_next(me)

title("a generator that raised an exception has ended")


def fails():
    raise Eggs("no division by zero")


def propagates():
    yield fails()
    yield 42


g = propagates()
show_next(g)
show_next(g)


def later():
    yield 1
    raise Spam("later")


g = later()
show_next(g)
show_next(g)
show_next(g)

title("try in try")


def nested():
    try:
        yield 1
        try:
            yield 2
            raise Spam
            yield 3
        except Spam:
            yield 4
            yield 5
            raise
        except BaseException:
            yield 6
        yield 7
    except BaseException:
        yield 8
    yield 9
    try:
        x = 12
    finally:
        yield 10
    yield 11


show_list("nested", nested())


class Tree:
    def __init__(self, label, left, right):
        self.label, self.left, self.right = label, left, right


def tree(labels):
    if not labels:
        return None
    middle = len(labels) // 2
    return Tree(labels[middle], tree(labels[:middle]), tree(labels[middle + 1 :]))


def inorder(t):
    if t:
        yield from inorder(t.left)
        yield t.label
        yield from inorder(t.right)


def inorder_by_loops(t):
    if t:
        for x in inorder_by_loops(t.left):
            yield x
        yield t.label
        for x in inorder_by_loops(t.right):
            yield x


def inorder_by_hand(node):
    stack = []
    while node:
        while node.left:
            stack.append(node)
            node = node.left
        yield node.label
        while not node.right:
            if not stack:
                return
            node = stack.pop()
            yield node.label
        node = node.right


title("the labels of a tree in order")
alphabet = tree([ord(c) for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"])
for walk in (inorder, inorder_by_loops, inorder_by_hand):
    say(" ".join(chr(x) for x in walk(alphabet)))
    g = walk(alphabet)
    say("".join(chr(next(g)) for _ in range(26)))
    show_next(g)
show_list("of none", inorder(tree([])))
show_list("of three", inorder(tree([1, 2, 3])))
