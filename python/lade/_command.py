"""The command `lade`, which is a program in C beside this file."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Run the program with the arguments of this process. Does not return."""
    program = Path(__file__).with_name("lade")
    if not program.exists():
        sys.exit(f"lade: the command is not installed ({program}); build lade with LADE_CLI=ON")
    os.execv(program, ["lade", *sys.argv[1:]])
