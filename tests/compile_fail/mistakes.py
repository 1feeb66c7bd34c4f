"""Checks that a mistake in a chain of calls gives a short list of errors, and that one of the errors explains the
mistake.

    tests/compile_fail/mistakes.py INCLUDE... -- COMPILER...

Each row is (a text that the compiler must print, the wrong statement, the correct statement). The correct statement must
compile without a warning. The compiler may print at most 30 lines for the wrong statement. WORDY contains larger limits
for clang. If an unknown name is similar to the name of a generator, clang adds a note with the macros that define the
generator.
"""
import subprocess
import sys

MOST_LINES = 30
WORDY = {"fibb()": 60}
FRAME = """#include <lade/lade.h>
#include <lade/short_iter.h>
#define UNUSED static __attribute__((unused))
UNUSED bool odd(long x) { return x & 1; }
UNUSED long inc(long x) { return x + 1; }
UNUSED bool odd_int(int x) { return x & 1; }
UNUSED long add(long a, long b) { return a + b; }
struct p { long a, b; };
struct q { double a; };
UNUSED long left(const struct p *pair) { return pair->a; }
generator(long, fib) { for (long a = 0, b = 1;; b += a, a = b - a) yield(a); }
generator(double, halves) { yield(0.5); }
void use(const void *result);
void statement(long *pointer);
void statement(long *pointer) {
    long arr[3] = {1, 2, 3};
    gen_auto(long) g = fib();
    use(arr), use(pointer);
"""
ROWS = [
    ("fibb", "print(list(take(map(inc, fibb()), 10)));", "print(list(take(map(inc, fib()), 10)));"),
    ("primes", "print(list(take(map(inc, primes()), 10)));", "print(list(take(map(inc, fib()), 10)));"),
    ("primes", "for_each (x, primes()) print(x);", "for_each (x, fib()) print(x);"),
    ("too many arguments", "for_each (x, fib(1)) print(x);", "for_each (x, fib()) print(x);"),
    ("undeclared", "print(list(take(fib(), undeclared)));", "print(list(take(fib(), 10)));"),
    ("must be a generator or a container", "print(list(fib));", "print(list(fib()));"),
    ("must be a generator or a container", "for_each (x, 5) print(x);", "for_each (x, fib()) print(x);"),
    ("macro", "print(list(map(fib())));", "print(list(map(inc, fib())));"),
    ("write the function as bool f", "print(list(filter(odd_int, fib())));", "print(list(filter(odd, fib())));"),
    ("write the function as bool f", "print(list(map(inc, filter(odd, halves()))));", "print(list(map(inc, filter(odd, fib()))));"),
    ("take generators of one item type", "print(list(chain(fib(), halves())));", "print(list(chain(fib(), fib())));"),
    ("array of known size", "print(list(from_array(pointer)));", "print(list(from_array(arr)));"),
    ("variable comes first, then the generator", "for_each (x in fib()) print(x);", "for_each (x, fib()) print(x);"),
    ("write for_each (x, g)", "for_each (x, fib(), 1, 2) print(x);", "for_each (x, fib()) print(x);"),
    ("too many arguments", "print(list(take(map(inc, filter(odd, fib(1))), 10)));", "print(list(take(map(inc, filter(odd, fib())), 10)));"),
    ("pass an owned generator", "print(list(take(prefetch(g, 3), 3)));", "print(list(take(prefetch(gen_move(g), 3), 3)));"),
    ("arguments", "print(list(take(fib(), 10, 11)));", "print(list(take(fib(), 10)));"),
    ("must be a generator or a container", "print(list(take(10, map(inc, fib()))));", "print(list(take(map(inc, fib()), 10)));"),
    ("must be a generator or a container", "print(list(map(filter(odd, fib()), inc)));", "print(list(map(inc, filter(odd, fib()))));"),
    ("store it in a gen_auto", "long *p = next(fib()); use(p);", "long *p = next(g); use(p);"),
    ("incompatible", "gen_auto(double) d = map(inc, fib());", "gen_auto(long) d = map(inc, fib());"),
    ("must be a generator or a container", "print(sum(map(inc, filter(odd, 5))));", "print(sum(map(inc, filter(odd, range(5)))));"),
    ("len: this is an array", "use(&(size_t){len(arr)});", "use(&(size_t){len(list(fib()))});"),
    ("len: this is no container", "use(&(size_t){len(5)});", "use(&(size_t){len(list(range(5)))});"),
    ("len: this is a generator", "use(&(size_t){len(g)});", "use(&(long long){count(g)});"),
    ("write the function as U f", "print(sum(map(inc, zip(struct p, fib(), fib()))));", "print(sum(map(left, zip(struct p, fib(), fib()))));"),
    ("first argument must be a struct type", "use(list(zip(fib(), fib())));", "use(list(zip(struct p, fib(), fib())));"),
    ("set: the items must be", "use(set(zip(struct p, fib(), fib())));", "use(list(zip(struct p, fib(), fib())));"),
    ("print: only numbers", "print(list(zip(struct p, fib(), fib())));", "use(list(zip(struct p, fib(), fib())));"),
    ("print: this is a generator", "print(g);", "print(list(g));"),
    ("min, max: the items must be", "struct p m = max(zip(struct p, fib(), fib())); use(&m);", "use(&(long){max(fib())});"),
    ("merge: the items must be", "use(list(merge(zip(struct p, g, g))));", "use(list(merge(g, fib())));"),
    ("sum: the items must be", "print(sum(lines(\"f\")));", "print(count(lines(\"f\")));"),
    ("any, all: the items must be", "print(any(zip(struct p, fib(), fib())));", "print(any(fib()));"),
    ("accumulate: the items must be", "use(list(accumulate(lines(\"f\"))));", "use(list(accumulate(fib())));"),
    ("too many arguments", "long s = reduce(inc, fib(), 0L); use(&s);", "long s = reduce(add, fib(), 0L); use(&s);"),
    ("yield: works only in the block after generator", "yield(3);", "print(3);"),
    ("yield_from: works only in the block after generator", "yield_from(fib());", "use(list(fib()));"),
    ("undef_before_your_own_function", "long count(long x); use(pointer);", "long other(long x); use(pointer);"),
    ("undeclared", "print(list(map(undeclared, filter(odd, fib()))));", "print(list(map(inc, filter(odd, fib()))));"),
    ("undeclared", "for_each (x, undeclared_thing) print(x);", "for_each (x, g) print(x);"),
    ("write nth(g, n, otherwise)", "print(nth(fib(), 3));", "print(nth(fib(), 3, 0));"),
    ("enumerate", "use(list(enumerate(fib())));", "use(list(enumerate(struct p, fib())));"),
]


def compile_it(compiler, includes, statement):
    flags = [f"-I{path}" for path in includes]
    command = [compiler, "-std=gnu11", "-Wall", "-Wextra", "-fsyntax-only", "-x", "c", *flags, "-"]
    done = subprocess.run(command, input=FRAME + statement + "\n}\n", capture_output=True, text=True)
    return done.returncode, done.stderr


def check(compiler, includes, words, wrong, correct):
    """Yields the errors of one row."""
    status, text = compile_it(compiler, includes, correct)
    if status or text:
        yield f"the correct statement does not compile:\n{text}"
    status, text = compile_it(compiler, includes, wrong)
    name = "clang" if "clang" in compiler else "gcc"
    most = max([MOST_LINES] + [lines for part, lines in WORDY.items() if name == "clang" and part in wrong])
    if not status:
        yield "the wrong statement compiles"
    if words.lower() not in text.lower():
        yield f"'{words}' is not in the messages:\n{text[:3000]}"
    if text.count("\n") > most:
        yield f"the compiler prints {text.count(chr(10))} lines, more than {most}"


def main():
    at = sys.argv.index("--")
    failed = 0
    for compiler in sys.argv[at + 1 :]:
        for row in ROWS:
            for complaint in check(compiler, sys.argv[1:at], *row):
                failed += 1
                print(f"{compiler}: {row[1]}\n    {complaint}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
