"""Checks that each stage adds a constant number of bytes to the preprocessed text of a pipeline.

    CC="gcc" tests/style/test_pipeline_text.py

If a macro expanded its argument twice, each stage would double the text. To save time, one run of the compiler
preprocesses many pipelines.
"""
import os
import subprocess
import unittest
from pathlib import Path

INCLUDE = Path(__file__).resolve().parent.parent.parent / "include"
MOST_BYTES = 100_000  # largest allowed text of a pipeline with 8 stages
LINEAR = {  # {} stands for the source. The source and the result have items of type long.
    "take": "take({}, 10)",
    "drop": "drop({}, 1)",
    "step": "step({}, 2)",
    "filter": "filter(odd, {})",
    "take_while": "take_while(odd, {})",
    "drop_while": "drop_while(odd, {})",
    "map": "map(inc, {})",
    "map_to": "map_to(long, inc_to, {})",
    "parallel_map": "parallel_map(inc, {}, 2)",
    "parallel_map_to": "parallel_map_to(long, inc_to, {}, 2)",
    "accumulate": "accumulate({})",
    "accumulate_by": "accumulate_by(add, {})",
    "cycle": "cycle({})",
    "shuffle": "shuffle({}, 10, 1)",
    "prefetch": "prefetch({}, 4)",
    "chain": "chain({}, range(3))",
    "interleave": "interleave(range(3), {})",
    "merge": "merge({}, range(3))",
    "pairwise": "map_to(long, second_of, pairwise({}))",
    "window": "map_to(long, second_of, window({}, 3))",
    "batched": "map_to(long, first_of, batched({}, 3))",
    "zip": "map_to(long, left, zip(struct pair, {}, range(3)))",
    "enumerate": "map_to(long, left, enumerate(struct pair, {}))",
    "filterfalse": "filterfalse(odd, {})",
    "compress": "compress({}, range(3))",
    "selectors": "compress(range(3), {})",
    "intersperse": "intersperse(0, {})",
    "prepend": "prepend(0, {})",
    "unique_everseen": "unique_everseen({})",
    "unique_everseen by key": "unique_everseen(inc, {})",
    "unique_justseen": "unique_justseen({})",
    "sorted": "sorted({})",
    "sorted_by": "sorted_by(inc, {})",
    "reversed": "reversed({})",
    "groupby": "map_to(long, first_of, groupby({}))",
    "groupby by key": "map_to(long, first_of, groupby(inc, {}))",
    "filter_with": "filter_with(odd_with, &limit, {})",
    "map_with": "map_with(long, inc_with, &limit, {})",
    "merge_by": "merge_by(compare, {}, range(3))",
    "peekable": "peekable({})",
    "seekable": "seekable({})",
    "enumerate_from": "map_to(long, left, enumerate_from(struct pair, 1, {}))",
    "zip_longest": "map_to(long, left, zip_longest(struct pair, zero, {}, range(3)))",
    "split_at": "map_to(long, first_of, split_at(odd, {}))",
    "split_when": "map_to(long, first_of, split_when(falls, {}))",
    "product": "map_to(long, second_of, product(range(3), {}))",
    "product_repeat": "map_to(long, second_of, product_repeat({}, 2))",
    "permutations": "map_to(long, second_of, permutations({}))",
    "combinations": "map_to(long, second_of, combinations({}, 2))",
    "powerset": "map_to(long, second_of, powerset({}))",
    "distinct_permutations": "map_to(long, second_of, distinct_permutations({}))",
    "circular_shifts": "map_to(long, second_of, circular_shifts({}))",
    "partitions": "map_to(long, first_part, partitions({}))",
    "set_partitions": "map_to(long, first_part, set_partitions({}, 2))",
}
CONSUMERS = {
    "for_each": "for_each (x, {}) ;",
    "yield_from": "yield_from({});",
    "print": "print({});",
    "list": "list({});",
    "tuple": "tuple({});",
    "set": "set({});",
    "array": "array({});",
    "dict": "dict(zip(struct pair, {}, range(3)), a);",
    "sample": "sample({}, 3, 1);",
    "sum": "sum({});",
    "min": "min({});",
    "max": "max({});",
    "min_by": "min_by(inc, {});",
    "max_by": "max_by(inc, {});",
    "reduce_with": "reduce_with(add, &limit, {}, 0);",
    "counter": "counter(struct pair, a, b, {});",
    "count": "count({});",
    "any": "any({});",
    "all": "all({});",
    "first": "first({}, 0);",
    "last": "last({}, 0);",
    "nth": "nth({}, 3, 0);",
    "reduce": "reduce(add, {}, 0);",
    "tee": "tee({}, 2, out);",
}


def sizes(statements, at_once=50):
    """Returns the size in bytes of each statement after preprocessing. One run of the compiler gets @at_once statements."""
    if len(statements) > at_once:
        return sizes(statements[:at_once]) + sizes(statements[at_once:])
    marked = "".join(f"lade_test_mark_{i}\n{s}\n" for i, s in enumerate(statements)) + f"lade_test_mark_{len(statements)}\n"
    code = "#include <lade/lade.h>\n#include <lade/short_itertools.h>\n" + marked
    command = [*os.environ.get("CC", "cc").split(), f"-I{INCLUDE}"]
    done = subprocess.run([*command, "-E", "-P", "-x", "c", "-"], input=code, capture_output=True, text=True, check=True)
    ends = [done.stdout.index(f"lade_test_mark_{i}\n") for i in range(len(statements) + 1)]
    return [end - start for start, end in zip(ends, ends[1:])]


def all_pairs(names):
    """Returns a sequence in which each name follows each name once, including itself (a de Bruijn sequence)."""
    sequence = []
    for i, first in enumerate(names):
        sequence.append(first)
        for second in names[i + 1 :]:
            sequence += [first, second]
    return sequence + sequence[:1]


def pipeline(stages):
    """Returns the text of a pipeline. @stages begins with the last stage; the first stage, next to the source, is at the end."""
    text = "range(100)"
    for stage in reversed(stages):
        text = stage.replace("{}", text)
    return text


class Text(unittest.TestCase):
    def test_each_combinator_with_each_argument(self):
        """Each combinator is an argument of each combinator, including itself, in pipelines of eight stages."""
        names = all_pairs(list(LINEAR))
        parts = [names[at : at + 8] for at in range(0, len(names) - 1, 7)]
        for part, size in zip(parts, sizes([pipeline([LINEAR[name] for name in part]) + ";" for part in parts])):
            with self.subTest(pipeline=part):
                self.assertLessEqual(size, MOST_BYTES)

    def test_growth(self):
        """From 4 to 8 stages, each stage adds about as much text as from 1 to 4 stages. This is also true under each consumer."""
        for consumers in ({"": "{};"}, CONSUMERS):
            stages = LINEAR if consumers != CONSUMERS else {"map": LINEAR["map"]}
            names = [(c, s) for c in consumers for s in stages]
            measured = iter(sizes([consumers[c].replace("{}", pipeline([stages[s]] * d)) for c, s in names for d in (1, 4, 8)]))
            for name in names:
                one, four, eight = next(measured), next(measured), next(measured)
                with self.subTest(pipeline=name):
                    self.assertLessEqual(eight, MOST_BYTES)
                    self.assertLessEqual(eight - four, 4 * (four - one) / 3 + 200)


if __name__ == "__main__":
    unittest.main()
