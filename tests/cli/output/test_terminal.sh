#!/bin/sh
# Progress is shown on terminals only. Ctrl-C ends a run with exit code 130, restores the terminal, and leaves no
# partial files.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
draw_shapes

# A list that contains each image 100 times, so that a run takes some time.
awk 'BEGIN { print "filename,class"; for (i = 0; i < 100; i++) for (c = split("circle ring square star triangle", name, " "); c > 0; c--)
    for (n = 0; n < 12; n++) printf "shapes/%s/%04d.%s,%s\n", name[c], n, n % 2 ? "png" : "jpg", name[c] }' >long.csv
endless='flow shapes --target-size 64x64 --epochs 1000000'

# Progress has a bar, the speed and the time left. The first run is interrupted, and the second run ends normally.
# shellcheck disable=SC2086
on_terminal --interrupt ' left' "$LADE" $endless
json 'd["code"] == 130' 'd["restored"]' '"img/s" in d["output"]' '"/60,000,000" in d["output"]' '"\x1b[36m" in d["output"]'
on_terminal --stdout report "$LADE" flow long.csv --target-size 8x8
json 'd["code"] == 0' 'd["restored"]' '"\u2501" in d["output"]' '"6,000/6,000" in d["output"]'
grep -q 'images  *6,000' report || fail "the report is missing"

# A pipe and a terminal without cursor movement get no progress.
run flow long.csv --target-size 8x8
expect 0
silent
on_terminal --stdout report TERM=dumb "$LADE" flow long.csv --target-size 8x8
json 'd["code"] == 0' 'd["output"] == ""'

# NO_COLOR turns colours off. A narrow terminal gets shorter lines. Without UTF-8, the bar has ASCII characters.
# shellcheck disable=SC2086
on_terminal --interrupt img/s NO_COLOR=1 "$LADE" $endless
json 'd["code"] == 130' '"\x1b[3" not in d["output"] and "\x1b[9" not in d["output"]'
on_terminal --columns 30 --stdout report NO_COLOR=1 "$LADE" flow long.csv --target-size 8x8
json 'max(map(len, d["output"].replace("\x1b[K", "").split("\r"))) < 30' 'd["output"] != ""'
on_terminal --stdout report LC_ALL=C "$LADE" flow long.csv --target-size 8x8
json 'd["code"] == 0' 'd["output"].isascii()' '"#" in d["output"]'

# Ctrl-C interrupts each command that can run for a long time.
# shellcheck disable=SC2086
on_terminal --interrupt img/s --stdout report "$LADE" $endless --json --state-out state.json
json 'd["code"] == 130' 'd["restored"]' 'd["seconds"] < 10' '"flow" in d["output"]'
if [ -s report ] || [ -e state.json ]; then fail "an interrupted run has written a report"; fi
on_terminal --interrupt img/s "$LADE" synth many --per-class 1000000
json 'd["code"] == 130' 'd["restored"]' 'd["seconds"] < 10'
[ ! -e many ] || fail "an interrupted synth has not removed its images"
# Training shows the epoch, the step, and the time left until the end of all epochs.
on_terminal --columns 140 --interrupt 'left  ' "$LADE" train shapes --target-size 16x16 --net 'dense 5' --epochs 2000 \
    --validation shapes --plot curve.png
json 'd["code"] == 130' 'd["restored"]' 'd["seconds"] < 20' \
    're.search(r"epoch \d+/2000  .*step +\d/2  loss \d.\d+  acc +[\d.]+%  [\d,]+ img/s  [\d:]+ left  (loader|compute)-bound", d["output"])'
on_terminal "$LADE" train shapes --target-size 16x16 --net 'dense 5' --epochs 1 --out net.safetensors
json 'd["code"] == 0' 'd["restored"]'
# A run with this list takes several seconds, so that it does not end before Ctrl-C.
for _ in 1 2 3 4 5 6 7 8 9; do
    tail -n +2 long.csv
done | cat long.csv - >longer.csv
on_terminal --columns 120 --interrupt '/60,000' "$LADE" train shapes --target-size 16x16 --net 'dense 5' --epochs 2 \
    --validation longer.csv --batch-size 1 --workers 1 --out interrupted.safetensors
json 'd["code"] == 130' 'd["restored"]' '"interrupted.safetensors" in d["output"] and "--resume" in d["output"]'
on_terminal --interrupt accuracy "$LADE" eval net.safetensors longer.csv --confusion matrix.png --batch-size 1 \
    --workers 1
json 'd["code"] == 130' 'd["restored"]'
[ ! -e matrix.png ] || fail "an interrupted eval has drawn a plot"
# shellcheck disable=SC2046 # one argument for each line of yes
on_terminal --interrupt img/s --stdout out.json "$LADE" predict net.safetensors $(yes shapes | head -400) --batch-size 1 \
    --workers 1 --json
json 'd["code"] == 130' 'd["restored"]' '0 < len(json.load(open("out.json"))["predictions"]) < 24000'
! ls -- *.tmp* 2>/dev/null || fail "temporary files were left"

# SIGTERM also ends a command. A command that was started with SIGINT ignored continues after SIGINT.
python3 -SE - "$LADE" <<'END' || fail "a signal had a wrong effect"
import os, signal, subprocess, sys, time
command = [sys.argv[1], "flow", "shapes", "--target-size", "64x64", "--epochs", "1000000"]
def cpu_time(p):
    with open(f"/proc/{p.pid}/stat", encoding="utf-8") as f:
        return int(f.read().rsplit(") ")[1].split()[11])
def wait_for_work(p):
    """Waits until the process has used at least 5 more ticks of CPU time."""
    begin = cpu_time(p)
    while p.poll() is None and cpu_time(p) < begin + 5:
        time.sleep(0.01)
def start(**options):
    p = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    while len(os.listdir(f"/proc/{p.pid}/task")) < 2:  # wait until the workers have started
        time.sleep(0.01)
    return p
p = start()
p.send_signal(signal.SIGTERM)
assert p.wait(20) == 143, p.returncode
p = start(preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
p.send_signal(signal.SIGINT)
wait_for_work(p)
assert p.poll() is None, "an ignored SIGINT stopped the process"
p.send_signal(signal.SIGTERM)
assert p.wait(20) == 143, p.returncode
END
