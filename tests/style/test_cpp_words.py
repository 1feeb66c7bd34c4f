"""Checks that each public macro is used by a test in C++, or that the header of the macro says that it is for C only.

    tests/style/test_cpp_words.py

The tests in C++ are tests/cpp/*.cpp and tests/headers/words.cpp. A test may use the name of the macro with or without
the prefix lade_. Other tests compile these files as C++17 and C++20, with g++ and clang++.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
C_ONLY = re.compile(r"The\s+(?:\*\s+)?macros\s+(?:\*\s+)?of\s+(?:\*\s+)?this\s+(?:\*\s+)?header\s+(?:\*\s+)?are\s+(?:\*\s+)?C\s+(?:\*\s+)?only")
MACRO = re.compile(r"^#define (lade_\w+)\(", re.M)


def main():
    tests = [*(ROOT / "tests" / "cpp").glob("*.cpp"), ROOT / "tests" / "headers" / "words.cpp"]
    words = set(re.findall(r"\b(\w+)\s*\(", "\n".join(path.read_text() for path in tests)))
    count = failed = 0
    for path in sorted((ROOT / "include" / "lade").rglob("*.h")):
        text = path.read_text()
        if "detail" in path.parts or path.name.startswith("short") or C_ONLY.search(text):
            continue
        for macro in MACRO.findall(text):
            count += 1
            if macro not in words and macro.removeprefix("lade_") not in words:
                failed += 1
                print(f"{path.relative_to(ROOT)}: {macro}() is not used by a test in C++, and the header does not say that it is for C only")
    print(f"checked {count} macros that must work in C++")
    return failed > 0 or count < 25


if __name__ == "__main__":
    sys.exit(main())
