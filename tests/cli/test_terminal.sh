#!/bin/sh
# Progress is for terminals only; Ctrl-C ends a run in order: exit code 130, terminal as before, nothing half written.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
draw_shapes

on_terminal() { # on_terminal.py's options, COMMAND...
    last=$*
    code=0
    python3 "$here/on_terminal.py" "$@" >out 2>err || code=$?
    expect 0
}

# A run long enough, on a fast machine too, to show progress and the time left.
on_terminal --stdout report "$LADE" flow shapes --target-size 96x96 --epochs 400
json 'd["code"] == 0' '"img/s" in d["output"]' '"left" in d["output"]' '"24,000" in d["output"]' 'd["restored"]' \
    '"\u2501" in d["output"]' '"\x1b[36m" in d["output"]'
grep -q 'images  *24,000' report || fail "no report"

# On a pipe it shows none.
long='flow shapes --target-size 96x96 --epochs 40'
# shellcheck disable=SC2086
run $long
expect 0
silent

# NO_COLOR: no colours. Without UTF-8: a bar of plain characters. A dumb terminal: nothing. Narrow: no line too long.
# shellcheck disable=SC2086
NO_COLOR=1 on_terminal --stdout report "$LADE" $long
json '"\x1b[3" not in d["output"] and "\x1b[9" not in d["output"]' '"img/s" in d["output"]'
# shellcheck disable=SC2086
LC_ALL=C on_terminal --stdout report "$LADE" $long
json 'd["output"].isascii()' '"#" in d["output"]'
# shellcheck disable=SC2086
TERM=dumb on_terminal --stdout report "$LADE" $long
json 'd["output"] == ""'
# shellcheck disable=SC2086
NO_COLOR=1 on_terminal --columns 30 --stdout report "$LADE" $long
json 'max(map(len, d["output"].replace("\x1b[K", "").split("\r"))) < 30' 'd["output"] != ""'

# Ctrl-C in the middle of each command that runs for long.
endless='--target-size 64x64 --epochs 1000000'
# shellcheck disable=SC2086
on_terminal --interrupt img/s "$LADE" flow shapes $endless
json 'd["code"] == 130' 'd["restored"]' 'd["seconds"] < 10' '"stopped" in d["output"]'
# shellcheck disable=SC2086
on_terminal --interrupt img/s --stdout report "$LADE" flow shapes $endless --json --state-out state.json
json 'd["code"] == 130' 'd["restored"]'
if [ -s report ] || [ -e state.json ]; then fail "a stopped run reported something"; fi
on_terminal --interrupt img/s "$LADE" synth many --per-class 1000000
json 'd["code"] == 130' 'd["restored"]' 'd["seconds"] < 10'
[ ! -e many ] || fail "a stopped synth left pictures behind"
on_terminal --interrupt accuracy "$LADE" train shapes --target-size 64x64 --epochs 100000 --plot curve.png
json 'd["code"] == 130' 'd["restored"]' 'd["seconds"] < 20'
# A training run shows where it is, and how long the whole of it will take; its test afterwards can be stopped too.
on_terminal --columns 120 "$LADE" train shapes --target-size 32x32 --epochs 12 --validation shapes
json 'd["code"] == 0' 'd["restored"]' \
    're.search(r"epoch \d+/12  .*step +\d/2  loss \d.\d+  acc +[\d.]+%  [\d,]+ img/s  \d:\d\d left  (loader|compute)-bound", d["output"])'
run train shapes --target-size 64x64 --epochs 1 --out net.safetensors
expect 0
mkdir many-shapes
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    for class in circle ring square star triangle; do
        mkdir -p many-shapes/$class
        cp -r shapes/$class many-shapes/$class/$i
    done
done
on_terminal --columns 120 --interrupt 'test 1' "$LADE" train shapes --target-size 64x64 --epochs 2 --validation many-shapes \
    --batch-size 1 --workers 1 --out left.safetensors
json 'd["code"] == 130' 'd["restored"]' '"the run is in left.safetensors; --resume goes on with it" in d["output"]'
on_terminal --interrupt accuracy "$LADE" eval net.safetensors many-shapes --plot matrix.png --batch-size 1 --workers 1
json 'd["code"] == 130' 'd["restored"]'
[ ! -e matrix.png ] || fail "a stopped eval drew something"
on_terminal --interrupt img/s --stdout out.json "$LADE" predict net.safetensors many-shapes --batch-size 1 --workers 1 --json
json 'd["code"] == 130' 'd["restored"]' '0 < len(json.load(open("out.json"))["predictions"]) < 1200'
! ls -- *.tmp* 2>/dev/null || fail "temporary files were left"

# SIGTERM does the same, a second signal ends at once; a process that was started with SIGINT ignored does not stop.
python3 - "$LADE" <<'END' || fail "signals"
import os, signal, subprocess, sys, time
command = [sys.argv[1], "flow", "shapes", "--target-size", "64x64", "--epochs", "1000000"]
def start(**options):
    p = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    while len(os.listdir(f"/proc/{p.pid}/task")) < 2:  # its workers are up: it streams
        time.sleep(0.01)
    return p
p = start()
p.send_signal(signal.SIGTERM)
assert p.wait(20) == 143, p.returncode
p = start(preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
p.send_signal(signal.SIGINT)
time.sleep(0.5)
assert p.poll() is None, "an ignored SIGINT stopped it"
p.send_signal(signal.SIGTERM)
assert p.wait(20) == 143, p.returncode
END
