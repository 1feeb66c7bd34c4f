#!/bin/sh
# Names of files and folders may contain bytes that are not UTF-8, and control characters. The JSON must be valid, and
# no control character may be written to the terminal.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
draw_shapes

# Checks that the output has no control characters, except newlines and tabs, and no marks that change the direction of text.
printable() {
    LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" out err && fail "control characters in the output"
    LC_ALL=C grep -q "$(printf '\342\200\256\\|\330\234')" out err && fail "marks that change the direction of text"
    return 0
}

python3 -SE - <<'END'
import os, shutil
for name in (b"caf\xe9", "naïve 猫".encode(), b"esc\x1b[31m", b"two\nlines", b"back\\slash", b"-dash", "rtl\u202e\u061c".encode()):
    os.makedirs(b"odd/" + name)
    shutil.copy("shapes/ring/0000.jpg", b"odd/" + name + b"/x\xff.jpg")
    open(b"odd/" + name + b"/bad\x07.png", "w").write("text")
open(b"odd/-dash/note\xff.txt", "w").write("text")
open(b"odd/-dash/plain.txt", "w").write("text")
END
run scan odd --json
expect 0
json 'set(d["classes"]) == {"caf\\xe9", "naïve 猫", "esc\x1b[31m", "two\nlines", "back\\slash", "-dash", "rtl\u202e\u061c"}'
json 'dict(zip(d["ignored"]["reasons"]["suffix"]["first"], d["ignored"]["reasons"]["suffix"]["first_bytes"])) == {"-dash/note\\xff.txt": list(b"-dash/note\xff.txt"), "-dash/plain.txt": None}'
run scan odd --check --json
expect 1
json '{"path": "caf\\xe9/bad\\x07.png"}.items() <= sorted(d["bad"], key=lambda b: "caf" not in b["path"])[0].items()' \
    'd["bad_count"] == 7' 'all(open(bytes(b["path_bytes"]) if "path_bytes" in b else b["path"]) for b in map(lambda b: {**b, **({"path_bytes": list(b"odd/") + b["path_bytes"]} if "path_bytes" in b else {"path": "odd/" + b["path"]})}, d["bad"]))'
for command in 'scan --check' 'flow --on-error skip' 'flow' 'preview --on-error skip -o odd.png' \
    'preview --on-error skip --class-mode none -o odd.svg' 'train --epochs 1 --on-error skip --target-size 8x8 --validation-split 0'; do
    # shellcheck disable=SC2086
    run $command odd
    printable
    [ "$code" -le 1 ] || fail "exit code $code"
done
run train odd --epochs 1 --on-error skip --target-size 8x8 --validation odd --out odd.safetensors --confusion names.svg --mistakes worst.svg
expect 0
run eval odd.safetensors odd --on-error skip --confusion names.png --mistakes worst.png
expect 0
printable
run eval odd.safetensors odd --on-error skip --json
expect 0
json 'set(d["classes"]) >= {"caf\\xe9", "naïve 猫", "esc\x1b[31m"}' 'd["images"] == 7'
run predict odd.safetensors odd --json
expect 1
json 'd["predictions"][1]["path"] == "odd/back\\\\slash/x\\xff.jpg"' 'len(d["predictions"]) == 7'
run predict odd.safetensors odd --top 7
expect 1
printable
is_svg names.svg worst.svg odd.svg
is_png odd.png
run flow -- -dash
expect 1 -dash
