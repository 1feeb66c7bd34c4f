#!/bin/sh
# lib.sh - what the tests of the command share. Source it first: it makes a scratch folder, goes there, and removes it at
# the end. $LADE is the command under test.
#
#     run scan photos                 runs it; exit code in $code, output in the files out and err
#     expect 1 'no images'            the exit code, and words that standard error must have
#     prints 'ring *20'               a pattern (grep -E) that standard output must have
#     json 'd["images"] == 20'        standard output is one JSON object d, and this is true of it
# shellcheck shell=sh disable=SC2034

set -eu
export LC_ALL=C.UTF-8 TERM=xterm
unset NO_COLOR COLUMNS || :
here=$LADE_SOURCE_DIR/tests/cli
scratch=$(mktemp -d)
trap 'chmod -R u+rwX "$scratch"; rm -rf "$scratch"' EXIT
cd "$scratch"

# Under LeakSanitizer: fontconfig keeps what Cairo asked it for, and only the end of the process gives it back.
echo leak:libfontconfig.so >.lsan
export LSAN_OPTIONS="suppressions=$scratch/.lsan:print_suppressions=0"

fail() {
    echo "FAILED: $*"
    echo "--- the last command was: lade ${last-}; exit code ${code-}"
    sed 's/^/stdout: /' out
    sed 's/^/stderr: /' err
    exit 1
}

run() {
    last=$*
    code=0
    "$LADE" "$@" >out 2>err || code=$?
}

expect() {
    [ "$code" -eq "$1" ] || fail "exit code $code, not $1"
    shift
    for words in "$@"; do
        grep -qF -- "$words" err || fail "standard error does not say: $words"
    done
}

prints() {
    for pattern in "$@"; do
        grep -qE -- "$pattern" out || fail "standard output does not have: $pattern"
    done
}

silent() {
    [ ! -s err ] || fail "standard error is not empty"
}

json() {
    python3 - "$@" <<'END' || fail "JSON: $*"
import json, re, sys
text = open("out").read()
d = json.loads(text)
assert isinstance(d, dict) and text.count("\n") == 1, "not one object on one line"
for condition in sys.argv[1:]:
    assert eval(condition), f"{condition} is not true of {d}"
END
}

# A small data set, drawn once: shapes/{circle,ring,square,star,triangle}, 12 of each.
draw_shapes() {
    run synth shapes --classes 5 --per-class 12 --size 32x32 --seed 1
    expect 0
}
