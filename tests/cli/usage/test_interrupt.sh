#!/bin/sh
# Tests that Ctrl-C ends each command at once, even if a read of an image does not return. slow_read.c delays the read.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
case ${LADE_SANITIZED-} in
?*) echo "skipped: the runtime of sanitizers must be loaded before slow_read"; exit 77 ;;
esac
draw_shapes
run train shapes --target-size 16x16 --net 'dense 5' --epochs 1 --out net.safetensors
expect 0
cp -r shapes place
for folder in place/*; do
    mv "$folder/0002.jpg" "$folder/0002-slow.jpg"
done

python3 -SE - "$LADE" "$LADE_SLOW_READ" <<'END' || fail "Ctrl-C has not ended a command as expected"
import os, signal, subprocess, sys, time
lade, slow_read = sys.argv[1:]
one_batch = ["--batch-size", "1000", "--target-size", "16x16"]
cases = {
    "flow": ["flow", "place", *one_batch],
    "flow --out": ["flow", "place", *one_batch, "--out", "out.npy"],
    "flow --state-out": ["flow", "place", *one_batch, "--state-out", "state.json"],
    "preview": ["preview", "place", *one_batch, "-o", "sheet.png"],
    "train": ["train", "place", "--target-size", "16x16", "--net", "dense 5", "--out", "new.safetensors"],
    "train, validation": ["train", "shapes", "--validation", "place", "--target-size", "16x16", "--net", "dense 5"],
    "eval": ["eval", "net.safetensors", "place", "--confusion", "matrix.png"],
    "predict": ["predict", "net.safetensors", "place", "--json"],
    "bench": ["bench", "place", *one_batch],
    "scan": ["scan", "place"],
    "scan --check": ["scan", "place", "--check"],
    "scan --print-stats": ["scan", "place", "--print-stats"],
}
for name, arguments in cases.items():
    if os.path.exists("reading"):
        os.remove("reading")
    p = subprocess.Popen([lade, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                         env={**os.environ, "LD_PRELOAD": slow_read, **({"SLOW_PREAD": "1"} if name == "scan" else {})})
    end = time.monotonic() + 60
    while not os.path.exists("reading") and p.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    assert p.poll() is None and os.path.exists("reading"), f"{name}: no slow read: {p.stderr.read()}"
    time.sleep(0.2)
    start = time.monotonic()
    p.send_signal(signal.SIGINT)
    message = p.communicate(timeout=60)[1].decode()
    seconds = time.monotonic() - start
    print(f"{name}: {1000 * seconds:.0f} ms, {message.strip()}")
    assert p.returncode == 130, (name, p.returncode, message)
    assert seconds < 20, f"{name}: {seconds} s"  # the read takes 120 s; usually, the end takes less than 0.1 s
    assert "interrupted" in message and message.count("\n") <= 2, (name, message)
left = [f for f in os.listdir() if f in ("out.npy", "state.json", "sheet.png", "matrix.png") or ".tmp" in f]
assert not left, left
END
