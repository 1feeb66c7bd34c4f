#!/bin/sh
# lib.sh - defines functions that the tests of the command share. Each test sources this file first. The file makes a
# scratch folder and changes to this folder. The folder is removed when the test ends. $LADE is the command under test.
#
#     run scan photos                 runs the command; stores its exit code in $code, and its output in the files out
#                                     and err
#     expect 1 photos                 checks the exit code, and that standard error contains each of the texts
#     prints 'ring *20'               checks that standard output matches each of the patterns (grep -E)
#     json 'd["images"] == 20'        checks that standard output is one JSON object d, and that each condition is true
#     value 'd["loss"]'               prints the value of an expression of that object
#     run_unprivileged scan photos    runs the command without the rights of root
#     is_svg a.svg, is_png a.png      check the format of files
#     on_terminal "$LADE" ...         runs a command on a terminal; see checks.py
#
# The texts of expect are names of options, names of files, and values. They are not sentences, because the wording of a
# message may change.
# shellcheck shell=sh disable=SC2034

set -eu
export LC_ALL=C.UTF-8 TERM=xterm
unset NO_COLOR COLUMNS || :
here=$LADE_SOURCE_DIR/tests/cli
scratch=$(mktemp -d)
trap 'chmod -R u+rwX "$scratch"; rm -rf "$scratch"' EXIT
cd "$scratch"

# LeakSanitizer must ignore the memory that fontconfig allocates for Cairo and keeps until the process ends.
echo leak:libfontconfig.so >.lsan
# The LeakSanitizer of gcc 12 crashes if it searches the thread-local variables of a library that dlopen() has loaded.
# The command loads oneDNN with dlopen().
export ASAN_OPTIONS="${ASAN_OPTIONS-}${ASAN_OPTIONS:+:}intercept_tls_get_addr=0"
export LSAN_OPTIONS="suppressions=$scratch/.lsan:print_suppressions=0"
# ThreadSanitizer must ignore the order in which Cairo locks its own mutexes.
echo deadlock:libcairo.so >.tsan
export TSAN_OPTIONS="${TSAN_OPTIONS-}${TSAN_OPTIONS:+:}suppressions=$scratch/.tsan"

fail() {
    exec >&2
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
    for text in "$@"; do
        grep -qF -- "$text" err || fail "standard error does not contain: $text"
    done
}

prints() {
    for pattern in "$@"; do
        grep -qE -- "$pattern" out || fail "standard output does not match: $pattern"
    done
}

silent() {
    [ ! -s err ] || fail "standard error is not empty"
}

# Sends a check with its arguments to checks.py, and stores the result in $answer. Fails if the check has failed.
ask() {
    printf '%s\0' "$@" >.request
    echo >&8
    IFS= read -r answer <&9 || fail "checks.py has ended"
    case $answer in
    ok*) answer=${answer#ok } ;;
    *) fail "$1: ${answer#failed }" ;;
    esac
}
mkfifo .ask .answer
python3 -SE "$here/checks.py" <.ask >.answer &
exec 8>.ask 9<.answer

json() {
    ask json "$@"
}

value() {
    ask value "$1"
    printf '%s\n' "$answer"
}

is_svg() {
    ask is_svg "$@"
}

is_png() {
    ask is_png "$@"
}

on_terminal() {
    last="$* (on a terminal)"
    code=0
    : >err
    ask on_terminal "$@"
}

# Runs a command as a user without the rights of root. Skips the rest of the script if that is not possible.
run_unprivileged() {
    as_user=
    if [ "$(id -u)" -eq 0 ]; then
        chmod 755 .
        as_user='setpriv --reuid=65534 --regid=65534 --clear-groups'
        if ! $as_user "$LADE" --version >/dev/null 2>&1; then
            echo "skipped: checks without the rights of root, because setpriv does not work here"
            exit 77
        fi
    fi
    last="$* (unprivileged)"
    code=0
    $as_user "$LADE" "$@" >out 2>err || code=$?
}

# Draws a small data set: shapes/{circle,ring,square,star,triangle}, 12 images of each.
draw_shapes() {
    run synth shapes --class-count 5 --per-class 12 --size 32x32 --seed 1
    expect 0
}
