#!/bin/sh
# Names of files and folders may contain bytes that are not UTF-8, and control characters. The JSON must be valid, and
# no control character may be written to the terminal.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
draw_shapes
python3 -SE - <<'END'
import os, shutil
for name in (b"caf\xe9", "naïve 猫".encode(), b"esc\x1b[31m", b"two\nlines", b"back\\slash", b"-dash"):
    os.makedirs(b"odd/" + name)
    shutil.copy("shapes/ring/0000.jpg", b"odd/" + name + b"/x\xff.jpg")
    open(b"odd/" + name + b"/bad\x07.png", "w").write("text")
END
run scan odd --json
expect 0
json 'set(d["classes"]) == {"caf\\xe9", "naïve 猫", "esc\\x1b[31m", "two\\x0alines", "back\\\\slash", "-dash"}'
run scan odd --check --json
expect 1
json '{"path": "caf\\xe9/bad\\x07.png"}.items() <= sorted(d["bad"], key=lambda b: "caf" not in b["path"])[0].items()' \
    'd["bad_count"] == 6'
for command in 'scan --check' 'flow --on-error skip' 'flow' 'preview --on-error skip -o odd.png' \
    'preview --on-error skip --class-mode none -o odd.svg' 'train --epochs 1 --on-error skip --target-size 8x8 --validation-split 0'; do
    # shellcheck disable=SC2086
    run $command odd
    # messages of the library contain the unescaped path; this checks the output of the command itself
    grep -v ': cannot\|bad' out | LC_ALL=C grep -q "$(printf '[\001-\010\013-\037]')" && fail "control characters on stdout"
    [ "$code" -le 1 ] || fail "exit code $code"
done
run train odd --epochs 1 --on-error skip --target-size 8x8 --validation odd --out odd.safetensors --confusion names.svg --mistakes worst.svg
expect 0
run eval odd.safetensors odd --on-error skip --plot names.png --mistakes worst.png
expect 0
LC_ALL=C grep -q "$(printf '[\001-\010\013-\037]')" out && fail "control characters on stdout"
run eval odd.safetensors odd --on-error skip --json
expect 0
json 'set(d["classes"]) >= {"caf\\xe9", "naïve 猫", "esc\\x1b[31m"}' 'd["images"] == 6'
run predict odd.safetensors odd --on-error skip --json
expect 0
json 'd["predictions"][1]["path"] == "odd/back\\\\slash/x\\xff.jpg"' 'len(d["predictions"]) == 6'
run predict odd.safetensors odd --on-error skip --top 6
expect 0
LC_ALL=C grep -q "$(printf '[\001-\010\013-\037]')" out && fail "control characters on stdout"
is_svg names.svg worst.svg odd.svg
is_png odd.png
run flow -- -dash
expect 1 -dash
