#!/bin/sh
# Tests of lade train --resume. A run that was killed and resumed ends with the same bytes as a run without
# interruption.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
run synth shapes --class-count 3 --per-class 60 --size 32x32 --seed 1
expect 0
form='--target-size 16x16 --color-mode grayscale --seed 1'

net='dense 24, relu, dropout 0.2, dense 3'
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 60 --net "$net" --optimizer adam --horizontal-flip --out whole.safetensors --json
expect 0
# Three processes, one after the other. Each process is killed right after it has written a checkpoint.
for process in 1 2 3; do
    : >".started-$process"
    # shellcheck disable=SC2086
    "$LADE" train shapes $form --threads 1 --epochs 60 --net "$net" --optimizer adam --horizontal-flip \
        --out killed.safetensors --checkpoint-every 3 --resume --json >/dev/null 2>&1 &
    while [ -z "$(find killed.safetensors -newer ".started-$process" 2>/dev/null)" ] && kill -0 $!; do sleep 0.01; done
    kill -KILL $!
    wait $! 2>/dev/null || :
done
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 60 --net "$net" --optimizer adam --horizontal-flip --out killed.safetensors \
    --checkpoint-every 3 --resume --json
expect 0
cmp whole.safetensors killed.safetensors || fail "a run that was killed ends with other bytes"
# If a finished run is resumed, its file does not change, and the report contains the same epochs.
table() {
    value '[[e[k] for k in ("loss", "accuracy", "val_loss", "val_accuracy", "lr")] for e in d["epochs"]]'
}
before=$(table)
cp killed.safetensors finished.safetensors
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 60 --net "$net" --optimizer adam --horizontal-flip --out killed.safetensors --resume --json
expect 0
json 'len(d["epochs"]) == 60' 'd["images_per_s"] is None' 'd["epochs"][0]["seconds"] is None'
[ "$(table)" = "$before" ] || fail "a finished run reports other epochs"
cmp killed.safetensors finished.safetensors || fail "the file of a finished run has changed"
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 9 --net "$net" --optimizer adam --horizontal-flip --out killed.safetensors --resume
expect 2 '--epochs 9' killed.safetensors
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 61 --net "$net" --out killed.safetensors --horizontal-flip --resume
expect 1 killed.safetensors adam

# --patience also counts the epochs before the interruption. A run that stopped early is finished, and --resume does not
# continue it.
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 60 --net 'dense 3' --lr 3 --patience 2 --out patient.safetensors --json
expect 0
json 'd["stopped_early"]'
before=$(table)
cp patient.safetensors finished.safetensors
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 60 --net 'dense 3' --lr 3 --patience 2 --out patient.safetensors --resume --json
expect 0
json 'd["stopped_early"]'
[ "$(table)" = "$before" ] || fail "--patience ignores the epochs before the interruption"
cmp patient.safetensors finished.safetensors || fail "the file of a run that stopped early has changed"

# The file system has space for one checkpoint, but not for two. So writing the second checkpoint fails. Mounting a file
# system needs root or a user namespace, which not every machine allows.
cat >on-small-disk <<'END'
set -eu
mkdir -p disk
mount -t tmpfs -o size=128k tmpfs disk
"$LADE" "$@" --epochs 1 --out disk/run.safetensors >out 2>err
cp disk/run.safetensors before
code=0
"$LADE" "$@" --epochs 3 --out disk/run.safetensors --resume >out 2>err || code=$?
cmp before disk/run.safetensors
ls -A disk >listed
mount -o remount,size=1m disk
"$LADE" "$@" --epochs 3 --out disk/run.safetensors --resume >/dev/null 2>&1
cp disk/run.safetensors after
exit "$code"
END
if unshare -rm sh -c 'mkdir -p try && mount -t tmpfs tmpfs try' 2>/dev/null; then
    # shellcheck disable=SC2086
    set -- train shapes $form --threads 1 --net "$net" --optimizer adam
    last="$* on a full disk" code=0
    LADE=$LADE unshare -rm sh on-small-disk "$@" || code=$?
    expect 1 disk/run.safetensors 'No space left on device'
    [ "$(cat listed)" = run.safetensors ] || fail "files on the full disk: $(cat listed)"
    run "$@" --epochs 3 --out whole.safetensors --force --json
    expect 0
    cmp whole.safetensors after || fail "a run that was interrupted by a full disk ends with other bytes"
else
    echo "skipped: the check with a full file system, because this machine does not allow mounting a file system"
    exit 77
fi

# The default of --warmup depends on --epochs, so the message names this option.
# shellcheck disable=SC2086
run train shapes $form --epochs 4 --steps-per-epoch 2 --out warm.safetensors
expect 0
# shellcheck disable=SC2086
run train shapes $form --epochs 6 --steps-per-epoch 2 --out warm.safetensors --resume
expect 1 'warmup was 1' --warmup --epochs
# shellcheck disable=SC2086
run train shapes $form --epochs 6 --steps-per-epoch 2 --out warm.safetensors --resume --warmup 1
expect 0
