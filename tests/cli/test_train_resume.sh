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
if [ "$code" -ne 2 ]; then # 2: the last one was not killed in time, and nothing is left to do
    expect 0
fi
cmp whole.safetensors killed.safetensors || fail "a run that was killed ends with other bytes"
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 60 --net "$net" --optimizer adam --horizontal-flip --out killed.safetensors --resume
expect 2 '--resume: all epochs of killed.safetensors are done'
# shellcheck disable=SC2086
run train shapes $form --threads 1 --epochs 61 --net "$net" --out killed.safetensors --horizontal-flip --resume
expect 1 'killed.safetensors' 'optimizer was "adam"'

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
