"""The command `lade`, which is a program in C beside this file."""

from __future__ import annotations

import os
import sys


def find_program() -> str:
    """Return the path of the program."""
    program = os.path.join(os.path.dirname(__file__), "lade")
    if not os.path.exists(program):
        raise FileNotFoundError(f"the command lade is not installed ({program}): build lade with LADE_CLI=ON")
    return program


def main() -> None:
    """Run the program with the arguments of this process. Does not return."""
    os.execv(find_program(), ["lade", *sys.argv[1:]])
