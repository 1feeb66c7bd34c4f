#!/bin/sh
# Tests that no command ignores a write that fails. Writes fail on a full disk, to a closed pipe, to a closed standard
# stream, and in a directory that does not exist.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
draw_shapes
stream='--target-size 16x16 --steps 1'

# Links to a device that is always full. If the command replaced or removed the link, a check below would fail.
ln -s /dev/full full
ln -s /dev/full full.png
ln -s /dev/full full.svg
ln -s /dev/full full.safetensors

full_stdout() { # COMMAND...
    last=$*
    code=0
    "$LADE" "$@" >/dev/full 2>err || code=$?
    : >out
    expect 1 'standard output' 'No space left on device'
}
full_stdout scan shapes
full_stdout scan shapes --json
# shellcheck disable=SC2086
full_stdout flow shapes $stream
# shellcheck disable=SC2086
full_stdout flow shapes $stream --json
full_stdout preview shapes -o sheet.png
full_stdout synth new --class-count 1 --per-class 1
full_stdout train shapes --target-size 8x8 --epochs 1
full_stdout --help
full_stdout flow --help
full_stdout --version

# shellcheck disable=SC2086
run flow shapes $stream --state-out full
expect 1 'full: ' 'No space left on device'
run preview shapes -o full.png
expect 1 'full.png: ' 'No space left on device'
run preview shapes -o full.svg
expect 1 'full.svg: ' 'No space left on device'
run train shapes --target-size 8x8 --epochs 1 --plot full.png
expect 1 'full.png: ' 'No space left on device'
for picture in confusion mistakes; do
    run train shapes --target-size 8x8 --epochs 1 --$picture full.png
    expect 1 'full.png: ' 'No space left on device'
done
run train shapes --target-size 8x8 --epochs 1 --out net.safetensors
expect 0
for picture in confusion mistakes; do
    run eval net.safetensors shapes --$picture full.svg
    expect 1 'full.svg: ' 'No space left on device'
done
full_stdout eval net.safetensors shapes
full_stdout eval net.safetensors shapes --json
full_stdout predict net.safetensors shapes
full_stdout predict net.safetensors shapes --json
run train shapes --target-size 8x8 --epochs 1 --out full.safetensors
expect 1 /dev/full 'No space left on device'
for link in full full.png full.svg full.safetensors; do
    [ "$(readlink $link)" = /dev/full ] || fail "$link was replaced"
done

# A path that cannot be written is reported before the work begins.
run train shapes --target-size 8x8 --epochs 1 --out none/net.safetensors
expect 1 '--out none/net.safetensors: '
[ ! -s out ] || fail "training has begun"
run preview shapes -o shapes
expect 2 '-o shapes: '
mkdir folder.png
run preview shapes -o folder.png
expect 1 '-o folder.png: '

# If the other end of a pipe is closed, SIGPIPE ends the command. If SIGPIPE is ignored, the command prints a message.
pipe() {
    python3 -SE - "$LADE" "$1" 2>err <<'END' || fail "closed pipe: $(cat err)"
import os, signal, subprocess, sys
read, write = os.pipe()
os.close(read)
ignored = sys.argv[2] == "ignored"
p = subprocess.run([sys.argv[1], "scan", "shapes"], stdout=write, stderr=subprocess.PIPE, restore_signals=not ignored)
want = (1, b"standard output: Broken pipe") if ignored else (-signal.SIGPIPE, b"")
assert p.returncode == want[0] and want[1] in p.stderr and bool(p.stderr) == ignored, p
END
}
pipe default
pipe ignored

# Standard output is closed.
code=0
"$LADE" scan shapes 2>err >&- || code=$?
: >out
expect 1 'standard output'
code=0
"$LADE" preview shapes -o closed.png >&- 2>&- </dev/null || code=$?
[ "$code" -eq 1 ] || fail "exit code $code with closed stdout and stderr"
is_png closed.png

# An existing file is replaced, and no other file is left.
echo old >sheet.png
run preview shapes -o sheet.png
expect 0
is_png sheet.png
! ls -- *.tmp* 2>/dev/null || fail "temporary files were left"
