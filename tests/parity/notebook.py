"""Does in Python what examples/notebook.c does in C, and compares the outputs. Usage: notebook.py PROGRAM COMMAND.
PROGRAM is the compiled notebook.c. COMMAND is the lade command, which makes the images."""
import contextlib
import io
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path


def endless():
    print("# the first 10 of an endless generator")
    g = fib()
    for _ in range(10):
        print(next(g), end=" ")
    print()


def fib():
    a, b = 0, 1
    while True:
        yield b
        a, b = b, a + b


def nsquared(n):
    while n > 0:
        yield n * n
        n -= 1


def exhausted():
    print("# a loop over a generator; afterwards it is exhausted")
    g = nsquared(10)
    for x in g:
        print(x, end=" ")
    print()
    for _ in range(2):
        try:
            next(g)
            print("an item")
        except StopIteration:
            print("StopIteration")


def sums():
    print("# the sum of a million squares, as a generator and as a list")
    print(sum(nsquared(10**6)))
    print(sum([i * i for i in range(1, 10**6 + 1)]))
    print("the list took more memory")


def generator_expressions():
    print("# (i**2 for i in range(11))")
    g = (i**2 for i in range(11))
    print(next(g), end=" ")
    print(next(g), end=" ")
    for x in g:
        print(x, end=" ")
    print()


def containers():
    print("# tuple, list and set of nsquared(10)")
    print(tuple(nsquared(10)))
    print(list(nsquared(10)))
    print("{" + ", ".join(map(str, sorted(set(nsquared(10))))) + "}")  # sorted as in lade, because a set of Python has no order


def comprehensions():
    print("# a filter, a conditional value, two loops")
    print([i**2 for i in range(11) if i <= 5])
    print([i**2 if i <= 5 else 1 for i in range(11)])
    flat = [i**2 + j**2 if i < j else i + j for i in range(3) for j in range(3)]
    rows = [flat[0:3], flat[3:6], flat[6:9]]  # the format of NumPy for numbers of one digit
    print("[" + "\n ".join("[" + " ".join(map(str, row)) + "]" for row in rows) + "]")


def geom(n):
    a = 1
    for _ in range(n):
        yield a
        a *= 2


def constant(n):
    for _ in range(n):
        yield -1


def master_sequence(n):
    yield from islice(fib(), n)
    yield from geom(n)
    yield from constant(n)


def delegation():
    print("# yield from three generators")
    items = list(master_sequence(5))
    print(items)
    print(len(items))


def files_of(folder):
    yield from sorted(folder.iterdir())


def all_files(data):
    for folder in sorted(data.iterdir()):
        yield from files_of(folder)


def batches(data, size):
    files = list(all_files(data))
    epoch = 0
    while True:
        for step, at in enumerate(range(0, len(files), size)):
            yield epoch, step, files[at : at + size]
        epoch += 1


def directory(data):
    print("# a directory of images")
    steps = -(-len(list(all_files(data))) // 8)
    for epoch, step, files in islice(batches(data, 8), steps + 1):
        print(f"epoch {epoch} step {step}: {len(files)} images")


def main(program, command):
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "shapes")
        subprocess.run([command, "synth", data, "--class-count", "3", "--per-class", "7"], stdout=subprocess.DEVNULL, check=True)
        ours = subprocess.run([program, data], stdout=subprocess.PIPE, check=True, text=True).stdout
        theirs = io.StringIO()
        with contextlib.redirect_stdout(theirs):
            for cell in [endless, exhausted, sums, generator_expressions, containers, comprehensions, delegation]:
                cell()
            directory(data)
    for line, (a, b) in enumerate(zip(ours.splitlines(), theirs.getvalue().splitlines()), 1):
        if a != b:
            sys.exit(f"line {line}: lade printed {a!r}, Python {b!r}")
    if ours != theirs.getvalue():
        sys.exit("one output has more lines than the other output")
    print(f"{len(ours.splitlines())} lines are equal")


if __name__ == "__main__":
    main(*sys.argv[1:])
