#!/bin/sh
# An option has the same meaning, the same value and the same short name in every command. The test reads the output of
# --help. Only the defaults may differ.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
cat >options.py <<'END'
import os
import re
import subprocess

# The options that two commands describe differently, with the reason.
DIFFERENT = {
    "seed": "lade synth draws images, which have no order, split or augmentation",
    "json": "lade train prints during the run",
    "out": "the main output file; the contents depend on the command",
}


def run(*arguments):
    return subprocess.run([os.environ["LADE"], *arguments], capture_output=True, check=True, encoding="utf-8",
                          env={**os.environ, "COLUMNS": "96"}).stdout


def options(command):
    """Returns {name: [letter, value, text]}. Texts are wrapped, and continue at column 28."""
    found, current = {}, None
    for line in run(command, "--help").split("\n"):
        option = re.match(r"  (?:(-\w), )?--([\w-]+)(?: (\S+))?(?:\s{2,}(.*))?$", line)
        if option:
            letter, name, value, text = option.groups(default="")
            current = found[name] = [letter, value, text]
        elif current and re.match(r" {28}\S", line):
            current[2] += " " + line.strip()
        else:
            current = None
    return {name: (letter, value, re.sub(r" ?\(default [^()]*\)$|; default [^()]*(?=\)$)", "", text).strip())
            for name, (letter, value, text) in found.items()}


commands = re.findall(r"^  ([a-z]+)  ", run("--help").split("Commands:")[1], re.M)
assert len(commands) >= 8, commands
tables = {command: options(command) for command in commands}
assert all(len(table) > 5 for table in tables.values())
different = {}
for name in sorted(set().union(*tables.values())):
    meanings = {}
    for command in commands:
        if name in tables[command]:
            meanings.setdefault(tables[command][name], []).append(command)
    if len(meanings) > 1:
        different[name] = meanings
for name, meanings in different.items():
    if name not in DIFFERENT:
        print(f"--{name}:", *(f"{' '.join(c)}: {' '.join(m)}" for m, c in meanings.items()), sep="\n    ")
for name in DIFFERENT.keys() - different.keys():
    print(f"--{name} is the same in all commands; remove it from DIFFERENT")
assert different.keys() == DIFFERENT.keys()
letters = {}
for table in tables.values():
    for name, (letter, _, _) in table.items():
        if letter:
            assert letters.setdefault(letter, name) == name, f"{letter} is --{name} and --{letters[letter]}"
END
run_python() {
    python3 -SE options.py >out 2>err
}
run_python || fail "two commands describe the same option differently"
