"""Tests of the check programs in tools/.

Most tests add an error to a small project. The check must fail and print the error. Without the error, the check must
pass.
"""
import ast
import contextlib
import functools
import importlib.machinery
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

EXPORT = '__attribute__((visibility("default"))) '
TOOLS = Path(__file__).resolve().parent.parent.parent / "tools"


@functools.lru_cache(maxsize=None)
def python_tool(name):
    """Returns the tool as a module. A call of its main() takes a tenth of the time of a new process."""
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(TOOLS / name))
    tool = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.dont_write_bytecode = True
    loader.exec_module(tool)
    return tool


class Tree(unittest.TestCase):
    """A small project without errors in a temporary folder. Tests add errors to it."""

    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="lade-checks-"))
        self.addCleanup(shutil.rmtree, self.root)
        self.write("include/lade/base.h", "/*\n * lade_a() - does it.\n */\nLADE_API int lade_a(void);\n")
        self.write("src/base/a.c", "#include <lade/base.h>\n#include <stdio.h>\n")

    def write(self, path, text):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def compile(self, text):
        self.write("x.c", text)
        compiler = os.environ.get("CC", "cc")
        base = str(self.root / "x")
        subprocess.run([compiler, "-fPIC", "-fvisibility=hidden", "-c", base + ".c", "-o", base + ".o"], check=True)
        subprocess.run([compiler, "-shared", base + ".o", "-o", base + ".so"], check=True)
        subprocess.run(["ar", "rcs", base + ".a", base + ".o"], check=True)
        return base + ".so", base + ".a"

    def run_tool(self, name, *arguments):
        output = io.StringIO()
        with contextlib.redirect_stdout(output), mock.patch("sys.argv", [name, *map(str, arguments)]):
            code = python_tool(name).main()
        return code, output.getvalue()

    def run_script(self, name, *arguments):
        run = subprocess.run(
            ["sh", str(TOOLS / name), *map(str, arguments)], capture_output=True, text=True, check=False
        )
        return run.returncode, run.stdout + run.stderr

    def expect(self, result, code, *words):
        self.assertEqual(result[0], code, result[1])
        for word in words:
            self.assertIn(word, result[1])


class Layers(Tree):
    def check(self, code, *words):
        self.expect(self.run_tool("check-layers", self.root), code, *words)

    def test_a_good_tree_passes(self):
        self.write("src/flow/f.c", '#include "image/codec/x.h"\n#include <lade/gen.h>\n#include <lade/batch.h>\n')
        self.write("src/image/codec/x.h", "#include <jpeglib.h>\n")
        self.write("cli/main.c", '#include <lade/flow.h>\n#include "opt.h"\n')
        self.write("cli/opt.h", "")
        self.write("tests/unit/test_x.c", '#include "flow/private.h"\n')
        self.check(0, "6 files follow the order of the layers")

    def test_wrong_includes_are_named(self):
        for path, line, words in [
            ("src/base/b.c", '#include "gen/switch.h"', "base may not include gen"),
            ("src/base/b.c", "#include <lade/gen.h>", "base may not include gen"),
            ("src/gen/g.c", "  #  include <lade/iter.h>", "gen may not include iter"),
            ("src/image/i.c", '#include "flow/scan.h"', "image may not include flow"),
            ("src/train/t.c", "#include <lade/flow.h>", "train may not include flow"),
            ("src/flow/f.c", '#include "train/net.h"', "flow may not include train"),
            ("src/flow/f.c", "#include <lade/lade.h>", "flow may not include collect"),
            ("src/flow/f.c", '#include "scan.h"', "written from src"),
            ("src/flow/f.c", '#include "../flow/scan.h"', "written from src"),
            ("src/flow/f.c", "#include <lade/nonsense.h>", "no such layer"),
            ("src/flow/f.c", "#include <dnnl.h>", "only train/dnnl may include this header"),
            ("src/train/t.c", "#include <mpi.h>", "only mpi may include this header"),
            ("src/sys/s.c", "", "not a layer"),
            ("include/lade/batch.h", "#include <lade/iter.h>", "batch may not include iter"),
            ("include/lade/gen.h", '#include "gen/port.h"', "public headers only"),
            ("include/lade/widget.h", "", "no such layer"),
            ("cli/main.c", '#include "../src/flow/scan.h"', "outside src/"),
            ("cli/main.c", '#include "flow/scan.h"', "outside src/"),
            ("examples/e.c", '#include "absent.h"', "outside src/"),
            ("bench/b.c", '#include "../cli/opt.h"', "outside src/"),
            ("tests/api/test_x.c", '#include "base/sys.h"', "outside src/"),
        ]:
            with self.subTest(path=path, line=line):
                self.write(path, f"/* first line */\n{line}\n")
                self.check(1, f"{path}:", words)
                (self.root / path).unlink()
                if path.startswith("src/sys"):
                    (self.root / "src/sys").rmdir()
        self.check(0)

    def test_only_codecs_include_the_library_of_a_format(self):
        self.write("cmake/LadeFormats.cmake", "lade_format(X LIBRARY x HEADERS x/decode.h x.h DEBIAN libx-dev)\n")
        self.write("src/image/codec/x/x.c", "#include <x/decode.h>\n")
        self.write("src/flow/f.c", "#include <x.h>\n")
        self.check(1, "src/flow/f.c:1:", "only image/codec may include this header")

    def test_folder_size(self):
        for number in range(25):
            self.write(f"src/flow/f{number}.c", "")
        self.check(0)
        self.write("src/flow/f25.c", "")
        self.check(1, "src/flow:1: 26 files in one folder")

    def test_tags(self):
        self.write("src/base/a.h", "struct lade__a {\n};\n")
        self.write("src/base/a.c", "struct local {\n};\nenum lade__b { LADE__B };\n")
        self.write("src/base/b.c", "struct local {\n};\nvoid f(struct lade__a *a);\n")
        self.check(0)
        for path, tag, words in [
            ("src/flow/f.h", "struct lade__a {", "struct lade__a is already defined in src/base/a.h"),
            ("src/flow/f.c", "union lade__a {", "union lade__a is already defined in src/base/a.h"),
            ("include/lade/base.h", "enum lade__b {", "enum lade__b is already defined in"),
            ("src/flow/f.h", "struct local {", "struct local: the tags of a header begin with lade"),
        ]:
            with self.subTest(path=path, tag=tag):
                self.write(path, f"/* first line */\n{tag}\n}};\n")
                self.check(1, words)
                (self.root / path).unlink()
        self.check(0)

    def test_support_headers(self):
        self.write("tests/support/private.h", '#include "base/sys.h"\n')
        self.write("tests/support/good.h", "#include <lade/gen.h>\n")
        self.write("tests/api/core/test_x.c", '#include "support/good.h"\n')
        self.check(0)
        self.write("tests/api/core/test_x.c", '#include "support/private.h"\n')
        self.check(1, "tests/support/private.h:1:", "outside src/")


class Subfolders(unittest.TestCase):
    """Tests of the order in which the sub-folders of a layer may include each other."""

    def setUp(self):
        self.tool = python_tool("check-layers")
        patch = mock.patch.object(self.tool, "SUBFOLDERS", {"image": ["color", "codec"]})
        patch.start()
        self.addCleanup(patch.stop)

    def test_order(self):
        problem = self.tool.subfolder_problem
        self.assertEqual(problem("image", "codec", "color"), "")
        self.assertEqual(problem("image", "codec", "codec"), "")
        self.assertEqual(problem("image", "", "codec"), "")
        self.assertIn("image/color may not include image/codec", problem("image", "color", "codec"))
        self.assertIn("image/color may not include image", problem("image", "color", ""))
        self.assertIn("image/new is not in SUBFOLDERS", problem("image", "new", "color"))

    def test_subfolder_of(self):
        self.assertEqual(self.tool.subfolder_of(("image", "codec", "jpeg.c")), "codec")
        self.assertEqual(self.tool.subfolder_of(("image", "write.c")), "")


class Calls(Tree):
    def check(self, code, *words):
        self.expect(self.run_tool("check-calls", self.root), code, *words)

    def test_a_good_tree_passes(self):
        self.write("src/base/b.c", '/* strcasecmp(a, b) */\nconst char *s = "tolower(c)";\nint x = this_isdigit(1);\n')
        self.write("tests/unit/test_x.c", "int x = strcasecmp(a, b);\n")
        self.check(0, "2 files do not depend on the locale")

    def test_violations(self):
        for path, line in [
            ("src/base/b.c", "strcasecmp(a, b)"),
            ("src/base/b.h", "isdigit (c)"),
            ("cli/main.c", "towlower(c)"),
            ("cli/option/a.c", "strcoll(a, b)"),
        ]:
            with self.subTest(path=path, line=line):
                self.write(path, f"/* first\n   line */\nint x = {line};\n")
                self.check(1, f"{path}:3: {line.split('(')[0].strip()}()")
                (self.root / path).unlink()


class Docs(Tree):
    def setUp(self):
        super().setUp()
        self.base = (
            '#define LADE_STATUS_MAP_ X(LADE_EIO, -4, "text")\n'.replace("_MAP_", "_MAP")
            + "/*\n * lade_a(), lade_b() - both.\n */\nint lade_a(void);\nint lade_b(int (*f)(int), ...);\n"
        )
        self.write("include/lade/base.h", "/*\n * The one.\n */\n" + self.base)
        self.write("include/lade/base/error.h", '/*\n * The statuses: X(LADE_EIO, -4, "text")\n */\n')
        self.write("src/README.md", "| file | what |\n|---|---|\n| `base/a.c` | the letter |\n")
        self.write("docs/errors.md", "| `LADE_EIO` | -4 | ... |\n")
        self.rows = [f"| {n} | a rule | a form | `rule_{n:02}_x` | |\n" for n in range(1, 55)]
        self.tests = [f"START_TEST(rule_{n:02}_x) {{}}\n" for n in range(1, 55)]
        self.list = ", ".join(f"rule_{n:02}_x" for n in range(1, 55))
        self.write_parity("".join(self.rows), "".join(self.tests) + self.list)

    def write_parity(self, page, tests):
        self.write("docs/python-parity.md", page)
        self.write("tests/api/gen/test_rules_1.c", tests)

    def check(self, code, *words):
        self.expect(self.run_tool("check-docs", self.root), code, *words)

    def test_a_good_tree_passes(self):
        self.check(0, "the documentation is complete: 3 public declarations, 1 source files, 1 statuses, 54 rules")

    def test_declarations_without_comment(self):
        for declaration, words in [
            ("int lade_c(void);", "function lade_c"),
            ("/* Something else. */\nint lade_c(void);", "function lade_c"),
            ("/* Nearly: lade_cc(). */\nint lade_c(void);", "function lade_c"),
            ("/* lade_c() - far away. */\n\nint lade_c(void);", "function lade_c"),
            ("/* ---- lade_c() --------- */\nint lade_c(void);", "function lade_c"),
            ("LADE_API lade_gen_owned(struct x)\n    lade_c(int a) LADE_PRINTF(1, 2);", "function lade_c"),
            ("#define lade_c(x) ((x) + 1)", "function-like macro lade_c"),
            ("#define LADE_C 3", "macro LADE_C"),
            ("struct lade_c {\n    int x;\n};", "struct lade_c"),
            ("enum lade_c { LADE_C };", "enum lade_c"),
            ("typedef struct lade_c lade_c;", "typedef lade_c"),
            ("typedef void lade_c(int);", "typedef lade_c"),
            ("#define d other_word", "macro d"),
        ]:
            with self.subTest(declaration=declaration):
                self.write("include/lade/base.h", f"/*\n * The one.\n */\n{self.base}\n{declaration}\n")
                self.check(1, words + " has no contract comment")

    def test_declarations_with_comment(self):
        for declaration in [
            "/* lade_c() - does it. */\nint lade_c(void);",
            "/* lade_c(x) - one more. */\n#define lade_c(x) ((x) + 1)",
            "#define LADE_C 3 /* a number */",
            "/* A pair. */\nstruct lade_c {\n    int x;\n};",
            "int lade__private(void);",
            "#define yield(...) lade_yield(__VA_ARGS__)",
            'extern "C" {\n/* lade_c() - in C. */\nint lade_c(void);\n}',
        ]:
            with self.subTest(declaration=declaration):
                self.write("include/lade/base.h", f"/*\n * The one.\n */\n{self.base}\n{declaration}\n")
                self.check(0)

    def test_map_of_sources(self):
        self.write("src/base/new.c", "")
        self.check(1, "src/README.md: no line for base/new.c")
        (self.root / "src/base/new.c").unlink()
        self.write("src/README.md", "| `base/a.c` | a |\n| `base/gone.c` | g |\n| `base/a.c` | a |\n")
        self.check(1, "base/gone.c does not exist", "more than one line for base/a.c")

    def test_statuses(self):
        self.write("docs/errors.md", "| `LADE_EIO` | -5 | ... |\n")
        self.check(1, "docs/errors.md: no row `LADE_EIO` | -4")

    def test_rules(self):
        page, tests = "".join(self.rows), "".join(self.tests) + self.list
        self.write_parity(page.replace(self.rows[6], ""), tests)
        self.check(1, "the rows with tests are not the rules 1 to 54 in order")
        self.write_parity(page.replace("`rule_07_x`", "`rule_08_x`"), tests)
        self.check(1, "rule 7 has the test of another rule, rule_08_x")
        self.write_parity(page, tests.replace(self.tests[6], ""))
        self.check(1, "the test rule_07_x of docs/python-parity.md does not exist")
        self.write_parity(page, tests.replace(", rule_07_x", ""))
        self.check(1, "rule_07_x is not added to its test case")
        self.write_parity(page + "[a](#a-why-so)\n", tests)
        self.check(1, "#a-why-so is not a heading")
        self.write_parity(page + "[a](#a-why-so)\n### a. Why so\n", tests)
        self.write("tests/parity/algorithms/fun.py", "")
        self.check(1, "tests/parity/algorithms/fun.py is not named")

    def test_options_and_man_page(self):
        self.write(
            "lade",
            "#!/bin/sh\n"
            'if [ $# = 1 ]; then printf "usage\\n\\ncommands\\n  scan   looks\\n"; else echo "  -o, --seed-too N  why"; fi\n',
        )
        os.chmod(self.root / "lade", 0o755)

        def check(code, *words):
            self.expect(self.run_tool("check-docs", "--command", self.root / "lade", self.root), code, *words)

        self.write("man/lade.1", ".Ss scan\n.It Fl -seed\n")
        check(1, "man/: option --seed-too of lade scan is not described")
        self.write("man/lade.1", ".It Fl -seed\\-too Ar N\n")
        check(1, "man/: command scan is not described")
        self.write("man/lade.1", ".Ss scan\n.It Fl -seed-too\n")
        check(0, "1 options of 1 commands")

    def write_lade(self, section):
        """Writes a command `lade` whose help text contains @section."""
        self.write("lade", f"#!/bin/sh\ncat <<'END'\ncommands\n  scan  looks\n\n{section}\n\nEND\n")
        os.chmod(self.root / "lade", 0o755)

    def test_allowed_values_in_the_man_page(self):
        self.write_lade("Augmentation:\n  --mode M   how (fast or exact;\n" + 28 * " " + "default fast)")
        self.write("docs/augmentation.md", "`mode`")

        def check(code, *words):
            self.expect(self.run_tool("check-docs", "--command", self.root / "lade", self.root), code, *words)

        self.write("man/lade.1", ".Ss scan\n.It Fl -mode Ar M\n.Cm fast\nor breakfast\n.It Fl -x\n.Cm exact\n")
        check(1, "man/: exact of --mode is not described")
        self.write("man/lade.1", ".Ss scan\n.It Fl -mode Ar M\n.Cm fast\nor\n.Cm exact .\n")
        check(0, "3 words and defaults", "1 options of augmentation")
        self.write("docs/augmentation.md", "![--mode fast](augmentation/fast.jpg)")
        check(1, "--mode of lade flow is not described", "augmentation/fast.jpg does not exist")

    def test_man_page_from_help(self):
        self.write_lade(
            "Augmentation:\n  --mode M   how (fast or exact; default fast)\n  --flip     mirror (half)\n\n"
            "Loss and optimizer:\n  --lr X     learning rate (default 0.01)"
        )
        self.write("man/lade-flow.1", ".Ss Augmentation\n.Bl\n.El\n.Ss Order\n")
        self.write("man/lade-train.1", ".Ss Loss and optimizer\n.Bl\n.El\n")
        command, page = self.root / "lade", self.root / "man" / "lade-flow.1"
        self.expect(self.run_tool("write-man", "--check", command, self.root), 1, "not up to date")
        self.expect(self.run_tool("write-man", command, self.root), 0)
        self.assertIn(".It Fl -mode Ar M\nHow:\n.Cm fast\nor\n.Cm exact .\nThe default is\n.Cm fast .\n", page.read_text())
        self.assertIn(".It Fl -flip\nMirror (half).\n.El\n.Ss Order\n", page.read_text())
        self.expect(self.run_tool("write-man", "--check", command, self.root), 0)

    def test_exports(self):
        shared, _ = self.compile(EXPORT + "int lade_a(void) { return 1; }\n")
        result = self.run_tool("check-docs", "--library", shared, self.root)
        self.expect(result, 1, "include/lade/base.h:9: no library exports lade_b()")
        self.assertNotIn("lade_a", result[1])
        shared, _ = self.compile(EXPORT + "int lade_a, lade_b;\n")
        self.expect(self.run_tool("check-docs", "--library", shared, self.root), 0, "2 exports")


class Names(Tree):
    def setUp(self):
        super().setUp()
        self.write("src/base/b.h", "#define LADE__B 1\nvoid lade__take(void);\nvoid lade__take_all(void);\n")
        self.write("cmake/a.cmake", "option(LADE_TESTS)\n")

    def check(self, code, *words):
        self.expect(self.run_tool("check-names", self.root), code, *words)

    def test_names_that_exist(self):
        self.write("src/base/c.c", """
            /* lade__take(), lade_a(), lade__take*, LADE__*, LADE_TESTS, LADE_SETS, src/base/b.h, base/b.h, <lade/base.h>,
             * stdio.h, lade_NOUN_new(), codec_NAME.c, lade_noun_verb() */
            int x = getenv("LADE_SETS") && f("call lade_a() first", "https://example.org/a.md");
            """)
        self.write("docs/a.md", "`lade__take` in [b.h](../src/base/b.h)\n")
        self.check(0, "names exist")

    def test_names_that_do_not_exist(self):
        for path, line, words in [
            ("src/base/c.c", "/* lade__gone() */", "lade__gone does not exist"),
            ("src/base/c.c", "// LADE_GONE", "LADE_GONE does not exist"),
            ("src/base/c.c", "/* lade__gone_* */", "lade__gone_* does not exist"),
            ("src/base/c.c", "/* gone() */", "no function gone()"),
            ("src/base/c.c", "/* base/gone.h */", "no file base/gone.h"),
            ("src/base/c.c", "/* gone.c */", "no file gone.c"),
            ("src/base/c.c", "/* <lade/gone.h> */", "no file lade/gone.h"),
            ("src/base/c.c", 'char *s = "call lade_gone()";', "lade_gone does not exist"),
            ("include/lade/gen.h", "/* lade_gone */", "lade_gone does not exist"),
            ("tests/unit/t.c", "/* tests/gone.c */", "no file tests/gone.c"),
            ("README.md", "lade_gone()", "lade_gone does not exist"),
            ("man/lade.1", "LADE_GONE", "LADE_GONE does not exist"),
        ]:
            with self.subTest(path=path, line=line):
                self.write(path, f"\n{line}\n")
                self.check(1, f"{path}:2: {words}")
                (self.root / path).unlink()
        self.check(0)


class Symbols(Tree):
    def test_good_libraries_pass(self):
        libraries = self.compile(EXPORT + "int lade_x(void) { return 1; }\nint lade__y;\nstatic int z(void);\n"
                                 "int (*lade_f)(void) = z;\nstatic int z(void) { return 2; }\n")
        self.expect(self.run_script("check-symbols", *libraries), 0, "x.so: 1 symbols", "x.a: 3 symbols")

    def test_symbols_without_the_prefix_are_named(self):
        shared, static = self.compile(EXPORT + "int lade_x;\n" + EXPORT + "int helper;\nint hidden;\n")
        self.expect(self.run_script("check-symbols", shared), 1, "x.so: symbol without the prefix lade_: helper")
        self.assertNotIn("hidden", self.run_script("check-symbols", shared)[1])
        self.expect(self.run_script("check-symbols", static), 1, "symbol without the prefix lade_: helper", "symbol without the prefix lade_: hidden")

    def test_a_library_without_symbols_is_an_error(self):
        self.expect(self.run_script("check-symbols", self.compile("static int z;\n")[0]), 1, "no symbol")


class Python(unittest.TestCase):
    def test_each_python_file_can_be_parsed(self):
        root, parsed = TOOLS.parent, 0
        files = [path for top in ("tools", "bench", "tests") for path in (root / top).rglob("*") if path.is_file()]
        for path in files:
            with path.open("rb") as file:
                first_line = file.readline(100)
            if path.suffix == ".py" or (first_line.startswith(b"#!") and b"python3" in first_line):
                with self.subTest(path=str(path)):
                    ast.parse(path.read_bytes(), str(path))
                parsed += 1
        self.assertGreater(parsed, 10)


if __name__ == "__main__":
    unittest.main()
