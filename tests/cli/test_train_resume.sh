#!/bin/sh
# lade train --resume: a run that was killed ends with the same bytes as one that was not.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
run synth shapes --classes 3 --per-class 60 --size 32x32 --seed 1
expect 0
form='--target-size 16x16 --color-mode grayscale --seed 1'

net='dense 24, relu, dropout 0.2, dense 3'
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 60 --net "$net" --optimizer adam --horizontal-flip --out whole.safetensors --json
expect 0
for pause in 0.2 0.3 0.4; do
    # shellcheck disable=SC2086
    timeout -s KILL $pause "$LADE" train shapes $form --threads 1 --epochs 60 --net "$net" --optimizer adam \
        --horizontal-flip --out killed.safetensors --checkpoint-every 3 --resume --json >/dev/null 2>&1 || :
done
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 60 --net "$net" --optimizer adam --horizontal-flip --out killed.safetensors \
    --checkpoint-every 3 --resume --json
expect 0
cmp whole.safetensors killed.safetensors || fail "a run that was killed ends with other bytes"
# Over, it stays as it is, and tells of all epochs once more; the last command said the same.
table() {
    python3 -c 'import json, sys
print([[e[k] for k in ("loss", "accuracy", "val_loss", "val_accuracy", "lr")] for e in json.load(open(sys.argv[1]))["epochs"]])' "$1"
}
table out >before
cp killed.safetensors over.safetensors
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 60 --net "$net" --optimizer adam --horizontal-flip --out killed.safetensors --resume --json
expect 0
json 'len(d["epochs"]) == 60' 'd["images_per_s"] is None' 'd["epochs"][0]["seconds"] is None'
table out | cmp - before || fail "a run that is over tells something else"
cmp killed.safetensors over.safetensors || fail "a run that is over changes its file"
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 9 --net "$net" --optimizer adam --horizontal-flip --out killed.safetensors --resume
expect 2 '--epochs 9: the run that killed.safetensors holds has gone on for longer already'
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 61 --net "$net" --out killed.safetensors --horizontal-flip --resume
expect 1 'killed.safetensors' 'optimizer was "adam"'

# Patience counts from before: stopped early, the run is over.
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 60 --net 'dense 3' --lr 3 --patience 2 --out patient.safetensors --json
expect 0
json 'd["stopped_early"]'
table out >before
cp patient.safetensors over.safetensors
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 60 --net 'dense 3' --lr 3 --patience 2 --out patient.safetensors --resume --json
expect 0
json 'd["stopped_early"]'
table out | cmp - before || fail "patience has forgotten what was before"
cmp patient.safetensors over.safetensors || fail "a run that was stopped early goes on"

# A file system that is really full: there is room for one checkpoint, not for a second beside it. A file system of one's
# own takes root or a user namespace, which not every machine gives.
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
    last="$* on a disk that is full" code=0
    LADE=$LADE unshare -rm sh on-small-disk "$@" || code=$?
    expect 1 'disk/run.safetensors' 'what was there before is untouched' 'No space left on device'
    [ "$(cat listed)" = run.safetensors ] || fail "a full disk keeps something else: $(cat listed)"
    run "$@" --epochs 3 --out whole.safetensors --json
    expect 0
    cmp whole.safetensors after || fail "a run that met a full disk ends with other bytes"
else
    echo "skipped: no file system of one's own here, so none that is full"
fi
