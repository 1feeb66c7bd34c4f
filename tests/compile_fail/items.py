"""Checks each cell of the table in docs/items.md. "yes" means that the operation compiles without a warning, and "no"
means that it is a compile-time error.

    tests/compile_fail/items.py ITEMS.MD INCLUDE... -- COMPILER...

The compiler gets one file with one statement in each line. The compiler must report an error in each line
whose cell is "no", and in no other line.
"""
import re
import subprocess
import sys
from pathlib import Path

INTEGERS = [f"{sign}{t}" for t in ("char", "short", "int", "long", "long long") for sign in ("", "unsigned ")]
COLUMNS = [  # the types of each column, in the order of the table
    ["bool"],
    ["signed char", *INTEGERS],
    ["float", "double"],
    ["long double"],
    ["const char *", "char *"],
    ["__int128", "unsigned __int128"],
    ["_Complex float", "_Complex double"],
    ["int *", "struct s *", "long **", "const void *"],
    ["struct s", "union u"],
]
FORMS = {  # {g} is a generator whose items have type number {n}
    "list": "use(list({g}));",
    "tuple": "use(tuple({g}));",
    "count": "(void)count({g});",
    "first": "(void)first({g}, *item);",
    "nth": "(void)nth({g}, 1, *item);",
    "last": "(void)last({g}, *item);",
    "sample": "use(sample({g}, 1, 1));",
    "take": "keep(take({g}, 1));",
    "drop": "keep(drop({g}, 1));",
    "step": "keep(step({g}, 1));",
    "chain": "keep(chain({g}, {g}));",
    "interleave": "keep(interleave({g}, {g}));",
    "cycle": "keep(cycle({g}));",
    "shuffle": "keep(shuffle({g}, 1, 1));",
    "window": "keep(window({g}, 1));",
    "batched": "keep(batched({g}, 1));",
    "zip": "keep(zip(struct pair{n}, {g}, range(1)));",
    "tee": "(void)tee({g}, 2, ({{ static gen(T{n}) out[2]; out; }}));",
    "prefetch": "keep(prefetch({g}, 1));",
    "filter` with `bool f(T)": "keep(filter(is{n}, {g}));",
    "filter` with `bool f(const T *)": "keep(filter(is_at{n}, {g}));",
    "map` with `long f(T)": "keep(map(to_long{n}, {g}));",
    "map` with `long f(const T *)": "keep(map(at_to_long{n}, {g}));",
    "map_to": "keep(map_to(T{n}, copy{n}, {g}));",
    "accumulate": "keep(accumulate({g}));",
    "accumulate_by` with `T f(T, T)": "keep(accumulate_by(either{n}, {g}));",
    "reduce": "(void)reduce(either{n}, {g}, *item);",
    "sum": "(void)sum({g});",
    "min": "(void)min({g});",
    "max": "(void)max({g});",
    "set": "use(set({g}));",
    "merge": "keep(merge({g}, {g}));",
    "any": "(void)any({g});",
    "all": "(void)all({g});",
    "contains": "(void)contains(container, *item);",
    "array": "use(array({g}));",
    "print` of a list": "print(list({g}));",
}
HEAD = """#include <lade/lade.h>
#include <lade/short_iter.h>
struct s { int a; };
union u { int a; };
void use(const void *p);
#define keep(g) do { __auto_type made = (g); use((const void *)(uintptr_t)made); } while (0)
"""
TYPE = """typedef {type} T{n};
struct pair{n} {{ T{n} a; long b; }};
generator_decl(T{n}, gen{n});
bool is{n}(T{n} x); bool is_at{n}(const T{n} *x); long to_long{n}(T{n} x); long at_to_long{n}(T{n} const *x);
T{n} either{n}(T{n} a, T{n} b); void copy{n}(const T{n} *x, T{n} *y);
"""


def table(path):
    """Yields (operation, list with True for each column in which it is allowed) for each row of the table."""
    for line in Path(path).read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if set(cells[1:]) <= {"yes", "no"} and len(cells) == len(COLUMNS) + 1:
            names = [cells[0][1:]] if " with " in cells[0] or " of " in cells[0] else re.findall(r"`(\w+)`", cells[0])
            for name in names:
                yield name.rstrip("`"), [cell == "yes" for cell in cells[1:]]


def program(rows):
    """Returns the text of a C file, and a dict from each line number to its (operation, type, allowed)."""
    types = [(type, column) for column, types in enumerate(COLUMNS) for type in types]
    text = HEAD + "".join(TYPE.format(type=type, n=n) for n, (type, _) in enumerate(types))
    expected = {}
    for n, (type, column) in enumerate(types):
        text += f"void test{n}(T{n} *item, T{n} *container); void test{n}(T{n} *item, T{n} *container) {{ use(item), use(container);\n"
        for name, allowed in rows:
            text += FORMS[name].format(g=f"gen{n}()", n=n) + "\n"
            expected[text.count("\n")] = name, type, allowed[column]
        text += "}\n"
    return text, expected


def main():
    at = sys.argv.index("--")
    text, expected = program(list(table(sys.argv[1])))
    failed = len(expected) < 500
    for compiler in sys.argv[at + 1 :]:
        limit = "-ferror-limit=0" if "clang" in compiler else "-fmax-errors=0"
        command = [compiler, "-std=gnu11", "-Wall", "-Wextra", limit, "-fsyntax-only", "-x", "c", *[f"-I{i}" for i in sys.argv[2:at]], "-"]
        messages = subprocess.run(command, input=text, capture_output=True, text=True).stderr
        errors = {int(line) for line in re.findall(r"^<stdin>:(\d+):\d+: error", messages, re.M)}
        warnings = set(re.findall(r"^<stdin>:(\d+):\d+: (warning: .*)", messages, re.M))
        for line, (name, type, allowed) in expected.items():
            if (line in errors) == allowed:
                failed = True
                outcome, cell = ("an error", "yes") if allowed else ("no error", "no")
                print(f"{compiler}: {name} of {type} is {outcome}, but the table contains {cell}")
        for line, words in warnings:
            if int(line) in expected and expected[int(line)][2]:
                failed = True
                print(f"{compiler}: {expected[int(line)]}: {words}")
    print(f"checked {len(expected)} operations with a type")
    return failed


if __name__ == "__main__":
    sys.exit(main())
