#!/bin/sh
# Tests of the files of lade train: the best net and the last net, the log, and files of earlier runs.
# shellcheck source=tests/cli/lib.sh
. "$LADE_SOURCE_DIR/tests/cli/lib.sh"
run synth shapes --class-count 3 --per-class 60 --size 32x32 --seed 1
expect 0
# With this learning rate, later epochs are often worse than earlier epochs.
form='--target-size 16x16 --color-mode grayscale --seed 1 --threads 1'
noisy="$form --net dense\ 24,\ relu,\ dense\ 3 --optimizer adam --lr 0.03"

train() {
    eval "run train shapes $noisy $*"
}

accuracy_of() {
    run eval "$1" shapes --validation-split 0.2 --subset validation --json
    expect 0
    value 'd["accuracy"]'
}

# --keep both saves the best net and the last net; best is the default.
train --epochs 12 --keep both --out both.safetensors --json
expect 0
best=$(value 'd["best_val_accuracy"]')
at_end=$(value 'd["val_accuracy"]')
json 'd["best_epoch"] < 12 and d["best_val_accuracy"] > d["val_accuracy"]' 'd["last_out"] == "both.last.safetensors"'
[ "$(accuracy_of both.safetensors)" = "$best" ] || fail "both.safetensors is not the best net"
[ "$(accuracy_of both.last.safetensors)" = "$at_end" ] || fail "both.last.safetensors is not the last net"
train --epochs 12 --out best.safetensors
expect 0
prints 'net of epoch [0-9]+ +best.safetensors'
cmp best.safetensors both.safetensors || fail "--keep best is not the default"
train --epochs 12 --keep last --out last.safetensors --json
expect 0
json 'd["kept_epoch"] == 12'
[ "$(accuracy_of last.safetensors)" = "$at_end" ] || fail "--keep last keeps another net"

# The file of the best net also contains the run, so more epochs give the same net as a single run.
for epochs in 5 9 12; do
    train --epochs $epochs --keep both --out parts.safetensors --resume
    expect 0
done
cmp parts.safetensors both.safetensors || fail "a run in three parts keeps another net"
cmp parts.last.safetensors both.last.safetensors || fail "a run in three parts ends with another net"
rm parts.last.safetensors
train --epochs 12 --keep both --out parts.safetensors --resume
expect 0
cmp parts.last.safetensors both.last.safetensors || fail "a finished run does not write a missing last net"

# train draws the confusion matrix of the net that it saves.
train --epochs 12 --confusion train.svg
expect 0
run eval best.safetensors shapes --validation-split 0.2 --subset validation --confusion eval.svg
expect 0
for file in train eval; do
    grep -o '[0-9.]*%[^<]*' $file.svg >$file.numbers || :
done
cmp train.numbers eval.numbers || fail "train draws the matrix of another net than the saved net"

# Without validation, the last net is kept.
train --epochs 2 --validation-split 0 --out alone.safetensors --json
expect 0
json 'd["kept_epoch"] == 2' 'd["best_val_accuracy"] is None'

# --out replaces the file of the same run. It replaces any other file only with --force.
echo notes >notes.txt
for file in best.safetensors notes.txt; do
    cp $file before
    train --epochs 1 --out $file
    expect 2 "--out $file" --resume --force
    cmp $file before || fail "$file has changed"
done
train --epochs 1 --out notes.txt --resume
expect 1 notes.txt
grep -q notes notes.txt || fail "notes.txt has changed"
train --epochs 1 --out notes.txt --force
expect 0
run eval notes.txt shapes
expect 0
: >empty
train --epochs 1 --out empty
expect 0
rm both.safetensors
train --epochs 1 --keep both --out both.safetensors
expect 2 both.last.safetensors
run train shapes --target-size 16x16 --color-mode grayscale --epochs 1 --net last.safetensors --out last.safetensors
expect 0
for options in '--resume --force --out x' --force '--keep both' '--keep all'; do
    eval "run train shapes $options"
    expect 2
done

# If a resumed run has more epochs, the cosine has another course, and the message contains both learning rates.
for keeps in '' --keep-schedule; do
    # shellcheck disable=SC2086
    run train shapes $form --net 'dense 3' --schedule cosine --lr 0.1 --epochs 2 --out cosine.safetensors --force
    expect 0
    # shellcheck disable=SC2086
    run train shapes $form --net 'dense 3' --schedule cosine --lr 0.1 --epochs 4 --out cosine.safetensors --resume --json $keeps
    expect 0
    case $keeps in
    '') expect 0 ' 0 ' --keep-schedule && json 'd["epochs"][2]["lr"] > 0.01' ;;
    *) silent && json 'd["epochs"][2]["lr"] == 0' ;;
    esac
done
# shellcheck disable=SC2086
run train shapes $form --net 'dense 3' --schedule plateau --schedule-epochs 1 --lr 1e-9 --schedule-min-lr 1e-3 --epochs 2
expect 0
run train shapes --schedule cosine --schedule-eps 1e-3
expect 2 --schedule-eps plateau

# --log has the numbers of each epoch, as --json has.
rm -f best.safetensors
train --epochs 3 --log log.csv --out best.safetensors --json
expect 0
json 'd["log"] == "log.csv"' \
    '[[float(x) for x in r.split(",")[:6]] for r in open("log.csv").read().split()[1:]] == [[e[k] for k in ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "lr")] for e in d["epochs"]]'
[ "$(head -n 1 log.csv)" = epoch,loss,accuracy,val_loss,val_accuracy,lr,seconds,images_per_s ] || fail "log.csv has another header"
train --epochs 4 --log log.csv --out best.safetensors --resume
expect 0
[ "$(wc -l <log.csv)" -eq 5 ] || fail "the log of a resumed run does not have all epochs"
train --epochs 1 --log none/log.csv
expect 1 none/log.csv
# An error in the last epoch is an error of the run.
for epochs in 1 3; do
    train --epochs $epochs --log /dev/full
    expect 1 --log /dev/full 'No space left on device'
done

# After each epoch, --json prints a line and --log writes a line, so an interruption loses nothing.
: >lines # the loop reads the file before the command may have opened it
# shellcheck disable=SC2086
"$LADE" train shapes $form --net 'dense 3' --epochs 100000 --json --log killed.csv >lines 2>err &
tries=0
while [ "$(wc -l <lines)" -lt 3 ] && [ $tries -lt 600 ]; do sleep 0.05; tries=$((tries + 1)); done
kill -TERM $!
code=0
wait $! || code=$?
[ $code -eq 143 ] || fail "the exit code after SIGTERM is $code"
python3 -SE - <<'END' || fail "the lines of --json are not the epochs"
import json
epochs = [json.loads(line) for line in open("lines")]
assert len(epochs) >= 3 and [e["epoch"] for e in epochs] == list(range(1, len(epochs) + 1)), epochs
assert len(open("killed.csv").read().split()) == len(epochs) + 1
END

# If the loss of a run stays at chance level, the command prints a warning.
# shellcheck disable=SC2086
run train shapes $form --net mlp --epochs 3 --lr 50
expect 0 chance 50 'too high'
# shellcheck disable=SC2086
run train shapes $form --net "dense 3" --epochs 1 --lr 0.0000001 --json
expect 0 chance 1e-07
grep -q 'too high' err && fail "a low learning rate is called too high"
json 'abs(d["chance_loss"] - 1.0986) < 1e-3'
train --epochs 3
expect 0
silent
